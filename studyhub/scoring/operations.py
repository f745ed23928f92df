"""Writes: standings kept up to date with attempts, members and exams, and roll-ups with the standings.

Everything here runs in the transaction of the event that it follows. Locks are taken in one order: attempt
(held by whoever marks it) → standing → roll-up. A standing is locked *before* its attempts are read: the
ticker that closes one attempt while the member hands in another would otherwise each see only its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.db.inserting import insert_into
from studyhub.exams.audience import is_member
from studyhub.exams.models import Attempt, Exam
from studyhub.exams.states import AttemptState
from studyhub.organization.models import Branch, Member
from studyhub.scoring.eligibility import has_begun, is_assigned, is_not_over
from studyhub.scoring.rollup import Figures, delta
from studyhub.scoring.rows import (
    STANDING,
    Place,
    add_to_roll_ups,
    change_and_add,
    standing_of,
    standing_values,
)
from studyhub.scoring.standing import ASSIGNED, STARTED, MarkedAttempt, Standing, StandingState, fold

Changes = dict[Place, Figures]

BATCH = 500
"""How many members are settled at a time."""


_attempt: Any = Attempt.__table__.c
_exam: Any = Exam.__table__.c

# The statements of starting and marking, built once: building one costs more than running it.
BEGIN = (
    update(STANDING)
    .where(
        STANDING.c.exam_id == bindparam("exam"),
        STANDING.c.member_id == bindparam("member"),
        STANDING.c.state == StandingState.ASSIGNED,
    )
    .values(state=StandingState.STARTED)
    .returning(STANDING.c.exam_id, STANDING.c.branch_id)
)
"""The standing of who has not begun moves on; what comes back is its place."""
ONE_STANDING = (
    select(STANDING, _exam.keep, _exam.pass_percent)
    .join(Exam.__table__, _exam.id == STANDING.c.exam_id)
    .where(STANDING.c.exam_id == bindparam("exam"), STANDING.c.member_id == bindparam("member"))
)
_OF_EXAM = select(
    _attempt.member_id, _attempt.number, _attempt.state, _attempt.score, _attempt.max_score
).where(_attempt.exam_id == bindparam("exam"), _attempt.state != AttemptState.VOID)
_ATTEMPTS = _OF_EXAM.where(_attempt.member_id.in_(bindparam("members", expanding=True)))
_OWN_ATTEMPTS = Direct(_OF_EXAM.where(_attempt.member_id == bindparam("member")))
_CHANGE = Direct(update(STANDING).where(STANDING.c.id == bindparam("standing_id")))


_BEGUN = delta(ASSIGNED, STARTED)
_IS_THERE = select(STANDING.c.id).where(
    STANDING.c.exam_id == bindparam("exam"), STANDING.c.member_id == bindparam("member")
)


def begin(session: Session, exam_id: int, member_id: int, now: datetime) -> None:
    """An attempt was started: the first one moves the standing on. Two statements, one on PostgreSQL.

    A transfer out of the exam's branches may have taken the standing away while this start waited for its
    lock; an attempt that was begun brings it back.
    """
    keys = {"exam": exam_id, "member": member_id}
    moved_on = change_and_add(session, BEGIN, _BEGUN, keys)
    if not moved_on and session.connection().execute(_IS_THERE, keys).first() is None:
        settle_members(session, [member_id], now)


def refold(session: Session, exam_id: int, member_id: int) -> None:
    """An attempt was marked or made void: fold the standing anew. At most four statements.

    There is no standing of somebody who has left, and then there is nothing to do.
    """
    keys = {"exam": exam_id, "member": member_id}
    row = ONE_STANDING_LOCKED.first(session, keys)
    if row is None:
        return
    before = standing_of(row)
    after = fold_attempts(own_attempts(session, exam_id, member_id), row.keep, row.pass_percent)
    if before != after:
        _CHANGE.run(session, {"standing_id": row.id, **standing_values(after)})
        add_to_roll_ups(session, {(exam_id, row.branch_id): delta(before, after)})


def locked(standings: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The standings that the query finds, locked until the commit (SQLite's writers are alone anyway)."""
    return standings.with_for_update(of=STANDING, key_share=True)


ONE_STANDING_LOCKED = Direct(locked(ONE_STANDING))


