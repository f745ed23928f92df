"""The journal of the answers is a chain: what was changed in it, or cut off, is found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams.attempts.verification import BrokenJournal, broken_journals
from studyhub.exams.journal import Entry, first_break
from studyhub.exams.models import AnswerJournal, Attempt

from .conftest import Hall
from .sitting import journal, save, start, submit


def chain(database: Database, attempt_id: int) -> list[tuple[Entry, bytes]]:
    return [
        (
            Entry(row.attempt_id, row.n, row.position, row.epoch, row.seq, row.answer, row.outcome, row.at),
            row.digest,
        )
        for row in sorted(journal(database, attempt_id), key=lambda row: row.n)
    ]


def test_the_journal_of_an_attempt_is_a_chain_and_a_changed_row_is_found(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    for seq, letter in enumerate("ABC", start=1):
        save(database, hall.member, attempt_id, 1, letter, seq, now)
    assert first_break(chain(database, attempt_id)) is None
    with database.write() as session:
        row = session.get_one(AnswerJournal, (attempt_id, 2))
        row.answer = "D"
        session.flush()
    assert first_break(chain(database, attempt_id)) == 2


def test_a_journal_that_was_changed_or_cut_short_is_named(
    database: Database, hall: Hall, now: datetime
) -> None:
    for actor in (hall.member, hall.other, hall.leader):
        attempt_id = start(database, actor, now)
        for seq, letter in enumerate("ABC", start=1):
            save(database, actor, attempt_id, 1, letter, seq, now)
        submit(database, actor, attempt_id, now)
    with database.read() as session:
        assert broken_journals(session) == []
        changed, cut, _ = session.scalars(select(Attempt.id).order_by(Attempt.id)).all()
    with database.write() as session:
        session.get_one(AnswerJournal, (changed, 2)).answer = "D"
        session.delete(session.get_one(AnswerJournal, (cut, 3)))
        session.flush()
    with database.read() as session:
        assert broken_journals(session) == [BrokenJournal(changed, 2), BrokenJournal(cut, 3)]


def test_the_result_keeps_the_end_of_the_journal(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    save(database, hall.member, attempt_id, 1, "A", 1, now)
    submit(database, hall.member, attempt_id, now)
    last = journal(database, attempt_id)[-1]
    with database.read() as session:
        attempt = session.get_one(Attempt, attempt_id)
        assert (attempt.journal_length, attempt.journal_digest) == (last.n, last.digest)
