"""Every mistake comes back with its place, what is wrong, and what was probably meant."""

from __future__ import annotations

import pytest

from studyhub.kernel.faults import Severity
from studyhub.questions.bank_file import check

from .bank_texts import GOOD, HEAD, alone, bank, checked, fault, found


def test_a_good_bank_has_no_fault() -> None:
    result = checked()
    assert result.faults == []
    assert result.questions == 1
    assert result.bank is not None


def test_the_example_of_the_format_is_a_bank() -> None:
    text = """\
bank: cyber-hygiene              # slug, the bank's identity for ever
title: 网络安全与保密常识
language: zh                     # zh | en
level: internal                  # public | internal | restricted
source: {document: 中华人民共和国网络安全法, version: "2016"}   # what the bank rests on
defaults:                        # any question key except id, prompt, answer
  points: 2
  tags: [security]
questions:
  - id: strong-password          # slug
    type: single
    prompt: 下列哪一个口令最安全？           # Markdown, $maths$, images by relative path
    options:
      A: "123456"
      B: 四个不相关的词连成的长口令
      C: 自己的生日
      D: {text: 单位名称, feedback: 公开信息很容易被猜到。}
    answer: B
    explanation: 长度与不可预测性决定口令强度。   # shown in review
    tags: [password]             # added to the default's: security, password
    difficulty: easy             # easy | medium | hard
    source: {document: …, article: 第二十一条, version: …}
    review_by: 2027-06-30        # after this day the question is on the editor's list
"""
    question = bank(text).questions[0]
    assert (question.points, question.facility, question.tags) == (200, 8500, ("security", "password"))
    assert question.content.options[0].text == "123456"
    assert {f.severity for f in check(text.encode()).faults} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("written", "facility"),
    [("0.37", 3700), ("0.33333", 3333), ("0.749999", 7499), ("1e-9", 0), ("1.0", 10_000)],
)
def test_a_facility_is_any_share_of_one_and_stays_in_its_band(written: str, facility: int) -> None:
    result = checked(f"    difficulty: {written}\n")
    assert result.bank is not None
    assert result.bank.questions[0].facility == facility


@pytest.mark.parametrize(
    ("more", "line", "column", "code", "meant"),
    [
        ("    anwser: B\n", 13, 5, "unknown_key", "answer"),
        ("    Tags: [a]\n", 13, 5, "unknown_key", "tags"),
        ("    题干: 问\n", 13, 5, "chinese_key", "prompt"),
        ("    难度: 易\n", 13, 5, "chinese_key", "difficulty"),
        ("    difficulty: 易\n", 13, 17, "unknown_word", "easy"),
        ("    difficulty: esay\n", 13, 17, "unknown_word", "easy"),
        ("    level: internal\n", 13, 5, "unknown_key", None),
    ],
)
def test_an_unknown_word_comes_with_the_one_that_was_meant(
    more: str, line: int, column: int, code: str, meant: str | None
) -> None:
    one = fault(checked(more), code)
    assert (one.line, one.column, one.params["meant"], one.subject) == (line, column, meant, "good")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("    points: 0\n", (13, 13, "bad_points")),
        ("    points: 0.005\n", (13, 13, "bad_points")),
        ("    points: two\n", (13, 13, "not_a_number")),
        ("    difficulty: 1.2\n", (13, 17, "bad_facility")),
        ("    difficulty: 60%\n", (13, 17, "bad_facility")),
        ("    review_by: 2027-02-30\n", (13, 16, "not_a_day")),
        ("    shuffle: maybe\n", (13, 14, "not_boolean")),
        ("    tags: security\n", (13, 11, "not_a_list")),
        ("    source: 网络安全法\n", (13, 13, "not_a_mapping")),
        ("    unit: km\n", (13, 5, "key_of_other_type")),
        ("    max_chars: 200\n", (13, 5, "key_of_other_type")),
        ("    answer: A\n", (13, 5, "duplicate_key")),
        ("    source: {document: 甲, page: 1}\n", (13, 27, "unknown_key")),
        ("    explanation:\n      - 甲\n", (13, 5, "duplicate_key")),
        ("  - id: good\n    type: truefalse\n    prompt: 另一\n    answer: 对\n", (13, 9, "duplicate_id")),
        ("  - id: Big\n    type: truefalse\n    prompt: 另一\n    answer: 对\n", (13, 9, "bad_slug")),
        ("  - id: x\n    type: passage\n    prompt: 另一\n", (13, 5, "missing_key")),
        ("  - id: x\n    type: truefalse\n    prompt: 另一\n    answer: 也许\n", (16, 13, "not_a_verdict")),
        ("  - id: x\n    type: truefalse\n    answer: 对\n", (13, 5, "missing_key")),
        ("  - id: x\n    type: truefalse\n    prompt:\n    answer: 对\n", (15, 12, "empty_value")),
        ("  - 一道题\n", (13, 5, "not_a_mapping")),
        ("  - id: x\n    type: number\n    prompt: 几\n    answer: 1,000\n", (16, 13, "not_a_number")),
        (
            "  - id: x\n    type: number\n    prompt: 几\n    answer: 1\n    tolerance: 少许\n",
            (17, 16, "bad_tolerance"),
        ),
        ("  - id: x\n    type: blank\n    prompt: 没有空\n    answer: [[甲]]\n", (15, 13, "no_blank")),
        (
            "  - id: x\n    type: blank\n    prompt: 空 [[1]][[3]]\n    answer: [[甲], [乙]]\n",
            (15, 13, "blank_numbers"),
        ),
        (
            "  - id: x\n    type: blank\n    prompt: 空 [[1]]\n    answer: [[甲], [乙]]\n",
            (16, 13, "blank_count"),
        ),
        ("  - id: x\n    type: blank\n    prompt: 空 [[1]]\n    answer: [甲]\n", (16, 14, "answer_form")),
        (
            "  - id: x\n    type: blank\n    prompt: 空 [[1]]\n    answer: [[甲, '']]\n",
            (16, 18, "empty_text"),
        ),
    ],
)
def test_a_mistake_is_reported_at_the_offending_value(more: str, place: tuple[int, int, str]) -> None:
    result = checked(more)
    assert place in found(result)
    assert result.bank is None


