"""Tasks run in processes of their own, and one that dies is told to whoever waits for it."""

from __future__ import annotations

import time

import pytest

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.tasks import operations, queries
from studyhub.tasks.context import WorkContext
from studyhub.tasks.models import Task, TaskState
from studyhub.tasks.ticker import Ticker

PATIENCE_S = 60


@pytest.fixture
def context(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> WorkContext:
    """The child reads the same settings from its environment."""
    monkeypatch.setenv("STUDYHUB_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STUDYHUB_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("STUDYHUB_SECRET_KEY", settings.secret_key)
    return WorkContext(settings=settings, database=database)


def started(context: WorkContext) -> tuple[Ticker, int]:
    """A ticker that has just started the one task that waited."""
    with context.write() as session:
        task_id = operations.enqueue(session, "verify_trail", {}, created_by=None, now=context.clock()).id
    ticker = Ticker(context, [])
    ticker.start_tasks()
    assert list(ticker._children) == [task_id]
    return ticker, task_id


def ended(context: WorkContext, task_id: int) -> Task:
    with context.read() as session:
        return queries.task(session, task_id, seen_by=None)


def test_a_task_runs_to_its_end_in_a_process_of_its_own_and_once(context: WorkContext) -> None:
    ticker, task_id = started(context)
    child = ticker._children[task_id]
    Ticker(context, []).start_tasks()  # another node's ticker finds nothing left to start
    assert child.wait(PATIENCE_S) == 0
    ticker.start_tasks()
    done = ended(context, task_id)
    assert (done.state, done.failure) == (TaskState.DONE, None)
    assert done.result is not None
    with context.read() as session:
        assert not queries.anything_open(session)


def test_a_task_whose_process_is_killed_has_failed_and_says_so(context: WorkContext) -> None:
    ticker, task_id = started(context)
    child = ticker._children[task_id]
    child.kill()
    assert child.wait(PATIENCE_S) != 0
    assert ended(context, task_id).state is TaskState.RUNNING
    ticker.start_tasks()
    dead = ended(context, task_id)
    assert (dead.state, dead.failure) == (TaskState.FAILED, {"code": "task_died"})
    assert ticker._children == {}


def test_no_more_than_two_run_at_a_time(context: WorkContext) -> None:
    with context.write() as session:
        for _ in range(3):
            operations.enqueue(session, "verify_trail", {}, created_by=None, now=context.clock())
    ticker = Ticker(context, [])
    ticker.start_tasks()
    assert len(ticker._children) == 2
    until = time.monotonic() + PATIENCE_S
    while ticker._children and time.monotonic() < until:
        ticker.start_tasks()
        assert len(ticker._children) <= 2
        for child in list(ticker._children.values()):
            child.wait(PATIENCE_S)
        with context.read() as session:
            if not queries.anything_open(session):
                break
    with context.read() as session:
        assert not queries.anything_open(session)
