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
    r"\begin{array}{cc}1&2\\3&4\end{array}",
)  # fmt: skip
TYPED = (
    r"\binom{10}{3}", r"\boldsymbol{a}", r"\mathbf{a}b\boldsymbol{c}", r"\color{red}{x}", r"\mathrm{kg}",
    r"\textbf{a}", r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{vmatrix}1&2\\3&4\end{vmatrix}",
    r"\begin{cases}1&2\\3&4\end{cases}", r"\begin{array}{c|c}1&2\\3&4\end{array}",
    r"\begin{array}{lr}1&2\\3&4\end{array}", r"\cfrac{a}{b}", r"\dfrac{a}{b}", r"\big(x\big)", r"\limits",
)  # fmt: skip


def _back(latex: str) -> tuple[str, int]:
    """The prompt that comes back, and how many formulas of Word's there are."""
    question = {"id": "q", "type": "truefalse", "prompt": f"已知 ${latex}$ 成立。", "answer": True}
    writing = write(Draft(HEAD, [question]))
    assert (writing.skipped, "formatting_lost" in {note.code for note in writing.notes}) == ([], False)
    main = Package(writing.data).read("word/document.xml") or b""
    (found,) = read(Source(writing.data, "b.docx")).questions
    return found["prompt"], main.count(b"<m:oMath>")


@pytest.mark.parametrize("latex", WRITTEN)
def test_a_formula_of_words_is_drawn_as_it_was(latex: str) -> None:
    prompt, formulas = _back(latex)
    assert formulas == 1
    assert seen(prompt) == seen(f"已知 ${latex}$ 成立。")


@pytest.mark.parametrize("latex", TYPED)
def test_a_formula_that_says_more_than_is_written_stands_as_it_is_typed(latex: str) -> None:
    """A binomial became a fraction, bold letters thin ones, brackets small."""
    assert _back(latex) == (f"已知 ${latex}$ 成立。", 0)


@pytest.mark.parametrize(
    ("omml", "latex"),
    [
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