OPTIONS = (
    "  - id: x\n    type: {kind}\n    prompt: 另一题问什么\n    options: {options}\n    answer: {answer}\n"
)


@pytest.mark.parametrize(
    ("kind", "options", "answer", "place"),
    [
        ("single", "{A: 甲}", "A", (16, 14, "option_count")),
        ("single", "{A: 甲, B: }", "A", (16, 24, "empty_option")),
        ("single", "{A: 甲, B: ~}", "A", (16, 24, "empty_option")),
        ("single", "{A: 甲, b: 乙, C: 丙}", "A", (16, 21, "unknown_key")),
        ("single", "[甲, 乙]", "A", (16, 14, "not_a_mapping")),
        ("single", "{A: 甲, B: 乙}", "E", (17, 13, "not_an_option")),
        ("single", "{A: 甲, B: 乙}", "[A, B]", (17, 13, "answer_form")),
        ("multiple", "{A: 甲, B: 乙}", "[A, E]", (17, 17, "not_an_option")),
        ("multiple", "{A: 甲, B: 乙}", "ABA", (17, 13, "answer_twice")),
        ("multiple", "{A: 甲, B: 乙, C: 丙}", "A", (17, 13, "one_right")),
        ("multiple", "{A: 甲, B: 乙}", "AB", (17, 13, "all_right")),
        ("single", "{A: 甲, B: '甲 '}", "A", (16, 24, "equal_options")),
        ("single", "{A: 甲, B: 以上都对}", "A", (16, 24, "sums_up")),
        ("single", "{A: 123456, B: 乙}", "A", (16, 18, "look_alike")),
    ],
)
def test_options_and_answers_are_checked_together(
    kind: str, options: str, answer: str, place: tuple[int, int, str]
) -> None:
    assert place in found(checked(OPTIONS.format(kind=kind, options=options, answer=answer)))


def test_an_answer_in_another_spelling_is_understood_as_a_hint() -> None:
    result = checked(OPTIONS.format(kind="multiple", options="{A: 甲, B: 乙, C: 丙}", answer="A、c"))
    assert fault(result, "not_an_option").params["meant"] == "[A, C]"


def test_an_option_is_not_warned_about_when_its_place_is_pinned() -> None:
    text = OPTIONS.format(kind="single", options="{A: 甲, B: 以上都对}", answer="A")
    assert "sums_up" not in [f.code for f in checked(text + "    shuffle: false\n").faults]


def test_every_fault_comes_at_once() -> None:
    result = checked("    points: 0\n    anwser: A\n  - id: y\n    type: single\n    prompt: 问\n")
    codes = [f.code for f in result.faults]
    assert codes.count("missing_key") == 2
    assert {"bad_points", "unknown_key"} <= set(codes)


def test_a_misspelt_key_is_not_called_missing_as_well() -> None:
    result = check((HEAD + GOOD.replace("answer:", "anwser:")).encode())
    assert [f.code for f in result.faults] == ["unknown_key"]


def test_a_faulty_default_is_one_mistake() -> None:
    head = HEAD.replace("questions:", "defaults: {points: viel}\nquestions:")
    result = checked(GOOD.replace("good", "other").replace("下列", "上列"), head=head)
    assert [f.code for f in result.faults if f.is_error] == ["not_a_number"]


def test_a_default_reaches_the_questions_it_means_something_to() -> None:
    head = HEAD.replace("questions:", "defaults: {marking: net, points: 3, type: single}\nquestions:")
    text = head + GOOD.replace("    type: single\n", "")
    assert bank(text).questions[0].points == 300


def test_id_prompt_and_answer_have_no_default() -> None:
    head = HEAD.replace("questions:", "defaults: {answer: A}\nquestions:")
    assert (4, 12, "not_a_default") in found(checked(head=head))


def test_missing_keys_of_the_bank_are_all_named() -> None:
    faults = check(b"bank: b\n").faults
    assert [f.params["key"] for f in faults] == ["title", "language", "questions"]


def test_a_misspelt_key_is_one_mistake() -> None:
    result = alone(GOOD + "    marks: 2\n")
    assert [f.code for f in result.faults] == ["unknown_key"]
