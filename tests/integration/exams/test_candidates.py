"""The questions that banks offer are read outside the write turn, once for each version of the banks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from studyhub.db.database import BeginAgain, Database
from studyhub.exams import papers
from studyhub.questions.models import Bank
from tests.factories import exams


@pytest.fixture
def banks(database: Database, now: datetime) -> list[str]:
    with database.write() as session:
        exams.bank(session, "bank", exams.singles(4), now)
        exams.bank(session, "other", exams.singles(3), now)
    database.memory.clear()
    return ["other", "bank"]


def names(database: Database, banks: list[str]) -> list[str]:
    with database.read() as session:
        return [str(each.ref) for each in papers.candidates(session, banks)]


def test_a_writer_that_lacks_them_begins_again_after_they_were_read(
    database: Database, banks: list[str], count_statements: Callable[[], Any]
) -> None:
    with pytest.raises(BeginAgain) as missing, database.write(can_begin_again=True) as session:
        papers.candidates(session, banks)
    with database.read() as session:
        missing.value.prepare(session)
    with count_statements() as seen, database.write(can_begin_again=True) as session:
        assert len(papers.candidates(session, banks)) == 7
    assert len([text for text in seen.texts if "question_revision" in text]) == 0


def test_they_stand_in_the_order_of_the_banks_that_were_asked_for(
    database: Database, banks: list[str]
) -> None:
    assert names(database, banks) == [f"other/q{n}" for n in range(3)] + [f"bank/q{n}" for n in range(4)]
    assert names(database, banks[::-1]) == [f"bank/q{n}" for n in range(4)] + [
        f"other/q{n}" for n in range(3)
    ]


def test_a_bank_that_has_changed_is_read_anew(
    database: Database, banks: list[str], count_statements: Callable[[], Any]
) -> None:
    names(database, banks)
    with database.write() as session:
        session.execute(update(Bank).where(Bank.slug == "bank").values(version=2))
    with count_statements() as seen:
        names(database, banks)
        names(database, banks)
    assert len([text for text in seen.texts if "question_revision" in text]) == 1
