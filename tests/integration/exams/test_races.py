"""What is acknowledged is marked, whoever comes first: real threads on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from studyhub.db.database import Database
from studyhub.db.direct import Direct
from studyhub.exams import jobs, operations
from studyhub.exams.attempts import answering, closing, starting, statements
from studyhub.exams.journal import Outcome
from studyhub.exams.models import AnswerJournal, Attempt, Exam, Mark
from studyhub.exams.saving import Place, Save
from studyhub.exams.states import AttemptState, ExamState
from studyhub.kernel.errors import Refused
from studyhub.organization.actor import SYSTEM
from studyhub.tasks.context import WorkContext
from tests.factories import exams

from .conftest import Hall

Start = Callable[[], int]


@pytest.fixture
def begin(database: Database, hall: Hall, now: datetime) -> Start:
    def start() -> int:
        with database.write() as session:
            return starting.start(session, hall.member, "quiz", seed=7, now=now).attempt_id

    return start


def acknowledged(database: Database, hall: Hall, attempt_id: int, position: int, now: datetime) -> bool:
    """Save, and say whether the member was told that it is saved."""
    with database.write() as session:
        try:
            saved = answering.save(
                session, hall.member, Place(attempt_id, position), Save("A", 1, 1), now=now
            )
        except Refused:
            return False
    return saved.outcome is Outcome.SAVED


def hand_in(database: Database, hall: Hall, attempt_id: int, now: datetime) -> None:
    with database.write() as session:
        closing.submit(session, hall.member, attempt_id, now=now)


def is_marked(database: Database, attempt_id: int, position: int) -> bool:
    """Whether the mark of the position is of an answer, not of nothing."""
    with database.read() as session:
        return (
            session.scalar(
                select(Mark.answer_n).where(Mark.attempt_id == attempt_id, Mark.position == position)
            )
            is not None
        )


def lost_when_the_submit_comes_between(
    database: Database,
    hall: Hall,
    attempt_id: int,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    patience_s: float,
) -> bool:
    """Hold a save up between its reading and its writing while a submit tries to pass. Was it lost?"""
    has_read, submitted = threading.Event(), threading.Event()
    insert = statements.journal_insert

    def late(session: Any) -> Any:
        has_read.set()
        submitted.wait(patience_s)
        return insert(session)

    monkeypatch.setattr(statements, "journal_insert", late)

    def submit() -> None:
        hand_in(database, hall, attempt_id, now)
        submitted.set()

    with ThreadPoolExecutor(2) as pool:
        saving = pool.submit(acknowledged, database, hall, attempt_id, 1, now)
        assert has_read.wait(20)
        pool.submit(submit).result(timeout=40)
        told = saving.result(timeout=40)
    return told and not is_marked(database, attempt_id, 1)


def test_a_submit_waits_for_the_save_that_came_before_it(
    database: Database, hall: Hall, now: datetime, begin: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not lost_when_the_submit_comes_between(database, hall, begin(), now, monkeypatch, 0.7)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_its_lock_the_acknowledged_answer_would_be_lost(
    database: Database, hall: Hall, now: datetime, begin: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: this suite sees the fault that the lock closes. SQLite's one writer closes it anyway."""
    monkeypatch.setattr(statements, "ARRIVAL", Direct(statements._ARRIVAL))
    assert lost_when_the_submit_comes_between(database, hall, begin(), now, monkeypatch, 20)


def test_of_many_saves_that_race_two_submits_none_is_acknowledged_and_unmarked(
    database: Database, hall: Hall, now: datetime
) -> None:
    with database.write() as session:
        exams.exam(session, now, exam="open", attempts="unlimited")
    lost = []
    for seed in range(12):
        with database.write() as session:
            attempt_id = starting.start(session, hall.member, "open", seed=seed, now=now).attempt_id
        gate = threading.Barrier(4)

        def race(
            work: Callable[..., Any],
            *given: Any,
            gate: threading.Barrier = gate,
            attempt_id: int = attempt_id,
        ) -> Any:
            gate.wait()
            return work(database, hall, attempt_id, *given, now)

        with ThreadPoolExecutor(4) as pool:
            saves = [pool.submit(race, acknowledged, position) for position in (1, 2)]
            for submit in [pool.submit(race, hand_in) for _ in range(2)]:
                submit.result(timeout=20)
            told = [saved.result(timeout=20) for saved in saves]
        lost += [
            (attempt_id, position)
            for position, was_told in zip((1, 2), told, strict=True)
            if was_told and not is_marked(database, attempt_id, position)
        ]
    assert lost == []


def test_saves_of_one_attempt_at_once_all_find_their_place_in_the_journal(
    database: Database, hall: Hall, now: datetime, begin: Start
) -> None:
    attempt_id = begin()
    with ThreadPoolExecutor(5) as pool:
        told = list(
            pool.map(lambda position: acknowledged(database, hall, attempt_id, position, now), range(1, 6))
        )
    assert told == [True] * 5
    with database.read() as session:
        numbers = session.scalars(select(AnswerJournal.n).order_by(AnswerJournal.n)).all()
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_two_submits_at_once_mark_once(database: Database, hall: Hall, now: datetime, begin: Start) -> None:
    attempt_id = begin()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: hand_in(database, hall, attempt_id, now), range(4)))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 5


def test_two_starts_at_once_open_one_attempt(database: Database, hall: Hall, now: datetime) -> None:
    def start(seed: int) -> starting.Started:
        with database.write() as session:
            return starting.start(session, hall.member, "quiz", seed=seed, now=now)

    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(start, range(4)))
    assert len({each.attempt_id for each in started}) == 1
    assert sum(each.created for each in started) == 1


def test_the_ticker_closes_each_expired_attempt_and_a_broken_one_stops_no_other(
    database: Database,
    hall: Hall,
    now: datetime,
    begin: Start,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = begin()
    with database.write() as session:
        fine = starting.start(session, hall.other, "quiz", seed=1, now=now).attempt_id
    close = closing.close_expired

    def failing(session: Any, attempt_id: int, *, now: datetime) -> bool:
        if attempt_id == broken:
            raise RuntimeError("planted")
        return close(session, attempt_id, now=now)

    monkeypatch.setattr(closing, "close_expired", failing)
    context = WorkContext(settings, database, clock=lambda: now + timedelta(days=400))
    jobs.close_expired(context)
    assert states(database) == {broken: AttemptState.OPEN, fine: AttemptState.MARKED}
    monkeypatch.setattr(closing, "close_expired", close)
    jobs.close_expired(context)
    jobs.close_expired(context)
    assert set(states(database).values()) == {AttemptState.MARKED}


def states(database: Database) -> dict[int, AttemptState]:
    with database.read() as session:
        return {row.id: row.state for row in session.execute(select(Attempt.id, Attempt.state))}


def test_of_two_changes_of_an_exam_at_once_the_later_one_builds_on_the_other(
    database: Database, hall: Hall, now: datetime
) -> None:
    """One gives it another title while the other withdraws it: both hold afterwards."""
    is_written, waits = threading.Event(), threading.Event()

    def retitle() -> None:
        with database.write() as session:
            exams.exam(session, now, title="新的标题")
            is_written.set()
            waits.wait(0.5)

    def withdraw() -> None:
        assert is_written.wait(20)
        with database.write() as session:
            operations.withdraw(session, SYSTEM, "quiz", now=now)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(retitle), pool.submit(withdraw)]:
            done.result(timeout=20)
    with database.read() as session:
        exam = session.scalars(select(Exam)).one()
        assert (exam.title, exam.state, exam.revision) == ("新的标题", ExamState.DRAFT, 3)
