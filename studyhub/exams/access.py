"""What a member may do with an exam now: rows in, a decision out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studyhub.exams.timing import Window, phase


class Access(StrEnum):
    """How an exam stands for one member."""

    UPCOMING = "upcoming"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class Refusal(StrEnum):
    """Why an attempt cannot be started; the value is the stable code of the answer."""

    NOT_YET_OPEN = "exam_not_open"
    CLOSED = "exam_closed"
    NO_ATTEMPTS_LEFT = "no_attempts_left"


@dataclass(frozen=True, slots=True)
class Tries:
    """A member's attempts at one exam: how many count, and whether one is still open."""

    counted: int
    in_progress: bool = False


def access(window: Window, tries: Tries, now: datetime) -> Access:
    """The state that lists and pages show. An attempt in progress comes first: it may outlast the exam."""
    if tries.in_progress:
        return Access.IN_PROGRESS
    return Access(phase(window.opens_at, window.closes_at, now).value)


def attempts_left(allowed: int | None, counted: int) -> int | None:
    """How many attempts can still be started; None when there is no limit. Void attempts never count."""
    return None if allowed is None else max(0, allowed - counted)


def refusal(window: Window, allowed: int | None, tries: Tries, now: datetime) -> Refusal | None:
    """Why a new attempt cannot be started now; None when it can (or one in progress goes on)."""
    match access(window, tries, now):
        case Access.IN_PROGRESS:
            return None
        case Access.UPCOMING:
            return Refusal.NOT_YET_OPEN
        case Access.CLOSED:
            return Refusal.CLOSED
        case Access.OPEN:
            return Refusal.NO_ATTEMPTS_LEFT if attempts_left(allowed, tries.counted) == 0 else None
