"""Writes: queue, claim, report, finish. Exactly one caller gets each claim, on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, select, update
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.tasks.models import JobSlot, Task, TaskState

LOST_AFTER = timedelta(seconds=60)
"""A running task that shows no sign of life for so long has lost its process."""


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *, created_by: int | None, now: datetime
) -> Task:
    """Queue a task; it starts when the ticker claims it, a second or so after the commit."""
    task = Task(kind=kind, state=TaskState.QUEUED, payload=payload, created_by=created_by, created_at=now)
    session.add(task)
    session.flush()
    return task


def claim(session: Session, now: datetime) -> Task | None:
    """Take the oldest queued task, or None. Two claimers never get the same one."""
    claimed = session.execute(
        update(Task)
        .where(Task.id == _oldest_queued())
        .values(state=TaskState.RUNNING, claimed_at=now, alive_at=now)
        .returning(Task)
    )
    return claimed.scalar_one_or_none()


def _oldest_queued() -> ScalarSelect[int]:
    # SKIP LOCKED where there are row locks; SQLite leaves it out, its write transactions queue anyway.
    oldest = select(Task.id).where(Task.state == TaskState.QUEUED).order_by(Task.id).limit(1)
    return oldest.with_for_update(skip_locked=True).scalar_subquery()


def report(session: Session, task_id: int, done: int, total: int | None, now: datetime) -> None:
    """Record how far a running task is, which is also its sign of life."""
    session.execute(
        update(Task)
        .where(Task.id == task_id, Task.state == TaskState.RUNNING)
        .values(done=done, total=total, alive_at=now)
    )


def finish(session: Session, task_id: int, result: dict[str, Any], now: datetime) -> bool:
    """Record the result. False when the task was no longer running (given up as lost meanwhile)."""
    return _end(session, task_id, now, state=TaskState.DONE, result=result)


def fail(session: Session, task_id: int, failure: dict[str, Any], now: datetime) -> bool:
    """Record why it failed, as `{"code", …parameters}`. False when it was no longer running."""
    return _end(session, task_id, now, state=TaskState.FAILED, failure=failure)


def _end(session: Session, task_id: int, now: datetime, **values: Any) -> bool:
    ended = session.execute(
        update(Task)
        .where(Task.id == task_id, Task.state == TaskState.RUNNING)
        .values(finished_at=now, alive_at=now, **values)
        .returning(Task.id)
    )
    return ended.scalar_one_or_none() is not None


def give_up_lost(session: Session, now: datetime) -> list[int]:
    """Fail the running tasks whose process died without a word. They are not run twice by themselves."""
    lost = session.execute(
        update(Task)
        .where(Task.state == TaskState.RUNNING, Task.alive_at < now - LOST_AFTER)
        .values(state=TaskState.FAILED, failure={"code": "task_lost"}, finished_at=now)
        .returning(Task.id)
    )
    return list(lost.scalars())


def claim_slot(session: Session, job: str, every_s: int, now: datetime) -> bool:
    """Whether the caller is the one to run the job in the time slot that `now` falls into."""
    slot = int(now.timestamp()) // every_s
    values = {"slot": slot, "started_at": now, "finished_at": None, "failure": None}
    claimed = session.execute(
        insert_into(session, JobSlot)
        .values(job=job, **values)
        .on_conflict_do_update(index_elements=["job"], set_=values, where=JobSlot.slot < slot)
        .returning(JobSlot.job)
    )
    return claimed.first() is not None


def close_slot(session: Session, job: str, now: datetime, failure: str | None = None) -> None:
    """Record that the job ended, and how."""
    session.execute(update(JobSlot).where(JobSlot.job == job).values(finished_at=now, failure=failure))
