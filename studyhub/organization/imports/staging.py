"""Uploads between the plan that was shown and its being applied.

The file waits in the database, where every node finds it. To apply it is to plan it again: when that plan is
not the one that was shown, because something changed meanwhile, nothing happens and the new plan is shown
instead. From then on the row says that the import is under way, until it is done (see `applying`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studyhub.db.types import dump_json
from studyhub.kernel.errors import Conflict, NotFound
from studyhub.organization.actor import Actor
from studyhub.organization.models import StagedImport

KEPT_FOR = timedelta(days=1)
ABANDONED_AFTER = timedelta(minutes=1)
"""A part takes hundredths of a second: whoever has not renewed the claim for so long is dead."""


class ImportKind(StrEnum):
    """What a file is a list of."""

    BRANCHES = "branches"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Staged:
    """An upload that waits."""

    id: int
    kind: ImportKind
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it came in."""

    kind: ImportKind
    name: str
    content: bytes


def stage(session: Session, actor: Actor, file: UploadedFile, now: datetime) -> int:
    """Keep the file for a day. Returns its number."""
    staged = StagedImport(
        kind=file.kind.value,
        file_name=file.name[:200],
        content=zlib.compress(file.content),
        created_by=actor.member_id,
        created_at=now,
    )
    session.add(staged)
    session.flush()
    return staged.id


def staged(session: Session, actor: Actor, kind: ImportKind, staged_id: int, now: datetime) -> Staged:
    """The actor's own upload that was not applied yet. Raises NotFound, or Conflict when it was."""
    row = session.execute(
        select(StagedImport).where(
            StagedImport.id == staged_id,
            StagedImport.kind == kind.value,
            StagedImport.created_by.is_not_distinct_from(actor.member_id),
            StagedImport.created_at > now - KEPT_FOR,
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.applied_at is not None:
        raise Conflict("already_applied")
    if row.began_at is not None:
        raise Conflict("import_under_way")
    return Staged(row.id, kind, row.file_name, zlib.decompress(row.content))


def begin(
    session: Session, staged_id: int, counts: dict[str, int], scope: tuple[str, ...], now: datetime
) -> str:
    """Note that it begins to take effect, for an actor with this scope. Returns the claim on it.

    Raises Conflict when it was begun before, or while another file of its kind is under way.
    """
    claim = secrets.token_hex(8)
    fresh = update(StagedImport).where(StagedImport.id == staged_id, StagedImport.began_at.is_(None))
    values = {"began_at": now, "claimed_at": now, "claim": claim, "counts": counts, "scope": scope}
    try:
        begun = session.execute(fresh.values(**values).returning(StagedImport.id))
    except IntegrityError:
        raise Conflict("import_under_way") from None
    if begun.first() is None:
        raise Conflict("already_applied")
    return claim


def renew(session: Session, claim: str, now: datetime) -> None:
    """Say that the work goes on. Raises Conflict when somebody took it over."""
    _of(session, claim, claimed_at=now)


def take_over(session: Session, staged_id: int, now: datetime) -> str | None:
    """Claim an import whose worker died in the middle; None when somebody is at it."""
    claim = secrets.token_hex(8)
    taken = session.execute(
        update(StagedImport)
        .where(
            StagedImport.id == staged_id,
            StagedImport.began_at.is_not(None),
            StagedImport.applied_at.is_(None),
            StagedImport.claimed_at <= now - ABANDONED_AFTER,
        )
        .values(claim=claim, claimed_at=now)
        .returning(StagedImport.id)
    )
    return claim if taken.first() else None


def undo_begin(session: Session, claim: str) -> None:
    """Nothing of it took effect after all: it waits again."""
    _of(session, claim, began_at=None, claim=None, claimed_at=None, counts=None, scope=None)


def mark_applied(session: Session, claim: str, now: datetime) -> None:
    """Note that all of it took effect. Raises Conflict when somebody took it over."""
    _of(session, claim, applied_at=now)


@dataclass(frozen=True, slots=True)
class Abandoned:
    """An import whose worker died in the middle: who began it, within which paths, and what it was to do."""

    staged: Staged
    created_by: int | None
    scope: tuple[str, ...]
    counts: dict[str, int]


def abandoned(session: Session, now: datetime) -> list[Abandoned]:
    """The imports whose worker died in the middle."""
    rows = session.execute(
        select(StagedImport).where(
            StagedImport.began_at.is_not(None),
            StagedImport.applied_at.is_(None),
            StagedImport.claimed_at <= now - ABANDONED_AFTER,
        )
    ).scalars()
    return [
        Abandoned(
            Staged(row.id, ImportKind(row.kind), row.file_name, zlib.decompress(row.content)),
            row.created_by,
            tuple(row.scope or ()),
            row.counts or {},
        )
        for row in rows
    ]


def clear(session: Session, now: datetime) -> None:
    """Remove uploads whose day is over, but none that is half-way."""
    over = StagedImport.created_at < now - KEPT_FOR
    resting = or_(StagedImport.began_at.is_(None), StagedImport.applied_at.is_not(None))
    session.execute(delete(StagedImport).where(over, resting))


def _of(session: Session, mine_by: str, /, **values: Any) -> None:
    mine = update(StagedImport).where(StagedImport.claim == mine_by, StagedImport.applied_at.is_(None))
    if session.execute(mine.values(**values).returning(StagedImport.id)).first() is None:
        raise Conflict("already_applied")


def plan_digest(plan: Any) -> str:
    """What two plans (dataclasses) have in common when they would do the same."""
    return hashlib.sha256(dump_json(_plain(plan)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value of a plan as JSON: sets sorted, dataclasses as objects."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, frozenset | set):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value
