"""The ticker closes what ran out: all of it, however much there is, and whatever happens to one of them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.exams import jobs
from studyhub.exams.attempts import closing
from studyhub.exams.journal import Outcome
from studyhub.exams.models import Attempt, PaperQuestion
from studyhub.exams.states import AttemptState
from studyhub.organization.models import Branch
from studyhub.tasks.context import WorkContext
from tests.factories import exams, organization

from .conftest import Hall
from .sitting import save, start

MEMBERS = 7


@pytest.fixture
def backlog(database: Database, hall: Hall, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Seven attempts that have run out by `late`, more than two pages of a sweep."""
    monkeypatch.setattr(jobs, "AT_ONCE", 3)
    with database.write() as session:
        home = session.scalars(select(Branch).where(Branch.code == "home")).one()
        sitting = [organization.member(session, f"s{n}", home, now) for n in range(MEMBERS)]
        actors = [organization.actor(member, home) for member in sitting]
    return [start(database, actor, now) for actor in actors]


@pytest.fixture
def late(settings: Settings, database: Database, now: datetime) -> WorkContext:
    return WorkContext(settings, database, lambda: now + timedelta(hours=1))


def states(database: Database, attempts: list[int]) -> list[AttemptState]:
    with database.read() as session:
        rows = session.execute(select(Attempt.id, Attempt.state).where(Attempt.id.in_(attempts)))
        found = {row.id: row.state for row in rows}
    return [found[attempt_id] for attempt_id in attempts]


def test_one_sweep_works_off_the_whole_backlog(
    database: Database, backlog: list[int], late: WorkContext
) -> None:
    jobs.close_expired(late)
    assert states(database, backlog) == [AttemptState.MARKED] * MEMBERS


def test_a_page_full_of_attempts_that_cannot_be_closed_does_not_hold_up_the_younger_ones(
    database: Database, backlog: list[int], late: WorkContext
) -> None:
    """The fault is planted: three papers, a whole page, have lost their questions."""
    broken = backlog[:3]
    with database.write() as session:
        session.execute(delete(PaperQuestion).where(PaperQuestion.attempt_id.in_(broken)))
    jobs.close_expired(late)
    assert states(database, backlog) == [AttemptState.OPEN] * 3 + [AttemptState.MARKED] * (MEMBERS - 3)


def test_a_save_comes_in_between_two_attempts_of_a_sweep(
    database: Database,
    hall: Hall,
    now: datetime,
    backlog: list[int],
    late: WorkContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database.write() as session:
        exams.exam(session, now, exam="long", minutes=180)
    running = start(database, hall.member, now, slug="long")
    close, saved = closing.close_expired, threading.Event()
    open_when_saved: list[int] = []

    def save_now() -> None:
        assert save(database, hall.member, running, 1, "A", 1, late.clock()) is Outcome.SAVED
        open_when_saved.append(states(database, backlog).count(AttemptState.OPEN))
        saved.set()

    saving = threading.Thread(target=save_now)
    pages, look = iter(range(MEMBERS)), jobs._overdue

    def closing_one(session: object, attempt_id: int, *, now: datetime) -> bool:
        if attempt_id == backlog[0]:
            saving.start()
        return close(session, attempt_id, now=now)  # type: ignore[arg-type]

    def next_page(*arguments: Any) -> Any:
        if next(pages) == 1:  # between two attempts the save has its turn, however slow its thread is
            saved.wait(10)
        return look(*arguments)

    monkeypatch.setattr(closing, "close_expired", closing_one)
    monkeypatch.setattr(jobs, "_overdue", next_page)
    jobs.close_expired(late)
    saving.join(10)
    assert saved.is_set()
    assert states(database, backlog) == [AttemptState.MARKED] * MEMBERS
    assert open_when_saved[0] > 0, "the save did not wait for the end of the sweep"
