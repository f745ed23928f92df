"""An import from a folder to the database: read, make, plan, apply; short transactions, slow work between."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from studyhub.courses import importing, preparing
from studyhub.courses.folder import CourseSource, read_folder
from studyhub.courses.plan import Plan
from studyhub.courses.preparing import Prepared, Progress
from studyhub.media import operations as media
from studyhub.media import queries as media_queries
from studyhub.media.store import Store
from studyhub.organization.actor import Actor


class Transactions(Protocol):
    """Where short transactions come from: the database, a task's context."""

    def read(self) -> AbstractContextManager[Session]: ...
    def write(self) -> AbstractContextManager[Session]: ...


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a folder: `plan` and `prepared` are None when `source` has an error."""

    source: CourseSource
    plan: Plan | None = None
    prepared: Prepared | None = None


def make(transactions: Transactions, folder: Path, store: Store, progress: Progress) -> Run:
    """Read the folder and make its videos and pictures: without a plan, for that needs an actor."""
    source = read_folder(folder)
    if not source.is_sound:
        return Run(source)
    with transactions.read() as session:
        made = media_queries.made(session, preparing.orders(source))
    # What was made once and is lost (a disk, a backup cut short) is made again.
    known = {digest: making for digest, making in made.items() if store.holds(making.files.values())}
    prepared = preparing.prepare(source, known, store, progress)
    return Run(source, None, prepared if source.is_sound else None)


def look(transactions: Transactions, actor: Actor, folder: Path, store: Store, progress: Progress) -> Run:
    """Read the folder, make its videos and pictures, and plan. The course itself stays as it is."""
    run = make(transactions, folder, store, progress)
    if run.prepared is None:
        return run
    with transactions.read() as session:
        plan = importing.draw_up(session, actor, run.source)
    return Run(run.source, plan, run.prepared if plan else None)


def keep(transactions: Transactions, run: Run, now: datetime) -> None:
    """Remember what was made, so that to apply the plan later takes no time."""
    if run.prepared is not None:
        with transactions.write() as session:
            media.record(session, run.prepared.kept, now)
            media.remember(session, run.prepared.made, now)


def apply(
    transactions: Transactions, actor: Actor, run: Run, shown: Plan | None, now: datetime
) -> Plan | None:
    """Do what the run planned. None when there is nothing that could be done.

    Raises Conflict when the plan is no longer the one that was `shown`.
    """
    if run.plan is None or run.prepared is None:
        return None
    with transactions.write() as session:
        return importing.apply(session, actor, importing.Ready(run.source, run.prepared), shown, now)
