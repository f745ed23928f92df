"""A file in the data folder that says what was built there, so that a finished build is recognised and an
interrupted one is begun again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import inspect, text

from studyhub.config import Settings
from studyhub.db import migrations
from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.organization.trail import anchor

NAME = "demo.json"


@dataclass(frozen=True, slots=True)
class Size:
    """What was asked for; the same size and seed on the same day give the same demo."""

    members: int = 300
    branches: int = 14
    exams: int = 3
    attempts: int = 640
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Marker:
    """`database` is a digest of the database's address."""

    size: Size
    database: str
    finished: bool = False


def begin(settings: Settings, database: Database, size: Size) -> bool:
    """Make the database ready to be filled; False when the same demo is there already.

    Raises Conflict when the database holds anything else: nobody's data is ever replaced.
    """
    found = _read(settings.data_dir)
    here = _digest(settings.database_url)
    mine = found is not None and found.database == here
    if found and mine and found.finished:
        migrations.upgrade(database)
        if found.size != size:
            raise Conflict("other_demo", **asdict(found.size))
        return False
    if mine:
        migrations.downgrade(database)
        database.memory.clear()  # the same ids will mean other things
        (settings.data_dir / anchor.NAME).unlink(missing_ok=True)
    elif _holds_anything(database):
        raise Conflict("database_in_use")
    _write(settings.data_dir, Marker(size, here))
    migrations.upgrade(database)
    return True


def built_here(settings: Settings) -> Size | None:
    """The size of the finished demo of these settings, if there is one."""
    found = _read(settings.data_dir)
    here = found is not None and found.finished and found.database == _digest(settings.database_url)
    return found.size if found and here else None


def finish(settings: Settings) -> None:
    """The build is whole."""
    found = _read(settings.data_dir)
    assert found is not None, "begin comes first"
    _write(settings.data_dir, replace(found, finished=True))


def _holds_anything(database: Database) -> bool:
    if not inspect(database.engine).has_table("branch"):
        return False
    with database.read() as session:
        return (
            session.execute(text("SELECT 1 FROM branch UNION ALL SELECT 1 FROM member")).first() is not None
        )


def _read(folder: Path) -> Marker | None:
    try:
        stored = json.loads((folder / NAME).read_text("utf-8"))
        return Marker(Size(**stored["size"]), stored["database"], stored["finished"])
    except FileNotFoundError:
        return None


def _write(folder: Path, marker: Marker) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{NAME}.new"
    fresh.write_text(json.dumps(asdict(marker)), "utf-8")
    fresh.replace(folder / NAME)


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:16]
