"""What a member goes on with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.courses import access
from studyhub.courses.models import Course, Lesson, LessonProgress
from studyhub.courses.progress import Measure, Progress
from studyhub.courses.queries import PROGRESS, progress_of
from studyhub.courses.states import Language, LessonKind
from studyhub.organization.actor import Actor

REAL_MS = 10_000
REAL_PARTS = 10
_is_real = or_(
    LessonProgress.covered_ms >= REAL_MS, LessonProgress.covered_ms * REAL_PARTS >= Lesson.duration_ms
)


@dataclass(frozen=True, slots=True)
class NextLesson:
    """The lesson to go on with, and how far the member is in it."""

    course_slug: str
    course_title: str
    language: Language
    slug: str
    title: str
    measure: Measure
    progress: Progress
    poster_digest: str | None

    @property
    def is_begun(self) -> bool:
        return self.progress.seq >= 0

    @property
    def is_video(self) -> bool:
        return self.measure.kind is LessonKind.VIDEO

    @property
    def left_ms(self) -> int:
        """How long there still is; the whole length before the first report."""
        return self.progress.missing_ms(self.measure) if self.is_begun else self.measure.duration_ms

    @property
    def share(self) -> float:
        """How far it is, 0 to 1, as on its own page."""
        return self.progress.shown(self.measure)


def resume(session: Session, actor: Actor) -> NextLesson | None:
    """The lesson to go on with: the one touched last of those with real progress, else the one touched last,
    else the next of the course touched last, else the first of a course not begun. None when everything is
    completed. One statement.

    Real progress is ten seconds or a tenth of the lesson: who only looked into another one goes on where
    they were.
    """
    row = session.execute(_unfinished(actor).limit(1)).one_or_none()
    if row is None:
        return None
    return NextLesson(
        course_slug=row.course_slug,
        course_title=row.course_title,
        language=row.language,
        slug=row.slug,
        title=row.title,
        measure=Measure(row.kind, row.duration_ms, row.minimum),
        progress=progress_of(row),
        poster_digest=row.poster_digest,
    )


def _unfinished(actor: Actor) -> Any:
    """The lessons that are not completed, what to go on with first."""
    mine = and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.member_id == actor.member_id)
    in_course = _touched_in_course(actor)
    return (
        select(
            Course.slug.label("course_slug"),
            Course.title.label("course_title"),
            Course.language,
            Lesson.slug,
            Lesson.title,
            Lesson.kind,
            Lesson.duration_ms,
            Lesson.poster_digest,
            Lesson.minimum,
            *PROGRESS,
        )
        .join(Course, Course.id == Lesson.course_id)
        .outerjoin(LessonProgress, mine)
        .where(
            Lesson.retired_at.is_(None),
            LessonProgress.completed_at.is_(None),
            access.assigned(actor.clearance, actor.branch_path),
        )
        .order_by(
            case((_is_real, 0), else_=1),
            LessonProgress.changed_at.is_(None),
            LessonProgress.changed_at.desc(),
            in_course.is_(None),
            in_course.desc(),
            Course.title,
            Course.id,
            Lesson.position,
        )
    )


def _touched_in_course(actor: Actor) -> Any:
    """When the member was last in any lesson of the course."""
    touched, of_it = aliased(LessonProgress), aliased(Lesson)
    return (
        select(func.max(touched.changed_at))
        .join(of_it, of_it.id == touched.lesson_id)
        .where(of_it.course_id == Course.id, touched.member_id == actor.member_id)
        .correlate(Course)
        .scalar_subquery()
    )