def read_attempts(session: Session, exam_id: int, member_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The attempts of these members that are not void; of members without any, an empty list."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.connection().execute(_ATTEMPTS, {"exam": exam_id, "members": list(member_ids)}):
        found[row.member_id].append(row)
    return found


def own_attempts(session: Session, exam_id: int, member_id: int) -> Sequence[Any]:
    """The same of one member."""
    return _OWN_ATTEMPTS.all(session, {"exam": exam_id, "member": member_id})


def fold_attempts(attempts: Sequence[Any], keep: str, pass_percent: int | None) -> Standing:
    """The standing that these rows of attempts add up to."""
    marked = [
        MarkedAttempt(row.number, row.score, row.max_score)
        for row in attempts
        if row.state == AttemptState.MARKED
    ]
    return fold(marked, keep, pass_percent, begun=bool(attempts))


def settle_members(session: Session, member_ids: Sequence[int], now: datetime) -> None:
    """Members joined, moved, left, came back or were cleared anew: their standings follow.

    Only in exams that are not over. A handful of statements for each BATCH of members.
    """
    for start in range(0, len(member_ids), BATCH):
        _settle_batch(session, member_ids[start : start + BATCH], now)


def _settle_batch(session: Session, member_ids: Sequence[int], now: datetime) -> None:
    held = {_key(row): row for row in session.execute(_held(member_ids, now))}
    wanted = {_key(row): row for row in session.execute(_wanted(member_ids, now))}
    changes: Changes = defaultdict(Figures)
    _withdraw(session, [row for key, row in held.items() if key not in wanted], changes)
    homes: dict[int, list[Any]] = defaultdict(list)
    for key, row in held.items():
        if key in wanted and wanted[key].branch_id != row.branch_id:
            homes[wanted[key].branch_id].append(row)
    for branch_id, rows in homes.items():
        _move(session, rows, branch_id, changes)
    _assign(session, [row for key, row in wanted.items() if key not in held], now, changes)
    add_to_roll_ups(session, changes)


def _key(row: Any) -> tuple[int, int]:
    return row.exam_id, row.member_id


def _held(member_ids: Sequence[int], now: datetime) -> Any:
    """The standings that the members have, locked in one order."""
    return locked(
        select(STANDING)
        .join(Exam, Exam.id == STANDING.c.exam_id)
        .where(STANDING.c.member_id.in_(member_ids), is_not_over(now))
        .order_by(STANDING.c.exam_id, STANDING.c.member_id)
    )


def _wanted(member_ids: Sequence[int], now: datetime) -> Any:
    """The standings that they should have."""
    return (
        select(
            Exam.id.label("exam_id"),
            Member.id.label("member_id"),
            Member.branch_id,
            Exam.keep,
            Exam.pass_percent,
            has_begun().label("begun"),
        )
        .select_from(Exam)
        .join(Member, Member.id.in_(member_ids))
        .join(Branch, Branch.id == Member.branch_id)
        .where(is_member(), is_not_over(now), is_assigned())
        .order_by(Exam.id, Member.id)
    )


def _withdraw(session: Session, rows: Iterable[Any], changes: Changes) -> None:
    ids = []
    for row in rows:
        ids.append(row.id)
        changes[row.exam_id, row.branch_id] += delta(standing_of(row), None)
    if ids:
        session.execute(delete(STANDING).where(STANDING.c.id.in_(ids)))


def _move(session: Session, rows: Iterable[Any], branch_id: int, changes: Changes) -> None:
    ids = []
    for row in rows:
        ids.append(row.id)
        changes[row.exam_id, row.branch_id] += delta(standing_of(row), None)
        changes[row.exam_id, branch_id] += delta(None, standing_of(row))
    session.execute(update(STANDING).where(STANDING.c.id.in_(ids)).values(branch_id=branch_id))


def _assign(session: Session, rows: Sequence[Any], now: datetime, changes: Changes) -> None:
    """Make the standings that are missing; one that came about meanwhile is somebody else's to count."""
    standings = _folded(session, rows)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        made = session.execute(
            insert_into(session, STANDING)
            .values([_new(row, standings[_key(row)], now) for row in batch])
            .on_conflict_do_nothing(index_elements=["exam_id", "member_id"])
            .returning(STANDING.c.exam_id, STANDING.c.member_id, STANDING.c.branch_id)
        )
        for row in made:
            changes[row.exam_id, row.branch_id] += delta(None, standings[_key(row)])


def _folded(session: Session, rows: Sequence[Any]) -> dict[tuple[int, int], Standing]:
    """The standings of members who may have begun before they left, say."""
    begun: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if row.begun:
            begun[row.exam_id].append(row)
    standings = dict.fromkeys(map(_key, rows), ASSIGNED)
    for exam_id, some in begun.items():
        attempts = read_attempts(session, exam_id, [row.member_id for row in some])
        for row in some:
            standings[_key(row)] = fold_attempts(attempts[row.member_id], row.keep, row.pass_percent)
    return standings


def _new(row: Any, standing: Standing, now: datetime) -> dict[str, Any]:
    place = {"exam_id": row.exam_id, "member_id": row.member_id, "branch_id": row.branch_id}
    return place | standing_values(standing) | {"assigned_at": now}
