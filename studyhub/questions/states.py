"""The closed lists of the questions' tables."""

from __future__ import annotations

from enum import StrEnum


class PlanState(StrEnum):
    """Where an import plan is: shown, being applied, in force, given up, or overtaken by another."""

    SHOWN = "shown"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    STALE = "stale"


class Verdict(StrEnum):
    """What is decided about a doubtful item: as it was read, another reading, other words, not at all."""

    ACCEPT = "accept"
    CHOOSE = "choose"
    EDIT = "edit"
    LEAVE = "leave"


class ChangeKind(StrEnum):
    """How a new version of a bank came."""

    IMPORT = "import"
    EDIT = "edit"
    RESTORE = "restore"
    BULK = "bulk"
    MOVE = "move"
    UNDO = "undo"
    REVIEW = "review"
    BEGIN = "begin"


class ReviewState(StrEnum):
    """Where a revision is on its way into papers. Without an entry it is a draft."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    RELEASED = "released"
