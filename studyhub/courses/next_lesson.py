"""What a member goes on with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import Session, aliased

from studyhub.courses import access
from studyhub.courses.models import Course, Lesson, LessonProgress
from studyhub.courses.states import Language, LessonKind
from studyhub.organization.actor import Actor


@dataclass(frozen=True, slots=True)
class NextLesson:
    """The lesson to go on with. `left_ms` is what is not covered yet."""

    course_slug: str
    course_title: str
    language: Language
    slug: str
    title: str
    kind: LessonKind
    duration_ms: int
    covered_ms: int
    poster_digest: str | None
    is_begun: bool

    @property
    def left_ms(self) -> int:
        return max(0, self.duration_ms - self.covered_ms)


def resume(session: Session, actor: Actor) -> NextLesson | None:
    """The lesson to go on with: the one touched last, else the next of the course touched last, else the
    first of a course not begun. None when everything is completed. One statement."""
    row = session.execute(_unfinished(actor).limit(1)).one_or_none()
    if row is None:
        return None
    return NextLesson(
        course_slug=row.course_slug,
        course_title=row.course_title,
        language=row.language,
        slug=row.slug,
        title=row.title,
        kind=row.kind,
        duration_ms=row.duration_ms,
        covered_ms=row.covered_ms,
        poster_digest=row.poster_digest,
        is_begun=row.changed_at is not None,
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
            func.coalesce(LessonProgress.covered_ms, literal(0)).label("covered_ms"),
            LessonProgress.changed_at,
        )
        .join(Course, Course.id == Lesson.course_id)
        .outerjoin(LessonProgress, mine)
        .where(
            Lesson.retired_at.is_(None),
            LessonProgress.completed_at.is_(None),
            access.assigned(actor.clearance, actor.branch_path),
        )
        .order_by(
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
