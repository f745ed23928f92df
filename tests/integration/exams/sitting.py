"""What a member does with an attempt, as the edge does it: each act in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams.attempts import answering, closing, delivery, starting
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.attempts.delivery import ClosedAttempt, OpenAttempt
from studyhub.exams.journal import Outcome
from studyhub.exams.models import AnswerJournal
from studyhub.exams.saving import Place, Save
from studyhub.kernel.errors import Refused
from studyhub.organization.actor import Actor


def start(database: Database, actor: Actor, now: datetime, *, slug: str = "quiz", seed: int = 7) -> int:
    with database.write() as session:
        return starting.start(session, actor, slug, seed=seed, now=now).attempt_id


def save(
    database: Database,
    actor: Actor,
    attempt_id: int,
    position: int,
    answer: Any,
    seq: int,
    now: datetime,
    *,
    epoch: int = 1,
) -> Outcome:
    """Save as the guard does: a refused save keeps its row."""
    refused: Refused | None = None
    with database.write() as session:
        try:
            return answering.save(
                session, actor, Place(attempt_id, position), Save(answer, epoch, seq), now=now
            ).outcome
        except Refused as error:
            refused = error
    raise refused


def submit(database: Database, actor: Actor, attempt_id: int, now: datetime, **given: Any) -> ClosedAttempt:
    refused: Refused | None = None
    with database.write() as session:
        try:
            closing.submit(session, actor, attempt_id, Submission(**given), now=now)
        except Refused as error:
            refused = error
    if refused is not None:
        raise refused
    with database.read() as session:
        found = delivery.attempt(session, actor, attempt_id, now=now)
    assert isinstance(found, ClosedAttempt)
    return found


def opened(database: Database, actor: Actor, attempt_id: int, now: datetime) -> OpenAttempt:
    with database.read() as session:
        found = delivery.attempt(session, actor, attempt_id, now=now)
    assert isinstance(found, OpenAttempt)
    return found


def right_letter(asked: delivery.Delivered) -> str:
    return "ABCD"[asked.order.index("B")]


def journal(database: Database, attempt_id: int) -> list[AnswerJournal]:
    with database.read() as session:
        chosen = select(AnswerJournal).where(AnswerJournal.attempt_id == attempt_id).order_by(AnswerJournal.n)
        return list(session.scalars(chosen))


def outcomes(database: Database, attempt_id: int) -> list[str]:
    return [row.outcome.value for row in journal(database, attempt_id)]
