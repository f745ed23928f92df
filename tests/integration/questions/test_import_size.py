"""What an import costs the database follows the number of its questions, not its square."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from sqlalchemy import text

from studyhub.db.database import Database
from studyhub.questions import importing
from tests.conftest import Statements
from tests.factories.questions import file_text, import_bank, singles

FEW, MANY = 165, 2_000
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
READS = text("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'question'")


def bank(slug: str, questions: int) -> str:
    return file_text(slug, singles([f"q{number}" for number in range(questions)]))


def whole_reads(database: Database) -> int:
    """How often PostgreSQL has read the table of questions from one end to the other."""
    with database.read() as session:
        session.execute(text("SELECT pg_stat_force_next_flush()"))
    with database.read() as session:
        return int(session.execute(READS).scalar_one())


def analyse(database: Database) -> None:
    """As the server does by itself a minute after the first banks came in."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE question"))


def reads_of_a_large_import(database: Database, now: datetime) -> int:
    """Of one that follows a small one on the same connection: its checks of foreign keys have their plan."""
    import_bank(database, bank("small", FEW), now)
    analyse(database)
    import_bank(database, bank("small-too", FEW), now)
    before = whole_reads(database)
    import_bank(database, bank("large", MANY), now)
    return whole_reads(database) - before


@on_postgresql
def test_no_question_is_looked_for_among_all_that_came_before_it(database: Database, now: datetime) -> None:
    assert reads_of_a_large_import(database, now) < MANY // 2


@on_postgresql
def test_with_the_plan_of_a_small_table_each_question_would_be(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "plan_by_size", lambda session: None)
    assert reads_of_a_large_import(database, now) >= MANY


def test_an_import_sends_fewer_statements_than_it_has_questions(
    database: Database, now: datetime, count_statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    # However slow the machine is: then its parts are small, and ten questions share their statements.
    with count_statements() as statements:
        import_bank(database, bank("large", MANY), now)
    assert len(statements) < MANY
