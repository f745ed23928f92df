"""Writes for a whole exam: who has a standing in it, every standing folded anew, the roll-ups recounted.

Each step can be done again without harm, so that a rebuild may take one transaction for each batch.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.db.types import UtcDateTime
from studyhub.exams.audience import is_member
from studyhub.exams.models import Attempt, Exam, ExamBranch
from studyhub.exams.states import AttemptState, ExamState
from studyhub.organization import holding, tree
from studyhub.organization.models import Branch, Member, Membership
from studyhub.scoring.eligibility import is_assigned, is_not_over
from studyhub.scoring.operations import fold_attempts, locked, read_attempts, settle_members
from studyhub.scoring.rows import (
    FIGURE_NAMES,
    ROLL_UP,
    STANDING,
    counted,
    standing_of,
    standing_values,
)
from studyhub.scoring.standing import StandingState

BATCH = 500
"""How many standings are folded at a time: the rows that a batch keeps locked."""


def settle_exam(session: Session, exam_id: int, now: datetime) -> None:
    """An exam was published or changed: everything that follows from it, in this transaction."""
    settle_population(session, exam_id, now)
    last: int | None = 0
    while last is not None:
        last = refold_batch(session, exam_id, last)
    recount(session, exam_id)


def settle_branch(session: Session, path: str, now: datetime) -> None:
    """The branch now at `path` was moved: exams that are not for everyone may be for others now.

    A few people are settled one by one; of many, each exam anew as a whole, in a few statements.
    """
    below = (
        select(Member.id).join(Branch, Branch.id == Member.branch_id).where(tree.subtree(Branch.path, path))
    )
    people = session.scalars(below.where(is_member()).order_by(Member.id).limit(BATCH + 1)).all()
    if len(people) <= BATCH:
        settle_members(session, people, now)
    else:
        _settle_exams_for_branches(session, now)


def _settle_exams_for_branches(session: Session, now: datetime) -> None:
    for_some = exists(select(ExamBranch.exam_id).where(ExamBranch.exam_id == Exam.id))
    exams = select(Exam.id).where(Exam.state == ExamState.PUBLISHED, is_not_over(now), for_some)
    for exam_id in session.scalars(exams.order_by(Exam.id)).all():
        settle_exam(session, exam_id, now)


def settle_population(session: Session, exam_id: int, now: datetime) -> None:
    """Who has a standing in the exam, and in which branch.

    While the exam is not over: exactly those whom it is assigned to, where they are now. Once it is over
    nobody comes, goes or moves, but an exam first published then is assigned to those who are there now.
    """
    holding.everybody(session)
    # Nobody makes a standing or a roll-up of this exam meanwhile: both refer to the row that is locked here.
    closes_at = session.execute(
        select(Exam.closes_at).where(Exam.id == exam_id).with_for_update()
    ).scalar_one()
    if (
        closes_at is not None
        and closes_at <= now
        and session.scalar(select(func.count()).where(STANDING.c.exam_id == exam_id))
    ):
        _restore_those_who_sat_it(session, exam_id, closes_at, now)
        return
    _admit(session, exam_id, now)
    _withdraw(session, exam_id)
    _follow(session, exam_id)


def refold_batch(session: Session, exam_id: int, after_member_id: int) -> int | None:
    """Fold the next standings that are, or should be, more than assigned; the last member's id, or None."""
    begun = exists(
        select(Attempt.id).where(Attempt.exam_id == exam_id, Attempt.member_id == STANDING.c.member_id)
    )
    rows = session.execute(
        locked(
            select(STANDING, Exam.keep, Exam.pass_percent)
            .join(Exam, Exam.id == STANDING.c.exam_id)
            .where(STANDING.c.exam_id == exam_id, STANDING.c.member_id > after_member_id)
            .where(or_(STANDING.c.state != StandingState.ASSIGNED, begun))
            .order_by(STANDING.c.member_id)
            .limit(BATCH)
        )
    ).all()
    attempts = read_attempts(session, exam_id, [row.member_id for row in rows]) if rows else {}
    for row in rows:
        after = fold_attempts(attempts[row.member_id], row.keep, row.pass_percent)
        if after != standing_of(row):
            session.execute(update(STANDING).where(STANDING.c.id == row.id).values(standing_values(after)))
    return rows[-1].member_id if len(rows) == BATCH else None


