"""However they are sent, no more wrong passwords get an answer than the throttle allows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.kernel.errors import NotSignedIn, TooMany
from studyhub.organization.models import AuditEntry, Throttle
from studyhub.organization.sign_in import entering, throttling
from studyhub.organization.sign_in.entering import Attempt
from tests.factories import organization as make
from tests.factories.organization import PASSWORD

PHONE = "13800138000"
LIMIT = throttling.ACCOUNT.failures


@pytest.fixture(autouse=True)
def li(database: Database, now: datetime) -> None:
    with database.write() as session:
        make.member(session, "li", make.branch(session, "home", now), now, phone=PHONE)


def knock(database: Database, who: str, password: str, now: datetime) -> str:
    """What the door answers."""
    try:
        entering.enter(database, Attempt(who, password, "10.0.0.1", "test"), now)
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
    assert tally(database, "account") == []
    assert tally(database, "address") == [LIMIT - 1]
    assert all(knock(database, "li", PASSWORD, now) == "in" for _ in range(LIMIT + 1))
    assert tally(database, "address") == [LIMIT - 1]
