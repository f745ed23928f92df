"""What people said of the columns of their sheets, remembered by the set of the headers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.organization.actor import Actor
from studyhub.organization.models import Member
from studyhub.organization.sheets.workbook import Table
from studyhub.questions.formats.sheets import reading
from studyhub.questions.formats.sheets.columns import NAMES
from studyhub.questions.models import SheetColumns

MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Remembered:
    """`columns` by header; who said so, and when."""

    columns: Mapping[str, str]
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A word over a column, an example of what stands below, and what it is taken for ("": nothing)."""

    text: str
    example: str
    column: str


NOTHING = Remembered({})


def described(tables: Sequence[Table], chosen: Mapping[str, str]) -> tuple[Header, ...]:
    """The headers of a workbook's sheets, with what each is taken for when this was said of them."""
    found: dict[str, Header] = {}
    for sheet in reading.found(list(tables), chosen):
        bound = sheet.binding.bound
        for at, text in enumerate(sheet.header.cells):
            below = (row.cells[at] for row in sheet.body[:5] if at < len(row.cells) and row.cells[at])
            if text and text not in found:
                found[text] = Header(text, next(below, "")[:60], bound.get(at, ""))
    return tuple(found.values())[:MOST_SHOWN]


def remembered(session: Session, headers: Sequence[str]) -> Remembered:
    """What was said of a sheet with these headers."""
    row = session.execute(
        select(SheetColumns.columns, Member.name, SheetColumns.made_at)
        .outerjoin(Member, Member.id == SheetColumns.made_by)
        .where(SheetColumns.digest == _digest(headers))
    ).one_or_none()
    return Remembered(row[0], row[1] or "", row[2]) if row else NOTHING


def remember(
    session: Session, actor: Actor, headers: Sequence[str], columns: Mapping[str, str], now: datetime
) -> None:
    """Keep what is said of these headers; what was said before is forgotten."""
    known = {text: column for text, column in columns.items() if text in headers and column in ("", *NAMES)}
    values = {"columns": known, "made_by": actor.member_id, "made_at": now}
    row = insert_into(session, SheetColumns).values(digest=_digest(headers), **values)
    session.execute(row.on_conflict_do_update(index_elements=["digest"], set_=values))


def forget(session: Session, headers: Sequence[str]) -> None:
    """Go back to what the headers say by themselves."""
    session.execute(delete(SheetColumns).where(SheetColumns.digest == _digest(headers)))


def _digest(headers: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(set(headers))).encode()).hexdigest()
