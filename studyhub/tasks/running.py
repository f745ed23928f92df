"""Runs one claimed task in this process, with a heartbeat, and records how it ended."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Refused, Unavailable
from studyhub.tasks import operations
from studyhub.tasks.context import TaskRunner, WorkContext

log = structlog.get_logger()
BEAT_S = 10.0
REPORT_EVERY_S = 0.5
ENDING_TRIES = 6

T = TypeVar("T")


class _Pulse:
    """Writes progress to the task's row, at most twice a second, and a sign of life every ten seconds."""

    def __init__(self, context: WorkContext, task_id: int) -> None:
        self._context = context
        self._task_id = task_id
        self._now: tuple[int, int | None] = (0, None)
        self._last_written = 0.0
        self._stop = threading.Event()

    def progress(self, done: int, total: int | None) -> None:
        self._now = (done, total)
        if time.monotonic() - self._last_written >= REPORT_EVERY_S:
            self._write()

    def _write(self) -> None:
        self._last_written = time.monotonic()
        try:
            with self._context.write() as session:
                operations.report(session, self._task_id, *self._now, self._context.clock())
        except Unavailable:
            # Neither the work nor its pulse ends because the database was busy: the next report says it too.
            log.info("task report put off", task=self._task_id)

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_S):
            self._write()

    @contextmanager
    def beating(self) -> Iterator[None]:
        thread = threading.Thread(target=self._beat, daemon=True, name="task-pulse")
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            self._write()


def run_task(context: WorkContext, task_id: int, run: TaskRunner) -> bool:
    """Run it and record the result or the failure. Returns whether it is done.

    A bug in the task is recorded as `task_crashed` and raised again, so that it reaches the log whole.
    """
    pulse = _Pulse(context, task_id)
    try:
        with pulse.beating():
            result = run(dataclasses.replace(context, progress=pulse.progress))
    except Refused as refusal:
        _fail(context, task_id, {"code": refusal.code, **refusal.params})
        return False
    except BaseException:
        _fail(context, task_id, {"code": "task_crashed"})
        raise
    return _written_down(
        context, lambda session: operations.finish(session, task_id, result, context.clock())
    )


def _fail(context: WorkContext, task_id: int, failure: dict[str, object]) -> None:
    log.warning("task failed", task=task_id, code=failure["code"])
    _written_down(context, lambda session: operations.fail(session, task_id, failure, context.clock()))


def _written_down(context: WorkContext, act: Callable[[Session], T]) -> T:
    """How a task ended is tried to be written for a while: else who waits for it is told that it was lost."""
    for _ in range(ENDING_TRIES - 1):
        try:
            with context.write() as session:
                return act(session)
        except Unavailable as busy:
            time.sleep(busy.retry_after_s)
    with context.write() as session:
        return act(session)
