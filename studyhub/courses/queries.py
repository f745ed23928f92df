"""Reads for members: their courses, a course, a lesson, what to go on with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from studyhub.courses import access
from studyhub.courses.coverage import Coverage
from studyhub.courses.models import (
    Chapter,
    Course,
    CourseProgress,
    Lesson,
    LessonProgress,
)
from studyhub.courses.progress import Measure, Progress
from studyhub.courses.states import CourseState, Language, LessonKind
from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.media.models import MediaFile
from studyhub.organization.actor import Actor
from studyhub.organization.states import Level


@dataclass(frozen=True, slots=True)
class MemberCourse:
    """A course in a member's list, and how far they have come."""

    id: int
    slug: str
    title: str
    summary: str
    language: Language
    lessons: int
    duration_ms: int
    lessons_completed: int
    is_begun: bool
    completed_at: datetime | None

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson in its course, and how far the reader has come. `size` is the video's, in bytes."""

    id: int
    slug: str
    title: str
    summary: str
    measure: Measure
    position: int
    chapter: str
    progress: Progress
    video_digest: str | None
    poster_digest: str | None
    captions_digest: str | None
    has_sound: bool
    size: int | None

    @property
    def is_video(self) -> bool:
        return self.measure.kind is LessonKind.VIDEO


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course with its lessons in their order."""

    id: int
    slug: str
    title: str
    summary: str
    language: Language
    level: Level
    state: CourseState
    source: Mapping[str, str]
    lessons: tuple[LessonLine, ...]

    @property
    def chapters(self) -> list[tuple[str, list[LessonLine]]]:
        """The lessons by chapter. Two chapters in a row with one title are one."""
        found: list[tuple[str, list[LessonLine]]] = []
        for lesson in self.lessons:
            if not found or found[-1][0] != lesson.chapter:
                found.append((lesson.chapter, []))
            found[-1][1].append(lesson)
        return found

    @property
    def lessons_completed(self) -> int:
        return sum(lesson.progress.is_completed for lesson in self.lessons)

    @property
    def duration_ms(self) -> int:
        return sum(lesson.measure.duration_ms for lesson in self.lessons)

    @property
    def next_lesson(self) -> LessonLine | None:
        """The first that is not completed."""
        return next((one for one in self.lessons if not one.progress.is_completed), None)


@dataclass(frozen=True, slots=True)
class LessonText:
    """What a lesson says: a reading's HTML, or a video's transcript as [start_ms, end_ms, text]."""

    html: str | None
    transcript: list[list[Any]]


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson that the actor may report on."""

    id: int
    course_id: int
    measure: Measure


_PRESENT = Lesson.retired_at.is_(None)
_LESSONS = (
    select(
        Lesson.course_id,
        func.count().label("lessons"),
        func.sum(Lesson.duration_ms).label("duration_ms"),
    )
    .where(_PRESENT)
    .group_by(Lesson.course_id)
    .subquery()
)


def for_member(session: Session, actor: Actor) -> list[MemberCourse]:
    """All courses that are for the actor, the unfinished first. One statement."""
    return [_member_course(row) for row in session.execute(_listing(actor, actor.member_id))]


def search(session: Session, actor: Actor, request: PageRequest) -> Page[MemberCourse]:
    """The actor's courses whose title or summary holds what is searched for. Two statements."""
    listing = _listing(actor, actor.member_id)
    if request.search:
        wanted = f"%{_escaped(request.search)}%"
        listing = listing.where(
            or_(Course.title.ilike(wanted, escape="\\"), Course.summary.ilike(wanted, escape="\\"))
        )
    total = session.execute(select(func.count()).select_from(listing.order_by(None).subquery())).scalar_one()
    rows = session.execute(listing.limit(request.size).offset(request.offset))
    return Page([_member_course(row) for row in rows], total, request)


def of_member(session: Session, clearance: str, branch_path: str, member_id: int) -> list[MemberCourse]:
    """The same for any member, by what decides which courses are theirs. One statement."""
    whose = Actor(member_id=member_id, member_no="", name="", clearance=clearance, branch_path=branch_path)
    return [_member_course(row) for row in session.execute(_listing(whose, member_id))]


def courses_after(session: Session, actor: Actor, slug: str, most: int) -> list[MemberCourse]:
    """The actor's courses in the order of their slugs, from the first after `slug`. One statement."""
    listing = _listing(actor, actor.member_id).where(Course.slug > slug)
    rows = session.execute(listing.order_by(None).order_by(Course.slug).limit(most))
    return [_member_course(row) for row in rows]


