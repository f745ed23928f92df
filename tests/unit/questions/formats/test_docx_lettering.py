"""Letters and numbers that Word writes by itself: of options, of sections, of lists within."""

from __future__ import annotations

import pytest
from docx import Document

from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.word.lettering import Lettering
from tests.factories import word
from tests.factories.word import Level
from tests.unit.questions.formats.test_docx import only, reading


@pytest.mark.parametrize("labelled", [True, False])
def test_automatic_letters_that_never_begin_anew_are_those_of_each_question(labelled: bool) -> None:
    document = Document()
    word.define(document, 100, (Level("upperLetter", "%1."),))
    for at in range(1, 10):
        document.add_paragraph(f"{at}. 第几个？" + ("" if labelled else "（B）"))
        for text in ("甲", "乙", "丙", "丁"):
            word.numbered(document, text, 100, 0)
        if labelled:
            document.add_paragraph("答案：B")
    found = reading(document)
    assert (found.doubts, found.skipped) == ([], [])
    assert [(q["options"], q["answer"]) for q in found.questions] == [
        ({"A": "甲", "B": "乙", "C": "丙", "D": "丁"}, "B")
    ] * 9


def test_a_picture_between_options_does_not_let_their_letters_begin_anew() -> None:
    document = Document()
    word.define(document, 100, (Level("upperLetter", "%1."),))
    document.add_paragraph("1. 哪一个？（B）")
    word.numbered(document, "甲", 100, 0)
    document.add_paragraph("如图。")
    word.numbered(document, "乙", 100, 0)
    assert sorted(only(document)["options"]) == ["A", "B"]


@pytest.mark.parametrize("inline", [True, False])
def test_letters_above_numbers_are_those_of_sections_and_no_options(inline: bool) -> None:
    """Options on one line stood as one, and the letter of the next section was the second."""
    document = Document()
    word.define(document, 100, (Level("upperLetter", "%1."), Level("decimal", "%2.")))
    for section in ("多项选择题", "单项选择题", "党员常识"):
        word.numbered(document, section, 100, 0)
        for asked in ("宗旨", "年龄"):
            word.numbered(document, f"{asked}（AB）" if "多" in section else f"{asked}（B）", 100, 1)
            for row in ["A. 甲 B. 乙 C. 丙"] if inline else ["A. 甲", "B. 乙", "C. 丙"]:
                document.add_paragraph(row)
    found = reading(document)
    assert (found.doubts, found.skipped) == ([], [])
    assert [one["options"] for one in found.questions] == [{"A": "甲", "B": "乙", "C": "丙"}] * 6
    assert [one["type"] for one in found.questions] == ["multiple"] * 2 + ["single"] * 4
    assert found.head == {}


def test_automatic_letters_with_a_list_below_an_option_stay_options() -> None:
    document = Document()
    word.define(
        document, 100, (Level("decimal", "%1."), Level("upperLetter", "%2."), Level("decimal", "（%3）"))
    )
    for _time in range(2):
        word.numbered(document, "哪一个？（B）", 100, 0)
        for text in ("甲", "乙", "丙"):
            word.numbered(document, text, 100, 1)
    assert [one["options"] for one in reading(document).questions] == [{"A": "甲", "B": "乙", "C": "丙"}] * 2


def test_letters_of_sections_and_roman_numbers_stay_as_word_shows_them() -> None:
    lettering = Lettering()
    shown = []
    for label, text in (("A.", "单选题"), ("B.", "多选题"), ("I.", "总则"), ("II.", "组织"), ("V.", "附则")):
        shown.append(lettering.label(label, text))
        lettering.passed([Line(f"{label} {text}"), Line("1. 首都是？")])
    assert shown == ["A.", "B.", "I.", "II.", "V."]
