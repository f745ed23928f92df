"""The end of an attempt, submitted or out of time. Marks, standing, roll-up and audit in one transaction.

Locks are taken in one order everywhere: attempt, standing, roll-up (the listeners take the last two).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table
from sqlalchemy.orm import Session

from studyhub.db.inserting import Plain, insert_plain
from studyhub.exams import asking, papers, timing
from studyhub.exams.attempts import records, statements
from studyhub.exams.attempts.answering import (
    Asked,
    Decision,
    Head,
    decide,
    head_of,
    refusal,
    stored_of,
)
from studyhub.exams.attempts.records import AttemptRecord
from studyhub.exams.journal import ACCEPTED, Outcome
from studyhub.exams.marking import Rated, Result, result
from studyhub.exams.models import Mark
from studyhub.exams.saving import Save
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.events import AttemptMarked, emit
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.audit import Act, record
from studyhub.questions.revisions import Revision, load
from studyhub.questions.variants import as_drawn

_MARK = cast(Table, Mark.__table__)


@dataclass(frozen=True, slots=True)
class Submission:
    """What came with the submit: the page's epoch, and answers by position that may not be saved yet."""

    epoch: int | None = None
    answers: Mapping[int, Save] = field(default_factory=dict)


NOTHING_ADDED = Submission()


@dataclass(frozen=True, slots=True)
class Final:
    """The answer that is marked, and its row in the journal."""

    answer: Any
    n: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A locked attempt, its questions, the end of its journal, and by position the answers stored."""

    attempt: AttemptRecord
    rows: dict[int, Row[Any]]
    questions: dict[int, Revision]
    head: Head
    final: dict[int, Final]

    def asked(self, position: int) -> Asked:
        """One of the paper's questions as a save finds it."""
        row = self.rows[position]
        return Asked(position, *as_drawn(self.questions[row.revision_id], row.layout), stored_of(row))


def submit(
    session: Session, actor: Actor, attempt_id: int, submission: Submission = NOTHING_ADDED, *, now: datetime
) -> AttemptRecord:
    """Close the attempt and mark it; a closed one stays as it is. Returns it as it is now.

    Answers that come along follow the rules of a save. When one is refused while the attempt is open, the
    refusal is raised, the attempt stays open, and what arrived is in the journal (keep the transaction).
    """
    attempt = records.own_locked(session, actor, attempt_id)
    if attempt.state is not AttemptState.OPEN and not submission.answers:
        return attempt
    sheet = _sheet(session, attempt)
    added = _add(session, sheet, submission, now)
    if attempt.state is not AttemptState.OPEN:
        return attempt
    late = timing.is_past(attempt.accept_until, now)
    act = Act.ATTEMPT_EXPIRED if late else Act.ATTEMPT_SUBMITTED
    came_to = _close(session, actor, replace(sheet, final=sheet.final | added), act, now)
    return replace(
        attempt,
        state=came_to.state,
        submitted_at=timing.submitted_at(attempt.deadline_at, now),
        score=came_to.score,
        passed=came_to.passed,
    )


def close_expired(session: Session, attempt_id: int, *, now: datetime) -> bool:
    """Close and mark an open attempt whose time is over. False when there is nothing (left) to close."""
    attempt = records.locked(session, attempt_id)
    if attempt.state is not AttemptState.OPEN or not timing.is_past(attempt.accept_until, now):
        return False
    _close(session, SYSTEM, _sheet(session, attempt), Act.ATTEMPT_EXPIRED, now)
    return True


def _sheet(session: Session, attempt: AttemptRecord) -> Sheet:
    rows = statements.PAPER.all(session, {"attempt_id": attempt.id})
    return Sheet(
        attempt,
        {row.position: row for row in rows},
        load(session, [row.revision_id for row in rows]),
        head_of(rows[0]),
        {row.position: Final(row.stored_answer, row.stored_n) for row in rows if row.stored_n is not None},
    )


def _add(session: Session, sheet: Sheet, submission: Submission, now: datetime) -> dict[int, Final]:
    """Put the answers that came along through the rules of a save; returns those that are stored now.

    The journal has no place for a position that the paper lacks. It keeps an open attempt open, and what came
    beside it is written down.
    """
    attempt = sheet.attempt
    takes = timing.is_open(attempt.state, attempt.accept_until, now)
    decided = [
        decide(sheet.asked(position), given, is_open=takes, epoch=attempt.epoch)
        for position, given in sorted(submission.answers.items())
        if position in sheet.rows
    ]
    added: dict[int, Final] = {}
    rows = []
    for each in decided:
        rows.append(sheet.head.next(attempt.id, each, now))
        if each.outcome is Outcome.SAVED:
            added[each.asked.position] = Final(each.save.answer, sheet.head.n)
    if rows:
        session.connection().execute(statements.JOURNAL_ROWS, rows)
    if takes:
        _refuse(attempt, submission, decided)
        if strange := submission.answers.keys() - sheet.rows.keys():
            raise Unprocessable("bad_answer", position=min(strange))
    return added


def _refuse(attempt: AttemptRecord, submission: Submission, decided: list[Decision]) -> None:
    """Raise what keeps an open attempt from being submitted: a stale page, or an answer that was refused."""
    for each in decided:
        if each.outcome not in ACCEPTED:
            raise refusal(each)
    if submission.epoch is not None and submission.epoch != attempt.epoch:
        raise Conflict(Outcome.TAKEN_OVER.value)


def _close(session: Session, actor: Actor, sheet: Sheet, act: Act, now: datetime) -> Result:
    """Mark what is final and write state, marks and audit; the listeners write standing and roll-up."""
    attempt = sheet.attempt
    plan = papers.blueprint(session, attempt.revision_id)
    came_to = result(_rated(sheet), attempt.max_score, plan.pass_share)
    statements.CLOSE.run(session, _closing_values(sheet, came_to, now))
    insert_plain(session, _MARK, _mark_rows(sheet, came_to, now))
    detail = {"exam": plan.slug, "member_id": attempt.member_id, "number": attempt.number}
    record(session, actor, act, f"attempt:{attempt.id}", detail, now=now)
    if came_to.state is AttemptState.MARKED:
        emit(session, AttemptMarked(now, attempt.id, attempt.exam_id, attempt.member_id))
    return came_to


def _rated(sheet: Sheet) -> list[Rated]:
    rated = []
    for position, row in sheet.rows.items():
        answer = sheet.final[position].answer if position in sheet.final else None
        part = asking.rate(*as_drawn(sheet.questions[row.revision_id], row.layout), answer)
        rated.append(Rated(position, row.points, part))
    return rated


def _closing_values(sheet: Sheet, came_to: Result, now: datetime) -> dict[str, Any]:
    return {
        "attempt_id": sheet.attempt.id,
        "new_state": came_to.state,
        "submitted": timing.submitted_at(sheet.attempt.deadline_at, now),
        "marked": now if came_to.state is AttemptState.MARKED else None,
        "new_score": came_to.score,
        "new_passed": came_to.passed,
        "length": sheet.head.n,
        "last_digest": sheet.head.digest,
    }


def _mark_rows(sheet: Sheet, came_to: Result, now: datetime) -> list[dict[str, Plain]]:
    return [
        {
            "attempt_id": sheet.attempt.id,
            "position": position,
            "n": 1,
            "points": points,
            "max_points": sheet.rows[position].points,
            "answer_n": sheet.final[position].n if position in sheet.final else None,
            "marked_at": now,
            "marked_by": None,
        }
        for position, points in came_to.marks.items()
    ]
