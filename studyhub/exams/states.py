"""The closed lists of the exams: each is a text column with a check constraint in `models.py`."""

from __future__ import annotations

from enum import StrEnum


class ExamState(StrEnum):
    """A draft is seen on the admin's desk only."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Keep(StrEnum):
    """Which of a member's attempts makes the standing."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class AttemptState(StrEnum):
    """Open, then submitted (a person still has to mark something) or marked; void is out of every count."""

    OPEN = "open"
    SUBMITTED = "submitted"
    MARKED = "marked"
    VOID = "void"
