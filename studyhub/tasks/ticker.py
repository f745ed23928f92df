"""The ticker: once a second it looks for due work in our tables and starts it.

APScheduler only ticks (memory store). What is due is decided by rows that exactly one process claims, so
any number of tickers may run: a shared APScheduler store ran every job twice with two processes.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from studyhub.kernel.errors import Unavailable
from studyhub.tasks import operations, queries
from studyhub.tasks.context import Job, WorkContext

log = structlog.get_logger()
CHILDREN = 2


class Ticker:
    """Starts due jobs in threads of its own and queued tasks in child processes (two at a time)."""

    def __init__(self, context: WorkContext, schedule: Sequence[Job]) -> None:
        self._context = context
        self._schedule = schedule
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def run_until(self, stopped: threading.Event) -> None:
        """Tick until `stopped` is set, then let running jobs end and children finish."""
        for job in self._schedule:
            self._add(self.run_job, min(job.every_s, 5), job)
        self._add(self.start_tasks, 1)
        self._scheduler.start()
        stopped.wait()
        self._scheduler.shutdown(wait=True)
        for child in self._children.values():
            child.wait()

    def _add(self, work: object, every_s: int, *args: object) -> None:
        self._scheduler.add_job(
            work,
            "interval",
            seconds=every_s,
            args=args,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def run_job(self, job: Job) -> bool:
        """Run the job if its slot is still free. A job that fails is logged and tried in the next slot."""
        clock, failure = self._context.clock, None
        try:
            with self._context.write() as session:
                if not operations.claim_slot(session, job.name, job.every_s, clock()):
                    return False
            job.run(self._context)
        except Unavailable:
            failure = "database_busy"
        except Exception as error:
            failure = type(error).__name__
            log.exception("job failed", job=job.name)
        with self._context.write() as session:
            operations.close_slot(session, job.name, clock(), failure)
        return failure is None

    def start_tasks(self) -> None:
        """Start queued tasks while there is room, and give up those whose process died."""
        with self._context.read() as session:
            if not queries.anything_open(session):
                return
        self._reap()
        while len(self._children) < CHILDREN:
            with self._context.write() as session:
                task = operations.claim(session, self._context.clock())
            if task is None:
                return
            command = [sys.executable, "-m", "studyhub", "task", str(task.id)]
            self._children[task.id] = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603

    def _reap(self) -> None:
        for task_id, child in list(self._children.items()):
            if child.poll() is None:
                continue
            del self._children[task_id]
            with self._context.write() as session:
                # Only a child that died without a word is still running in its row.
                operations.fail(session, task_id, {"code": "task_died"}, self._context.clock())
        with self._context.write() as session:
            operations.give_up_lost(session, self._context.clock())
