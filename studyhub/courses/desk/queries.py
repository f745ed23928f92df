"""Reads for those who make courses: what was imported, what they manage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from studyhub.courses import access
from studyhub.courses.models import (
    IS_COMPLETED,
    IS_UNDER_WAY,
    Chapter,
    Course,
    CourseBranch,
    CourseProgress,
    Lesson,
)
from studyhub.courses.plan import CourseHead, LessonState
from studyhub.courses.states import CourseState, Language
from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level

COURSE_SORTS = ("title", "state", "lessons", "learners", "completed", "changed")


@dataclass(frozen=True, slots=True)
class Imported:
    """A course as it was imported last. `kinds` knows the retired lessons too."""

    id: int
    head: CourseHead
    lessons: Mapping[str, LessonState]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ManagedCourse:
    """A line of the desk's list: of those whom the course is for today, `learners` are under way, `completed`
    are through. `may_view`: whether the actor may look at all of them."""

    id: int
    slug: str
    title: str
    language: Language
    level: Level
    state: CourseState
    lessons: int
    learners: int
    completed: int
    may_view: bool
    changed_at: datetime


def imported(session: Session, slug: str) -> Imported | None:
    """What an import of this slug is compared with; None when there is no such course."""
    course = session.execute(select(Course).where(Course.slug == slug)).scalar_one_or_none()
    if course is None:
        return None
    rows = session.execute(
        select(
            Lesson.slug,
            Lesson.kind,
            Lesson.title,
            Lesson.summary,
            Lesson.minimum,
            Lesson.source_digest,
            Lesson.retired_at,
        )
        .where(Lesson.course_id == course.id)
        .order_by(Lesson.position)
    ).all()
    lessons = {
        row.slug: LessonState(
            row.slug, row.kind.value, row.title, row.summary, row.minimum, row.source_digest
        )
        for row in rows
        if row.retired_at is None
    }
    head = _head(session, course)
    return Imported(course.id, head, lessons, {row.slug: row.kind.value for row in rows})


def _head(session: Session, course: Course) -> CourseHead:
    codes = session.scalars(
        select(Branch.code)
        .join(CourseBranch, CourseBranch.branch_id == Branch.id)
        .where(CourseBranch.course_id == course.id)
    )
    chapters = session.scalars(
        select(Chapter.title).where(Chapter.course_id == course.id).order_by(Chapter.position)
    )
    return CourseHead(
        title=course.title,
        language=course.language.value,
        level=course.level.value,
        summary=course.summary,
        state=course.state.value,
        branches=tuple(sorted(codes)),
        source=course.source,
        chapters=tuple(chapters),
    )


def is_managed(session: Session, actor: Actor, slug: str) -> bool:
    """Whether the course with this slug lies within what the actor manages."""
    found = select(Course.id).where(Course.slug == slug, access.managed(actor))
    return session.execute(found).first() is not None


def managed_course(session: Session, actor: Actor, slug: str) -> Course:
    """A course within what the actor manages. Raises NotFound."""
    course = session.execute(
        select(Course).where(Course.slug == slug, access.managed(actor))
    ).scalar_one_or_none()
    if course is None:
        raise NotFound
    return course


def managed(session: Session, actor: Actor, request: PageRequest) -> Page[ManagedCourse]:
    """The courses that the actor manages, in the order asked for. Two statements."""
    condition, seen = [access.managed(actor)], actor.scope(Permission.VIEW_MEMBERS)
    if request.search:
        wanted = "%" + request.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        condition.append(or_(Course.title.ilike(wanted, escape="\\"), Course.slug.ilike(wanted, escape="\\")))
    total = session.execute(select(func.count()).select_from(Course).where(*condition)).scalar_one()
    lessons = select(func.count()).where(Lesson.course_id == Course.id, Lesson.retired_at.is_(None))
    learners = (
        select(func.count())
        .select_from(CourseProgress)
        .join(Member, Member.id == CourseProgress.member_id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(CourseProgress.course_id == Course.id, access.holds(Branch.path))
        .correlate(Course)
    )
    figures = {
        "lessons": lessons.scalar_subquery().label("lessons"),
        "learners": learners.where(IS_UNDER_WAY).scalar_subquery().label("learners"),
        "completed": learners.where(IS_COMPLETED).scalar_subquery().label("completed"),
    }
    key = figures.get(
        request.sort, {"title": Course.title, "state": Course.state}.get(request.sort, Course.changed_at)
    )
    rows = session.execute(
        select(Course, *figures.values(), access.lies_within(seen).label("may_view"))
        .where(*condition)
        .order_by(key.desc() if request.descending else key.asc(), Course.id)
        .limit(request.size)
        .offset(request.offset)
    )
    return Page(
        [_managed_course(row) for row in rows],
        total,
        request,
    )


def _managed_course(row: Row[Any]) -> ManagedCourse:
    course: Course = row.Course
    return ManagedCourse(
        id=course.id,
        slug=course.slug,
        title=course.title,
        language=course.language,
        level=course.level,
        state=course.state,
        lessons=row.lessons,
        learners=row.learners,
        completed=row.completed,
        may_view=bool(row.may_view),
        changed_at=course.changed_at,
    )


def branches(session: Session, codes: Collection[str]) -> dict[str, tuple[int, str]]:
    """The id and the path of each of these branches that exists and is open, by code."""
    rows = session.execute(
        select(Branch.code, Branch.id, Branch.path).where(
            Branch.code.in_(list(codes)), Branch.closed_at.is_(None)
        )
    )
    return {row.code: (row.id, row.path) for row in rows}
