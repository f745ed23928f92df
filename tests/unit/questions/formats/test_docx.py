"""Word documents: automatic numbers, marked answers, tables, pictures and formulas; real files, made here."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Made
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import FORMATS, detect
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.docx import read
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.formats.word.numerals import written
from tests.factories import word
from tests.factories.items import PIXEL
from tests.factories.papers import paper
from tests.factories.word import Level
from tests.factories.word_papers import word_paper
from tests.unit.questions.formats.test_text import alike

PAPERS = range(40)
SUM = (
    '<nary><naryPr><chr val="∑"/></naryPr><sub><r><t>i=1</t></r></sub><sup><r><t>n</t></r></sup>'
    "<e><r><t>i</t></r></e></nary>"
)
STEMS = (Level("chineseCounting", "%1、"), Level("decimal", "%2."), Level("upperLetter", "%3."))


def reading(document: Made) -> Reading:
    return read(Source(word.saved(document), "题库.docx"))


def only(document: Made) -> dict[str, Any]:
    found = reading(document)
    assert ([doubt.code for doubt in found.doubts], found.skipped) == ([], [])
    (question,) = found.questions
    return question


def test_95_of_100_well_formed_questions_need_no_touch_and_are_read_as_they_are() -> None:
    asked = untouched = 0
    for seed in PAPERS:
        data, made = word_paper(seed)
        found = read(Source(data, "题库.docx"))
        assert len(found.questions) == len(made.expected), f"paper {seed}"
        doubtful = {doubt.at for doubt in found.doubts}
        asked += len(made.expected)
        for at, (question, expected) in enumerate(zip(found.questions, made.expected, strict=True)):
            if at not in doubtful:
                assert alike(question) == alike(expected), f"paper {seed}"
                untouched += 1
    assert asked == 16 * len(PAPERS)
    assert untouched >= 0.95 * asked


@pytest.mark.parametrize("seed", range(12))
def test_a_typed_document_says_what_the_same_text_says(seed: int) -> None:
    made = paper(seed)
    found = read(Source(word.made(made.rows), "题库.docx"))
    assert [alike(question) for question in found.questions] == [alike(one) for one in made.expected]


def test_numbers_and_letters_that_only_word_shows_are_read() -> None:
    document = Document()
    word.define(document, 100, STEMS)
    rows = (("单选题", 0), ("首都是（B）", 1), ("上海", 2), ("北京", 2))
    for text, level in (*rows, ("判断题", 0), ("对。（√）", 1)):
        word.numbered(document, text, 100, level)
    first, second = reading(document).questions
    assert first["options"] == {"A": "上海", "B": "北京"}
    assert (first["answer"], second["type"]) == ("B", "truefalse")


def test_a_list_that_starts_anew_does_so_for_each_question() -> None:
    document = Document()
    word.define(document, 100, [Level("upperLetter", "%1.")])
    for at in (1, 2):
        word.use(document, 100 + at, 100, word.restart())
        document.add_paragraph(f"{at}. 选（A）")
        word.numbered(document, "甲", 100 + at)
        word.numbered(document, "乙", 100 + at)
    assert [list(question["options"]) for question in reading(document).questions] == [["A", "B"]] * 2


def test_a_level_can_be_defined_anew_and_a_number_come_from_the_style() -> None:
    document = Document()
    word.define(
        document,
        100,
        [Level("decimal", "%1.")],
        '<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="第%1题"/></w:lvl></w:lvlOverride>',
    )
    style = document.styles.add_style("题目", 1)
    based = document.styles.add_style("小题", 1)
    based.base_style = style
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="100"/></w:numPr>')
    )
    document.add_paragraph("甲。（√）", style="小题")
    found = reading(document)
    assert found.doubts == []
    assert found.questions[0]["prompt"] == "甲。"
    assert "第3题" in read(Source(word.saved(_unanswered(document)), "a.docx")).doubts[0].source


def _unanswered(document: Made) -> Made:
    document.add_paragraph("选（ ）", style="小题")
    document.add_paragraph("A. 甲\nB. 乙")
    document.paragraphs[0]._p.getparent().remove(document.paragraphs[0]._p)
    return document


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("upperLetter", 28, "BB"),
        ("lowerRoman", 14, "xiv"),
        ("chineseCounting", 12, "十二"),
        ("chineseCountingThousand", 120, "一百二十"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseLegalSimplified", 3, "叁"),
        ("ideographTraditional", 2, "乙"),
        ("decimalEnclosedCircleChinese", 10, "⑩"),
        ("decimalFullWidth", 15, "１５"),
        ("bullet", 1, ""),
    ],
)
def test_numbers_are_written_as_word_writes_them(form: str, number: int, shown: str) -> None:
    assert written(number, form) == shown


@pytest.mark.parametrize("mark", [word.red, word.highlighted])
def test_the_option_in_colour_is_right(mark: Any) -> None:
    document = Document()
    document.add_paragraph("1. 首都是哪里")
    document.add_paragraph("A. 上海")
    mark(document.add_paragraph("B. 北京"))
    assert only(document)["answer"] == "B"


def test_the_letter_alone_may_be_red() -> None:
    document = Document()
    document.add_paragraph("1. 哪个")
    for letter, text in (("A", "一"), ("B", "二"), ("C", "三")):
        paragraph = document.add_paragraph(letter)
        if letter == "C":
            word.red(paragraph)
        paragraph.add_run(f"、{text}")
    assert only(document)["answer"] == "C"


def test_the_underlined_option_is_taken_for_right_and_that_is_doubtful() -> None:
    document = Document()
    document.add_paragraph("1. 哪个")
    document.add_paragraph("A、一")
    document.add_paragraph().add_run("B、二").underline = True
    document.add_paragraph("C、三")
    found = reading(document)
    assert [question["answer"] for question in found.questions] == ["B"]
    assert [doubt.code for doubt in found.doubts] == ["answer_underlined"]


def test_the_option_in_bold_is_taken_for_right_and_that_is_doubtful() -> None:
    document = Document()
    document.add_paragraph("1. 首都是哪里")
    document.add_paragraph("A. 上海")
    word.bold(document.add_paragraph("B. 北京"))
    found = reading(document)
    assert found.questions[0]["answer"] == "B"
    assert [doubt.code for doubt in found.doubts] == ["answer_in_bold"]


def test_colour_against_a_named_answer_is_doubtful() -> None:
    document = Document()
    document.add_paragraph("1. 首都是哪里\nA. 上海")
    word.red(document.add_paragraph("B. 北京"))
    document.add_paragraph("答案：A")
    assert [doubt.code for doubt in reading(document).doubts] == ["answers_differ"]


def test_options_between_tabs_and_behind_soft_breaks_are_told_apart() -> None:
    document = Document()
    document.add_paragraph("1. 选（B）\nA. 甲\tB. 乙\nC. 丙\tD. 丁")
    assert only(document)["options"] == {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}


def test_underlined_room_is_a_blank_and_underlined_words_are_its_answer() -> None:
    document = Document()
    document.add_paragraph("填空题")
    paragraph = document.add_paragraph("1. 首都是")
    paragraph.add_run("          ").underline = True
    document.add_paragraph("答案：北京")
    paragraph = document.add_paragraph("2. 首都是")
    paragraph.add_run("北京").underline = True
    found = reading(document)
    assert [question["prompt"] for question in found.questions] == ["首都是[[1]]"] * 2
    assert [question["answer"] for question in found.questions] == [[["北京"]]] * 2


def test_a_table_holds_answers_or_questions() -> None:
    document = Document()
    document.add_paragraph("1. 选（ ）\nA. 甲\nB. 乙\n参考答案")
    _table(document, ["题号", "1"], ["答案", "B"])
    assert only(document)["answer"] == "B"
    document = Document()
    _table(
        document,
        ["序号", "题型", "题干", "A", "B", "C", "答案", "解析"],
        ["1", "单选题", "首都是", "上海", "北京", "", "B", "常识"],
        ["2", "判断题", "地球是圆的", "", "", "", "对", ""],
    )
    first, second = reading(document).questions
    assert (first["options"], first["answer"]) == ({"A": "上海", "B": "北京"}, "B")
    assert (first["explanation"], second["answer"]) == ("常识", True)


def _table(document: Made, *rows: list[str]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def test_a_picture_comes_along_byte_for_byte() -> None:
    document = Document()
    document.add_paragraph("1. 图中是什么（A）").add_run().add_picture(io.BytesIO(PIXEL))
    document.add_paragraph("A. 点\nB. 线")
    admitted = admit(Source(word.saved(document), "看图.docx"), FORMATS["docx"])
    assert list(admitted.assets.values()) == [PIXEL]
    assert admitted.bank is not None
    (path,) = admitted.assets
    assert f"![]({path})" in admitted.bank.questions[0].prompt


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


def test_small_raised_digits_stay_raised() -> None:
    document = Document()
    paragraph = document.add_paragraph("1. 面积是5m")
    paragraph.add_run("2").font.superscript = True
    document.add_paragraph("A. 甲\nB. 乙\n答案：A")
    assert only(document)["prompt"] == "面积是5m²"


def test_a_text_box_and_a_footnote_are_named() -> None:
    document = Document()
    paragraph = document.add_paragraph("1. 选（A）")
    box = (
        f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r>"
    )
    paragraph._p.append(parse_xml(box))
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))
    document.add_paragraph("A. 甲\nB. 乙")
    found = reading(document)
    assert {note.code for note in found.notes} == {"text_box_left", "footnote_left"}
    assert [doubt.code for doubt in found.doubts] == ["text_box_beside"]


def test_deleted_words_are_gone_and_inserted_ones_are_there() -> None:
    document = Document()
    paragraph = document.add_paragraph("1. 选")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新</w:t></w:r></w:ins>"))
    document.add_paragraph("A. 甲\nB. 乙\n答案：A")
    assert only(document)["prompt"] == "选新"


def test_a_word_document_is_told_from_other_packages() -> None:
    data = word.made(["1. 甲。（√）"])
    assert detect(Source(data, "题库.docx")).name == "docx"
    assert detect(Source(data, "没有后缀")).name == "docx"


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.et"])
def test_old_documents_are_told_how_to_be_saved(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        detect(Source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name))
    assert refused.value.code == "save_as"


def test_an_old_or_locked_document_under_a_new_name_is_refused() -> None:
    source = Source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "a.docx")
    assert detect(source).name == "docx"
    with pytest.raises(Unreadable) as refused:
        read(source)
    assert refused.value.code == "old_office_file"


def _package(body: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE d [<!ENTITY a "aaaa">]><document><body><p><r><t>&a;</t></r></p></body></document>',
        b"<document><body>" + b"<sdt>" * 5000 + b"</sdt>" * 5000 + b"</body></document>",
        b"<document><body>" + b"<p/>" * 300_000,
        b"<document><body><tbl>" + b"<tr><tc><p/></tc></tr>" * 90_000 + b"</tbl></body></document>",
        b"\0" * 4_000_000,
    ],
)
def test_a_hostile_document_costs_little_and_is_refused(body: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable):
        read(Source(_package(body), "a.docx"))
    assert time.process_time() - began < 2


def test_a_picture_outside_of_the_package_is_not_fetched() -> None:
    relations = (
        b'<Relationships><Relationship Id="r1" Type="x/image" Target="../../../etc/passwd"/>'
        b'<Relationship Id="r2" Type="x/image" Target="http://example.org/a.png" TargetMode="External"/>'
        b"</Relationships>"
    )
    blips = "".join(f'<r><drawing><blip embed="{name}"/></drawing></r>' for name in ("r1", "r2"))
    body = f"<document><body><p><r><t>1. 甲。（√）</t></r>{blips}</p></body></document>".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", body)
        archive.writestr("word/_rels/document.xml.rels", relations)
    found = read(Source(buffer.getvalue(), "a.docx"))
    assert found.assets == {}
    assert [doubt.code for doubt in found.doubts] == ["picture_unshown"]
