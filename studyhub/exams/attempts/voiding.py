"""Taking an attempt out of every count, for a reason that is written down. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from studyhub.exams.attempts.records import locked
from studyhub.exams.models import Attempt
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.kernel.events import AttemptVoided, emit
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.models import Branch, Member
from studyhub.organization.tree import within

LONGEST_REASON = 500


def void(session: Session, actor: Actor, attempt_id: int, reason: str, *, now: datetime) -> None:
    """Void an attempt of a member within the actor's scope.

    Raises NotFound out of scope, Unprocessable `reason_needed`, and Conflict `already_void` or `own_attempt`:
    nobody voids an attempt of their own.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Unprocessable("reason_needed")
    member_id = _in_scope(session, actor, attempt_id)
    if member_id == actor.member_id:
        raise Conflict("own_attempt")
    attempt = locked(session, attempt_id)
    if attempt.state is AttemptState.VOID:
        raise Conflict("already_void")
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(state=AttemptState.VOID, voided_at=now, voided_by=actor.member_id, void_reason=reason)
    )
    detail = {"reason": reason, "member_id": member_id, "was": attempt.state.value, "number": attempt.number}
    record(session, actor, Act.ATTEMPT_VOIDED, f"attempt:{attempt_id}", detail, now=now)
    emit(session, AttemptVoided(now, attempt_id, attempt.exam_id, member_id))


def _in_scope(session: Session, actor: Actor, attempt_id: int) -> int:
    """The member whose attempt it is. Raises NotFound when that is outside the actor's branches."""
    found = session.execute(
        select(Attempt.member_id)
        .join(Member, Member.id == Attempt.member_id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Attempt.id == attempt_id, within(Branch.path, actor.scope(Permission.VOID_ATTEMPTS)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
