"""Going on with an attempt on another device: a new epoch, so that the old page's saves are refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.exams import timing
from studyhub.exams.attempts import closing, records, statements
from studyhub.kernel.errors import Conflict
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record


def take_over(session: Session, actor: Actor, attempt_id: int, *, now: datetime) -> int:
    """Raise the epoch of the member's own attempt and return it.

    Raises Conflict `attempt_closed`; one past its time is closed first (keep the transaction).
    """
    attempt = records.own_locked(session, actor, attempt_id)
    if not timing.is_open(attempt.state, attempt.accept_until, now):
        closing.close_expired(session, attempt_id, now=now)
        raise Conflict("attempt_closed")
    epoch = attempt.epoch + 1
    session.execute(statements.TAKE_OVER, {"attempt_id": attempt_id})
    record(session, actor, Act.ATTEMPT_TAKEN_OVER, f"attempt:{attempt_id}", {"epoch": epoch}, now=now)
    return epoch
