"""What a written sheet looks like, in the words of its readers; and that it is read again as it was."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.exchange import Draft, Source
from studyhub.questions.formats.sheets.columns import NAMES, meant, word_for
from studyhub.questions.formats.sheets.kinds import WORDS, difficulty_named, kind_named
from studyhub.questions.formats.sheets.template import template

LONG = (
    "支部党员大会一般每季度召开一次，由支部委员会召集，支部书记主持，应当有半数以上的正式党员到会方可召开。"
    * 2
)
QUESTIONS = [
    {"id": "a", "type": "truefalse", "prompt": LONG, "answer": False, "difficulty": "hard"},
    {"id": "b", "type": "blank", "prompt": "[[1]]、[[2]]", "answer": [["甲"], ["乙"]]},
    {"id": "c", "type": "truefalse", "prompt": "短。", "answer": True},
]


def written(language: str, form: str = "xlsx") -> bytes:
    write = FORMATS[form].write
    assert write is not None
    return write(Draft({"bank": "b", "title": "t", "language": language}, QUESTIONS)).data


def test_every_word_that_is_written_is_one_that_is_read() -> None:
    assert {name: meant(word_for(name)) for name in NAMES} == {name: name for name in NAMES}
    assert {kind_named(word): kind for kind, word in WORDS["type"].items()} == {
        kind: kind for kind in WORDS["type"]
    }
    assert all(difficulty_named(word, 0) == told for told, word in WORDS["difficulty"].items())


def test_a_chinese_bank_is_written_in_chinese_and_comes_back() -> None:
    [sheet] = openpyxl.load_workbook(io.BytesIO(written("zh"))).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:4] == ["标识", "题型", "题干", "选项A"]
    assert [row[1] for row in rows[1:]] == ["判断题", "填空题", "判断题"]
    assert [row[rows[0].index("答案")] for row in rows[1:]] == ["错", "甲\n乙", "对"]
    assert rows[1][rows[0].index("难度")] == "难"
    for language in ("zh", "en"):
        found = admit(Source(written(language), "x.xlsx"), FORMATS["xlsx"])
        assert found.bank is not None
        assert (found.doubts, list(found.notes)) == ([], [])
        assert [question.written for question in found.bank.questions] == QUESTIONS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_csv_file_says_what_a_workbook_says(language: str) -> None:
    [sheet] = openpyxl.load_workbook(io.BytesIO(written(language))).worksheets
    text = written(language, "csv").decode("utf-8-sig")
    shown = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert list(csv.reader(io.StringIO(text))) == shown
    found = admit(Source(text.encode(), "x.csv"), FORMATS["csv"])
    assert found.bank is not None
    assert (found.doubts, [question.written for question in found.bank.questions]) == ([], QUESTIONS)


def test_a_sheet_is_high_enough_for_its_texts_and_prints_its_head_on_each_page() -> None:
    [sheet] = openpyxl.load_workbook(io.BytesIO(written("zh"))).worksheets
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [75.0, 30.0, None]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_the_template_offers_the_types_and_keeps_nobody_from_another_word() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template("zh", "说明", []))).worksheets[0]
    kinds, levels = sheet.data_validations.dataValidation
    assert (str(kinds.sqref), kinds.showErrorMessage) == ("A2:A2001", False)
    assert (kinds.formula1.split(",")[0], levels.formula1) == ('"单选题', '"易,中,难"')
