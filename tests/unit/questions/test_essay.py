"""Answers in a person's own words: accepted, never marked by a program, checked with their rubric."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.questions.bank import Question
from studyhub.questions.bank_file import Checked, check
from studyhub.questions.formats.bank_yaml import dump
from studyhub.questions.types import TYPES, BadAnswer
from studyhub.questions.types.essay import LONGEST_ANSWER, Essay

HEAD = "bank: b\ntitle: 标题\nlanguage: zh\nquestions:\n  - id: q\n    prompt: 题干\n    explanation: 解析\n"
ESSAY = TYPES["essay"]
GOOD = """\
    type: essay
    points: 5
    rubric: [{for: 说明目的, points: 3}, {for: 举出一例, points: 2}]
    model_answer: 先说目的，再举例。
    max_chars: 200
"""


def checked(more: str) -> Checked:
    return check((HEAD + more).encode())


def found(more: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.code) for fault in checked(more).faults]


def question(more: str = GOOD) -> Question:
    bank = checked(more).bank
    assert bank is not None
    return bank.questions[0]


@given(st.text(min_size=1, max_size=300))
def test_a_text_is_kept_as_it_was_written_and_waits_for_a_person(text: str) -> None:
    content = Essay()
    kept = ESSAY.accept(content, (), text)
    assert kept == text.replace("\r\n", "\n")
    assert ESSAY.accept(content, (), kept) == kept
    assert ESSAY.mark(content, (), kept) == (None if text.strip() else Fraction(0))


@pytest.mark.parametrize("answer", [None, "", "  \n "])
def test_nothing_written_is_worth_nothing_and_waits_for_nobody(answer: str | None) -> None:
    assert ESSAY.mark(Essay(), (), ESSAY.accept(Essay(), (), answer)) == 0


@pytest.mark.parametrize("answer", [1, True, ["a"], {"a": "b"}, "x" * 11, "x" * (LONGEST_ANSWER + 1)])
def test_what_is_no_text_or_too_long_is_refused(answer: object) -> None:
    with pytest.raises(BadAnswer):
        ESSAY.accept(Essay(max_chars=10), (), answer)


def test_a_line_end_counts_as_one_character_wherever_it_was_typed() -> None:
    assert ESSAY.accept(Essay(max_chars=3), (), "a\r\nb") == "a\nb"


def test_the_file_comes_back_as_it_was() -> None:
    bank = checked(GOOD).bank
    assert bank is not None
    again = check(dump(bank).encode())
    assert (again.bank, again.faults) == (bank, [])
    assert Question.stored(question().written) == question()


def test_a_changed_rubric_changes_the_key_and_a_changed_prompt_does_not() -> None:
    assert question(GOOD.replace("举出", "写出")).key_digest != question().key_digest
    bank = check((HEAD.replace("题干", "题目") + GOOD).encode()).bank
    assert bank is not None
    assert bank.questions[0].key_digest == question().key_digest


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ("    type: essay\n", [(5, 5, "no_rubric")]),
        ("    type: essay\n    rubric: 要点\n", [(9, 13, "not_a_list")]),
        ("    type: essay\n    rubric: []\n", [(9, 13, "rubric_count")]),
        ("    type: essay\n    rubric: [要点]\n", [(9, 14, "not_a_mapping")]),
        ("    type: essay\n    rubric: [{for: 一}]\n", [(9, 14, "missing_key")]),
        ("    type: essay\n    rubric: [{for: 一, points: 0}]\n", [(9, 31, "bad_points")]),
        ("    type: essay\n    rubric: [{for: 一, points: 2}]\n", [(9, 13, "rubric_sum")]),
        ("    type: essay\n    model_answer: 好\n    max_chars: 0\n", [(10, 16, "bad_max_chars")]),
        ("    type: essay\n    model_answer: 好\n    max_chars: 多\n", [(10, 16, "not_a_number")]),
        ("    type: essay\n    model_answer: 好\n    answer: 好\n", [(10, 5, "answer_elsewhere")]),
        ("    type: essay\n    model_answer: 好\n    options: {A: 甲}\n", [(10, 5, "key_of_other_type")]),
        ("    type: 简答题\n    参考答案: 好\n", [(8, 11, "unknown_word"), (9, 5, "chinese_key")]),
    ],
)
def test_a_mistake_is_reported_at_its_place(more: str, faults: Sequence[tuple[int, int, str]]) -> None:
    assert found(more) == faults
