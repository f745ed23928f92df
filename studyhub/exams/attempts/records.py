"""One attempt as its row says, with what its exam says of it: read, or read and locked, by one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.exams.attempts import statements
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import NotFound
from studyhub.kernel.points import Points
from studyhub.organization.actor import Actor


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """What the statements of `statements.py` find. `slug`, `title` and `closes_at` are the exam's;
    `last_accept_until` is until when the last of the exam's other open attempts takes answers."""

    id: int
    exam_id: int
    revision_id: int
    member_id: int
    number: int
    state: AttemptState
    epoch: int
    started_at: datetime
    deadline_at: datetime
    accept_until: datetime
    submitted_at: datetime | None
    max_score: Points
    score: Points | None
    passed: bool | None
    void_reason: str | None
    slug: str
    title: str
    closes_at: datetime | None
    current_revision_id: int
    last_accept_until: datetime | None


def own(session: Session, actor: Actor, attempt_id: int) -> AttemptRecord:
    """The member's own attempt. Raises NotFound for any other."""
    return _one(session, statements.OWN, {"attempt_id": attempt_id, "member_id": actor.member_id})


def own_locked(session: Session, actor: Actor, attempt_id: int) -> AttemptRecord:
    """The same, locked until the transaction ends."""
    return _one(session, statements.OWN_LOCKED, {"attempt_id": attempt_id, "member_id": actor.member_id})


def locked(session: Session, attempt_id: int) -> AttemptRecord:
    """Anybody's attempt, locked until the transaction ends. Raises NotFound."""
    return _one(session, statements.LOCKED, {"attempt_id": attempt_id})


def own_at(session: Session, actor: Actor, exam_id: int) -> list[AttemptRecord]:
    """The member's own attempts at an exam, the newest first."""
    keys = {"exam_id": exam_id, "member_id": actor.member_id}
    return [AttemptRecord(**row._asdict()) for row in statements.HISTORY.all(session, keys)]


def _one(session: Session, statement: Direct, keys: dict[str, int | None]) -> AttemptRecord:
    row = statement.first(session, keys)
    if row is None:
        raise NotFound
    return AttemptRecord(**row._asdict())
