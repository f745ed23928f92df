"""The editor's form: what it shows of a question is what comes back, and every fault finds its field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from studyhub.organization.states import Level
from studyhub.questions.bank import Question
from studyhub.questions.editor import editing, question_form
from studyhub.questions.listing import BankRow
from studyhub.questions.types import TYPES
from tests.factories import exams

BANK = BankRow(1, "b", "题库'引号", "zh", Level.INTERNAL, {}, 1, 1, datetime(2026, 1, 1, tzinfo=UTC))
FULL = {
    "explanation": "见\n条文。", "tags": ["a", "乙"], "points": "2.5", "difficulty": "hard",
    "source": {"document": "某法", "article": "第一条", "version": "2016"}, "review_by": "2027-06-30",
    "retired": True,
}  # fmt: skip
QUESTIONS: list[dict[str, Any]] = [
    exams.single("q1"),
    {**exams.single("q2"), "options": {"A": "甲", "C": {"text": "丙", "feedback": "错"}}, "answer": "C"},
    {**exams.single("q3"), "shuffle": False, **FULL},
    exams.multiple("m1"),
    exams.multiple("m2", marking="net"),
    exams.truefalse("t1"),
    exams.blank("b1"),
    {**exams.blank("b2"), "order": "any", "case": "exact"},
    exams.number("n1"),
    exams.match("p1"),
    {**exams.match("p2"), "distractors": ["丁", "戊"], "shuffle": False},
    exams.order("o1"),
    exams.order("o2", marking="pairs"),
]


def stored(written: dict[str, Any]) -> Question:
    return Question.stored(written)


@pytest.mark.parametrize("written", QUESTIONS, ids=lambda written: written["id"])
def test_a_form_that_is_sent_back_untouched_is_the_same_question(written: dict[str, Any]) -> None:
    question = stored(written)
    assert question_form.fits(question.written)
    draft = editing.read_form(BANK, question_form.values_of(question.written))
    assert draft.question is not None, draft.faults
    assert draft.question.digest == question.digest


@pytest.mark.parametrize("written", QUESTIONS, ids=lambda written: written["id"])
def test_a_text_that_is_sent_back_untouched_is_the_same_question(written: dict[str, Any]) -> None:
    question = stored(written)
    draft = editing.read_text(BANK, editing.text_of(question.written))
    assert draft.question is not None, draft.faults
    assert draft.question.digest == question.digest


def test_every_type_of_question_has_a_form_or_is_written_as_text() -> None:
    shown = set(question_form.SHOWN)
    assert shown <= set(TYPES)
    assert not question_form.fits({"id": "x", "type": "yet-unknown", "prompt": "题"})


def test_what_the_form_does_not_show_is_edited_as_text() -> None:
    assert not question_form.fits({**exams.single("q"), "variables": {"a": {"from": 1, "to": 2}}})
    assert not question_form.fits({**exams.order("o"), "items": ["一\n行", "二"]})


def faults(values: dict[str, list[str]]) -> dict[str, list[str]]:
    found = editing.read_form(BANK, values).faults
    return {field: [fault.code for fault in each] for field, each in found.items()}


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"prompt": [""]}, "prompt", "missing_key"),
        ({"answer": []}, "answer", "missing_key"),
        ({"answer": ["D"], "option-D": [""]}, "answer", "not_an_option"),
        ({"points": ["zwei"]}, "points", "not_a_number"),
        ({"review_by": ["morgen"]}, "review_by", "not_a_day"),
        ({"id": ["Groß"]}, "id", "bad_slug"),
        ({"explanation": [""]}, "explanation", "no_explanation"),
        ({"option-C": ["甲"], "option-A": ["甲"]}, "option-C", "equal_options"),
        ({"prompt": ["机密★1年 的题"]}, "prompt", "secret_mark"),
        ({f"option-{letter}": [""] for letter in "ABCD"}, "option-A", "missing_key"),
    ],
)
def test_every_fault_finds_its_field(changed: dict[str, list[str]], field: str, code: str) -> None:
    values = question_form.values_of(stored({**exams.single("q"), "explanation": "见"}).written)
    assert code in faults({**values, **changed}).get(field, [])


def test_a_type_that_has_no_form_is_refused_in_words() -> None:
    assert "unknown_word" in str(faults({"type": ["magic"], "id": ["a"], "prompt": ["题"]}))


def test_what_is_typed_needs_no_yaml() -> None:
    values = question_form.values_of(stored({**exams.single("q"), "explanation": "见"}).written)
    typed = {
        **values,
        "prompt": ["[1] C # 语言: yes\r\n第二行"],
        "option-A": ["no"],
        "tags": ["甲，乙、丙, 丁"],
    }
    draft = editing.read_form(BANK, typed)
    assert draft.question is not None, draft.faults
    assert draft.question.prompt == "[1] C # 语言: yes\n第二行"
    assert draft.question.tags == ("甲", "乙", "丙", "丁")


def test_faults_of_a_text_have_the_lines_of_that_text() -> None:
    text = editing.text_of(stored(exams.single("q")).written).replace("answer:", "anwser:")
    [fault] = [each for each in editing.read_text(BANK, text).faults["text"] if each.code == "unknown_key"]
    assert text.splitlines()[fault.line - 1].strip().startswith("anwser:")


@pytest.mark.parametrize("text", ["", "- id: a\n", "questions: x", "bank: other\n", "'" * 9, "[" * 5000])
def test_a_text_that_is_no_question_is_refused_and_breaks_nothing(text: str) -> None:
    draft = editing.read_text(BANK, text)
    assert draft.question is None
    assert draft.faults


def test_two_questions_in_the_text_of_one_are_refused() -> None:
    one, two = (editing.text_of(stored(exams.single(name)).written) for name in ("a", "b"))
    draft = editing.read_text(BANK, one + two)
    assert draft.question is None
    assert "one_question" in [fault.code for fault in draft.faults["text"]]
