"""The import of 10,000 new questions against the parse of the file and the bare insert of the same rows.

Both in this process and by its own processor time: neither the disk nor who else uses the machine counts.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select

from benchmarks.bank_check import QUESTIONS, bank_text
from benchmarks.dataset import studyhub
from studyhub.db.database import Database
from studyhub.kernel.garbage import uncollected
from studyhub.organization.actor import SYSTEM
from studyhub.questions import bank_file, importing, similarity
from studyhub.questions.importing import Doors, Offer
from studyhub.questions.models import Bank, Question, QuestionRevision

TABLES: tuple[Any, ...] = (Bank, Question, QuestionRevision)


def run(folder: Path) -> dict[str, float]:
    """Processor seconds of the import and of its floor, and their ratio."""
    data = bank_text(QUESTIONS).encode()
    database = _database(folder, "imported")
    imported = _seconds(lambda: _import(database, data))
    rows = _rows(database)
    assert len(rows[-1]) == QUESTIONS
    bare = _database(folder, "bare")
    # Without the garbage collector, which our own work does without as well: the floor is at its lowest.
    with uncollected():
        parse = _seconds(lambda: yaml.load(data, Loader=yaml.CSafeLoader))
        inserted = _seconds(lambda: _insert(bare, rows))
    return {
        "import_s": imported,
        "quiet_parse_s": parse,
        "insert_s": inserted,
        "import_to_floor": imported / (parse + inserted),
    }


def memory_growth() -> float:
    """The most memory a check takes a byte of the file: of a long file in relation to a quarter of it."""
    long, short = (_most_memory(bank_text(count).encode()) for count in (QUESTIONS // 2, QUESTIONS // 8))
    return long / short


def near_duplicates() -> dict[str, float]:
    """The search for near-duplicates among 20,000 prompts, and one check of as many questions."""
    data = bank_text(2 * QUESTIONS).encode()
    checked = bank_file.check(data)
    prompts = [asked.prompt for asked in checked.asked]
    search, check = _seconds(lambda: similarity.pairs(prompts)), _seconds(lambda: bank_file.check(data))
    return {"search_s": search, "search_to_check": search / check}


def _database(folder: Path, name: str) -> Database:
    place = folder / name
    place.mkdir(parents=True)
    url = f"sqlite:///{place / 'studyhub.sqlite3'}"
    environment = {"STUDYHUB_DATA_DIR": str(place), "STUDYHUB_DATABASE_URL": url}
    studyhub(place, environment, "db", "upgrade")
    return Database(url)


def _import(database: Database, data: bytes) -> None:
    doors = Doors(database.read, database.write, SYSTEM, lambda: datetime.now(tz=UTC))
    checked = bank_file.check(data)
    assert checked.bank is not None
    importing.apply(doors, [importing.plan_import(doors, Offer(checked.bank, data, checked=checked))])


def _rows(database: Database) -> list[list[dict[str, Any]]]:
    with database.read() as session:
        return [
            [dict(row) for row in session.execute(select(table.__table__)).mappings()] for table in TABLES
        ]


def _insert(database: Database, rows: list[list[dict[str, Any]]]) -> None:
    with database.write() as session:
        for table, listed in zip(TABLES, rows, strict=True):
            session.connection().execute(insert(table.__table__), listed)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _most_memory(data: bytes) -> float:
    tracemalloc.start()
    bank_file.check(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / len(data)
