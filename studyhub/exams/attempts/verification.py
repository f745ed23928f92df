"""Whether the answer journals are whole: every row chained to the one before, and no end cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.exams.journal import Entry, first_break
from studyhub.exams.models import AnswerJournal, Attempt

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class BrokenJournal:
    """An attempt whose journal is not whole, and the row from which it is not."""

    attempt_id: int
    row: int


def broken_journals(session: Session) -> list[BrokenJournal]:
    """Every attempt whose journal was changed, shortened or reordered. Reads the whole journal."""
    broken = [
        BrokenJournal(attempt_id, row)
        for attempt_id, rows in groupby(_rows(session), key=lambda row: row.attempt_id)
        if (row := first_break((_entry(each), each.digest) for each in rows)) is not None
    ]
    known = {each.attempt_id for each in broken}
    return broken + [each for each in _cut_off(session) if each.attempt_id not in known]


def _rows(session: Session) -> Iterator[AnswerJournal]:
    ordered = select(AnswerJournal).order_by(AnswerJournal.attempt_id, AnswerJournal.n)
    for row in session.scalars(ordered.execution_options(yield_per=AT_ONCE)):
        session.expunge(row)
        yield row


def _entry(row: AnswerJournal) -> Entry:
    return Entry(row.attempt_id, row.n, row.position, row.epoch, row.seq, row.answer, row.outcome, row.at)


def _cut_off(session: Session) -> Iterator[BrokenJournal]:
    """Closed attempts whose last row, noted when they were closed, is gone or another one."""
    last = (AnswerJournal.attempt_id == Attempt.id) & (AnswerJournal.n == Attempt.journal_length)
    noted = (
        select(
            Attempt.id, func.coalesce(Attempt.journal_length, 0), Attempt.journal_digest, AnswerJournal.digest
        )
        .outerjoin(AnswerJournal, last)
        .where(Attempt.journal_length > 0)
    )
    for attempt_id, length, digest, found in session.execute(noted):
        if found != digest:
            yield BrokenJournal(attempt_id, length)
