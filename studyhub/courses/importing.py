"""Writes of an import: the plan is made from what the database holds, and done in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from studyhub.courses.course_file import CourseFile, Reference
from studyhub.courses.desk import queries as desk
from studyhub.courses.folder import COURSE_YAML, CourseSource
from studyhub.courses.models import (
    Chapter,
    Course,
    CourseBranch,
    CourseProgress,
    Lesson,
    LessonProgress,
)
from studyhub.courses.plan import CourseHead, LessonState, Plan, compare
from studyhub.courses.preparing import Prepared, PreparedLesson
from studyhub.courses.states import CourseState, Language, LessonKind
from studyhub.db import turns
from studyhub.db.inserting import insert_into
from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.faults import Fault
from studyhub.kernel.permissions import Permission
from studyhub.media import operations as media
from studyhub.media.operations import Audience
from studyhub.organization import audit
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.states import Level


def owner(slug: str) -> str:
    """What the media room knows a course's files by."""
    return f"course:{slug}"


def draw_up(session: Session, actor: Actor, source: CourseSource) -> Plan | None:
    """What importing this sound source would do. None when the database makes it faulty (added to `source`):
    an unknown branch, one that the actor does not manage, or a lesson of another kind."""
    course = source.course
    assert course is not None
    known = desk.imported(session, course.slug)
    _check_branches(session, actor, course, source)
    _check_kinds(course, known, source)
    if known and not desk.is_managed(session, actor, course.slug):
        source.add(COURSE_YAML, Fault("course_of_others", 1, 1, {"course": course.slug}))
    if not source.is_sound:
        return None
    return compare(
        course.slug,
        _head(course),
        _states(source),
        known.head if known else None,
        known.lessons if known else {},
    )


@dataclass(frozen=True, slots=True)
class Ready:
    """A course's folder as it was read, and the videos and pictures that were made of it."""

    source: CourseSource
    prepared: Prepared


def apply(session: Session, actor: Actor, ready: Ready, shown: Plan | None, now: datetime) -> Plan:
    """Do what `draw_up` says, whole. Raises Conflict when that is not the plan that was shown."""
    source, prepared = ready.source, ready.prepared
    assert source.course is not None
    turn(session, source.course.slug)
    made = draw_up(session, actor, source)
    if made is None:
        raise Unprocessable("course_has_faults")
    if shown is not None and made != shown:
        raise Conflict("plan_changed")
    media.record(session, prepared.kept, now)
    media.remember(session, prepared.made, now)
    known = desk.branches(session, [reference.name for reference in source.course.branches])
    branch_ids = [branch_id for branch_id, _ in known.values()]
    known_id = session.scalar(select(Course.id).where(Course.slug == source.course.slug))
    course_id = _begin(session, source.course, now) if known_id is None else known_id
    _store_branches(session, course_id, branch_ids)
    chapter_ids = _store_chapters(session, course_id, source.course)
    _store_lessons(session, course_id, ready, chapter_ids)
    _retire(session, course_id, made.retired, now)
    _drop_chapters(session, course_id, len(source.course.chapters))
    _use_files(session, source.course, branch_ids, prepared)
    # Last, because members who report wait from here on: who was before is counted below, who comes after
    # finds the new lessons.
    session.execute(update(Course).where(Course.id == course_id).values(**_values(source.course, now)))
    recount(session, course_id, now)
    detail = {"created": len(made.created), "changed": len(made.changed), "retired": len(made.retired)}
    audit.record(session, actor, audit.Act.COURSE_IMPORTED, owner(made.course), detail, now=now)
    return made


def turn(session: Session, slug: str) -> None:
    """Nobody else imports the course, or publishes or withdraws it, until the transaction ends. The row is
    not locked: members who study it go on."""
    turns.take(session, owner(slug))


def _check_branches(session: Session, actor: Actor, course: CourseFile, source: CourseSource) -> None:
    known = desk.branches(session, [reference.name for reference in course.branches])
    for reference in course.branches:
        if reference.name not in known:
            source.add(COURSE_YAML, _at(reference, "unknown_branch"))
        elif not actor.covers(Permission.MANAGE_COURSES, known[reference.name][1]):
            source.add(COURSE_YAML, _at(reference, "branch_outside_scope"))
    if not course.branches and WHOLE_TREE not in actor.scope(Permission.MANAGE_COURSES):
        source.add(COURSE_YAML, Fault("for_everyone_outside_scope", 1, 1))


def _at(reference: Reference, code: str) -> Fault:
    return Fault(code, reference.line, reference.column, {"value": reference.name})


def _check_kinds(course: CourseFile, known: desk.Imported | None, source: CourseSource) -> None:
    """A lesson that becomes another thing would inherit progress that means nothing: it needs another id."""
    kinds = known.kinds if known else {}
    for lesson in course.lessons:
        if kinds.get(lesson.slug, lesson.kind) != lesson.kind:
            place = (lesson.file.line, lesson.file.column)
            params = {"id": lesson.slug, "kind": kinds[lesson.slug]}
            source.add(COURSE_YAML, Fault("lesson_kind_changed", *place, params, subject=lesson.slug))


