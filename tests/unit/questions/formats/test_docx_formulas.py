"""Formulas of Word: read as LaTeX; a written one comes back as it was, or stands as it is typed."""

from __future__ import annotations

import pytest
from docx import Document

from studyhub.kernel.package import Package
from studyhub.questions.formats.docx import read, write
from studyhub.questions.formats.exchange import Draft, Source
from tests.factories import word
from tests.factories.sight import seen
from tests.unit.questions.formats.test_docx import only, reading

SUM = (
    '<nary><naryPr><chr val="∑"/></naryPr><sub><r><t>i=1</t></r></sub><sup><r><t>n</t></r></sup>'
    "<e><r><t>i</t></r></e></nary>"
)
HEAD = {"bank": "b", "title": "公式", "language": "zh"}
WRITTEN = (
    r"\frac{a}{b}", "x_1^2", "H_2O", r"\sum_{i=1}^{n} i^2", r"\left(\frac{1}{2}\right)^n", r"\left.x\right|",
    r"\sqrt[3]{x}+\sqrt{2}", r"\overline{AB}", r"\overrightarrow{AB}", r"\vec{a}", r"\text{速度}=\frac{s}{t}",
    r"90^\circ", r"1,2,\cdots,n", r"1,2,\ldots,n", r"a\equiv b", r"p\land q\lor r", r"A\supseteq B",
    r"\partial f", r"\{a\}", "|a|", "f'(x)", r"\begin{matrix}1&2\\3&4\end{matrix}",
    r"\begin{array}{cc}1&2\\3&4\end{array}", r"\binom{10}{3}", r"\mathrm{kg}", r"2\ \mathrm{cm}",
    r"\mathrm{H_2SO_4}", r"\begin{pmatrix}1&2\\3&4\end{pmatrix}+x", r"\begin{vmatrix}1&2\end{vmatrix}=-2",
    r"\left[\begin{matrix}1&2\end{matrix}\right]", r"f(x)=\begin{cases}1&2\\3&4\end{cases}", "90°",
    r"\int_0^1 x\,dx", r"a\quad b\qquad c", r"\lim_{x\to 0}\frac{\sin x}{x}=1", r"\max_{i}",
    r"\underline{ab}", r"\left(\binom{n}{k}\right)^2",
)  # fmt: skip
TYPED = (
    r"\boldsymbol{a}", r"\mathbf{a}b\boldsymbol{c}", r"\color{red}{x}", r"\textbf{a}",
    r"\begin{array}{c|c}1&2\\3&4\end{array}", r"\begin{array}{lr}1&2\\3&4\end{array}", r"\cfrac{a}{b}",
    r"\dfrac{a}{b}", r"\big(x\big)", r"\limits", r"\xrightarrow{a}", r"\underbrace{a}_{b}",
)  # fmt: skip


def _back(latex: str) -> tuple[str, int, bool]:
    """The prompt that comes back, how many formulas of Word's there are, and whether it is told as typed."""
    question = {"id": "q", "type": "truefalse", "prompt": f"已知 ${latex}$ 成立。", "answer": True}
    writing = write(Draft(HEAD, [question]))
    assert (writing.skipped, "formatting_lost" in {note.code for note in writing.notes}) == ([], False)
    main = Package(writing.data).read("word/document.xml") or b""
    (found,) = read(Source(writing.data, "b.docx")).questions
    told = "formula_typed" in {note.code for note in writing.notes}
    return found["prompt"], main.count(b"<m:oMath>"), told


@pytest.mark.parametrize("latex", WRITTEN)
def test_a_formula_of_words_is_drawn_as_it_was(latex: str) -> None:
    prompt, formulas, typed = _back(latex)
    assert (formulas, typed) == (1, False)
    assert seen(prompt) == seen(f"已知 ${latex}$ 成立。")


@pytest.mark.parametrize("latex", TYPED)
def test_a_formula_that_says_more_than_is_written_stands_as_it_is_typed_and_is_told(latex: str) -> None:
    """Bold letters became thin ones, brackets small."""
    assert _back(latex) == (f"已知 ${latex}$ 成立。", 0, True)


@pytest.mark.parametrize(
    ("omml", "latex"),
    [
        (
            '<f><fPr><type val="noBar"/></fPr><num><r><t>a</t></r></num><den><r><t>b</t></r></den></f>',
            r"{a \atop b}",
        ),
        ('<r><rPr><sty val="p"/></rPr><t>mol</t></r>', r"\mathrm{mol}"),
        ('<r><rPr><sty val="p"/></rPr><t>ln</t></r>', r"\ln"),
        ("<f><num><r><t>a+1</t></r></num><den><r><t>b</t></r></den></f>", r"\frac{a+1}{b}"),
        ("<sSup><e><r><t>x</t></r></e><sup><r><t>2</t></r></sup></sSup>", "x^{2}"),
        ("<sSub><e><r><t>x</t></r></e><sub><r><t>1</t></r></sub></sSub>", "x_{1}"),
        ("<rad><deg><r><t>3</t></r></deg><e><r><t>x</t></r></e></rad>", r"\sqrt[3]{x}"),
        ("<d><e><r><t>a≤b</t></r></e></d>", r"\left(a\le b\right)"),
        (
            SUM,
            r"\sum_{i=1}^{n}{i}",
        ),
        ("<func><fName><r><t>sin</t></r></fName><e><r><t>x</t></r></e></func>", r"\sin {x}"),
        ("<m><mr><e><r><t>1</t></r></e><e><r><t>2</t></r></e></mr></m>", r"\begin{matrix}1 & 2\end{matrix}"),
    ],
)
def test_a_formula_becomes_latex(omml: str, latex: str) -> None:
    document = Document()
    word.maths(document.add_paragraph("1. 求"), omml)
    document.add_paragraph("A. 甲\nB. 乙\n答案：A")
    assert only(document)["prompt"] == f"求${latex}$"


def test_a_formula_that_is_not_understood_is_doubtful() -> None:
    document = Document()
    word.maths(document.add_paragraph("1. 求"), "<phant><e><r><t>x</t></r></e></phant>")
    document.add_paragraph("A. 甲\nB. 乙\n答案：A")
    assert [doubt.code for doubt in reading(document).doubts] == ["formula_unwritable"]
