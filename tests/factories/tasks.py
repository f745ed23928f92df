"""A task that waits, done as the ticker's child does it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.tasks import operations as tasks
from studyhub.tasks import running
from studyhub.tasks.context import TaskRunner, WorkContext
from studyhub.tasks.models import Task

Progress = list[tuple[int, int | None]]


def do_waiting(
    database: Database, settings: Settings, now: datetime, runners: dict[str, TaskRunner]
) -> Progress:
    """Do it. Returns the progress that its row told of, each time that it was told."""
    with database.write() as session:
        task = tasks.claim(session, now)
    assert task is not None
    seen: Progress = []

    def watched(context: WorkContext) -> dict[str, Any]:
        def progress(done: int, total: int | None) -> None:
            context.progress(done, total)
            with database.read() as session:
                row = session.get_one(Task, task.id)
                seen.append((row.done, row.total))

        return runners[task.kind](replace(context, progress=progress))

    context = WorkContext(settings, database, lambda: now, task.payload, task.created_by)
    running.run_task(context, task.id, watched)
    return seen
