"""What the ticker does for exams: closing and marking what ran out, and measuring papers anew."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from studyhub.exams import measuring
from studyhub.exams.attempts import closing
from studyhub.exams.models import Attempt
from studyhub.exams.states import AttemptState
from studyhub.tasks.context import Job, WorkContext

log = structlog.get_logger()
AT_ONCE = 500


def close_expired(context: WorkContext) -> None:
    """Close every open attempt that is past its time, each in a transaction of its own.

    There is no look-back window: after an outage of any length the next sweep finds them all. One that
    cannot be closed is logged and does not stop the others.
    """
    now = context.clock()
    with context.read() as session:
        overdue = session.scalars(
            select(Attempt.id)
            .where(Attempt.state == AttemptState.OPEN, Attempt.accept_until < now)
            .order_by(Attempt.accept_until)
            .limit(AT_ONCE)
        ).all()
    for attempt_id in overdue:
        try:
            with context.write() as session:
                closing.close_expired(session, attempt_id, now=now)
        except Exception:
            log.exception("attempt_not_closed", attempt_id=attempt_id)


def measure(context: WorkContext) -> None:
    """Measure anew the exams whose banks changed; the banks are read outside the write turn."""
    with context.read() as session:
        found = list(measuring.measured_anew(session, context.clock()))
    for measured in found:
        with context.write() as session:
            measuring.note(session, measured)


JOBS = (Job("close_expired", 15, close_expired), Job("measure_exams", 15, measure))
