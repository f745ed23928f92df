"""What a posted paper says: only answers that differ from those shown are changes."""

from __future__ import annotations

from typing import Any

import pytest

from studyhub.exams.taking.posted import Change, Form, changes, epoch_in
from studyhub.exams.taking.progress import is_answered, verdict
from studyhub.kernel.errors import BadRequest


def _asked(kind: str, **keys: Any) -> dict[str, Any]:
    return {"position": 3, "type": kind, **keys}


def _posted(shown: str, *answers: tuple[str, str], seq: str = "4", **more: str) -> Form:
    form = {"seq-3": [seq], "shown-3": [shown], **{name: [value] for name, value in more.items()}}
    for name, value in answers:
        form.setdefault(name, []).append(value)
    return form


PAIRS = _asked("match", left=[{"key": "1"}, {"key": "2"}], right=[{"key": "A"}, {"key": "B"}])
STEPS = _asked("order", items=[{"key": "A"}, {"key": "B"}, {"key": "C"}])


@pytest.mark.parametrize(
    ("asked", "shown", "answers", "expected"),
    [
        (_asked("single"), "null", [("answer-3", "B")], "B"),
        (_asked("multiple"), '["A"]', [("answer-3", "C"), ("answer-3", "A")], ["A", "C"]),
        (_asked("multiple"), '["A"]', [], None),
        (_asked("truefalse"), "true", [("answer-3", "false")], False),
        (_asked("blank", blanks=2), "null", [("answer-3-1", "一"), ("answer-3-2", "")], ["一", ""]),
        (_asked("number"), '"3"', [("answer-3", "3.14")], "3.14"),
        (PAIRS, "null", [("answer-3-1", "B"), ("answer-3-2", "")], {"1": "B"}),
        (PAIRS, '{"1": "B"}', [("answer-3-1", ""), ("answer-3-2", "")], None),
        (STEPS, "null", [("answer-3-A", "2"), ("answer-3-B", "3"), ("answer-3-C", "1")], ["C", "A", "B"]),
        (STEPS, "null", [("answer-3-B", "1")], ["B", "A", "C"]),
        (STEPS, "null", [("answer-3-A", "1"), ("answer-3-B", "1")], {"A": "1", "B": "1"}),
    ],
)
def test_a_changed_answer_gets_the_next_seq(
    asked: dict[str, Any], shown: str, answers: list[tuple[str, str]], expected: Any
) -> None:
    assert changes([asked], _posted(shown, *answers)) == [Change(3, expected, 5)]


@pytest.mark.parametrize(
    ("asked", "shown", "answers"),
    [
        (_asked("single"), '"B"', [("answer-3", "B")]),
        (_asked("single"), "null", []),
        (_asked("multiple"), '["A", "C"]', [("answer-3", "A"), ("answer-3", "C")]),
        (_asked("truefalse"), "false", [("answer-3", "false")]),
        (_asked("blank", blanks=1), "null", [("answer-3-1", "")]),
        (PAIRS, '{"2": "A", "1": "B"}', [("answer-3-1", "B"), ("answer-3-2", "A")]),
        (STEPS, '["B", "A", "C"]', [("answer-3-A", "2"), ("answer-3-B", "1"), ("answer-3-C", "3")]),
        (STEPS, "null", [("answer-3-A", "")]),
    ],
)
def test_what_is_as_it_was_shown_is_not_saved(
    asked: dict[str, Any], shown: str, answers: list[tuple[str, str]]
) -> None:
    assert changes([asked], _posted(shown, *answers)) == []


def test_an_answer_can_be_cleared() -> None:
    form = _posted('"B"', ("answer-3", "B"), clear="3")
    assert changes([_asked("single")], form) == [Change(3, None, 5)]


def test_a_question_that_the_form_did_not_show_is_left_alone() -> None:
    assert changes([_asked("single")], {"answer-3": ["B"]}) == []


@pytest.mark.parametrize("seq", ["", "-1", "x", "１", "9" * 16, "1" * 5000])
def test_a_seq_that_no_page_wrote_is_refused(seq: str) -> None:
    with pytest.raises(BadRequest):
        changes([_asked("single")], _posted("null", ("answer-3", "B"), seq=seq))


def test_a_seq_that_a_script_wrote_goes_on_in_a_form() -> None:
    form = _posted("null", ("answer-3", "B"), seq="9007199254740990")
    assert changes([_asked("single")], form)[0].seq == 9007199254740991


@pytest.mark.parametrize("shown", ["", "{", "[" * 100_000])
def test_a_shown_answer_that_no_page_wrote_is_refused(shown: str) -> None:
    with pytest.raises(BadRequest):
        changes([_asked("single")], _posted(shown, ("answer-3", "B")))


def test_a_form_without_epoch_is_refused() -> None:
    with pytest.raises(BadRequest):
        epoch_in({})


@pytest.mark.parametrize(
    ("answer", "expected"), [(None, False), (["", " "], False), (["", "x"], True), (False, True), ("B", True)]
)
def test_blanks_of_white_space_are_no_answer(answer: Any, expected: bool) -> None:
    assert is_answered(answer) is expected


@pytest.mark.parametrize(
    ("reviewed", "expected"),
    [
        ({"points": 2}, ""),
        ({"points": 2, "mark": 2}, "right"),
        ({"points": 2, "mark": 0.67}, "part"),
        ({"points": 2, "mark": 0, "answer": ["B"]}, "wrong"),
        ({"points": 2, "mark": 0, "answer": None}, "unanswered"),
        ({"points": 2, "mark": 0, "answer": ["", " "]}, "unanswered"),
    ],
)
def test_a_question_is_right_wrong_partly_right_or_not_answered_once_its_mark_is_shown(
    reviewed: dict[str, Any], expected: str
) -> None:
    assert verdict(reviewed) == expected
