"""An attempt as its member sees it: open with its questions and answers, or closed with what is released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from studyhub.exams import papers, release, timing
from studyhub.exams.attempts import records, statements
from studyhub.exams.attempts.answering import stored_of
from studyhub.exams.attempts.records import AttemptRecord
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.papers import Delivered, Line
from studyhub.exams.release import Released
from studyhub.exams.saving import Stored
from studyhub.exams.states import AttemptState
from studyhub.kernel.points import Points
from studyhub.organization.actor import Actor
from studyhub.questions.revisions import load
from studyhub.questions.variants import as_drawn


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that still takes answers."""

    id: int
    exam: str
    title: str
    number: int
    started_at: datetime
    deadline_at: datetime
    accept_until: datetime
    epoch: int
    sections: tuple[str, ...]
    questions: tuple[Delivered, ...]
    answers: Mapping[int, Stored]


@dataclass(frozen=True, slots=True)
class ClosedAttempt:
    """An attempt that is over. `score` and `passed` are None too where `released` hides them."""

    id: int
    exam: str
    title: str
    number: int
    state: AttemptState
    submitted_at: datetime | None
    released: Released
    score: Points | None
    max_score: Points
    passed: bool | None
    score_available_at: datetime | None
    review_available_at: datetime | None
    void_reason: str | None


def attempt(session: Session, actor: Actor, attempt_id: int, *, now: datetime) -> OpenAttempt | ClosedAttempt:
    """The attempt as it stands now. One past its time is closed for every reader, marked or not."""
    row = records.own(session, actor, attempt_id)
    if timing.is_open(row.state, row.accept_until, now):
        return _open(row, papers.blueprint(session, row.revision_id), *questions(session, attempt_id))
    return closed(session, row, now)


def closed(session: Session, row: AttemptRecord, now: datetime) -> ClosedAttempt:
    """What its member may know of an attempt that is over."""
    policy = papers.blueprint(session, row.current_revision_id).review
    over_at = release.closed_at(row.closes_at, row.last_accept_until)
    is_open = timing.is_open(row.state, row.accept_until, now)
    shown = release.released(policy, is_open=is_open, over_at=over_at, now=now)
    return ClosedAttempt(
        id=row.id,
        exam=row.slug,
        title=row.title,
        number=row.number,
        state=AttemptState.SUBMITTED if row.state is AttemptState.OPEN else row.state,
        submitted_at=row.submitted_at or timing.submitted_at(row.deadline_at, now),
        released=release.NOTHING if row.state is AttemptState.VOID else shown,
        score=row.score if shown.score else None,
        max_score=row.max_score,
        passed=row.passed if shown.score else None,
        score_available_at=release.score_available_at(policy, over_at),
        review_available_at=release.review_available_at(policy, over_at),
        void_reason=row.void_reason,
    )


def questions(session: Session, attempt_id: int) -> tuple[tuple[Delivered, ...], dict[int, Stored]]:
    """The paper and what is stored for each position. One statement once its revisions are known."""
    rows = statements.PAPER.all(session, {"attempt_id": attempt_id})
    known = load(session, [row.revision_id for row in rows])
    paper = tuple(
        Delivered(
            row.position,
            row.section,
            *as_drawn(known[row.revision_id], row.layout),
            row.points,
            row.rule,
        )
        for row in rows
    )
    stored = {row.position: stored_of(row) for row in rows}
    return paper, {position: answer for position, answer in stored.items() if answer is not None}


def begun(row: Any, plan: Blueprint, lines: Sequence[Line]) -> OpenAttempt:
    """An attempt that was written just now, without reading it back: `row` has what `_open` reads of one."""
    return _open(row, plan, tuple(lines), {})


def _open(
    row: Any, plan: Blueprint, paper: tuple[Delivered, ...], answers: Mapping[int, Stored]
) -> OpenAttempt:
    return OpenAttempt(
        id=row.id,
        exam=row.slug,
        title=row.title,
        number=row.number,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        accept_until=row.accept_until,
        epoch=row.epoch,
        sections=tuple(section.title for section in plan.sections),
        questions=paper,
        answers=answers,
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt in its member's history: `result` is None while it is open."""

    id: int
    number: int
    started_at: datetime
    deadline_at: datetime
    result: ClosedAttempt | None


def history(session: Session, actor: Actor, exam_id: int, *, now: datetime) -> list[Tried]:
    """The member's attempts at an exam, the newest first, with what may be known of each. One statement."""
    return [_tried(session, row, now) for row in records.own_at(session, actor, exam_id)]


def _tried(session: Session, row: AttemptRecord, now: datetime) -> Tried:
    is_open = timing.is_open(row.state, row.accept_until, now)
    result = None if is_open else closed(session, row, now)
    return Tried(row.id, row.number, row.started_at, row.deadline_at, result)
