"""Banks for tests: written as files, imported as an admin would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM
from studyhub.questions import bank_file, importing
from studyhub.questions.importing import Doors, Offer, Prepared

SINGLE = """
  - id: {id}
    type: single
    prompt: 下列哪一项属于{id}？
    options: {{A: 甲项{id}, B: 乙项, C: 丙项, D: 丁项}}
    answer: B
    explanation: 见第{id}条。
"""


def file_text(slug: str, questions: str, *, title: str = "网络安全与保密常识", more: str = "") -> str:
    """A bank file. `questions` are its items, indented by two; `more` are lines of its head."""
    return f"bank: {slug}\ntitle: {title}\nlanguage: zh\n{more}questions:\n{questions.lstrip(chr(10))}"


def singles(ids: Sequence[str]) -> str:
    """Single-choice questions with these ids, all right with B."""
    return "".join(SINGLE.format(id=name) for name in ids)


def doors(database: Database, now: datetime) -> Doors:
    return Doors(database.read, database.write, SYSTEM, lambda: now)


def plan(database: Database, text: str, now: datetime) -> Prepared:
    """The plan to import this file, kept and not applied."""
    data = text.encode()
    checked = bank_file.check(data)
    assert checked.bank is not None, checked.faults
    offer = Offer(checked.bank, data, "bank.yaml", checked=checked)
    return importing.plan_import(doors(database, now), offer)


def import_bank(
    database: Database,
    text: str,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Prepared:
    """Import this file; what it says is in force afterwards."""
    prepared = plan(database, text, now)
    importing.apply(doors(database, now), [prepared], progress)
    return prepared
