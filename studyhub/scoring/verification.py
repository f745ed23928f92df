"""Does what is kept agree with the marks? Recomputed layer by layer, and put right again in batches.

marks → the score of an attempt → standings → roll-ups; and while an exam is not over, whom it is assigned to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from studyhub.exams.audience import is_member
from studyhub.exams.models import Attempt, Exam, Mark
from studyhub.exams.states import AttemptState
from studyhub.organization.models import Branch, Member
from studyhub.scoring import assigning
from studyhub.scoring.eligibility import is_assigned
from studyhub.scoring.operations import fold_attempts, read_attempts
from studyhub.scoring.rollup import NOTHING, Figures
from studyhub.scoring.rows import (
    ROLL_UP,
    STANDING,
    counted,
    figure_values,
    figures_of,
    standing_of,
    standing_values,
)

BATCH = 1_000


class Kind(StrEnum):
    """What does not agree."""

    ATTEMPT = "attempt"
    STANDING = "standing"
    MISSING = "missing"
    SURPLUS = "surplus"
    BRANCH = "branch"
    ROLL_UP = "roll_up"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is kept and its recomputed value; both are JSON-ready, and hold only what differs."""

    kind: Kind
    exam: str
    subject: str
    """`member_no`, `member_no/number` of an attempt, or the code of a branch"""
    kept: dict[str, Any]
    found: dict[str, Any]


def hold_still(session: Session) -> None:
    """Let every further statement of the transaction see one moment (SQLite's reads do so anyway).

    To be called before anything is read.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def exam_ids(session: Session) -> list[int]:
    """Every exam that may have standings."""
    return list(session.scalars(select(Exam.id).order_by(Exam.id)))


def differences(session: Session, exam_id: int, now: datetime) -> Iterator[Difference]:
    """All that does not agree in one exam."""
    exam = session.execute(select(Exam).where(Exam.id == exam_id)).scalar_one()
    yield from _attempts(session, exam)
    yield from _standings(session, exam)
    if exam.closes_at is None or exam.closes_at > now:
        yield from _population(session, exam)
    else:
        yield from _missing_at_close(session, exam, exam.closes_at)
    yield from _roll_ups(session, exam)


def rebuild(write: Callable[[], AbstractContextManager[Session]], exam_id: int, now: datetime) -> None:
    """Fold the exam's standings anew and recount its roll-ups, one short transaction after another."""
    with write() as session:
        assigning.settle_population(session, exam_id, now)
    last: int | None = 0
    while last is not None:
        with write() as session:
            last = assigning.refold_batch(session, exam_id, last)
    with write() as session:
        assigning.recount(session, exam_id)


def _attempts(session: Session, exam: Exam) -> Iterator[Difference]:
    """Marked attempts whose score is not the sum of the newest marks of their questions."""
    newer = aliased(Mark)
    is_newest = ~(
        select(newer.n)
        .where(newer.attempt_id == Mark.attempt_id, newer.position == Mark.position, newer.n > Mark.n)
        .exists()
    )
    marked = (
        select(
            Mark.attempt_id,
            func.sum(Mark.points).label("score"),
            func.sum(Mark.max_points).label("max_score"),
        )
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Attempt.exam_id == exam.id, is_newest)
        .group_by(Mark.attempt_id)
        .subquery()
    )
    score, max_score = (func.coalesce(marked.c[name], 0) for name in ("score", "max_score"))
    rows = session.execute(
        select(Member.member_no, Attempt.number, Attempt.score, Attempt.max_score, score, max_score)
        .join(Member, Member.id == Attempt.member_id)
        .outerjoin(marked, marked.c.attempt_id == Attempt.id)
        .where(Attempt.exam_id == exam.id, Attempt.state == AttemptState.MARKED)
        .where((score != Attempt.score) | (max_score != Attempt.max_score))
    )
    for member_no, number, kept_score, kept_max, found_score, found_max in rows:
        kept = {"score": kept_score, "max_score": kept_max}
        found = {"score": int(found_score), "max_score": int(found_max)}
        yield _difference(Kind.ATTEMPT, exam, f"{member_no}/{number}", kept, found)