def _listing(actor: Actor, member_id: int | None) -> Select[Any]:
    mine = and_(CourseProgress.course_id == Course.id, CourseProgress.member_id == member_id)
    return (
        select(
            Course.id,
            Course.slug,
            Course.title,
            Course.summary,
            Course.language,
            _LESSONS.c.lessons,
            _LESSONS.c.duration_ms,
            func.coalesce(CourseProgress.lessons_completed, 0).label("lessons_completed"),
            CourseProgress.started_at.is_not(None).label("is_begun"),
            CourseProgress.completed_at,
        )
        .join(_LESSONS, _LESSONS.c.course_id == Course.id)
        .outerjoin(CourseProgress, mine)
        .where(access.assigned(actor.clearance, actor.branch_path))
        .order_by(CourseProgress.completed_at.is_not(None), Course.title, Course.id)
    )


def _member_course(row: Row[Any]) -> MemberCourse:
    return MemberCourse(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        language=row.language,
        lessons=row.lessons,
        duration_ms=int(row.duration_ms),
        lessons_completed=row.lessons_completed,
        is_begun=bool(row.is_begun),
        completed_at=row.completed_at,
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def course(session: Session, actor: Actor, slug: str) -> CourseView:
    """A course that the actor may open, with its lessons. Raises NotFound. Two statements."""
    row = session.execute(
        select(Course).where(Course.slug == slug, access.visible(actor))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return CourseView(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        language=row.language,
        level=row.level,
        state=row.state,
        source=row.source,
        lessons=tuple(lessons_of(session, [row.id], actor.member_id)[row.id]),
    )


def lessons_of(
    session: Session, course_ids: Collection[int], member_id: int | None
) -> dict[int, list[LessonLine]]:
    """The lessons of these courses in their order, with the member's progress. One statement."""
    found: dict[int, list[LessonLine]] = {course_id: [] for course_id in course_ids}
    for row in session.execute(_lessons(course_ids, member_id)):
        found[row.course_id].append(_lesson_line(row))
    return found


def _lessons(course_ids: Collection[int], member_id: int | None) -> Any:
    mine = and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.member_id == member_id)
    return (
        select(
            Lesson.id,
            Lesson.course_id,
            Lesson.slug,
            Lesson.title,
            Lesson.summary,
            Lesson.kind,
            Lesson.duration_ms,
            Lesson.minimum,
            Lesson.position,
            Lesson.video_digest,
            Lesson.poster_digest,
            Lesson.captions_digest,
            Lesson.has_sound,
            Chapter.title.label("chapter"),
            MediaFile.size,
            *PROGRESS,
        )
        .join(Chapter, Chapter.id == Lesson.chapter_id)
        .outerjoin(MediaFile, MediaFile.digest == Lesson.video_digest)
        .outerjoin(LessonProgress, mine)
        .where(Lesson.course_id.in_(list(course_ids)))
        .order_by(Lesson.course_id, Lesson.position)
    )


PROGRESS = (
    LessonProgress.seq,
    LessonProgress.intervals,
    LessonProgress.position_ms,
    LessonProgress.reached,
    LessonProgress.completed_at,
)


def _lesson_line(row: Row[Any]) -> LessonLine:
    return LessonLine(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        measure=Measure(row.kind, row.duration_ms, row.minimum),
        position=row.position,
        chapter=row.chapter,
        progress=progress_of(row),
        video_digest=row.video_digest,
        poster_digest=row.poster_digest,
        captions_digest=row.captions_digest,
        has_sound=row.has_sound,
        size=row.size,
    )


def progress_of(row: Row[Any]) -> Progress:
    """What the columns of PROGRESS say; nothing at all before the first report."""
    if row.seq is None:
        return Progress()
    return Progress(row.seq, _coverage(row.intervals), row.position_ms, row.reached, row.completed_at)


def _coverage(intervals: Collection[Collection[int]]) -> Coverage:
    return tuple((start, end) for start, end in intervals)


def lesson_text(session: Session, lesson_id: int) -> LessonText:
    """What a lesson says. Ask for it only by a lesson of a course that was opened."""
    row = session.execute(select(Lesson.html, Lesson.transcript).where(Lesson.id == lesson_id)).one()
    return LessonText(row.html, row.transcript or [])


def open_lesson(session: Session, actor: Actor, lesson_id: int) -> OpenLesson:
    """A lesson that is there and that the actor may open. Raises NotFound. One statement."""
    row = session.execute(
        select(Lesson.id, Lesson.course_id, Lesson.kind, Lesson.duration_ms, Lesson.minimum)
        .join(Course, Course.id == Lesson.course_id)
        .where(Lesson.id == lesson_id, _PRESENT, access.visible(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return OpenLesson(row.id, row.course_id, Measure(row.kind, row.duration_ms, row.minimum))


def progress(session: Session, member_id: int, lesson_id: int) -> Progress | None:
    """How far a member is, None before the first report."""
    row = session.execute(_PROGRESS_OF, {"of_member": member_id, "of_lesson": lesson_id}).one_or_none()
    return progress_of(row) if row else None


# Asked with every report of every player: built once, and without the ORM.
_kept: Any = LessonProgress.__table__
_PROGRESS_OF = select(*(_kept.c[column.key] for column in PROGRESS)).where(
    _kept.c.member_id == bindparam("of_member"), _kept.c.lesson_id == bindparam("of_lesson")
)
