"""What a member may do with an exam: upcoming, open, in progress, closed; and how often."""

from datetime import UTC, datetime, timedelta

import pytest

from studyhub.exams.access import Access, Refusal, Tries, access, attempts_left, refusal
from studyhub.exams.timing import Window

OPENS = datetime(2026, 11, 1, tzinfo=UTC)
CLOSES = datetime(2026, 12, 1, tzinfo=UTC)
WINDOW = Window(OPENS, CLOSES, 30)
SECOND = timedelta(seconds=1)
NO_TRIES = Tries(0)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - SECOND, Access.UPCOMING),
        (OPENS, Access.OPEN),
        (CLOSES - SECOND, Access.OPEN),
        (CLOSES, Access.CLOSED),
    ],
)
def test_an_exam_opens_at_its_first_moment_and_closes_at_its_last(now: datetime, expected: Access) -> None:
    assert access(WINDOW, NO_TRIES, now) is expected


def test_an_exam_without_bounds_is_always_open() -> None:
    assert access(Window(None, None, 30), NO_TRIES, OPENS) is Access.OPEN


def test_an_attempt_in_progress_comes_first_even_after_the_end() -> None:
    assert access(WINDOW, Tries(1, in_progress=True), CLOSES + SECOND) is Access.IN_PROGRESS


def test_attempts_left_counts_down_and_unlimited_has_no_number() -> None:
    assert [attempts_left(2, used) for used in (0, 1, 2, 3)] == [2, 1, 0, 0]
    assert attempts_left(None, 99) is None


@pytest.mark.parametrize(
    ("allowed", "tries", "now", "expected"),
    [
        (1, NO_TRIES, OPENS - SECOND, Refusal.NOT_YET_OPEN),
        (1, NO_TRIES, CLOSES, Refusal.CLOSED),
        (1, Tries(1), OPENS, Refusal.NO_ATTEMPTS_LEFT),
        (1, NO_TRIES, OPENS, None),
        (None, Tries(99), OPENS, None),
        (1, Tries(1, in_progress=True), OPENS, None),
        (1, Tries(1, in_progress=True), CLOSES + SECOND, None),
    ],
)
def test_why_an_attempt_cannot_be_started(
    allowed: int | None, tries: Tries, now: datetime, expected: Refusal | None
) -> None:
    assert refusal(WINDOW, allowed, tries, now) is expected
