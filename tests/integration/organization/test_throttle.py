"""However they are sent, no more wrong passwords get an answer than the throttle allows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.kernel.errors import NotSignedIn, TooMany
from studyhub.organization.actor import SYSTEM
from studyhub.organization.models import AuditEntry, Member, Throttle
from studyhub.organization.sign_in import entering, operations, throttling
from studyhub.organization.sign_in.entering import Attempt
from tests.factories import organization as make
from tests.factories.organization import PASSWORD
from tests.overtaking import overtaken

PHONE = "13800138000"
LIMIT = throttling.HERE.failures


@pytest.fixture(autouse=True)
def li(database: Database, now: datetime) -> None:
    with database.write() as session:
        make.member(session, "li", make.branch(session, "home", now), now, phone=PHONE)


def knock(database: Database, who: str, password: str, now: datetime, address: str = "10.0.0.1") -> str:
    """What the door answers."""
    try:
        entering.enter(database, Attempt(who, password, address, "test"), now)
    except NotSignedIn:
        return "wrong"
    except TooMany:
        return "wait"
    return "in"


def tally(database: Database, prefix: str) -> list[int]:
    with database.read() as session:
        counted = select(Throttle.failures).where(Throttle.key.startswith(f"{prefix}:"))
        return list(session.execute(counted).scalars())


def test_tries_at_the_same_time_get_no_more_answers_than_one_by_one(
    database: Database, now: datetime
) -> None:
    together = Barrier(16)

    def one(number: int) -> str:
        together.wait()
        return knock(database, PHONE if number % 2 else "li", "not this one", now)

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(one, range(16)))
    assert answers.count("wrong") == LIMIT
    assert answers.count("wait") == 16 - LIMIT
    with database.read() as session:
        throttled = select(AuditEntry.id).where(AuditEntry.act == "sign_in_throttled")
        assert len(session.execute(throttled).all()) == 1


def test_number_and_phone_of_one_account_count_together(database: Database, now: datetime) -> None:
    answers = [knock(database, who, "wrong", now) for who in ("li", PHONE) * LIMIT]
    assert answers.count("wrong") == LIMIT
    assert knock(database, PHONE, PASSWORD, now) == "wait"


def test_the_right_password_counts_against_nobody(database: Database, now: datetime) -> None:
    for _ in range(LIMIT - 1):
        knock(database, "li", "wrong", now)
    assert knock(database, PHONE, PASSWORD, now) == "in"
    assert tally(database, "here") == []
    assert tally(database, "account") == tally(database, "address") == [LIMIT - 1]
    assert all(knock(database, "li", PASSWORD, now) == "in" for _ in range(LIMIT + 1))
    assert tally(database, "account") == tally(database, "address") == [LIMIT - 1]


def test_whoever_tries_somebody_elses_account_locks_nobody_out_but_themselves(
    database: Database, now: datetime
) -> None:
    for minute in range(0, 60, 5):
        later = now + timedelta(minutes=minute)
        answers = [knock(database, "li", "wrong", later) for _ in range(LIMIT + 2)]
        assert answers == ["wrong"] * LIMIT + ["wait"] * 2
        assert knock(database, "li", PASSWORD, later) == "wait"
        assert knock(database, PHONE, PASSWORD, later, "10.0.0.2") == "in"


def test_an_account_tried_from_everywhere_waits_and_a_slip_opens_it(
    database: Database, now: datetime
) -> None:
    most = throttling.ACCOUNT.failures
    answers = [knock(database, "li", "wrong", now, f"10.0.{n // 5}.1") for n in range(most + 5)]
    assert answers == ["wrong"] * most + ["wait"] * 5
    assert knock(database, "li", PASSWORD, now, "10.1.0.1") == "wait"
    with database.write() as session:
        member_id = session.execute(select(Member.id).where(Member.member_no == "li")).scalar_one()
        code = operations.make_code(session, SYSTEM, member_id, now)
    found = entering.look_at_code(database, code, "10.1.0.1", now)
    entering.activate(database, found, "tidy green harbour", Attempt("li", "", "10.1.0.1", "test"), now)
    assert knock(database, "li", "tidy green harbour", now, "10.1.0.1") == "in"


def test_choosing_a_password_with_a_slip_leaves_the_failures_of_others_at_the_address(
    database: Database, now: datetime
) -> None:
    for number in range(3):
        knock(database, f"nobody-{number}", "wrong", now)
    with database.write() as session:
        member_id = session.execute(select(Member.id).where(Member.member_no == "li")).scalar_one()
        code = operations.make_code(session, SYSTEM, member_id, now)
    found = entering.look_at_code(database, code, "10.0.0.1", now)
    entering.activate(database, found, "tidy green harbour", Attempt("li", "", "10.0.0.1", "test"), now)
    assert tally(database, "address") == [3]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_signs_in_twice_at_once_is_let_in_twice(database: Database, now: datetime) -> None:
    """The counts are locked in one order: crosswise, one of the two was told that the site is busy."""
    with overtaken(database, "UPDATE throttle ", lambda: knock(database, "li", PASSWORD, now)) as other:
        assert knock(database, "li", PASSWORD, now) == "in"
    assert other.refused == ""
