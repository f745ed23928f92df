"""The tables of courses. Times within a lesson are whole milliseconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.courses.states import CourseState, Language, LessonKind
from studyhub.db.model import Model
from studyhub.db.types import Json, enum_text
from studyhub.organization.states import Level


class Course(Model):
    """What a course folder holds, as it was imported last. `slug` is its identity for ever."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    language: Mapped[Language] = mapped_column(enum_text(Language, "language"))
    level: Mapped[Level] = mapped_column(enum_text(Level, "level"))
    state: Mapped[CourseState] = mapped_column(enum_text(CourseState, "state"))
    source: Mapped[Any] = mapped_column(Json())
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CourseBranch(Model):
    """For whom: the members of these subtrees. A course without a row is for everyone."""

    __tablename__ = "course_branch"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), primary_key=True, index=True)


class Chapter(Model):
    """A part of a course, known by its place in it: it has no progress of its own."""

    __tablename__ = "chapter"
    __table_args__ = (UniqueConstraint("course_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    position: Mapped[int]
    title: Mapped[str]


class Lesson(Model):
    """A micro-video or a reading. One that a re-import left out is retired; its progress is kept."""

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        CheckConstraint("(retired_at IS NULL) = (chapter_id IS NOT NULL)", "in_a_chapter_unless_retired"),
        CheckConstraint(
            "(kind = 'video') = (video_digest IS NOT NULL AND poster_digest IS NOT NULL)", "video_has_files"
        ),
        CheckConstraint("(kind = 'reading') = (html IS NOT NULL)", "reading_has_text"),
        CheckConstraint("duration_ms > 0", "takes_time"),
        CheckConstraint("minimum BETWEEN 1 AND 100", "minimum_is_a_percentage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    chapter_id: Mapped[int | None] = mapped_column(ForeignKey("chapter.id"), index=True)
    slug: Mapped[str]
    position: Mapped[int]
    kind: Mapped[LessonKind] = mapped_column(enum_text(LessonKind, "kind"))
    title: Mapped[str]
    summary: Mapped[str]
    duration_ms: Mapped[int]
    # The share of it, in percent, that must be covered for it to be completed.
    minimum: Mapped[int]
    # Of everything that it was made from: the same digest again means that nothing changed.
    source_digest: Mapped[str]
    video_digest: Mapped[str | None] = mapped_column(ForeignKey("media_file.digest"))
    poster_digest: Mapped[str | None] = mapped_column(ForeignKey("media_file.digest"))
    captions_digest: Mapped[str | None] = mapped_column(ForeignKey("media_file.digest"))
    has_sound: Mapped[bool]
    # What is said: [[start_ms, end_ms, text], …]; None for a reading and for a video without captions.
    transcript: Mapped[Any | None] = mapped_column(Json())
    html: Mapped[str | None]
    retired_at: Mapped[datetime | None]


class LessonProgress(Model):
    """How far a member has come in a lesson."""

    __tablename__ = "lesson_progress"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True, index=True)
    # The report that was heard last: an older one changes nothing.
    seq: Mapped[int]
    # The parts that were seen, as [[start_ms, end_ms], …]; of a reading, how long, from nought.
    intervals: Mapped[Any] = mapped_column(Json())
    covered_ms: Mapped[int]
    position_ms: Mapped[int]
    # How far down a reading was read, in thousandths.
    reached: Mapped[int]
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class CourseProgress(Model):
    """How many of a course's lessons a member has completed, kept so that a dashboard only counts rows.

    It is there from the member's first report on: the course is begun, and under way until it is completed.
    """

    __tablename__ = "course_progress"
    __table_args__ = (Index("ix_course_progress_course_id_completed_at", "course_id", "completed_at"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    lessons_completed: Mapped[int]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


IS_COMPLETED = CourseProgress.completed_at.is_not(None)
IS_UNDER_WAY = CourseProgress.completed_at.is_(None)
"""What every list means by a course in progress, of a row that is there."""


class StudyClock(Model):
    """When a member last reported, and what they may be credited beyond the time since: an Allowance."""

    __tablename__ = "study_clock"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    reported_at: Mapped[datetime]
    kept_ms: Mapped[int]
