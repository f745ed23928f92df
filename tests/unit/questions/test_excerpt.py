"""What a fault points at: the text it is about, and a caret below it."""

from __future__ import annotations

import pytest

from studyhub.questions.excerpt import offending, pointed


@pytest.mark.parametrize(
    ("line", "at", "text"),
    [
        ("    anwser: B  # 注", "anwser", "anwser"),
        ("    题干：哪一个？", "题干", "题干"),
        ("    answer: E  # 注", "E", "E"),
        ("    prompt: 关于 C # 语言", "关于", "关于 C"),
        ("    options: {A: 甲, c: 012}", "c:", "c"),
        ("    options: {A: 甲, c: 012}", "012", "012"),
        ("    prompt: [单选] 哪一个？", "[", "[单选]"),
        ('    prompt: "他说: 好"  # 注', '"', '"他说: 好"'),
        ("  - id: Q 1", "Q", "Q 1"),
    ],
)
def test_the_offending_text_is_a_key_or_a_value_and_nothing_more(line: str, at: str, text: str) -> None:
    assert offending(line, line.index(at) + 1) == text


def test_a_caret_stands_under_a_chinese_text_whose_characters_are_two_columns_wide() -> None:
    line, caret = pointed("  题干: 单选", 7)
    assert (line, caret) == ("  题干: 单选", "        ^~~~")


def test_of_a_long_line_the_part_around_the_fault_is_shown() -> None:
    line, caret = pointed("x" * 500 + ": E", 503)
    assert line.startswith("…x")
    assert line[len(caret) - 1] == "E"


def test_a_fault_behind_the_end_of_its_line_points_at_the_end() -> None:
    assert pointed("answer:", 8) == ("answer:", "       ^")
