"""Deadlines: min(started + minutes, closes) + extra time, and half a minute of grace for the network."""

from datetime import UTC, datetime, timedelta

import pytest

from studyhub.exams.timing import Window, accept_until, deadline_at, is_past, submitted_at

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
NONE = timedelta()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_an_attempt_lasts_its_minutes() -> None:
    assert deadline_at(Window(None, None, 30), NOON, NONE) == NOON + minutes(30)


def test_it_ends_with_the_exam_when_that_comes_first() -> None:
    assert deadline_at(Window(None, NOON + minutes(10), 30), NOON, NONE) == NOON + minutes(10)


def test_without_minutes_it_ends_with_the_exam() -> None:
    assert deadline_at(Window(None, NOON + minutes(90), None), NOON, NONE) == NOON + minutes(90)


def test_extra_time_is_added_after_the_exams_end_too() -> None:
    assert deadline_at(Window(None, NOON + minutes(10), 30), NOON, minutes(15)) == NOON + minutes(25)


def test_an_exam_without_any_end_cannot_be_timed() -> None:
    with pytest.raises(ValueError, match="minutes"):
        deadline_at(Window(None, None, None), NOON, NONE)


def test_saves_are_taken_until_thirty_seconds_after_the_deadline_inclusive() -> None:
    last = accept_until(NOON)
    assert last == NOON + timedelta(seconds=30)
    assert not is_past(last, last)
    assert is_past(last, last + timedelta(microseconds=1))


def test_a_late_submit_is_recorded_at_the_deadline() -> None:
    assert submitted_at(NOON, NOON + minutes(5)) == NOON
    assert submitted_at(NOON, NOON - minutes(5)) == NOON - minutes(5)
