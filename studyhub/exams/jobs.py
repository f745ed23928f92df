"""What the ticker does for exams: closing and marking what ran out, and measuring papers anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Row, and_, or_, select

from studyhub.exams import measuring
from studyhub.exams.attempts import closing
from studyhub.exams.models import Attempt
from studyhub.exams.states import AttemptState
from studyhub.tasks.context import Job, WorkContext

log = structlog.get_logger()
AT_ONCE = 500


def close_expired(context: WorkContext) -> None:
    """Close every open attempt that is past its time, the oldest first, each in a transaction of its own: a
    save that comes meanwhile waits for one of them, never for all.

    There is no look-back window: after an outage of any length one sweep finds them all. One that cannot be
    closed is logged and stops neither the others nor the next sweep.
    """
    now = context.clock()
    last: Row[int, datetime] | None = None
    while overdue := _overdue(context, now, last):
        for last in overdue:
            try:
                with context.write() as session:
                    closing.close_expired(session, last.id, now=now)
            except Exception:
                log.exception("attempt_not_closed", attempt_id=last.id)


def _overdue(
    context: WorkContext, now: datetime, last: Row[int, datetime] | None
) -> Sequence[Row[int, datetime]]:
    """The next ones after `last`."""
    wanted = select(Attempt.id, Attempt.accept_until).where(
        Attempt.state == AttemptState.OPEN, Attempt.accept_until < now
    )
    if last is not None:
        same_moment = and_(Attempt.accept_until == last.accept_until, Attempt.id > last.id)
        wanted = wanted.where(or_(Attempt.accept_until > last.accept_until, same_moment))
    with context.read() as session:
        return session.execute(wanted.order_by(Attempt.accept_until, Attempt.id).limit(AT_ONCE)).all()


def measure(context: WorkContext) -> None:
    """Measure anew the exams whose banks changed; the banks are read outside the write turn."""
    with context.read() as session:
        found = list(measuring.measured_anew(session, context.clock()))
    for measured in found:
        with context.write() as session:
            measuring.note(session, measured)


JOBS = (Job("close_expired", 15, close_expired), Job("measure_exams", 15, measure))
