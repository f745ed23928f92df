"""The closed lists of the organization: each is a text column with a check constraint in `models.py`."""

from __future__ import annotations

from enum import StrEnum


class BranchKind(StrEnum):
    """党委, 党总支, 党支部, 党小组. Members are at home in a home branch or one of its groups."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    HOME_BRANCH = "home_branch"
    GROUP = "group"


class MemberStatus(StrEnum):
    ACTIVE = "active"
    PROBATIONARY = "probationary"
    LEFT = "left"


class Entry(StrEnum):
    """How somebody gets in: not yet, with a slip that was not used yet, or with a password."""

    NO_SLIP = "no_slip"
    SLIP = "slip"
    PASSWORD = "password"


class Level(StrEnum):
    """公开, 内部, 受控: of content, and the highest that a member is cleared for. Nothing above exists."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


def readable(clearance: Level) -> tuple[Level, ...]:
    """The levels of content that a member with this clearance may see: its own and those below."""
    levels = tuple(Level)
    return levels[: levels.index(clearance) + 1]
