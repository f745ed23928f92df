"""Writes: what members report of a lesson, and whether a course is out or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from studyhub.courses import keeping, queries
from studyhub.courses.coverage import NOTHING, Interval, credit
from studyhub.courses.desk import queries as desk
from studyhub.courses.importing import owner, turn
from studyhub.courses.models import Course
from studyhub.courses.progress import THOUSAND, Measure, Progress, suffices
from studyhub.courses.queries import OpenLesson
from studyhub.courses.states import CourseState, LessonKind
from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.events import LessonCompleted, emit
from studyhub.media import operations as media
from studyhub.organization import audit
from studyhub.organization.actor import Actor


@dataclass(frozen=True, slots=True)
class Watched:
    """A report of a player: parts of the video in milliseconds, and where it stands now."""

    intervals: Sequence[Interval]
    position_ms: int
    seq: int


@dataclass(frozen=True, slots=True)
class Read:
    """A report of a reader: for how long the text has been open in all, and how far down, in thousandths.

    `since`: when the page was opened, where that was not reported. A first report counts from then.
    """

    milliseconds: int
    reached: int
    seq: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Where the member stands after a report."""

    progress: Progress
    measure: Measure


def watched(session: Session, actor: Actor, lesson_id: int, report: Watched, now: datetime) -> Heard:
    """Credit a part of a video. Raises NotFound, and Unprocessable when it is a reading.

    New coverage over all lessons is at most twice the time since the member's last report + 5 s.
    """
    lesson = queries.open_lesson(session, actor, lesson_id)
    if lesson.measure.kind is not LessonKind.VIDEO:
        raise Unprocessable("not_a_video")
    position = min(report.position_ms, lesson.measure.duration_ms)
    claimed = _Claim(report.intervals, Progress(report.seq, NOTHING, position))
    return _hear(session, actor, lesson, claimed, now)


def read(session: Session, actor: Actor, lesson_id: int, report: Read, now: datetime) -> Heard:
    """Credit time spent on a text, by the same rule. Raises NotFound, and Unprocessable for a video."""
    lesson = queries.open_lesson(session, actor, lesson_id)
    if lesson.measure.kind is not LessonKind.READING:
        raise Unprocessable("not_a_reading")
    reached = Progress(report.seq, NOTHING, 0, min(report.reached, THOUSAND))
    claimed = _Claim([(0, report.milliseconds)], reached, report.since)
    return _hear(session, actor, lesson, claimed, now)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a report says of either kind of lesson: the parts to credit, and how far the member is."""

    parts: Sequence[Interval]
    reached: Progress
    since: datetime | None = None


def _hear(session: Session, actor: Actor, lesson: OpenLesson, claim: _Claim, now: datetime) -> Heard:
    """Merge what is claimed into what is known. An old report changes nothing, not even the clock."""
    assert actor.member_id is not None
    report = claim.reached
    allowance = keeping.locked_clock(session, actor.member_id, claim.since or now)
    known = queries.progress(session, actor.member_id, lesson.id)
    if known is not None and report.seq <= known.seq:
        return Heard(known, lesson.measure)
    before = known or Progress()
    intervals = credit(before.intervals, claim.parts, lesson.measure.duration_ms, allowance.at(now))
    after = Progress(
        seq=report.seq,
        intervals=intervals,
        position_ms=report.position_ms,
        reached=max(before.reached, report.reached),
        completed_at=before.completed_at,
    )
    if not after.is_completed and suffices(after, lesson.measure):
        after = replace(after, completed_at=now)
    keeping.set_clock(session, actor.member_id, allowance.after(now, after.covered_ms - before.covered_ms))
    keeping.store(session, actor.member_id, lesson, after, now)
    if known is None or after.is_completed != before.is_completed:
        keeping.count(session, actor.member_id, lesson, now)
    if after.is_completed and not before.is_completed:
        emit(session, LessonCompleted(now, lesson.id, lesson.course_id, actor.member_id))
    return Heard(after, lesson.measure)


def publish(session: Session, actor: Actor, slug: str, now: datetime) -> None:
    """Show a course to its members. Raises NotFound."""
    _set_state(session, actor, slug, CourseState.PUBLISHED, now)


def withdraw(session: Session, actor: Actor, slug: str, now: datetime) -> None:
    """Make a course a draft again: members no longer see it, and their progress is kept. Raises NotFound."""
    _set_state(session, actor, slug, CourseState.DRAFT, now)


_ACTS = {CourseState.PUBLISHED: audit.Act.COURSE_PUBLISHED, CourseState.DRAFT: audit.Act.COURSE_WITHDRAWN}


def _set_state(session: Session, actor: Actor, slug: str, state: CourseState, now: datetime) -> None:
    turn(session, slug)
    course = desk.managed_course(session, actor, slug)
    if course.state is state:
        return
    session.execute(update(Course).where(Course.id == course.id).values(state=state, changed_at=now))
    media.set_draft(session, owner(slug), state is CourseState.DRAFT)
    audit.record(session, actor, _ACTS[state], owner(slug), now=now)
