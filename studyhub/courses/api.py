"""Courses over HTTP: what the lesson pages and scripts use alike."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from studyhub.courses import operations, queries
from studyhub.courses.coverage import MOST_INTERVALS
from studyhub.courses.operations import Heard, Read, Watched
from studyhub.courses.progress import Measure, Progress
from studyhub.courses.queries import LessonLine, MemberCourse
from studyhub.courses.wording import REFUSALS
from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web.api import Page, answers, checked_body, checked_query, decode_cursor, listed, spec
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.transaction import current_session

room = Room("courses_api", "studyhub.courses", url_prefix="/api/v1", refusals=REFUSALS)

LARGEST_REPORT = 64 * 1024
_ID = "<int(max=9223372036854775807):lesson_id>"
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Seq = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]


class LessonProgress(BaseModel):
    """How far the member has come. `coverage` is 0 to 1, rounded down; `position_s` is where to go on."""

    covered_s: float
    coverage: float
    completed: bool
    position_s: float
    seq: int = Field(description="the last report that was heard; -1 before the first")


class LessonItem(BaseModel):
    """A lesson. The addresses are null for a reading; `size` is the video's, in bytes."""

    id: int
    slug: str
    chapter: str
    kind: Literal["video", "reading"]
    title: str
    summary: str
    duration_s: float
    minimum: float = Field(description="the coverage that completes it, 0 to 1")
    size: int | None
    video_url: str | None
    poster_url: str | None
    captions_url: str | None
    page_url: str
    progress: LessonProgress


class CourseItem(BaseModel):
    """A course of the member, with its lessons in their order."""

    slug: str
    title: str
    summary: str
    language: Literal["zh", "en"]
    completed: bool
    lessons_completed: int
    lessons: list[LessonItem]


class CourseList(BaseModel):
    """Courses in the order of their slugs."""

    items: list[CourseItem]
    next: str | None


class WatchedReport(BaseModel):
    """What a player showed. `intervals` may be all of this viewing: what is known is not credited again."""

    model_config = ConfigDict(extra="forbid")

    intervals: list[tuple[Seconds, Seconds]] = Field(max_length=MOST_INTERVALS)
    position_s: Seconds = 0
    rate: float = Field(default=1, gt=0, le=16, allow_inf_nan=False)
    seq: Seq


class ReadReport(BaseModel):
    """`seconds`: how long the text has been open in all; `reached`: how far down it was read, 0 to 1."""

    model_config = ConfigDict(extra="forbid")

    seconds: Seconds
    reached: float = Field(ge=0, le=1, allow_inf_nan=False)
    seq: Seq


class Credited(BaseModel):
    """Where the member stands. `seq` is the last report that counted: lower ones change nothing."""

    covered_s: float
    duration_s: float
    coverage: float
    completed: bool
    position_s: float
    seq: int


@room.get("/courses", permission=Permission.STUDY)
@spec.validate(query=Page, resp=answers(HTTP_200=CourseList), tags=["courses"])
def list_courses() -> ResponseReturnValue:
    """The member's courses."""
    session, actor, asked = current_session(), current_actor(), checked_query(Page)
    rows = queries.courses_after(session, actor, _after(asked.after), asked.limit + 1)
    lessons = queries.lessons_of(session, [row.id for row in rows], actor.member_id)
    return listed(rows, asked.limit, lambda row: _course(row, lessons[row.id]), lambda row: (row.slug,))


@room.get("/courses/<slug>", permission=Permission.STUDY)
@spec.validate(resp=answers(HTTP_200=CourseItem), tags=["courses"])
def show_course(slug: str) -> ResponseReturnValue:
    """A course with its lessons."""
    course = queries.course(current_session(), current_actor(), slug)
    return {
        "slug": course.slug,
        "title": course.title,
        "summary": course.summary,
        "language": course.language.value,
        "completed": course.next_lesson is None,
        "lessons_completed": course.lessons_completed,
        "lessons": [_lesson(course.slug, lesson) for lesson in course.lessons],
    }


@room.post(f"/lessons/{_ID}/watched", permission=Permission.STUDY, writes=True, max_body=LARGEST_REPORT)
@spec.validate(json=WatchedReport, resp=answers(HTTP_200=Credited), tags=["courses"])
def watched(lesson_id: int) -> ResponseReturnValue:
    """Report what was watched. The first call of a viewing has no intervals."""
    body = checked_body(WatchedReport)
    if any(start > end for start, end in body.intervals):
        raise Unprocessable("bad_interval")
    parts = [(_milliseconds(start), _milliseconds(end)) for start, end in body.intervals]
    report = Watched(parts, _milliseconds(body.position_s), body.seq)
    return _credited(operations.watched(current_session(), current_actor(), lesson_id, report, now()))


@room.post(f"/lessons/{_ID}/read", permission=Permission.STUDY, writes=True, max_body=LARGEST_REPORT)
@spec.validate(json=ReadReport, resp=answers(HTTP_200=Credited), tags=["courses"])
def read(lesson_id: int) -> ResponseReturnValue:
    """Report how long and how far a text was read."""
    body = checked_body(ReadReport)
    report = Read(_milliseconds(body.seconds), int(body.reached * 1000), body.seq)
    return _credited(operations.read(current_session(), current_actor(), lesson_id, report, now()))


def _after(cursor: str | None) -> str:
    position = decode_cursor(cursor)
    if position is None:
        return ""
    if len(position) != 1 or not isinstance(position[0], str) or "\x00" in position[0]:
        raise Unprocessable("bad_cursor")
    return position[0]


def _course(row: MemberCourse, lessons: list[LessonLine]) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "language": row.language.value,
        "completed": row.is_completed,
        "lessons_completed": row.lessons_completed,
        "lessons": [_lesson(row.slug, lesson) for lesson in lessons],
    }


def _lesson(course_slug: str, lesson: LessonLine) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "slug": lesson.slug,
        "chapter": lesson.chapter,
        "kind": lesson.measure.kind.value,
        "title": lesson.title,
        "summary": lesson.summary,
        "duration_s": _seconds(lesson.measure.duration_ms),
        "minimum": lesson.measure.minimum / 100,
        "size": lesson.size,
        "video_url": media_url(lesson.video_digest, "video.mp4"),
        "poster_url": media_url(lesson.poster_digest, "poster.jpg"),
        "captions_url": media_url(lesson.captions_digest, "captions.vtt"),
        "page_url": url_for("courses.lesson", slug=course_slug, lesson=lesson.slug),
        "progress": _progress(lesson.progress, lesson.measure),
    }


def media_url(digest: str | None, name: str) -> str | None:
    """Where a file is fetched; None when there is none."""
    return url_for("media.serve", digest=digest, name=name) if digest else None


def _progress(progress: Progress, measure: Measure) -> dict[str, Any]:
    return {
        "covered_s": _seconds(progress.covered_ms),
        "coverage": progress.share(measure),
        "completed": progress.is_completed,
        "position_s": _seconds(progress.position_ms),
        "seq": progress.seq,
    }


def _credited(heard: Heard) -> dict[str, Any]:
    return {
        **_progress(heard.progress, heard.measure),
        "duration_s": _seconds(heard.measure.duration_ms),
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _seconds(milliseconds: int) -> float:
    return milliseconds / 1000
