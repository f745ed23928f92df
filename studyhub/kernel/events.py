"""How a lower room tells a higher one: typed facts, heard inside the same transaction.

Who listens to what is one explicit list in `app.py`. The list travels with the session
(`session.info["listeners"]`), so that serve, scheduler and command line all hear the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, at `now`, in the transaction that is still open."""

    now: datetime


@dataclass(frozen=True, slots=True)
class MemberJoined(Event):
    member_id: int
    branch_id: int


@dataclass(frozen=True, slots=True)
class MemberMoved(Event):
    member_id: int
    from_branch_id: int
    to_branch_id: int


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    member_id: int
    branch_id: int


@dataclass(frozen=True, slots=True)
class MemberReturned(Event):
    member_id: int
    branch_id: int


@dataclass(frozen=True, slots=True)
class MembersChanged(Event):
    """Many at once joined, moved, left or came back (an import), or somebody was cleared for other levels."""

    member_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BranchMoved(Event):
    branch_id: int
    old_path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class ExamPublished(Event):
    exam_id: int


@dataclass(frozen=True, slots=True)
class ExamChanged(Event):
    exam_id: int


@dataclass(frozen=True, slots=True)
class AttemptStarted(Event):
    attempt_id: int
    exam_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class AttemptMarked(Event):
    attempt_id: int
    exam_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class AttemptVoided(Event):
    attempt_id: int
    exam_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class LessonCompleted(Event):
    lesson_id: int
    course_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class PapersAsked(Event):
    """Somebody wants to know where these questions stand; who has papers answers with PapersFound."""

    question_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PapersFound:
    """How many papers hold one of the questions asked for, void ones aside.

    `results` counts a member's result in an exam once, however many past attempts it rests on.
    """

    open_attempts: int = 0
    past_attempts: int = 0
    results: int = 0


@dataclass(frozen=True, slots=True)
class ExamsAsked(Event):
    """Somebody wants to know which exams that are not over could draw such questions of a bank; who has exams
    answers with the titles of those at one of these levels. Each sort of question is its type, its facility
    and its tags."""

    bank: str
    sorts: tuple[tuple[str, int, tuple[str, ...]], ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A question of a bank as far as an exam must know it to draw it; `facility` in ten-thousandths."""

    id: str
    type: str
    facility: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What a bank would offer to new papers otherwise: these ids no more, and those instead or anew."""

    bank: str
    gone: frozenset[str]
    come: tuple[Offered, ...] = ()


@dataclass(frozen=True, slots=True)
class ExamNamed:
    """An exam as a lower room may speak of it."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class DrawsAsked(Event):
    """Somebody wants to know which exams that are not over could be drawn no more after these changes; who
    has exams answers with those at one of these levels, as ExamNamed."""

    changes: tuple[OfferChange, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawersAsked(Event):
    """Somebody wants to know whether exams that are not over draw from one of these banks, and choose by this
    tag when one is named; who has exams answers with True or False, whatever their level."""

    banks: tuple[str, ...]
    tag: str | None = None


class Carrier(Protocol):
    """What an event is emitted on: a database session (its `info` holds the listeners)."""

    @property
    def info(self) -> Any: ...


Listener = Callable[[Any, Any], Any]
Listeners = Mapping[type[Event], Sequence[Listener]]


def emit(session: Carrier, event: Event) -> None:
    """Tell every listener of this kind of event, now and in this transaction.

    A listener that raises undoes the whole transaction: there is no half-heard event.
    """
    listeners: Listeners = session.info.get("listeners", {})
    for listener in listeners.get(type(event), ()):
        listener(session, event)


def ask(session: Carrier, event: Event) -> list[Any]:
    """What every listener of this kind of event answers: for a lower room that must know, not tell."""
    listeners: Listeners = session.info.get("listeners", {})
    return [listener(session, event) for listener in listeners.get(type(event), ())]
