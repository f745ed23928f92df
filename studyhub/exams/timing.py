"""When an exam is open, and when an attempt ends. Everything here is the server's clock; deadlines are
enforced when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from studyhub.exams.states import AttemptState, ExamState

GRACE = timedelta(seconds=30)
"""How long after the deadline the last save of a slow network is still taken."""


@dataclass(frozen=True, slots=True)
class Window:
    """When an exam may be sat: from `opens_at` (inclusive) to `closes_at` (exclusive), `minutes` long."""

    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int | None


class Phase(StrEnum):
    """Where an exam stands in time, for everyone."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


def phase(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Phase:
    """Where an exam of these times stands."""
    if opens_at is not None and now < opens_at:
        return Phase.UPCOMING
    return Phase.CLOSED if closes_at is not None and now >= closes_at else Phase.OPEN


class Stage(StrEnum):
    """Where an exam stands for those who set it: a draft, or its phase."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


def stage(state: ExamState, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Stage:
    """How far an exam is; only what is published goes with the time."""
    return Stage.DRAFT if state is ExamState.DRAFT else Stage(phase(opens_at, closes_at, now).value)


def deadline_at(window: Window, started_at: datetime, extra: timedelta) -> datetime:
    """min(started_at + minutes, closes) + extra time.

    Raises ValueError for a window that has neither minutes nor an end: the exam file refuses it.
    """
    ends = [window.closes_at] if window.closes_at is not None else []
    if window.minutes is not None:
        ends.append(started_at + timedelta(minutes=window.minutes))
    if not ends:
        raise ValueError("an exam needs minutes or a closing time")
    return min(ends) + extra


def accept_until(deadline: datetime) -> datetime:
    """Until when (inclusive) a save or an answer in a submit is taken."""
    return deadline + GRACE


def is_past(accepted_until: datetime, now: datetime) -> bool:
    """Whether an attempt with this `accept_until` counts as closed for every reader."""
    return now > accepted_until


def is_open(state: AttemptState, accepted_until: datetime, now: datetime) -> bool:
    """Whether an attempt still takes answers."""
    return state is AttemptState.OPEN and not is_past(accepted_until, now)


def submitted_at(deadline: datetime, now: datetime) -> datetime:
    """The moment that an attempt closed now is recorded with: never after its deadline."""
    return min(now, deadline)