def recount(session: Session, exam_id: int) -> None:
    """Count the exam's roll-ups afresh from the standings.

    They are locked before the standings are counted: a marking that is under way has either been counted,
    or adds its difference to what is written here.
    """
    mine = ROLL_UP.c.exam_id == exam_id
    session.execute(
        select(ROLL_UP.c.branch_id).where(mine).order_by(ROLL_UP.c.branch_id).with_for_update(key_share=True)
    )
    session.execute(update(ROLL_UP).where(mine).values(dict.fromkeys(FIGURE_NAMES, 0)))
    figures = (
        select(STANDING.c.exam_id, STANDING.c.branch_id, *counted())
        .where(STANDING.c.exam_id == exam_id)
        .group_by(STANDING.c.exam_id, STANDING.c.branch_id)
    )
    row = insert_into(session, ROLL_UP).from_select(["exam_id", "branch_id", *FIGURE_NAMES], figures)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["exam_id", "branch_id"], set_={name: row.excluded[name] for name in FIGURE_NAMES}
        )
    )


def _admit(session: Session, exam_id: int, now: datetime) -> None:
    people = (
        select(
            Exam.id,
            Member.id,
            Member.branch_id,
            literal(StandingState.ASSIGNED.value),
            literal(now, UtcDateTime()),
        )
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .join(Exam, Exam.id == exam_id)
        .where(is_member(), is_assigned())
    )
    columns = ["exam_id", "member_id", "branch_id", "state", "assigned_at"]
    session.execute(insert_into(session, STANDING).from_select(columns, people).on_conflict_do_nothing())


def _withdraw(session: Session, exam_id: int) -> None:
    """Take back what is not assigned any more; who has begun meanwhile keeps it."""
    assigned = (
        select(Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .join(Exam, Exam.id == exam_id)
        .where(is_member(), is_assigned())
    )
    members = select(Member.id).where(is_member())
    session.execute(
        delete(STANDING).where(
            STANDING.c.exam_id == exam_id,
            STANDING.c.member_id.not_in(assigned),
            or_(STANDING.c.state == StandingState.ASSIGNED, STANDING.c.member_id.not_in(members)),
        )
    )


def _follow(session: Session, exam_id: int) -> None:
    """Standings are in the branch in which their members are."""
    home = select(Member.branch_id).where(Member.id == STANDING.c.member_id).scalar_subquery()
    session.execute(
        update(STANDING)
        .where(STANDING.c.exam_id == exam_id, STANDING.c.branch_id != home)
        .values(branch_id=home)
    )


def _restore_those_who_sat_it(session: Session, exam_id: int, closed_at: datetime, now: datetime) -> None:
    """Standings that are missing though the member was there, and had an attempt, when the exam closed."""
    people = missing_at_close(exam_id, closed_at).add_columns(
        literal(StandingState.ASSIGNED.value), literal(now, UtcDateTime())
    )
    columns = ["exam_id", "member_id", "branch_id", "state", "assigned_at"]
    session.execute(insert_into(session, STANDING).from_select(columns, people).on_conflict_do_nothing())


def missing_at_close(exam_id: int, closed_at: datetime) -> Select[int, int, int]:
    """Exam, member and branch of whoever had an attempt, was a member at the close, and has no standing."""
    held = select(STANDING.c.id).where(
        STANDING.c.exam_id == exam_id, STANDING.c.member_id == Membership.member_id
    )
    sat = select(Attempt.id).where(
        Attempt.exam_id == exam_id,
        Attempt.member_id == Membership.member_id,
        Attempt.state == AttemptState.MARKED,
    )
    there = (Membership.since <= closed_at) & (Membership.until.is_(None) | (Membership.until > closed_at))
    return select(literal(exam_id), Membership.member_id, Membership.branch_id).where(
        there, ~exists(held), exists(sat)
    )
