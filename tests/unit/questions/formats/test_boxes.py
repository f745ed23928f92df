"""Boxes that are ticked beside options are the answer, and no part of an option's text."""

from __future__ import annotations

import pytest
from docx import Document

from studyhub.questions.formats import docx, text
from studyhub.questions.formats.exchange import Source
from tests.factories import word

CITIES = {"A": "上海", "B": "北京", "C": "广州"}


@pytest.mark.parametrize(
    "options",
    [
        "☐ A. 上海\n☑ B. 北京\n☐ C. 广州",
        "□A. 上海\n☒B. 北京\n□C. 广州",
        "□A、上海  √B、北京  □C、广州",
        "☐A. 上海    ☑B. 北京    ☐C. 广州",
        "☒A. 上海\n☑B. 北京\n☒C. 广州",
        "A. ☐上海\nB. ☑ 北京\nC. ☐广州",
        "A. 上海 ☐\nB. 北京 ☑\nC. 广州 ☐",
        "A. 上海\n✅B. 北京\nC. 广州",
        "A. 上海\nB. 北京 √\nC. 广州",
    ],
)
def test_a_ticked_box_is_the_answer(options: str) -> None:
    reading = text.read(Source(f"1. 首都是？\n{options}\n".encode(), "x.txt"))
    (question,) = reading.questions
    assert (question["options"], question["answer"], reading.doubts) == (CITIES, "B", [])


def test_a_box_that_may_belong_to_either_option_decides_nothing() -> None:
    reading = text.read(Source("1. 首都是？\nA. 上海 ☑ B. 北京 ☐\n".encode(), "x.txt"))
    assert "answer" not in reading.questions[0]
    assert [doubt.code for doubt in reading.doubts] == ["no_answer"]


def test_a_square_in_a_text_stays() -> None:
    reading = text.read(Source("1. 填 □ 里的数。\nA. □ 是一\nB. 二 □\n答案：A\n".encode(), "x.txt"))
    assert reading.questions[0]["options"] == {"A": "□ 是一", "B": "二 □"}
    assert reading.questions[0]["prompt"] == "填 □ 里的数。"


def test_boxes_of_a_word_document_are_read_beside_marked_text() -> None:
    document = Document()
    document.add_paragraph("1. 首都是？")
    for box, words in (("☐", "A. 上海"), ("☒", "B. 北京"), ("☐", "C. 广州")):
        paragraph = document.add_paragraph(box)
        paragraph.add_run(f" {words}").bold = words.startswith("A")
    (question,) = docx.read(Source(word.saved(document), "x.docx")).questions
    assert (question["options"], question["answer"]) == (CITIES, "B")
