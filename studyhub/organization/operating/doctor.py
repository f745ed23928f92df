"""Is all well? Each check looks at one thing that goes wrong in real life."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from studyhub.config import Settings
from studyhub.db import migrations
from studyhub.db.database import Database
from studyhub.kernel.errors import StudyHubError
from studyhub.kernel.font import font_path
from studyhub.organization.models import Grant
from studyhub.organization.roles import Role
from studyhub.organization.trail import sealing
from studyhub.organization.trail.anchor import read_anchor
from studyhub.tasks.models import JobSlot

LEAST_FREE_BYTES = 1_000_000_000
TICKER_SILENT = timedelta(minutes=2)


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `code` and `params` make its sentence."""

    check: str
    state: State
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at."""

    settings: Settings
    database: Database
    now: datetime


def examine(patient: Patient) -> list[Finding]:
    """Every check's finding. One that cannot even be made is an error."""
    return [_try(name, check, patient) for name, check in CHECKS.items()]


def _try(name: str, check: Callable[[Patient], tuple[State, dict[str, Any]]], patient: Patient) -> Finding:
    try:
        state, params = check(patient)
    except (SQLAlchemyError, StudyHubError, OSError) as error:
        return Finding(name, State.ERROR, {"why": str(error).splitlines()[0][:200]})
    return Finding(name, state, params)


def _database(patient: Patient) -> tuple[State, dict[str, Any]]:
    with patient.database.read() as session:
        session.execute(text("SELECT 1"))
    return State.OK, {"engine": patient.database.url.get_backend_name()}


def _schema(patient: Patient) -> tuple[State, dict[str, Any]]:
    current, needed = migrations.current(patient.database), migrations.head()
    return (State.OK if current == needed else State.ERROR), {"current": current, "needed": needed}


def _integrity(patient: Patient) -> tuple[State, dict[str, Any]]:
    if not patient.database.is_sqlite:
        return State.OK, {"found": "ok"}
    with patient.database.read() as session:
        found = session.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return (State.OK if found == "ok" else State.ERROR), {"found": found}


def _disk(patient: Patient) -> tuple[State, dict[str, Any]]:
    patient.settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(patient.settings.data_dir).free
    return (State.OK if free >= LEAST_FREE_BYTES else State.ERROR), {"free_mb": free // 1_000_000}


def _scheduler(patient: Patient) -> tuple[State, dict[str, Any]]:
    with patient.database.read() as session:
        last = session.execute(select(func.max(JobSlot.started_at))).scalar_one_or_none()
    alive = last is not None and last > patient.now - TICKER_SILENT
    return (State.OK if alive else State.WARNING), {"last": last.isoformat() if last else None}


def _seals(patient: Patient) -> tuple[State, dict[str, Any]]:
    with patient.database.read() as session:
        overdue = sealing.overdue(session, patient.now)
    return (State.ERROR if overdue else State.OK), {"overdue": overdue}


def _chain(patient: Patient) -> tuple[State, dict[str, Any]]:
    with patient.database.read() as session:
        goes_on = sealing.continues(session, read_anchor(patient.settings.data_dir))
    return (State.OK if goes_on else State.ERROR), {}


def _admin(patient: Patient) -> tuple[State, dict[str, Any]]:
    with patient.database.read() as session:
        admins = session.execute(
            select(func.count()).select_from(Grant).where(Grant.role == Role.ADMIN, Grant.until.is_(None))
        ).scalar_one()
    return (State.OK if admins else State.WARNING), {"admins": admins}


def _font(_patient: Patient) -> tuple[State, dict[str, Any]]:
    return State.OK, {"folder": str(font_path().parent)}


CHECKS: dict[str, Callable[[Patient], tuple[State, dict[str, Any]]]] = {
    "database": _database,
    "schema": _schema,
    "integrity": _integrity,
    "disk": _disk,
    "scheduler": _scheduler,
    "seals": _seals,
    "chain": _chain,
    "admin": _admin,
    "font": _font,
}
