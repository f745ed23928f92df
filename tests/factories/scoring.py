"""Exams and attempts as scoring sees them, made straight in the tables and told of as the exams room does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.exams.models import Attempt, Exam, ExamBranch, ExamRevision, Mark
from studyhub.exams.states import AttemptState, ExamState, Keep
from studyhub.kernel.events import (
    AttemptMarked,
    AttemptStarted,
    AttemptVoided,
    ExamChanged,
    ExamPublished,
    emit,
)
from studyhub.kernel.points import Points
from studyhub.organization.models import Branch, Member
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from tests.conftest import SettableClock
from tests.factories import organization as make

_USUAL: dict[str, Any] = {
    "owner_id": None,
    "opens_at": None,
    "minutes": 30,
    "attempts_allowed": None,
    "extents": [[1, 1, 100, 100]],
    "bank_versions": 0,
    "revision": 1,
}


def exam(
    session: Session,
    slug: str,
    now: datetime,
    *,
    branches: tuple[Branch, ...] = (),
    closes_at: datetime | None = None,
    keep: Keep = Keep.BEST,
    pass_percent: int | None = 6000,
    level: Level = Level.PUBLIC,
    published: bool = True,
    review: str = "submitted",
    **more: Any,
) -> Exam:
    """An exam of 30 minutes for these branches (none: everyone); published, unless said.

    `review` says when its scores are shown: submitted, closed or never.
    """
    made = Exam(
        slug=slug,
        state=ExamState.PUBLISHED if published else ExamState.DRAFT,
        level=level,
        closes_at=closes_at,
        keep=keep,
        pass_percent=pass_percent,
        **_USUAL
        | {"title": f"{slug} 测试", "created_at": now, "changed_at": now}
        | {"published_at": now if published else None, **more},
    )
    session.add(made)
    session.flush()
    definition = json.dumps({"review": {"score": review, "answers": "never", "explanations": "never"}})
    session.add(ExamRevision(exam_id=made.id, number=1, definition=definition, created_at=now))
    session.add_all(ExamBranch(exam_id=made.id, branch_id=branch.id) for branch in branches)
    session.flush()
    if published:
        emit(session, ExamPublished(now=now, exam_id=made.id))
    return made


def start(session: Session, sat: Exam, who: Member, now: datetime) -> Attempt:
    """An open attempt that is worth 100 points."""
    number = session.scalar(
        select(func.count()).where(Attempt.exam_id == sat.id, Attempt.member_id == who.id)
    )
    revision = session.scalar(select(ExamRevision.id).where(ExamRevision.exam_id == sat.id))
    made = Attempt(
        exam_id=sat.id,
        revision_id=revision,
        member_id=who.id,
        number=(number or 0) + 1,
        state=AttemptState.OPEN,
        epoch=1,
        seed=1,
        draw_version=1,
        started_at=now,
        deadline_at=now + timedelta(minutes=30),
        accept_until=now + timedelta(minutes=30, seconds=30),
        max_score=Points(100_00),
    )
    session.add(made)
    session.flush()
    emit(session, AttemptStarted(now=now, attempt_id=made.id, exam_id=sat.id, member_id=who.id))
    return made


def hand_in(session: Session, attempt: Attempt, now: datetime) -> None:
    """Hand the attempt in; it is not marked yet."""
    session.execute(
        update(Attempt).where(Attempt.id == attempt.id).values(state=AttemptState.SUBMITTED, submitted_at=now)
    )


def mark(session: Session, attempt: Attempt, percent: int, now: datetime) -> None:
    """Hand the attempt in and mark it with this many of 100 points; done again, the new mark counts."""
    points = Points(percent * 100)
    earlier = select(func.count()).select_from(Mark).where(Mark.attempt_id == attempt.id)
    number = (session.scalar(earlier) or 0) + 1
    session.execute(
        insert(Mark).values(
            attempt_id=attempt.id,
            position=1,
            n=number,
            points=points,
            max_points=Points(100_00),
            marked_at=now,
        )
    )
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(state=AttemptState.MARKED, submitted_at=now, marked_at=now, score=points)
    )
    event = AttemptMarked(
        now=now, attempt_id=attempt.id, exam_id=attempt.exam_id, member_id=attempt.member_id
    )
    emit(session, event)


def void(session: Session, attempt: Attempt, now: datetime) -> None:
    """Take the attempt out of what counts."""
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(state=AttemptState.VOID, voided_at=now, void_reason="a power cut")
    )
    event = AttemptVoided(
        now=now, attempt_id=attempt.id, exam_id=attempt.exam_id, member_id=attempt.member_id
    )
    emit(session, event)


def sit(session: Session, sat: Exam, who: Member, percent: int, now: datetime) -> Attempt:
    """Start, hand in and mark."""
    attempt = start(session, sat, who, now)
    mark(session, attempt, percent, now)
    return attempt


def settle(session: Session, exam_id: int, now: datetime) -> None:
    """Tell scoring that the exam changed."""
    emit(session, ExamChanged(now=now, exam_id=exam_id))


@dataclass(frozen=True)
class World:
    """A committee over districts `d0`, `d1` … with home branches `d0-h0` … and members `d0-h0-m0` …

    `secretary` leads everything, `leader` leads d0-h0 (and is at home there), `group` leads a group's rights
    over d0-h0, `admin` is an admin. Two exams: `q4` is open for 30 days, `done` closed an hour after `now`.
    """

    q4: int
    done: int
    later: datetime
    """two hours after `now`: `done` is over"""


def world_in(database: Database, clock: SettableClock) -> World:
    """The same in a database, from two hours on: what is then over is over for the clock too."""
    with database.write() as session:
        made = world(session, clock.now)
    clock.now = made.later
    return made


def world(
    session: Session, now: datetime, *, districts: int = 2, homes: int = 2, members: int = 3, **exam_keys: Any
) -> World:
    """In each home branch m0 has 90 % in both exams, m1 has 50 % in `done` and has begun `q4`."""
    root = make.branch(session, "root", now, name="市直机关党工委")
    places = []
    for d in range(districts):
        district = make.branch(session, f"d{d}", now, parent=root, name=f"第{d}党总支")
        places += [
            make.branch(session, f"d{d}-h{h}", now, parent=district, name=f"{d}区第{h}党支部")
            for h in range(homes)
        ]
    people = {
        home.code: [make.member(session, f"{home.code}-m{m}", home, now) for m in range(members)]
        for home in places
    }
    first = places[0]
    for no, role, over in (
        ("secretary", Role.LEADER, root),
        ("leader", Role.LEADER, first),
        ("group", Role.GROUP_LEADER, first),
        ("admin", Role.ADMIN, None),
    ):
        make.grant(session, make.member(session, no, first, now, name=no), role, now, over=over)
    later = now + timedelta(hours=2)
    q4 = exam(session, "q4", now, closes_at=now + timedelta(days=30), **exam_keys)
    done = exam(session, "done", now, closes_at=now + timedelta(hours=1), **exam_keys)
    for some in people.values():
        for at, percent in ((0, 90), (1, 50)):
            sit(session, done, some[at], percent, now)
        sit(session, q4, some[0], 90, now)
        start(session, q4, some[1], later)
    return World(q4.id, done.id, later)
