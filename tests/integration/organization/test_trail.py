"""What was done stays on record as it was, or it shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM
from studyhub.organization.audit import Act, record
from studyhub.organization.jobs import seal_trail
from studyhub.organization.operating.doctor import Patient, State, examine
from studyhub.organization.trail import sealing
from studyhub.organization.trail.anchor import NAME, read_anchor
from studyhub.organization.trail.chain import Break, chain_key
from studyhub.organization.trail.verification import Verification, verify
from studyhub.tasks.context import WorkContext
from tests.conftest import SettableClock

Check = Callable[[], Verification]


@pytest.fixture
def context(settings: Settings, database: Database, clock: SettableClock) -> WorkContext:
    return WorkContext(settings, database, clock)


@pytest.fixture
def check(context: WorkContext) -> Check:
    def checking() -> Verification:
        with context.read() as session:
            anchor = read_anchor(context.settings.data_dir)
            return verify(session, chain_key(context.settings.secret_key), anchor, context.clock())

    return checking


@pytest.fixture
def sealed(context: WorkContext, now: datetime) -> None:
    """Ten sealed entries."""
    for number in range(10):
        with context.write() as session:
            record(session, SYSTEM, Act.SIGNED_IN, f"member:{number}", {"n": number, "名": "李"}, now=now)
    seal_trail(context)


def tamper(database: Database, statement: str) -> None:
    """Change the tables as somebody with the database's password can."""
    with database.write() as session:
        for part in statement.split(";"):
            session.execute(text(part))


def test_an_untouched_trail_is_whole(sealed: None, check: Check) -> None:
    found = check()
    assert (found.whole, found.sealed, found.waiting, found.overdue) == (True, 10, 0, 0)


@pytest.mark.parametrize(
    ("statement", "how"),
    [
        ("UPDATE audit_entry SET subject = 'member:99' WHERE subject = 'member:3'", Break.ENTRY_CHANGED),
        ("UPDATE audit_entry SET detail = '{}' WHERE subject = 'member:3'", Break.ENTRY_CHANGED),
        ("UPDATE audit_entry SET act = 'signed_out' WHERE subject = 'member:0'", Break.ENTRY_CHANGED),
        ("DELETE FROM audit_seal WHERE sequence = 4", Break.SEAL_MISSING),
        (
            "UPDATE audit_seal SET digest = (SELECT digest FROM audit_seal LIMIT 1) WHERE sequence = 5",
            Break.ENTRY_CHANGED,
        ),
        ("DELETE FROM audit_seal WHERE sequence > 7", Break.SEALS_CUT_OFF),
        ("DELETE FROM audit_seal;DELETE FROM audit_entry", Break.SEALS_CUT_OFF),
    ],
)
def test_whatever_is_changed_turns_the_check_red(
    sealed: None, check: Check, database: Database, statement: str, how: Break
) -> None:
    tamper(database, statement)
    found = check()
    assert not found.whole
    assert found.broken is not None
    assert found.broken.how is how


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_seal;UPDATE audit_entry SET subject = 'member:99' WHERE subject = 'member:3'",
        "DELETE FROM audit_seal WHERE sequence > 7;DELETE FROM audit_entry WHERE subject = 'member:8'",
    ],
)
def test_sealing_anew_what_was_rewritten_does_not_make_it_good(
    sealed: None, context: WorkContext, check: Check, database: Database, statement: str
) -> None:
    tamper(database, statement)
    for number in range(5):  # the chain grows past where it was
        with context.write() as session:
            record(session, SYSTEM, Act.SIGNED_IN, f"member:new-{number}", now=context.clock())
        seal_trail(context)
        found = check()
        assert found.broken is not None
        assert found.broken.how is Break.SEALS_CUT_OFF
    states = {one.check: one.state for one in examine(Patient(context.settings, database, context.clock()))}
    assert (states["chain"], states["seals"]) == (State.ERROR, State.OK)


def test_an_entry_slipped_in_far_back_is_an_alarm_when_all_is_checked(
    sealed: None, check: Check, database: Database, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LOOK_BACK", 2)
    tamper(
        database,
        "INSERT INTO audit_entry (id, at, act, subject, detail)"
        " SELECT -1, at, act, 'member:forged', detail FROM audit_entry WHERE subject = 'member:3'",
    )
    clock.advance(minutes=2)
    assert (check().waiting, check().overdue) == (1, 1)


def test_an_entry_cannot_be_deleted_from_under_its_seal(sealed: None, database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        tamper(database, "DELETE FROM audit_entry WHERE subject = 'member:3'")


def test_entries_written_out_of_order_are_sealed_all_the_same(
    context: WorkContext, database: Database, now: datetime, check: Check
) -> None:
    with database.write() as session:
        record(session, SYSTEM, Act.SIGNED_IN, "member:a", now=now)
    with database.write() as session:
        # What a slow transaction on PostgreSQL does: its lower id appears after higher ones were sealed.
        session.execute(text("UPDATE audit_entry SET id = id + 50"))
    seal_trail(context)
    with database.write() as session:
        low = session.execute(text("SELECT min(id) - 10 FROM audit_entry")).scalar_one()
        session.execute(
            text(
                "INSERT INTO audit_entry (id, at, act, subject, detail)"
                " SELECT :low, at, act, 'late', detail FROM audit_entry"
            ),
            {"low": low},
        )
    seal_trail(context)
    assert (check().sealed, check().whole) == (2, True)


def test_whoever_seals_beside_the_ticker_waits_for_it(
    context: WorkContext, database: Database, check: Check
) -> None:
    for number in range(3):
        with database.write() as session:
            record(session, SYSTEM, Act.SIGNED_IN, f"member:{number}", now=context.clock())
    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            assert sealing.seal_batch(session, chain_key(context.settings.secret_key), context.clock()) == 3
            beside = pool.submit(seal_trail, context)
            time.sleep(0.3)
        beside.result(timeout=20)
    assert (check().sealed, check().whole) == (3, True)


def test_an_entry_that_waits_for_its_seal_longer_than_a_minute_is_an_alarm(
    context: WorkContext, database: Database, clock: SettableClock
) -> None:
    with database.write() as session:
        record(session, SYSTEM, Act.SIGNED_IN, "member:a", now=clock.now)
    clock.advance(seconds=59)
    with database.read() as session:
        assert sealing.overdue(session, clock.now) == 0
    clock.advance(seconds=2)
    with database.read() as session:
        assert sealing.overdue(session, clock.now) == 1
    seal_trail(context)
    with database.read() as session:
        assert sealing.overdue(session, clock.now) == 0


def test_a_long_backlog_is_sealed_in_one_go(
    context: WorkContext, database: Database, now: datetime, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    for number in range(10):
        with database.write() as session:
            record(session, SYSTEM, Act.SIGNED_IN, f"member:{number}", now=now + timedelta(seconds=number))
    seal_trail(context)
    assert (check().sealed, check().waiting) == (10, 0)


def test_an_unreadable_anchor_is_no_excuse(sealed: None, check: Check, settings: Settings) -> None:
    Path(settings.data_dir / NAME).write_text("{")
    found = check()
    assert found.broken is not None
    assert found.broken.how is Break.SEALS_CUT_OFF
