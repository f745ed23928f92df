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


def test_an_id_that_is_twice_on_one_line_is_there_twice() -> None:
    one, other = (f"{{id: x, type: truefalse, prompt: {text}, answer: 对}}" for text in "甲乙")
    text = f"bank: b\ntitle: 题库\nlanguage: zh\nquestions: [{one}, {other}]\n"
    result = check(text.encode())
    assert (4, 20 + len(one), "duplicate_id") in found(result)
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


@pytest.mark.parametrize(
    ("default", "column", "code"),
    [
        ("points: abc", 20, "not_a_number"),
        ("type: sngle", 18, "unknown_word"),
        ("difficulty: 2", 24, "bad_facility"),
        ("tags: a", 18, "not_a_list"),
        ("review_by: soon", 23, "not_a_day"),
        ("retired: maybe", 21, "not_boolean"),
        ("shuffle: maybe", 21, "not_boolean"),
        ("marking: half", 21, "unknown_word"),
        ("order: x", 19, "unknown_word"),
        ("case: x", 18, "unknown_word"),
        ("tolerance: abc", 23, "bad_tolerance"),
        ("max_chars: 0", 23, "bad_max_chars"),
        ("rubric: x", 20, "not_a_list"),
        ("source: x", 20, "not_a_mapping"),
        ("variables: {a: 3}", 27, "not_a_mapping"),
        ("options: {A: x}", 21, "option_count"),
        ("pairs: x", 19, "not_a_mapping"),
        ("items: [x]", 19, "item_count"),
    ],
)
def test_a_default_that_no_question_uses_is_checked(default: str, column: int, code: str) -> None:
    head = HEAD.replace("questions:", f"defaults: {{{default}}}\nquestions:")
    own = "    points: 2\n    difficulty: hard\n    review_by: 2030-01-01\n    retired: false\n"
    faults = [fault for fault in check((head + GOOD + own).encode()).faults if fault.is_error]
    assert [(f.line, f.column, f.code, f.subject) for f in faults] == [(4, column, code, None)]


def test_an_exam_file_is_pointed_to_its_own_check() -> None:
    result = check("exam: quiz\ntitle: 测验\nsections: []\n".encode())
    assert [(f.line, f.column, f.code, f.hint) for f in result.faults] == [
        (1, 1, "exam_file", "use_exams_check")
    ]


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("truefalse, answer: true, points", "2分", "2"),
        ("truefalse, answer: true, points", "二分", ""),
        ("number, answer", "'1,000'", "1000"),
        ("number, answer", "'-12,345,678.5'", "-12345678.5"),
        ("number, answer", "'1,00'", ""),
        ("number, answer", "3分", ""),
    ],
)
def test_a_number_with_something_about_it_is_shown_bare(kind: str, written: str, meant: str) -> None:
    result = check(f"{HEAD}  - {{id: q, prompt: 多少, type: {kind}: {written}}}\n".encode())
    fault = next(fault for fault in result.faults if fault.is_error)
    assert (fault.code, fault.params["meant"]) == ("not_a_number", meant)
    assert (fault.hint == "did_you_mean") is bool(meant)


@pytest.mark.parametrize("keys", [("1", "2"), ("甲", "乙"), ("a", "Ｂ")])
def test_options_that_are_counted_are_shown_their_letters(keys: tuple[str, str]) -> None:
    first, second = keys
    options = f"{{id: q, prompt: 哪个, type: single, options: {{{first}: 红, {second}: 绿}}, answer: A}}"
    faults = [fault for fault in check(f"{HEAD}  - {options}\n".encode()).faults if fault.is_error]
    assert [(fault.code, fault.params["meant"]) for fault in faults] == [
        ("unknown_key", "A"),
        ("unknown_key", "B"),
    ]


def test_an_answer_that_repeats_an_option_is_shown_its_letter() -> None:
    result = alone(GOOD.replace("answer: B", "answer: 长口令。"))
    fault = result.faults[0]
    assert (fault.code, fault.hint, fault.params["meant"]) == ("not_an_option", "did_you_mean", "B")


def test_a_list_is_no_answer_of_a_single_choice() -> None:
    assert found(alone(GOOD.replace("answer: B", "answer: [B]"))) == [(11, 13, "answer_form")]


def test_options_under_wrong_keys_are_counted_all_the_same() -> None:
    result = alone(GOOD.replace("A: 自己", "1: 自己").replace("B: 长", "2: 长"))
    assert found(result) == [(9, 7, "unknown_key"), (10, 7, "unknown_key")]


def test_an_empty_option_is_told_at_its_text() -> None:
    result = alone(GOOD.replace("B: 长口令", 'B: {text: "", feedback: 短}'))
    assert found(result) == [(10, 17, "empty_option")]


def test_a_unit_behind_a_number_is_told_where_it_belongs() -> None:
    result = alone(
        "  - id: num\n    type: number\n    prompt: 多长？\n    answer: 3米\n    explanation: 量。\n"
    )
    assert [(f.code, f.hint) for f in result.faults] == [("not_a_number", "unit_apart")]


def test_a_passage_in_a_passage_is_one_mistake() -> None:
    inner = "{id: c, type: truefalse, prompt: 是吗, answer: true, explanation: 是}"
    part = "      - id: b\n        type: passage\n"
    item = (
        f"  - id: a\n    type: passage\n    prompt: 材料\n    questions:\n{part}"
        f"        prompt: 内\n        questions: [{inner}]\n"
    )
    assert [f[2] for f in found(alone(item)) if f[2] != "no_explanation"] == ["passage_in_passage"]
