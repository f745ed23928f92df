"""The closed lists of courses: each is a text column with a check constraint in `models.py`."""

from __future__ import annotations

from enum import StrEnum


class CourseState(StrEnum):
    """A draft is seen by those who make courses, and by nobody else."""

    DRAFT = "draft"
    PUBLISHED = "published"


class LessonKind(StrEnum):
    """微视频, 阅读."""

    VIDEO = "video"
    READING = "reading"


class Language(StrEnum):
    """What the content is written in."""

    ZH = "zh"
    EN = "en"
