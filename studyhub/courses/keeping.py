"""What is kept of a member's progress: the rows that a report reads and writes.

Every player reports every ten seconds, so each statement is built once, and the ORM has no part in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from studyhub.courses.coverage import Allowance
from studyhub.courses.models import Course, CourseProgress, Lesson, LessonProgress, StudyClock
from studyhub.courses.progress import Progress
from studyhub.courses.queries import OpenLesson
from studyhub.db.inserting import insert_into

_MEMBER: Any = bindparam("of_member")
_COURSE: Any = bindparam("of_course")
_clocks: Any = StudyClock.__table__
_courses: Any = Course.__table__
_lessons: Any = Lesson.__table__
_progress: Any = LessonProgress.__table__

_CLOCK = (
    select(_clocks.c.reported_at, _clocks.c.kept_ms).where(_clocks.c.member_id == _MEMBER).with_for_update()
)
_SET_CLOCK = (
    _clocks.update()
    .where(_clocks.c.member_id == _MEMBER)
    .values(reported_at=bindparam("reported"), kept_ms=bindparam("kept"))
)
_COURSE_STAYS = select(_courses.c.id).where(_courses.c.id == _COURSE).with_for_update(read=True)
_PRESENT = (_lessons.c.course_id == _COURSE, _lessons.c.retired_at.is_(None))
_COMPLETED = select(
    select(func.count())
    .where(
        _progress.c.member_id == _MEMBER,
        _progress.c.completed_at.is_not(None),
        _lessons.c.id == _progress.c.lesson_id,
        *_PRESENT,
    )
    .scalar_subquery(),
    select(func.count()).where(*_PRESENT).scalar_subquery(),
)


def locked_clock(session: Session, member_id: int, since: datetime) -> Allowance:
    """The member's allowance, locked: two reports at the same moment share it. A first is earned `since`."""
    row = session.execute(_CLOCK, {"of_member": member_id}).one_or_none()
    if row is None:
        fresh = Allowance(since)
        statement = insert_into(session, StudyClock).values(
            member_id=member_id, reported_at=fresh.reported_at, kept_ms=fresh.kept_ms
        )
        session.execute(statement.on_conflict_do_nothing())
        row = session.execute(_CLOCK, {"of_member": member_id}).one()
    return Allowance(row.reported_at, row.kept_ms)


def set_clock(session: Session, member_id: int, allowance: Allowance) -> None:
    """Keep what is left of the allowance."""
    values = {"reported": allowance.reported_at, "kept": allowance.kept_ms}
    session.execute(_SET_CLOCK, {"of_member": member_id, **values})


def store(session: Session, member_id: int, lesson: OpenLesson, progress: Progress, now: datetime) -> None:
    """Keep how far the member is in the lesson."""
    values = {
        "member_id": member_id,
        "lesson_id": lesson.id,
        "seq": progress.seq,
        "intervals": [list(interval) for interval in progress.intervals],
        "covered_ms": progress.covered_ms,
        "position_ms": progress.position_ms,
        "reached": progress.reached,
        "started_at": now,
        "changed_at": now,
        "completed_at": progress.completed_at,
    }
    session.execute(_storing(session, LessonProgress.__table__), values)


def count(session: Session, member_id: int, lesson: OpenLesson, now: datetime) -> None:
    """Keep the number of completed lessons of the course, and when it reached all of them.

    An import that is changing the lessons counts anew at its end: it is waited for, or waits.
    """
    session.execute(_COURSE_STAYS, {"of_course": lesson.course_id})
    done, total = session.execute(_COMPLETED, {"of_member": member_id, "of_course": lesson.course_id}).one()
    values = {
        "member_id": member_id,
        "course_id": lesson.course_id,
        "lessons_completed": done,
        "started_at": now,
        "completed_at": now if done >= total else None,
    }
    session.execute(_storing(session, CourseProgress.__table__), values)


def _storing(session: Session, table: Any) -> Any:
    """The statement that stores a whole row of the table; when it was begun stays."""
    built: dict[Table, Any] = session.info["memory"].setdefault("courses.storing", {})
    if table not in built:
        key = [column.name for column in table.primary_key]
        statement = insert_into(session, table)
        kept = (*key, "started_at")
        values = {one.name: statement.excluded[one.name] for one in table.c if one.name not in kept}
        built[table] = statement.on_conflict_do_update(index_elements=key, set_=values)
    return built[table]
