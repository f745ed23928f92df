"""The audit trail: one row for each act, appended in the act's own transaction and sealed soon after.

Every room records with `record(...)`. Sealing, checking and reading the trail live in `trail/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.organization.actor import Actor
from studyhub.organization.models import AuditEntry

NO_MEMBER = "member:?"
"""The subject of what was tried in nobody's name: no member was found."""


class Act(StrEnum):
    """What can be done that is worth remembering: changes, sign-ins, refusals, exports, and looks at
    other people's records. Alphabetical; add yours."""

    ATTEMPTS_LISTED = "attempts_listed"
    ATTEMPT_EXPIRED = "attempt_expired"
    ATTEMPT_STARTED = "attempt_started"
    ATTEMPT_SUBMITTED = "attempt_submitted"
    ATTEMPT_TAKEN_OVER = "attempt_taken_over"
    ATTEMPT_VOIDED = "attempt_voided"
    AUDIT_VERIFIED = "audit_verified"
    BACKUP_MADE = "backup_made"
    BANK_BEGUN = "bank_begun"
    BANK_EDITED = "bank_edited"
    BANK_EXPORTED = "bank_exported"
    BANK_IMPORTED = "bank_imported"
    BRANCHES_IMPORTED = "branches_imported"
    BRANCH_CLOSED = "branch_closed"
    BRANCH_CREATED = "branch_created"
    BRANCH_EXPORTED = "branch_exported"
    BRANCH_MERGED = "branch_merged"
    BRANCH_MOVED = "branch_moved"
    BRANCH_RENAMED = "branch_renamed"
    BRANCH_VIEWED = "branch_viewed"
    COURSE_IMPORTED = "course_imported"
    COURSE_PUBLISHED = "course_published"
    COURSE_WITHDRAWN = "course_withdrawn"
    DOUBT_RULE_FORGOTTEN = "doubt_rule_forgotten"
    DOUBT_RULE_KEPT = "doubt_rule_kept"
    EXAM_CHANGED = "exam_changed"
    EXAM_CREATED = "exam_created"
    EXAM_EXTENDED = "exam_extended"
    EXAM_PUBLISHED = "exam_published"
    EXAM_WITHDRAWN = "exam_withdrawn"
    GRANT_ENDED = "grant_ended"
    GRANT_GIVEN = "grant_given"
    MEMBERS_IMPORTED = "members_imported"
    MEMBERS_LISTED = "members_listed"
    MEMBER_CHANGED = "member_changed"
    MEMBER_CREATED = "member_created"
    MEMBER_STATUS_CHANGED = "member_status_changed"
    MEMBER_TRANSFERRED = "member_transferred"
    MEMBER_VIEWED = "member_viewed"
    PASSWORD_RESET = "password_reset"
    PASSWORD_SET = "password_set"
    QUESTIONS_RELEASED = "questions_released"
    QUESTIONS_REVIEWED = "questions_reviewed"
    QUESTIONS_TAKEN_BACK = "questions_taken_back"
    REFUSED = "refused"
    RESTORED = "restored"
    RELEASE_SWITCHED = "release_switched"
    SESSIONS_CLOSED = "sessions_closed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_THROTTLED = "sign_in_throttled"
    SLIPS_MADE = "slips_made"
    SOURCE_HOLDS_AGAIN = "source_holds_again"
    SOURCE_SUPERSEDED = "source_superseded"


# Built once, on the table itself, and not asking for the row's number: it is part of the hot path.
_ENTRY = insert(cast(Table, AuditEntry.__table__)).inline()
_ONE_ENTRY = Direct(_ENTRY)


def record(  # noqa: PLR0913 - an entry of the trail has as many parts
    session: Session,
    actor: Actor | None,
    act: StrEnum,
    subject: str,
    detail: dict[str, Any] | None = None,
    *,
    now: datetime,
) -> None:
    """Append one entry. `subject` names the thing as `kind:key`, such as `exam:cyber-2026-q4`.

    No actor: nobody is signed in. `detail` is small JSON without secrets: no password, no code, no answer.
    """
    _ONE_ENTRY.run(
        session,
        {
            "at": now,
            "actor_id": actor.member_id if actor else None,
            "act": act.value,
            "subject": subject,
            "detail": detail or {},
        },
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of many that are recorded together."""

    act: StrEnum
    subject: str
    detail: dict[str, Any]


def record_all(session: Session, actor: Actor | None, deeds: Iterable[Deed], *, now: datetime) -> None:
    """Append an entry for each deed, in one statement: for imports."""
    actor_id = actor.member_id if actor else None
    rows = [
        {
            "at": now,
            "actor_id": actor_id,
            "act": deed.act.value,
            "subject": deed.subject,
            "detail": deed.detail,
        }
        for deed in deeds
    ]
    if rows:
        session.connection().execute(_ENTRY, rows)
