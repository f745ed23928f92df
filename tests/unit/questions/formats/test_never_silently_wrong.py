"""Papers and sheets as admins really write them: each question is right, or doubtful with its reason."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from docx import Document

from studyhub.questions.formats import docx, sheet_formats, text
from studyhub.questions.formats.exchange import Reading, Source
from tests.factories import word


def paper(*lines: str) -> Reading:
    return text.read(Source("\n".join(lines).encode(), "题库.txt"))


def sheet(*rows: str) -> Reading:
    return _read("csv", Source("\n".join(rows).encode(), "题库.csv"))


def book(title: str, *rows: Sequence[Any]) -> Reading:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, float):
                cell.number_format = "0%"
    out = io.BytesIO()
    made.save(out)
    return _read("xlsx", Source(out.getvalue(), "题库.xlsx"))


def _read(form: str, source: Source) -> Reading:
    reader = {"csv": sheet_formats.CSV, "xlsx": sheet_formats.XLSX}[form].read
    assert reader is not None
    return reader(source)


def answers(found: Reading) -> list[Any]:
    assert found.skipped == []
    return [question.get("answer") for question in found.questions]


def codes(found: Reading) -> list[str]:
    return [doubt.code for doubt in found.doubts]


@pytest.mark.parametrize("label", ["材料一：", "【案例】", "【材料二】："])
def test_a_text_in_the_line_of_its_label_stays_with_its_questions(label: str) -> None:
    found = paper(
        f"{label}某支部开了会。", "1. 会开得对吗（A）", "A. 对 B. 不对", "2. 谁开会（B）", "A. 甲 B. 乙"
    )
    (passage,) = found.questions
    assert (passage["type"], passage["prompt"], len(passage["questions"])) == ("passage", "某支部开了会。", 2)
    assert codes(found) == ["under_material"]


def test_several_letters_in_a_bracket_are_an_answer_and_no_options() -> None:
    found = paper("1. 纪律有（ A、B、D ）", "A 政治", "B 组织", "C 课堂", "D 廉洁")
    assert answers(found) == [["A", "B", "D"]]
    assert list(found.questions[0]["options"].values()) == ["政治", "组织", "课堂", "廉洁"]


def test_options_of_one_line_may_have_single_blanks_between() -> None:
    found = paper("二、多选题", "1. 义务有（A B C）", "A 学习 B 执行 C 维护 D 享受")
    assert (answers(found), len(found.questions[0]["options"])) == ([["A", "B", "C"]], 4)


@pytest.mark.parametrize(
    ("sign", "verdict"), [("（X）", False), ("（ v ）", True), ("（Ⅴ）", True), (" ×", False)]
)
def test_a_verdict_may_be_typed_as_a_letter_that_looks_like_it(sign: str, verdict: bool) -> None:
    found = paper("一、判断题", f"1. 党费按月交。{sign}")
    assert (answers(found), found.questions[0]["prompt"]) == ([verdict], "党费按月交。")


def test_a_correction_behind_a_verdict_explains_it() -> None:
    found = paper("一、判断改错题", "1. 党员大会每月一次。（×）改正：每季度一次。")
    assert (answers(found), found.questions[0]["explanation"]) == ([False], "每季度一次。")


def test_a_small_letter_at_the_end_of_a_stem_is_the_answer_to_small_options() -> None:
    assert answers(paper("1. What is phishing? (b)", "a) fish", "b) fraud")) == ["B"]


def test_a_chapter_is_no_part_of_the_explanation_above_it() -> None:
    found = paper(
        "1. 甲（A）", "A. 一 B. 二", "解析：因为。", "第二章 组织", "一、单选题", "1. 乙（B）", "A. 一 B. 二"
    )
    assert [question.get("explanation") for question in found.questions] == ["因为。", None]


@pytest.mark.parametrize(
    "rows",
    [[["1", "2", "3"], ["A", "B", "A"]], [["题号", "答案"], ["1", "A"], ["2", "B"], ["3", "A"]]],
)
def test_answers_in_a_table_without_heads_or_one_a_row(rows: list[list[str]]) -> None:
    document = Document()
    for number in "123":
        document.add_paragraph(f"{number}. 第{number}题是（  ）")
        document.add_paragraph("A. 一 B. 二")
    document.add_paragraph("答案")
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, said in zip(row.cells, cells, strict=True):
            cell.text = said
    found = docx.read(Source(word.saved(document), "题库.docx"))
    assert (answers(found), codes(found)) == (["A", "B", "A"], [])


def test_letters_may_stand_in_cells_of_their_own() -> None:
    document = Document()
    document.add_paragraph("1. 最安全的是（ B ）")
    cells = [cell for row in document.add_table(2, 4).rows for cell in row.cells]
    for cell, said in zip(cells, ["A", "生日", "B", "四个词", "C", "电话", "D", "123"], strict=True):
        cell.text = said
    found = docx.read(Source(word.saved(document), "题库.docx"))
    assert found.questions[0]["options"] == {"A": "生日", "B": "四个词", "C": "电话", "D": "123"}


def test_the_answer_in_the_prompt_of_a_sheet_is_not_shown_to_who_sits_the_paper() -> None:
    found = sheet(
        "题型,题目,选项A,选项B,答案",
        "单选,乙是（B）,一,二,B",
        "单选,甲是（A）,一,二,",
        "判断,党费要交（√）,,,对",
    )
    assert answers(found) == ["B", "A", True]
    assert [question["prompt"] for question in found.questions] == [
        "乙是（　　）",
        "甲是（　　）",
        "党费要交（　　）",
    ]


def test_a_bracket_that_says_something_else_than_the_answer_of_a_sheet_is_a_doubt() -> None:
    found = sheet("题型,题目,选项A,选项B,答案", "单选,丙是（A）,一,二,B", "判断,口令可以共享（√）,,,错")
    assert (answers(found), codes(found)) == (["B", False], ["answers_differ", "answers_differ"])


def test_options_in_one_cell_lose_the_signs_between_them_and_their_letters() -> None:
    found = sheet("题干,选项,答案", "甲,A.一/B.二/C.三,B", "乙,A一|B二|C三,C")
    assert [question["options"] for question in found.questions] == [{"A": "一", "B": "二", "C": "三"}] * 2


def test_one_right_option_is_doubtful_below_multiple_and_not_below_indefinite() -> None:
    found = sheet("题型,题目,选项A,选项B,答案", "多选,甲,一,二,A", "不定项选择题,乙,一,二,A")
    assert ([one["type"] for one in found.questions], codes(found)) == (
        ["multiple"] * 2,
        ["multiple_with_one"],
    )
    lines = ("一、不定项选择题", "1. 甲（A）", "A. 一 B. 二")
    assert codes(paper(*lines)) == []


def test_a_slash_in_the_answer_of_a_blank_may_part_two_and_is_a_doubt() -> None:
    assert codes(sheet("题型,题目,答案", "填空,首都是____,北京/首都", "填空,协议是____,TCP/IP")) == [
        "alternatives"
    ]


def test_words_of_papers_name_types_in_sheets_too_and_so_does_the_name_of_the_sheet() -> None:
    assert [one["type"] for one in sheet("题型,题目,答案", "名词解释,党性,见书").questions] == ["essay"]
    found = book("填空题", ["题目", "答案"], ["首都是____", "北京"])
    assert ([one["type"] for one in found.questions], codes(found)) == (["blank"], [])


def test_a_share_is_what_the_cell_shows() -> None:
    found = book("题", ["题目", "选项A", "选项B", "答案"], ["一半是", 0.5, 0.255, "A"])
    assert found.questions[0]["options"] == {"A": "50%", "B": "25.5%"}


def test_a_column_without_a_word_over_it_is_named_by_its_letter() -> None:
    found = sheet("题目,选项,,,答案", "甲,一,二,三,B")
    assert [note.params for note in found.notes] == [{"column": "C"}, {"column": "D"}]


@pytest.mark.parametrize("apart", [True, False])
def test_a_key_may_be_named_by_the_type_that_it_is_of(apart: bool) -> None:
    single = ["一、单选题", "1. 甲（ ）", "A. 一 B. 二", "2. 乙（ ）", "A. 一 B. 二"]
    verdicts = ["二、判断题", "1. 丙。（ ）", "2. 丁。（ ）"]
    key = ["单选题答案：1、A；2、B", "判断题答案：1、√；2、×"]
    lines = [*single, key[0], *verdicts, key[1]] if apart else [*single, *verdicts, *key]
    found = paper(*lines)
    assert (answers(found), codes(found)) == (["A", "B", True, False], [])


def test_a_letter_of_the_statement_itself_is_no_verdict() -> None:
    found = paper("一、判断题", "1. 函数写作 f(x)", "2. 变量是（x）", "答案：对")
    assert [(one["prompt"], one.get("answer")) for one in found.questions] == [
        ("函数写作 f(x)", None),
        ("变量是（x）", True),
    ]
    assert codes(found) == ["no_answer"]
