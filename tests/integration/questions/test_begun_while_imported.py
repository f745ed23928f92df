"""A bank is begun on the desk while a file of that name is on its way in, or after such an import died."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.questions import importing, queries
from studyhub.questions.beginning import operations
from tests.factories.questions import doors, file_text, plan, singles
from tests.overtaking import overtaken

from .test_import import Broken, failing_after

HEAD = {"bank": "cyber", "title": "网络安全", "language": "zh", "level": "internal"}
FILE = file_text("cyber", singles(["q1", "q2", "q3"]))


def questions(database: Database) -> list[str]:
    with database.read() as session:
        bank = queries.whole_bank(session, "cyber")
    return [question.id for question in bank.questions] if bank else []


def test_a_bank_is_not_begun_while_its_file_is_imported(database: Database, now: datetime) -> None:
    seen: list[list[str]] = []

    def meanwhile(done: int, total: int) -> None:
        with pytest.raises(Conflict, match="import_running"):
            operations.begin(doors(database, now), HEAD)
        seen.append(questions(database))

    importing.apply(doors(database, now), [plan(database, FILE, now)], meanwhile)
    assert {tuple(each) for each in seen} == {()}
    assert questions(database) == ["q1", "q2", "q3"]


def test_a_bank_begins_without_what_an_import_that_died_left(database: Database, now: datetime) -> None:
    with pytest.raises(Broken):
        importing.apply(failing_after(database, now, 3), [plan(database, FILE, now)])
    operations.begin(doors(database, now + timedelta(minutes=5)), HEAD)
    assert questions(database) == []


def test_of_two_who_begin_a_bank_the_second_is_told(database: Database, now: datetime) -> None:
    operations.begin(doors(database, now), HEAD)
    with pytest.raises(Conflict, match="bank_taken"):
        operations.begin(doors(database, now), HEAD)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_who_begin_a_bank_at_once_the_second_is_told_the_same(
    database: Database, now: datetime
) -> None:
    def begin() -> None:
        operations.begin(doors(database, now), HEAD)

    with overtaken(database, "INSERT INTO bank_plan ", begin), pytest.raises(Conflict, match="bank_taken"):
        begin()
