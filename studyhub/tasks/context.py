"""What running work gets to work with: the database, the settings, the time, and a way to report progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.kernel.clock import Clock, system_clock

Progress = Callable[[int, int | None], None]


def _unseen(done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True)
class WorkContext:
    """Passed to every task and every scheduled job. `progress(done, total)` may be called often."""

    settings: Settings
    database: Database
    clock: Clock = system_clock
    payload: dict[str, Any] = field(default_factory=dict)
    created_by: int | None = None
    progress: Progress = _unseen

    def read(self) -> AbstractContextManager[Session]:
        return self.database.read()

    def write(self) -> AbstractContextManager[Session]:
        return self.database.write()


TaskRunner = Callable[[WorkContext], dict[str, Any]]
"""Does the work and returns its result, JSON-ready. A `Refused` that it raises is the task's failure."""


@dataclass(frozen=True, slots=True)
class Job:
    """Scheduled work: `run` is called once every `every_s` seconds over all nodes together."""

    name: str
    every_s: int
    run: Callable[[WorkContext], None]
