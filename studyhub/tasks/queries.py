"""Reads of tasks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.tasks.models import Task, TaskState


def anything_open(session: Session) -> bool:
    """Whether any task is queued or running: the ticker asks every second, without a write."""
    open_states = (TaskState.QUEUED, TaskState.RUNNING)
    return session.execute(select(Task.id).where(Task.state.in_(open_states)).limit(1)).first() is not None


def task(session: Session, task_id: int, *, seen_by: int | None) -> Task:
    """One task; `seen_by` limits it to those that this member started (None: all). NotFound otherwise."""
    found = session.get(Task, task_id)
    if found is None or (seen_by is not None and found.created_by != seen_by):
        raise NotFound("not_found")
    return found
