"""Saving an answer. Acknowledged means committed: the guard answers only after the transaction has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from studyhub.db.types import dump_json
from studyhub.exams import asking, journal, timing
from studyhub.exams.attempts import statements
from studyhub.exams.journal import ACCEPTED, Entry, Outcome
from studyhub.exams.saving import Place, Save, Stored, outcome
from studyhub.kernel.errors import Conflict, NotFound, Refused, Unavailable, Unprocessable
from studyhub.organization.actor import Actor
from studyhub.questions.revisions import Revision, load
from studyhub.questions.types import BadAnswer
from studyhub.questions.variants import as_drawn

_NUL = r"\u0000"


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored for a position after a save that was accepted, and what became of that save."""

    position: int
    outcome: Outcome
    stored: Stored


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the paper as this member sees it, and what is stored for it."""

    position: int
    question: Revision
    order: tuple[str, ...]
    stored: Stored | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one save, with its answer in the form that is stored."""

    asked: Asked
    save: Save
    outcome: Outcome


@dataclass(slots=True)
class Head:
    """The end of an attempt's journal."""

    n: int
    digest: bytes

    def next(self, attempt_id: int, decided: Decision, now: datetime) -> dict[str, Any]:
        """The row that comes next, as values for the table; the head moves on to it."""
        save = decided.save
        entry = Entry(
            attempt_id,
            self.n + 1,
            decided.asked.position,
            save.epoch,
            save.seq,
            save.answer,
            decided.outcome,
            now,
        )
        self.n, self.digest = entry.n, journal.digest(entry, self.digest)
        return {
            "attempt_id": attempt_id,
            "n": entry.n,
            "position": entry.position,
            "epoch": entry.epoch,
            "seq": entry.seq,
            "answer": entry.answer,
            "outcome": entry.outcome,
            "at": entry.at,
            "digest": self.digest,
        }


def save(session: Session, actor: Actor, place: Place, given: Save, *, now: datetime) -> Saved:
    """Store one answer by the rules of the interface, and in any case write down that it arrived.

    Three statements with the session's look-up. Raises NotFound for somebody else's attempt or a position
    that the paper does not have; Unprocessable or Conflict for a refused save, whose row must be kept.
    """
    keys = {**place._asdict(), "member_id": actor.member_id}
    for _ in range(3):
        row = statements.ARRIVAL.first(session, keys)
        if row is None or row.question_revision_id is None:
            raise NotFound
        revision = load(session, [row.question_revision_id])[row.question_revision_id]
        asked = Asked(place.position, *as_drawn(revision, row.layout), stored_of(row))
        decided = decide(
            asked, given, is_open=timing.is_open(row.state, row.accept_until, now), epoch=row.epoch
        )
        values = head_of(row).next(place.attempt_id, decided, now)
        if statements.journal_insert(session).first(session, values) is not None:
            return answer_of(decided, now)
        # Another save of this attempt was written while we waited for its lock. It is ours now: look again.
    raise Unavailable("database_busy")


def decide(asked: Asked, given: Save, *, is_open: bool, epoch: int) -> Decision:
    """What becomes of a save; `is_open` and `epoch` are the attempt's, read under its lock."""
    try:
        answer = _accept(asked, given.answer)
    except BadAnswer:
        refused = Save(_storable(given.answer), given.epoch, given.seq)
        return Decision(asked, refused, Outcome.BAD_ANSWER)
    accepted = Save(answer, given.epoch, given.seq)
    return Decision(asked, accepted, outcome(accepted, asked.stored, is_open=is_open, epoch=epoch))


def _accept(asked: Asked, raw: Any) -> Any:
    """The answer in its one spelling; None clears. Raises BadAnswer for what the question cannot have."""
    if raw is None:
        return None
    if _storable(raw) is not raw:
        raise BadAnswer
    return asking.accept(asked.question, asked.order, raw)


def answer_of(decided: Decision, now: datetime) -> Saved:
    """What the member hears. Raises the refusal that the outcome stands for."""
    if decided.outcome not in ACCEPTED:
        raise refusal(decided)
    stored = decided.asked.stored
    if decided.outcome is Outcome.SAVED or stored is None:
        stored = Stored(decided.save.answer, decided.save.epoch, decided.save.seq, now)
    return Saved(decided.asked.position, decided.outcome, stored)


def refusal(decided: Decision) -> Refused:
    """The error of a save that was not accepted."""
    if decided.outcome is Outcome.BAD_ANSWER:
        return Unprocessable("bad_answer", position=decided.asked.position)
    return Conflict(decided.outcome.value, position=decided.asked.position)


def head_of(row: Row[Any]) -> Head:
    """The journal's end as the row shows it."""
    return Head(row.head_n or 0, row.head_digest or journal.FIRST)


def stored_of(row: Row[Any]) -> Stored | None:
    """What counts for the row's position at the moment."""
    if row.stored_n is None:
        return None
    return Stored(row.stored_answer, row.stored_epoch, row.stored_seq, row.stored_at)


def _storable(value: Any) -> Any:
    """The value, or its ASCII spelling when a database could not hold it (NUL, half a surrogate pair)."""
    text = dump_json(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return ascii(value)
    return ascii(value) if _NUL in text.replace(r"\\", "") else value
