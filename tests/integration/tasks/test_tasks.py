"""Long work is claimed once, shows how far it is, and always ends in a state that can be read."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.kernel.errors import BadRequest, NotFound
from studyhub.tasks import operations, queries, running
from studyhub.tasks.context import Job, WorkContext
from studyhub.tasks.models import Task, TaskState
from studyhub.tasks.running import run_task
from studyhub.tasks.ticker import Ticker
from tests.conftest import SettableClock


@pytest.fixture
def context(settings: Settings, database: Database, clock: SettableClock) -> WorkContext:
    return WorkContext(settings=settings, database=database, clock=clock)


def _queue(context: WorkContext, how_many: int = 1) -> list[int]:
    with context.write() as session:
        return [
            operations.enqueue(session, "test", {"n": n}, created_by=None, now=context.clock()).id
            for n in range(how_many)
        ]


def _claimed(context: WorkContext) -> int:
    _queue(context)
    with context.write() as session:
        task = operations.claim(session, context.clock())
        assert task is not None
        return task.id


def _task(context: WorkContext, task_id: int) -> Task:
    with context.read() as session:
        return queries.task(session, task_id, seen_by=None)


def test_each_task_is_claimed_exactly_once(context: WorkContext) -> None:
    queued = _queue(context, 20)

    def claim_all(_: int) -> list[int]:
        claimed = []
        while True:
            with context.write() as session:
                task = operations.claim(session, context.clock())
            if task is None:
                return claimed
            claimed.append(task.id)

    with ThreadPoolExecutor(4) as pool:
        claims = [task for claimed in pool.map(claim_all, range(4)) for task in claimed]
    assert sorted(claims) == queued


def test_a_job_runs_once_in_its_slot_however_many_tickers_there_are(context: WorkContext) -> None:
    runs: list[int] = []
    job = Job("sweep", 10, lambda _: runs.append(1))
    tickers = [Ticker(context, [job]) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda ticker: ticker.run_job(job), tickers))
    assert len(runs) == 1


def test_a_job_runs_again_in_the_next_slot_even_after_it_failed(
    context: WorkContext, clock: SettableClock
) -> None:
    runs: list[int] = []

    def fail(_: WorkContext) -> None:
        runs.append(1)
        raise ValueError("a bug")

    job = Job("sweep", 10, fail)
    assert Ticker(context, [job]).run_job(job) is False
    assert Ticker(context, [job]).run_job(job) is False
    clock.advance(seconds=10)
    Ticker(context, [job]).run_job(job)
    assert len(runs) == 2


def test_the_result_is_kept_with_the_progress(context: WorkContext) -> None:
    task_id = _claimed(context)

    def work(running: WorkContext) -> dict[str, Any]:
        running.progress(3, 4)
        return {"answer": 42}

    assert run_task(context, task_id, work)
    task = _task(context, task_id)
    assert (task.state, task.result, task.done, task.total) == (TaskState.DONE, {"answer": 42}, 3, 4)


def test_a_refusal_is_the_tasks_failure_with_its_parameters(context: WorkContext) -> None:
    task_id = _claimed(context)

    def refuse(_: WorkContext) -> dict[str, Any]:
        raise BadRequest("plan_stale", bank="cyber")

    assert not run_task(context, task_id, refuse)
    assert _task(context, task_id).failure == {"code": "plan_stale", "bank": "cyber"}


def test_a_crash_is_recorded_and_not_swallowed(context: WorkContext) -> None:
    task_id = _claimed(context)

    def crash(_: WorkContext) -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_task(context, task_id, crash)
    assert _task(context, task_id).failure == {"code": "task_crashed"}


def test_a_busy_database_ends_neither_the_work_nor_its_signs_of_life(
    context: WorkContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BEAT_S", 0.02)
    address = context.database.url.render_as_string(hide_password=False)
    impatient = replace(context, database=Database(address, lock_timeout_s=0.05))
    task_id = _claimed(context)

    def work(under_way: WorkContext) -> dict[str, Any]:
        with context.write() as session:  # whoever reports meanwhile is told that the database is busy
            operations.report(session, task_id, 0, None, context.clock())
            under_way.progress(3, 4)
            time.sleep(0.3)
        for _ in range(1500):
            if _task(context, task_id).done == 3:
                return {}
            time.sleep(0.02)
        raise AssertionError("no sign of life came after the database was free again")

    assert run_task(impatient, task_id, work)
    impatient.database.dispose()


def test_work_that_is_done_is_done_even_if_the_database_was_busy_at_its_end(context: WorkContext) -> None:
    address = context.database.url.render_as_string(hide_password=False)
    impatient = replace(context, database=Database(address, lock_timeout_s=0.05))
    task_id = _claimed(context)
    is_busy = threading.Event()

    def somebody_else() -> None:
        with context.write() as session:
            operations.report(session, task_id, 0, None, context.clock())
            is_busy.set()
            time.sleep(0.8)

    other = threading.Thread(target=somebody_else)

    def work(under_way: WorkContext) -> dict[str, Any]:
        other.start()
        is_busy.wait()
        return {"made": 1}

    assert run_task(impatient, task_id, work)
    other.join()
    assert _task(context, task_id).result == {"made": 1}
    impatient.database.dispose()


def test_a_task_whose_process_died_is_given_up_and_not_finished_later(
    context: WorkContext, clock: SettableClock
) -> None:
    task_id = _claimed(context)
    clock.now += operations.LOST_AFTER + timedelta(seconds=1)
    with context.write() as session:
        assert operations.give_up_lost(session, clock()) == [task_id]
    with context.write() as session:
        assert operations.finish(session, task_id, {}, clock()) is False
    assert _task(context, task_id).failure == {"code": "task_lost"}


def test_a_member_sees_only_the_tasks_they_started(context: WorkContext) -> None:
    task_id = _claimed(context)
    with context.read() as session, pytest.raises(NotFound):
        queries.task(session, task_id, seen_by=7)
