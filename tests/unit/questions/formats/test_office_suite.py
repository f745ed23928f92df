"""Papers as an office suite saves them: how it writes raised signs, pictures, tables, lists of letters."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Made
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from studyhub.questions.formats import detect, docx, text
from studyhub.questions.formats.exchange import Draft, Reading, Source
from tests.factories import word
from tests.factories.items import PIXEL
from tests.unit.questions.formats.test_docx import reading

CHOICES = (("最高领导机关", "甲", "乙"), ("党员的年龄", "丙", "丁"), ("预备期", "戊", "己"))


def typed(*lines: str) -> Reading:
    return text.read(Source("\n".join(lines).encode(), "题库.txt"))


def shown(found: Reading) -> list[tuple[str, Any]]:
    assert found.skipped == []
    return [(one["type"], one.get("answer")) for one in found.questions]


def shifted(document: Made, at: int, run: int, by: int) -> None:
    """A run that stands higher or lower, and is smaller, without a name for it."""
    properties = document.paragraphs[at].runs[run]._r.get_or_add_rPr()
    for name, value in (("w:position", by), ("w:sz", 19)):
        one = OxmlElement(name)
        one.set(qn("w:val"), str(value))
        properties.append(one)


def test_raised_and_lowered_signs_are_read_where_nothing_calls_them_so() -> None:
    """5² was 52, and H₂O was H2O: nothing said so."""
    document = Document()
    first = document.add_paragraph("1. 5")
    for piece in ("2", "等于（B）"):
        first.add_run(piece)
    document.add_paragraph("A. 10")
    second = document.add_paragraph("B. H")
    for piece in ("2", "O"):
        second.add_run(piece)
    shifted(document, 0, 1, 8)
    shifted(document, 2, 1, -2)
    (question,) = reading(document).questions
    assert (question["prompt"], question["options"]["B"]) == ("5²等于（　　）", "H₂O")


@pytest.mark.parametrize("set_apart", ["bold", "underline"])
def test_bold_or_a_line_is_the_answer_where_all_questions_have_it(set_apart: str) -> None:
    document = Document()
    for at, (stem, *options) in enumerate(CHOICES, 1):
        document.add_paragraph(f"{at}. {stem}？")
        for letter, option in zip("AB", options, strict=True):
            run = document.add_paragraph(f"{letter}. ").add_run(option)
            setattr(run, set_apart, letter == "B")
    assert reading(document).doubts == []
    assert shown(reading(document)) == [("single", "B")] * 3
    document.add_paragraph("4. 其他？")
    document.add_paragraph("A. 一　B. 二")
    document.add_paragraph("答案：A")
    assert len(reading(document).doubts) == 3


def test_boxes_for_marks_are_no_part_of_the_question_above() -> None:
    document = Document()
    for kind, answer in (("一、单选题", "B"), ("二、多选题", "AB")):
        table = document.add_table(2, 2)
        for cell, words in zip(table.rows[0].cells, ("得分", "评卷人"), strict=True):
            cell.text = words
        document.add_paragraph(kind)
        for line in (f"1. 哪些？（{answer}）", "A. 甲", "B. 乙", "C. 丙"):
            document.add_paragraph(line)
    found = reading(document)
    assert found.doubts == []
    assert [one["options"]["C"] for one in found.questions] == ["丙", "丙"]


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("（1）民主集中制", [["民主集中制"]]),
        ("（1）民主集中制；（2）五", [["民主集中制"], ["五"]]),
        ("①民主集中制；②五。", [["民主集中制"], ["五"]]),
        ("1、民主集中制，2、五", [["民主集中制"], ["五"]]),
    ],
)
def test_numbers_and_signs_around_the_words_of_blanks_are_none_of_them(
    told: str, answer: list[list[str]]
) -> None:
    blanks = "，".join(["原则是（　　）"] * len(answer))
    found = typed("一、填空题", f"1、{blanks}。", f"答案：{told}")
    assert (found.doubts, shown(found)) == ([], [("blank", answer)])


def test_red_words_in_brackets_are_the_answers_of_blanks() -> None:
    document = Document()
    document.add_paragraph("一、填空题")
    line = document.add_paragraph("1. 原则是（")
    for piece in ("民主集中制", "），任期（", "五", "）年。"):
        line.add_run(piece)
    for run in (line.runs[1], line.runs[3]):
        run.font.color.rgb = word.RED
    found = reading(document)
    assert found.doubts == []
    assert found.questions[0]["answer"] == [["民主集中制"], ["五"]]
    for run in line.runs:
        run.font.color.rgb = word.RED
    assert [doubt.code for doubt in reading(document).doubts] == ["answer_in_blank"]


def test_a_key_below_the_last_section_answers_those_above_it_as_well() -> None:
    found = typed(
        *("一、单选题", "1. 一？", "A. 甲　B. 乙", "2. 二？", "A. 甲　B. 乙"),
        *("二、判断题", "3. 三。（　）", "4. 四。（　）", "答案：1-2 BA　3-4 √×"),
    )
    assert (found.doubts, found.notes) == ([], [])
    assert shown(found) == [("single", "B"), ("single", "A"), ("truefalse", True), ("truefalse", False)]


@pytest.mark.parametrize(
    "key",
    [
        ("题号", "1", "2", "3", "答案", "B", "A", "B"),
        ("题号", "答案", "1", "B", "2", "A", "3", "B"),
        ("题号", "1", "2", "答案", "B", "A", "题号", "3", "答案", "B"),
    ],
)
def test_a_table_of_answers_may_have_each_cell_on_a_line_of_its_own(key: tuple[str, ...]) -> None:
    rows = [
        row for at, (stem, a, b) in enumerate(CHOICES, 1) for row in (f"{at}. {stem}？", f"A. {a}　B. {b}")
    ]
    found = typed("一、单选题", *rows, "参考答案", *key)
    assert (found.doubts, shown(found)) == ([], [("single", "B"), ("single", "A"), ("single", "B")])


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ('descr="机房"', "机房"),
        ('descr="机房" title="图一"', "机房|图一"),
        ('title="机房"', "机房"),
        ('descr="C:\\图\\a.png" title="机房"', "机房"),
        ('descr="电脑萤幕，描述已自动生成"', ""),
        ('descr="图片 1"', ""),
    ],
)
def test_a_picture_shows_what_somebody_wrote_of_it(described: str, said: str) -> None:
    question = {"id": "q", "type": "truefalse", "prompt": "看图。![x](media/a.png)", "answer": True}
    head = {"bank": "b", "title": "图", "language": "zh"}
    document = Document(io.BytesIO(docx.write(Draft(head, [question], {"media/a.png": PIXEL})).data))
    shape = next(document.element.body.iter(qn("wp:docPr")))
    again = parse_xml(f'<wp:docPr {nsdecls("wp")} id="1" name="图片 1" {described}/>')
    shape.getparent().replace(shape, again)
    alt, _, title = said.partition("|")
    titled = f' "{title}"' if title else ""
    assert reading(document).questions[0]["prompt"] == f"看图。![{alt}](media/a.png{titled})"


@pytest.mark.parametrize("apart", [True, False])
def test_a_table_may_hold_questions_with_what_each_cell_is_beside_it(*, apart: bool) -> None:
    document = Document()
    table = document.add_table(0, 2)
    for at, (stem, *options) in enumerate(CHOICES, 1):
        rows = (("题干", f"{at}. {stem}？"), ("选项A", options[0]), ("选项B", options[1]), ("答案", "B"))
        if apart:
            document.add_paragraph()
            table = document.add_table(0, 2)
        for words in rows:
            for cell, text_ in zip(table.add_row().cells, words, strict=True):
                cell.text = text_
    found = reading(document)
    assert (found.doubts, shown(found)) == ([], [("single", "B")] * 3)
    assert [one["prompt"] for one in found.questions] == [f"{stem}？" for stem, *_options in CHOICES]


def test_a_column_of_questions_that_nobody_knows_is_named() -> None:
    document = Document()
    table = document.add_table(0, 6)
    rows = (
        ("题干", "A", "B", "答案", "出处", "备注"),
        ("首都？", "甲", "乙", "A", "党章", "新题"),
    )
    for words in rows:
        for cell, text_ in zip(table.add_row().cells, words, strict=True):
            cell.text = text_
    found = reading(document)
    assert found.questions[0]["source"] == {"document": "党章"}
    assert [(note.code, note.params) for note in found.notes] == [("column_ignored", {"column": "备注"})]


def test_bullets_before_options_and_other_brackets_around_the_answer_are_known() -> None:
    found = typed("1. 一？〔B〕", "• A. 甲", "• B. 乙", "2. 二？〔A〕", "● A. 丙", "● B. 丁")
    assert (found.doubts, shown(found)) == ([], [("single", "B"), ("single", "A")])
    assert [list(one["options"].values()) for one in found.questions] == [["甲", "乙"], ["丙", "丁"]]


LETTERED = (
    ("B. 多项选择题", ("每题至少有两个正确选项。",), "AB"),
    ("C. 单项选择题", (), "A"),
    ("D. 单项选择题", ("只有一项正确。", "多选不得分。"), "B"),
)


def test_sections_are_lettered_from_any_letter_with_instructions_or_without() -> None:
    rows = []
    for heading, instructions, answer in LETTERED:
        rows += [heading, *instructions]
        for at in (1, 2):
            rows += [f"{at}. 第{at}项？（{answer}）", "A. 甲", "B. 乙", "C. 丙", "D. 丁"]
    found = typed(*rows)
    assert found.doubts == []
    assert shown(found) == [("multiple", ["A", "B"])] * 2 + [("single", "A")] * 2 + [("single", "B")] * 2
    assert {one["options"]["D"] for one in found.questions} == {"丁"}


@pytest.mark.parametrize("between", [(), ("每题一分。",)])
def test_an_option_that_may_be_the_heading_of_a_section_is_doubtful(between: tuple[str, ...]) -> None:
    found = typed("1. 一？（A）", "A. 甲", "B. 乙", "C. 判断题", *between, "1. 对。（√）", "2. 错。（×）")
    assert "option_heading" in [doubt.code for doubt in found.doubts]


def test_options_that_are_all_kinds_of_questions_are_options() -> None:
    found = typed("1. 哪一类？（B）", "A. 单选题", "B. 多选题", "C. 判断题", "2. 对。（√）")
    assert (found.doubts, shown(found)) == ([], [("single", "B"), ("truefalse", True)])


@pytest.mark.parametrize("heading", ["一、判断题", "B. 判断题"])
def test_what_to_do_is_no_statement_though_it_shows_a_bracket(heading: str) -> None:
    found = typed(heading, "正确的打（√），错误的打（×）。", "1. 对。（√）", "2. 错。（×）")
    assert (found.doubts, shown(found)) == ([], [("truefalse", True), ("truefalse", False)])
    assert [note.code for note in found.notes] == ["text_outside"]


@pytest.mark.parametrize(
    "rows",
    [
        ("一、单选题", "1. 一？", "☑ A. 甲", "☐ B. 乙"),
        ("判断题", "1、党员可以跨支部。 ×"),
        ("填空题（每空 1 分）", "1、原则是（民主集中制）。"),
        ("六、多选题", "1、哪些？"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_paper_saved_as_text_is_recognised_in_each_encoding(rows: tuple[str, ...], encoding: str) -> None:
    data = "\r\n".join(f"　　{row}" for row in rows)
    assert detect(Source(data.encode(encoding), "题库.txt")).name == "text"
