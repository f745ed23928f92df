"""Reads of tasks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.tasks.models import Task, TaskState

_OPEN = (TaskState.QUEUED, TaskState.RUNNING)


def anything_open(session: Session) -> bool:
    """Whether any task is queued or running: the ticker asks every second, without a write."""
    return session.execute(select(Task.id).where(Task.state.in_(_OPEN)).limit(1)).first() is not None


def is_open(session: Session, task_id: int) -> bool:
    """Whether this task is queued or running."""
    return session.scalar(select(Task.id).where(Task.id == task_id, Task.state.in_(_OPEN))) is not None


def task(session: Session, task_id: int, *, seen_by: int | None) -> Task:
    """One task; `seen_by` limits it to those that this member started (None: all). NotFound otherwise."""
    found = session.get(Task, task_id)
    if found is None or (seen_by is not None and found.created_by != seen_by):
        raise NotFound("not_found")
    return found