def _standings(session: Session, exam: Exam) -> Iterator[Difference]:
    after = 0
    while True:
        rows = session.execute(
            select(STANDING, Member.member_no)
            .join(Member, Member.id == STANDING.c.member_id)
            .where(STANDING.c.exam_id == exam.id, STANDING.c.member_id > after)
            .order_by(STANDING.c.member_id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        after = rows[-1].member_id
        attempts = read_attempts(session, exam.id, [row.member_id for row in rows])
        for row in rows:
            found = fold_attempts(attempts[row.member_id], exam.keep, exam.pass_percent)
            if found != standing_of(row):
                kept = standing_values(standing_of(row))
                yield _difference(Kind.STANDING, exam, row.member_no, kept, standing_values(found))


def _population(session: Session, exam: Exam) -> Iterator[Difference]:
    """Who should have a standing now, and where, against who has one."""
    assigned = (
        select(Member.id, Member.member_no, Branch.code)
        .join(Branch, Branch.id == Member.branch_id)
        .join(Exam, Exam.id == exam.id)
        .where(is_member(), is_assigned())
    )
    wanted = {row.id: row for row in session.execute(assigned)}
    held = {row.member_id: row for row in session.execute(_held(exam.id))}
    for member_id in wanted.keys() - held.keys():
        yield _difference(
            Kind.MISSING, exam, wanted[member_id].member_no, {}, {"branch": wanted[member_id].code}
        )
    for member_id, row in held.items():
        if member_id not in wanted:
            yield _difference(Kind.SURPLUS, exam, row.member_no, {"branch": row.code}, {})
        elif wanted[member_id].code != row.code:
            kept, found = {"branch": row.code}, {"branch": wanted[member_id].code}
            yield _difference(Kind.BRANCH, exam, row.member_no, kept, found)


def _held(exam_id: int) -> Any:
    return (
        select(STANDING.c.member_id, Member.member_no, Branch.code)
        .join(Member, Member.id == STANDING.c.member_id)
        .join(Branch, Branch.id == STANDING.c.branch_id)
        .where(STANDING.c.exam_id == exam_id)
    )


def _missing_at_close(session: Session, exam: Exam, closed_at: datetime) -> Iterator[Difference]:
    missing = assigning.missing_at_close(exam.id, closed_at).subquery()
    rows = session.execute(
        select(Member.member_no, Branch.code)
        .join(missing, missing.c.member_id == Member.id)
        .join(Branch, Branch.id == missing.c.branch_id)
    )
    for member_no, code in rows:
        yield _difference(Kind.MISSING, exam, member_no, {}, {"branch": code})


def _roll_ups(session: Session, exam: Exam) -> Iterator[Difference]:
    afresh = select(STANDING.c.branch_id, *counted()).where(STANDING.c.exam_id == exam.id)
    found = {row.branch_id: figures_of(row) for row in session.execute(afresh.group_by(STANDING.c.branch_id))}
    kept = {
        row.branch_id: figures_of(row)
        for row in session.execute(select(ROLL_UP).where(ROLL_UP.c.exam_id == exam.id))
    }
    wrong = [key for key in kept.keys() | found.keys() if kept.get(key, NOTHING) != found.get(key, NOTHING)]
    named = select(Branch.id, Branch.code).where(Branch.id.in_(wrong))
    codes = {row.id: row.code for row in session.execute(named)}
    for key in sorted(wrong):
        yield _difference(
            Kind.ROLL_UP, exam, codes[key], _values(kept.get(key, NOTHING)), _values(found.get(key, NOTHING))
        )


def _values(figures: Figures) -> dict[str, Any]:
    return dict(figure_values(figures))


def _difference(
    kind: Kind, exam: Exam, subject: str, kept: dict[str, Any], found: dict[str, Any]
) -> Difference:
    names = [name for name in kept | found if kept.get(name) != found.get(name)]
    return Difference(
        kind,
        exam.slug,
        subject,
        {name: kept[name] for name in names if name in kept},
        {name: found[name] for name in names if name in found},
    )
