"""Uploads between the plan that was shown and its being applied.

The file waits in the database, where every node finds it. To apply it is to plan it again in the write
transaction: when that plan is not the one that was shown, because something changed meanwhile, nothing
happens and the new plan is shown instead.
"""

from __future__ import annotations

import dataclasses
import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from studyhub.db.types import dump_json
from studyhub.kernel.errors import Conflict, NotFound
from studyhub.organization.actor import Actor
from studyhub.organization.models import StagedImport

KEPT_FOR = timedelta(days=1)


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


def stage(
    session: Session, actor: Actor, kind: ImportKind, file_name: str, content: bytes, now: datetime
) -> int:
    """Keep the file for a day. Returns its number."""
    assert actor.member_id is not None
    staged = StagedImport(
        kind=kind.value,
        file_name=file_name[:200],
        content=zlib.compress(content),
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
            StagedImport.created_by == actor.member_id,
            StagedImport.created_at > now - KEPT_FOR,
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.applied_at is not None:
        raise Conflict("already_applied")
    return Staged(row.id, kind, row.file_name, zlib.decompress(row.content))


def mark_applied(session: Session, staged_id: int, now: datetime) -> None:
    """Note that it took effect. Raises Conflict when somebody was faster."""
    marked = session.execute(
        update(StagedImport)
        .where(StagedImport.id == staged_id, StagedImport.applied_at.is_(None))
        .values(applied_at=now)
        .returning(StagedImport.id)
    )
    if marked.first() is None:
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
