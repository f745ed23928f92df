"""The editor's form: what it shows of a question is what comes back, and every fault finds its field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from studyhub.organization.states import Level
from studyhub.questions.bank import Question
from studyhub.questions.editor import editing, question_form, rows
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
    {
        **exams.single("q4"),
        "options": {"A": "一\n行", "B": {"text": "二", "feedback": "两\n行"}},
        "answer": "A",
    },
    exams.multiple("m1"),
    exams.multiple("m2", marking="net"),
    exams.truefalse("t1"),
    exams.blank("b1"),
    {**exams.blank("b2"), "order": "any", "case": "exact"},
    exams.number("n1"),
    exams.match("p1"),
    {**exams.match("p2"), "distractors": ["丁", "戊"], "shuffle": False},
    {**exams.match("p3"), "pairs": {"左\n一": "右一", "左二": "右\n二"}},
    exams.order("o1"),
    exams.order("o2", marking="pairs"),
    exams.essay("e1"),
    {"id": "e2", "type": "essay", "prompt": "简答", "model_answer": "第一行\n第二行"},
    exams.varying("v1"),
    {**exams.single("v2"), "prompt": "{{a}}？", "variables": {"a": {"from": "1", "to": "2", "step": "0.5"}}},
    exams.passage("r1"),
    {**exams.passage("r2"), "questions": [exams.essay("a"), exams.blank("b"), exams.match("c")]},
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
    assert not question_form.fits({**exams.order("o"), "items": ["一\n行", "二"]})
    assert not question_form.fits({**exams.passage("p"), "questions": [exams.single("q", tags=["安全"])]})


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


@pytest.mark.parametrize(
    ("written", "changed", "field", "code"),
    [
        (exams.essay("e"), {"for-1": [""]}, "for-1", "missing_key"),
        (exams.essay("e"), {"worth-2": [""]}, "worth-2", "missing_key"),
        (exams.essay("e"), {"worth-2": ["viel"]}, "worth-2", "not_a_number"),
        (exams.essay("e"), {"points": ["7"]}, "for-1", "rubric_sum"),
        (exams.essay("e"), {"max_chars": ["0"]}, "max_chars", "bad_max_chars"),
        (
            {"id": "e", "type": "essay", "prompt": "简答"},
            {},
            "for-1",
            "no_rubric",
        ),
        (exams.varying("v"), {"var-1": ["1a"]}, "var-1", "variable_name"),
        (exams.varying("v"), {"var-2": ["n"]}, "var-2", "duplicate_key"),
        (exams.varying("v"), {"to-1": [""]}, "to-1", "missing_key"),
        (exams.varying("v"), {"from-1": ["x"]}, "from-1", "not_a_number"),
        (exams.varying("v"), {"from-2": ["1"]}, "from-2", "variable_domain"),
        (exams.varying("v"), {"choose-2": ["10, zwei"]}, "choose-2", "not_a_number"),
        (exams.varying("v"), {"prompt": ["{{k}} 箱"]}, "prompt", "unknown_variable"),
        (exams.varying("v"), {"answer": ["{{n*}}"]}, "answer", "expression_end"),
        (exams.passage("r"), {"p1-id": ["verdict"]}, "p3-id", "duplicate_id"),
        (exams.passage("r"), {"p3-prompt": [""]}, "p3-prompt", "missing_key"),
        (exams.passage("r"), {"p1-answer": ["E"]}, "p1-answer", "not_an_option"),
        (exams.passage("r"), {"p1-explanation": [""]}, "p1-explanation", "no_explanation"),
        (exams.passage("r"), {"p2-to-1": [""]}, "p2-to-1", "missing_key"),
        (exams.passage("r"), {f"p{n}-type": [""] for n in (1, 2, 3)}, "add", "missing_key"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_row_or_of_a_question_of_a_passage_finds_its_field(
    written: dict[str, Any], changed: dict[str, list[str]], field: str, code: str
) -> None:
    values = question_form.values_of(stored(written).written)
    found = faults({**values, **changed})
    assert code in found.get(field, []), found


def test_questions_of_a_passage_are_added_taken_out_and_moved_with_all_that_was_typed() -> None:
    values = question_form.values_of(stored(exams.passage("r")).written)
    more = rows.with_part(values, "blank")
    assert (rows.part_numbers(more), more["p4-id"]) == ([1, 2, 3, 4], ["q1"])
    moved = rows.part_earlier(values, 3)
    assert [moved[f"p{n}-id"] for n in (1, 2, 3)] == [["choice"], ["verdict"], ["sum"]]
    assert moved["p3-choose-2"] == ["10, 20"]
    less = rows.without_part(moved, 1)
    assert [less[f"p{n}-id"] for n in rows.part_numbers(less)] == [["verdict"], ["sum"]]
    assert not any(field.startswith("p3-") for field in less)


def test_what_makes_no_sense_of_a_passage_changes_nothing() -> None:
    values = question_form.values_of(stored(exams.passage("r")).written)
    assert rows.part_earlier(values, 1) == rows.part_earlier(values, 99) == rows.without_part(values, 99)


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


def form_of(written: dict[str, Any], **changed: str) -> Question | None:
    values = question_form.values_of(stored(written).written)
    return editing.read_form(BANK, {**values, **{key: [text] for key, text in changed.items()}}).question


def test_an_essay_is_worth_what_its_rubric_adds_up_to_unless_points_are_typed() -> None:
    essay = {**exams.essay("e"), "rubric": [{"for": "甲", "points": 3}, {"for": "乙", "points": "2.5"}]}
    added, typed = form_of(essay, points=""), form_of(essay, points="7")
    assert added is not None
    assert added.worth == 550
    assert typed is not None
    assert typed.worth == 700


@pytest.mark.parametrize("worth", ["1e999999", "NaN", "两", "-1", "٣"])
def test_what_is_no_plain_number_is_not_added_up(worth: str) -> None:
    essay = exams.essay("e")
    values = {**question_form.values_of(stored(essay).written), "points": [""], "worth-1": [worth]}
    assert "points" not in faults(values)