def _head(course: CourseFile) -> CourseHead:
    return CourseHead(
        title=course.title,
        language=course.language,
        level=course.level,
        summary=course.summary,
        state=course.state,
        branches=tuple(sorted(reference.name for reference in course.branches)),
        source=course.source,
        chapters=tuple(chapter.title for chapter in course.chapters),
    )


def _states(source: CourseSource) -> list[LessonState]:
    assert source.course is not None
    return [
        LessonState(
            slug=lesson.slug,
            kind=lesson.kind,
            title=lesson.title,
            summary=lesson.summary,
            minimum=lesson.minimum,
            digest=source.lessons[lesson.slug].digest,
        )
        for lesson in source.course.lessons
    ]


def _values(course: CourseFile, now: datetime) -> dict[str, Any]:
    return {
        "title": course.title,
        "summary": course.summary,
        "language": Language(course.language),
        "level": Level(course.level),
        "state": CourseState(course.state),
        "source": course.source,
        "changed_at": now,
    }


def _begin(session: Session, course: CourseFile, now: datetime) -> int:
    values = {"slug": course.slug, "created_at": now, **_values(course, now)}
    return session.execute(insert(Course).values(**values).returning(Course.id)).scalar_one()


def _store_branches(session: Session, course_id: int, branch_ids: list[int]) -> None:
    session.execute(delete(CourseBranch).where(CourseBranch.course_id == course_id))
    rows = [{"course_id": course_id, "branch_id": branch_id} for branch_id in branch_ids]
    if rows:
        session.execute(insert(CourseBranch), rows)


def _store_chapters(session: Session, course_id: int, course: CourseFile) -> list[int]:
    """The ids of the chapters in their order."""
    ids: list[int] = []
    for position, chapter in enumerate(course.chapters, 1):
        statement = insert_into(session, Chapter).values(
            course_id=course_id, position=position, title=chapter.title
        )
        upsert = statement.on_conflict_do_update(
            index_elements=["course_id", "position"], set_={"title": chapter.title}
        )
        ids.append(session.execute(upsert.returning(Chapter.id)).scalar_one())
    return ids


def _store_lessons(session: Session, course_id: int, ready: Ready, chapter_ids: list[int]) -> None:
    assert ready.source.course is not None
    position = 0
    for chapter_id, chapter in zip(chapter_ids, ready.source.course.chapters, strict=True):
        for lesson in chapter.lessons:
            position += 1
            values = {
                "chapter_id": chapter_id,
                "position": position,
                "kind": LessonKind(lesson.kind),
                "title": lesson.title,
                "summary": lesson.summary,
                "minimum": lesson.minimum,
                "source_digest": ready.source.lessons[lesson.slug].digest,
                "retired_at": None,
                **_content(ready.prepared.lessons[lesson.slug]),
            }
            statement = insert_into(session, Lesson).values(course_id=course_id, slug=lesson.slug, **values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["course_id", "slug"], set_=values)
            )


def _content(lesson: PreparedLesson) -> dict[str, Any]:
    return {
        "duration_ms": lesson.duration_ms,
        "video_digest": lesson.video_digest,
        "poster_digest": lesson.poster_digest,
        "captions_digest": lesson.captions_digest,
        "has_sound": lesson.has_sound,
        "transcript": lesson.transcript,
        "html": lesson.html,
    }


def _retire(session: Session, course_id: int, slugs: tuple[str, ...], now: datetime) -> None:
    session.execute(
        update(Lesson)
        .where(Lesson.course_id == course_id, Lesson.slug.in_(slugs))
        .values(retired_at=now, chapter_id=None)
    )


def _drop_chapters(session: Session, course_id: int, kept: int) -> None:
    session.execute(delete(Chapter).where(Chapter.course_id == course_id, Chapter.position > kept))


def _use_files(session: Session, course: CourseFile, branch_ids: list[int], prepared: Prepared) -> None:
    digests = [digest for lesson in prepared.lessons.values() for digest in lesson.files]
    audience = Audience(Level(course.level), tuple(branch_ids), course.state == CourseState.DRAFT)
    media.use(session, owner(course.slug), digests, audience)


def recount(session: Session, course_id: int, now: datetime) -> None:
    """How many of the course's present lessons each member has completed, after the lessons changed."""
    present = select(func.count()).where(Lesson.course_id == course_id, Lesson.retired_at.is_(None))
    total = session.execute(present).scalar_one()
    completed = (
        select(func.count())
        .where(
            LessonProgress.member_id == CourseProgress.member_id,
            LessonProgress.completed_at.is_not(None),
            Lesson.id == LessonProgress.lesson_id,
            Lesson.course_id == course_id,
            Lesson.retired_at.is_(None),
        )
        .scalar_subquery()
    )
    of_course = update(CourseProgress).where(CourseProgress.course_id == course_id)
    session.execute(
        of_course.values(lessons_completed=completed).execution_options(synchronize_session=False)
    )
    finished = CourseProgress.lessons_completed >= total
    session.execute(
        of_course.where(~finished).values(completed_at=None).execution_options(synchronize_session=False)
    )
    session.execute(
        of_course.where(finished, CourseProgress.completed_at.is_(None))
        .values(completed_at=now)
        .execution_options(synchronize_session=False)
    )
