"""Past its time an attempt is closed for every reader; nothing closes it before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams.attempts import closing, delivery, taking_over
from studyhub.exams.attempts.delivery import ClosedAttempt
from studyhub.exams.models import Attempt
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict
from tests.factories import exams

from .conftest import Hall
from .sitting import opened, start


def test_past_its_time_an_attempt_is_closed_for_every_reader_before_it_is_marked(
    database: Database, hall: Hall, now: datetime
) -> None:
    attempt_id = start(database, hall.member, now)
    late = now + timedelta(hours=1)
    with database.read() as session:
        found = delivery.attempt(session, hall.member, attempt_id, now=late)
    assert isinstance(found, ClosedAttempt)
    assert (found.state, found.score) == (AttemptState.SUBMITTED, None)


def test_nothing_closes_an_attempt_before_its_time(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    with database.write() as session:
        assert not closing.close_expired(session, attempt_id, now=now + timedelta(minutes=30, seconds=30))


def test_starting_again_closes_the_expired_attempt_first(
    database: Database, hall: Hall, now: datetime
) -> None:
    with database.write() as session:
        exams.exam(session, now, attempts=2)
    first = start(database, hall.member, now)
    second = start(database, hall.member, now + timedelta(hours=1))
    with database.read() as session:
        states = session.execute(select(Attempt.number, Attempt.state).order_by(Attempt.number)).all()
    assert second != first
    assert [tuple(row) for row in states] == [(1, AttemptState.MARKED), (2, AttemptState.OPEN)]


def test_taking_over_after_the_time_closes_the_attempt(database: Database, hall: Hall, now: datetime) -> None:
    attempt_id = start(database, hall.member, now)
    with database.write() as session, pytest.raises(Conflict, match="attempt_closed"):
        taking_over.take_over(session, hall.member, attempt_id, now=now + timedelta(hours=1))
    with database.read() as session:
        assert session.get_one(Attempt, attempt_id).state is AttemptState.MARKED


def test_extra_time_moves_the_deadline(database: Database, hall: Hall, now: datetime) -> None:
    with database.write() as session:
        exams.extra_time(session, "m1", 15, now)
    attempt_id = start(database, hall.member, now)
    assert opened(database, hall.member, attempt_id, now).deadline_at == now + timedelta(minutes=45)
