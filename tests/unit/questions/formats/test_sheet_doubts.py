"""Rows that a person must decide about: what else they may mean, their cells as text, and rules."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import admit_reading
from studyhub.questions.formats.deciding import Decision, Doubtful, by_rules, decided, doubtful, typed
from studyhub.questions.formats.exchange import Reading, Source
from studyhub.questions.states import Verdict
from tests.factories.workbooks import xls

CSV = FORMATS["csv"]
HEADER = ("题型", "题干", "选项A", "选项B", "选项C", "答案", "分值")


def reading(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> Reading:
    assert CSV.read is not None
    text = "\n".join("\t".join(map(str, row)) for row in (header, *rows))
    return CSV.read(Source(text.encode(), "x.csv"))


def desk(found: Reading) -> list[Doubtful]:
    return doubtful(found, admit_reading(found, "x.csv").refused)


@pytest.mark.parametrize(
    ("row", "choices"),
    [
        (("单选", "哪个？", "甲", "乙", "丙", "E", ""), ["answer_A", "answer_B", "answer_C"]),
        (("单选", "哪个？", "甲", "乙", "", "", ""), ["answer_A", "answer_B"]),
        (("", "哪个？", "甲", "乙", "", "？", ""), ["answer_A", "answer_B"]),
        (("单选", "哪个？", "甲", "乙", "丙", "AC", ""), ["multiple", "single_A", "single_C"]),
        (("判断", "圆的。", "", "", "", "也许", ""), ["true", "false"]),
        (("选一选", "哪个？", "甲", "乙", "丙", "B", ""), ["type_single", "type_multiple"]),
        (("单选", "哪个？", "甲", "乙", "丙", "B", "两分"), ["without_points"]),
        (("多选", "哪些？", "甲", "乙", "丙", "B", ""), ["single"]),
        (("", "支部____召开。", "", "", "", "每季度", ""), ["type_essay"]),
        (("填空", "____召开", "", "", "", "每季/季度", ""), ["alternatives"]),
        (("判断", "圆的。", "", "", "", "B", ""), ["true"]),
        (("判断", "圆的。", "", "", "", "1", ""), ["false"]),
        (("多选", "哪些？", "甲", "乙", "", "AZ", ""), []),
    ],
)
def test_a_row_that_is_not_clear_lies_on_the_desk_with_what_else_it_may_mean(
    row: Sequence[str], choices: list[str]
) -> None:
    [one] = desk(reading(row))
    assert [choice.name for choice in one.choices] == choices
    for choice in one.choices:
        made = decided(reading(row), lambda _one, name=choice.name: Decision(Verdict.CHOOSE, name),  # type: ignore[misc]
                       {one.at: one.reason} if one.item and one.reason else {}, CSV)  # fmt: skip
        assert admit_reading(made, "x.csv").taken == 1


def test_a_row_stands_on_the_desk_under_the_words_of_its_file() -> None:
    [one] = desk(reading(("单选", "哪个？", "甲", "乙", "", "E", 2)))
    assert one.source == "题干：哪个？\n题型：单选\n选项A：甲\n选项B：乙\n答案：E\n分值：2"


def test_a_row_that_was_mended_as_text_is_read_as_a_row() -> None:
    text = "题型：填空\n题干：首都是____，\n  大城市是____。\n答案：北京|京\n  上海\n分值：2"
    [item] = typed(text, CSV).questions
    assert (item["type"], item["prompt"]) == ("blank", "首都是[[1]]，\n大城市是[[2]]。")
    assert (item["answer"], item["points"]) == ([["北京", "京"], ["上海"]], "2")


def test_every_row_comes_back_from_its_text() -> None:
    header = ("材料", "标识", *HEADER, "标签", "章节", "变量", "评分要点")
    found = reading(
        ("甲文。", "", "判断", "一。", "", "", "", "对", 1, "安全", "一", "", ""),
        ("甲文。", "", "单选", "二？", "甲", "乙", "", "B", 1, "", "", "", ""),
        ("", "num", "数值", "{{a}}", "", "", "", "{{a}}", 1, "", "", "a = 2..9", ""),
        ("", "", "简答", "谈谈。", "", "", "", "", 5, "", "", "", "足够长 → 3"),
        header=header,
    )
    assert [typed(source, CSV).questions for source in found.sources] == [[one] for one in found.questions]


def test_what_has_no_cells_is_read_in_the_usual_layout() -> None:
    [item] = typed("1. 哪一个？\nA. 甲\nB. 乙\n答案：B", CSV).questions
    assert (item["type"], item["answer"]) == ("single", "B")


def test_a_rule_about_a_word_holds_for_this_word_alone() -> None:
    row = ("选一选", "哪个？", "甲", "乙", "丙", "B", "")
    [one], [other] = desk(reading(row)), desk(reading(("猜谜", *row[1:])))
    choice = Decision(Verdict.CHOOSE, "type_single")
    assert one.codes_for(choice) == ["cell_type 选一选"]
    rules = dict.fromkeys(one.codes_for(choice), choice)
    assert (by_rules(one, rules), by_rules(other, rules)) == (choice, None)


def test_what_an_empty_answer_means_is_never_a_rule() -> None:
    [one] = desk(reading(("判断", "圆的。", "", "", "", "", "")))
    assert one.codes_for(Decision(Verdict.CHOOSE, "true")) == []


def test_a_rule_that_accepts_a_guess_leaves_what_the_checker_refuses() -> None:
    [one] = desk(reading(("", "支部____召开。", "", "", "", "每季度", "两分")))
    assert by_rules(one, dict.fromkeys(one.codes, Decision(Verdict.ACCEPT))) is None


def shaped(form: str, value: Any, shape: str) -> Reading:
    """A sheet of this format with a value that is shown so as its option A."""
    rows = (HEADER, ("单选", "哪个？", value, "乙", "丙", "A", "2"))
    made = xls(*rows, shown=shape)
    if form == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(row)
        sheet["C2"].number_format = shape
        out = io.BytesIO()
        book.save(out)
        made = out.getvalue()
    read = FORMATS[form].read
    assert read is not None
    return read(Source(made, f"x.{form}"))


@pytest.mark.parametrize("form", ["xlsx", "xls"])
@pytest.mark.parametrize(
    ("shape", "text", "doubts"),
    [
        ('yyyy"年"m"月"d"日"', "1949年10月1日", []),
        ("yyyy/m/d", "1949/10/1", []),
        ("yyyy\\-mm\\-dd;@", "1949-10-01", []),
        ('m"月"d"日"', "10月1日", ["cell_day_value"]),
        ("[$-409]d-mmm-yy", "1949-10-01", ["cell_day_value"]),
        ("mm-dd-yy", "10-01-49", []),
    ],
)
def test_a_date_is_read_as_it_is_shown_and_one_without_a_year_is_a_doubt(
    shape: str, text: str, doubts: list[str], form: str
) -> None:
    found = shaped(form, datetime.date(1949, 10, 1), shape)
    assert found.questions[0]["options"]["A"] == text
    assert [doubt.code for doubt in found.doubts] == doubts


@pytest.mark.parametrize("form", ["xlsx", "xls"])
@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (0.25, "0%", "25%"),
        (0.125, "0.00%", "12.5%"),
        (7, "0000", "0007"),
        (0.25, "General", "0.25"),
        (25, "0", "25"),
    ],
)
def test_a_number_is_read_as_it_is_shown(form: str, value: float, shape: str, text: str) -> None:
    found = shaped(form, value, shape)
    assert (found.questions[0]["options"]["A"], found.doubts) == (text, [])


def test_the_desk_goes_through_a_sheet_from_top_to_bottom() -> None:
    skipped = ("单选", "哪个？", "甲", "乙", "丙", "E", "")
    guessed = ("判断", "圆的。", "", "", "", "B", "")
    refused = ("单选", "哪个好？", "甲", "乙", "丙", "B", "两分")
    clear = ("单选", "哪一个？", "甲", "乙", "丙", "B", "")
    found = reading(guessed, skipped, clear, refused, skipped, guessed)
    assert [one.place.at for one in desk(found)] == [2, 3, 5, 6, 7]
    mended = decided(found, lambda one: Decision(Verdict.CHOOSE, "answer_C") if not one.item else None)
    assert [place.at for place in mended.places] == [2, 3, 4, 5, 6, 7]
