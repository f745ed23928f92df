"""The tables of tasks and of the schedule."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import Model
from studyhub.db.types import Json, enum_text


class TaskState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Task(Model):
    """One piece of long work. `result` is there if and only if it is done, `failure` if it failed."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", "result_when_done"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", "failure_when_failed"),
        CheckConstraint("(state = 'queued') = (claimed_at IS NULL)", "claimed_unless_queued"),
        Index("ix_task_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[TaskState] = mapped_column(enum_text(TaskState))
    payload: Mapped[dict[str, Any]] = mapped_column(Json())
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(Json())
    failure: Mapped[dict[str, Any] | None] = mapped_column(Json())
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    alive_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobSlot(Model):
    """The last time slot in which a scheduled job was claimed: whoever moves it on runs the job."""

    __tablename__ = "job_slot"

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None]
