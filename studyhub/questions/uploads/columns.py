"""What people said of the columns of their sheets, remembered by the set of the headers."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Unreadable
from studyhub.organization.actor import Actor
from studyhub.organization.models import Member
from studyhub.questions.formats.exchange import Source
from studyhub.questions.formats.sheet_formats import TABLES
from studyhub.questions.formats.sheets import reading
from studyhub.questions.formats.sheets.columns import NAMES, bind
from studyhub.questions.models import BankUpload, SheetColumns

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


def headers_of(source: Source, form: str) -> tuple[str, ...]:
    """The headers of a sheet, whatever is known of them; none for what is no sheet."""
    return tuple(header.text for header in described(source, form))


def described(source: Source, form: str) -> list[Header]:
    """The headers with what each is taken for as things are."""
    if form not in TABLES:
        return []
    try:
        sheets = reading.found(TABLES[form](source.data), source.columns)
    except Unreadable:
        return []
    found: dict[str, Header] = {}
    for sheet in sheets:
        bound = bind(sheet.header.cells, source.columns).bound
        for at, text in enumerate(sheet.header.cells):
            below = (row.cells[at] for row in sheet.body[:5] if at < len(row.cells) and row.cells[at])
            if text and text not in found:
                found[text] = Header(text, next(below, "")[:60], bound.get(at, ""))
    return list(found.values())[:MOST_SHOWN]


def remembered(session: Session, headers: Sequence[str]) -> Remembered:
    """What was said of a sheet with these headers."""
    row = session.execute(
        select(SheetColumns.columns, Member.name, SheetColumns.made_at)
        .outerjoin(Member, Member.id == SheetColumns.made_by)
        .where(SheetColumns.digest == _digest(headers))
    ).one_or_none()
    return Remembered(row[0], row[1] or "", row[2]) if row else NOTHING


def source_of(session: Session, upload: BankUpload) -> Source:
    """An upload, with what was said of its columns when it is a sheet."""
    plain = Source(zlib.decompress(upload.packed), upload.file_name)
    headers = headers_of(plain, upload.form)
    return replace(plain, columns=remembered(session, headers).columns) if headers else plain


def remember(
    session: Session, actor: Actor, headers: Sequence[str], columns: Mapping[str, str], now: datetime
) -> None:
    """Keep what is said of these headers; what was said before is forgotten."""
    forget(session, headers)
    known = {text: column for text, column in columns.items() if text in headers and column in ("", *NAMES)}
    row = SheetColumns(digest=_digest(headers), columns=known, made_by=actor.member_id, made_at=now)
    session.add(row)


def forget(session: Session, headers: Sequence[str]) -> None:
    """Go back to what the headers say by themselves."""
    session.execute(delete(SheetColumns).where(SheetColumns.digest == _digest(headers)))


def _digest(headers: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(set(headers))).encode()).hexdigest()
