"""Each trap of design §4 that was measured: a test that shows it, and one that we do not fall in."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from studyhub.db import sqlite
from studyhub.db.database import Database
from studyhub.kernel.errors import Unavailable

THREADS, ROUNDS = 8, 25
LEADS_NOWHERE = (
    "INSERT INTO activation (code_digest, member_id, created_at, expires_at)"
    " VALUES ('x', 987654321, '2026-11-02', '2026-11-02')"
)


@pytest.fixture(autouse=True)
def _no_table_stays(database: Database) -> Iterator[None]:
    yield
    with database.write() as session:
        session.execute(text("DROP TABLE IF EXISTS counter"))


def _counter(database: Database) -> None:
    with database.write() as session:
        session.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (1, 0)"))


def _value(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(text("SELECT n FROM counter")).scalar_one())


def _together(work: Callable[[], None]) -> int:
    """Run the work THREADS × ROUNDS times; returns how many times it succeeded."""

    def several() -> int:
        succeeded = 0
        for _ in range(ROUNDS):
            try:
                work()
            except (OperationalError, sqlite3.OperationalError):
                continue
            succeeded += 1
        return succeeded

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(lambda _: several(), range(THREADS)))


def _increment(database: Database, lock: str = "") -> None:
    with database.write() as session:
        n = session.execute(text(f"SELECT n FROM counter WHERE id = 1 {lock}")).scalar_one()
        session.execute(text("UPDATE counter SET n = :n WHERE id = 1"), {"n": n + 1})


def test_no_committed_increment_is_lost(database: Database) -> None:
    _counter(database)
    lock = "" if database.is_sqlite else "FOR UPDATE"

    succeeded = _together(lambda: _increment(database, lock))

    assert succeeded == THREADS * ROUNDS
    assert _value(database) == succeeded


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_trap_a_deferred_begin_fails_when_another_wrote(database: Database) -> None:
    _counter(database)

    def deferred() -> None:
        with database._session(database._reader) as session:
            n = session.execute(text("SELECT n FROM counter")).scalar_one()
            time.sleep(0.001)
            session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
            session.commit()

    assert _together(deferred) < THREADS * ROUNDS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_write_transaction_has_the_database_from_its_beginning(database: Database) -> None:
    """Asked of SQLite by who knows nothing of our turns to write, which would hide a deferred BEGIN."""
    with closing(sqlite3.connect(database.url.database or "", timeout=0)) as other:
        other.isolation_level = None
        with database.read():
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with database.write() as session:
            session.connection()
            with pytest.raises(sqlite3.OperationalError, match="database is locked"):
                other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_trap_the_drivers_own_transactions_lose_updates(database: Database) -> None:
    _counter(database)
    careless = create_engine(database.url, connect_args={"timeout": 5})

    def increment() -> None:
        with careless.begin() as connection:
            n = connection.execute(text("SELECT n FROM counter")).scalar_one()
            time.sleep(0.001)
            connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    succeeded = _together(increment)
    careless.dispose()
    assert _value(database) < succeeded


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_connection_is_set_up(database: Database, pragma: str, value: object) -> None:
    with database.read() as reading, database.write() as writing:
        for session in (reading, writing):
            assert session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_waits_for_the_disk_unless_an_operator_decided_otherwise(database: Database) -> None:
    with database.write() as session:
        source = session.execute(
            text("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
        ).scalar_one()
    assert source != "client", "the application must never switch off synchronous_commit"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_trap_the_driver_by_itself_lets_foreign_keys_lead_nowhere(database: Database) -> None:
    with closing(sqlite3.connect(database.url.database or "")) as careless:
        careless.execute(LEADS_NOWHERE)
        careless.commit()
        assert careless.execute("SELECT member_id FROM activation").fetchall() == [(987654321,)]


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text(LEADS_NOWHERE))


def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    _counter(database)
    with pytest.raises(RuntimeError), database.write() as session:
        session.execute(text("UPDATE counter SET n = 5"))
        raise RuntimeError("in the middle")
    assert _value(database) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_whose_turn_does_not_come_is_told_to_try_again(database: Database) -> None:
    impatient = Database(str(database.url), lock_timeout_s=0.1)
    with database.write(), pytest.raises(Unavailable) as refusal, impatient.write():
        pytest.fail("two writers at once")
    assert refusal.value.retry_after_s > 0
    with impatient.write() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    impatient.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_turn_given_up_is_not_kept_by_the_waiting_thread(database: Database) -> None:
    impatient = Database(str(database.url), lock_timeout_s=0.05)
    with database.write():
        for _ in range(3):
            with pytest.raises(Unavailable), impatient.write():
                pytest.fail("two writers at once")
    patient = sqlite.WriteTurn(database.url, timeout_s=2)
    for _ in range(3):
        with patient():
            assert threading.active_count() >= 1
    impatient.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_a_busy_answer_and_nothing_half_written(database: Database, tmp_path: Path) -> None:
    _counter(database)
    with database._session(database._writer) as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()

    def fill() -> None:
        with database.write() as session:
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            session.execute(text("UPDATE counter SET n = 1"))
            session.execute(text("CREATE TABLE big AS SELECT randomblob(5000000) AS b"))

    with pytest.raises(Unavailable):
        fill()
    assert _value(database) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_lock_that_is_not_freed_in_time_is_a_busy_answer(database: Database) -> None:
    _counter(database)
    impatient = Database(str(database.url.render_as_string(hide_password=False)), lock_timeout_s=0.1)
    with database.write() as holder:
        holder.execute(text("SELECT n FROM counter FOR UPDATE"))
        with pytest.raises(Unavailable):
            _increment(impatient, "FOR UPDATE")
    impatient.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_reads_keep_their_prepared_statements(database: Database) -> None:
    """psycopg forgets all of them on a ROLLBACK, which cost a quarter of the save's throughput."""
    for _ in range(6):
        with database.read() as session:
            session.execute(text("SELECT 1 + 1"))
    with database.read() as session:
        prepared = session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()
    assert prepared > 0
