"""Writes: which files there are, and who may fetch them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.media.models import MediaFile, MediaUse
from studyhub.media.store import Stored
from studyhub.organization.states import Level


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file and what it is."""

    stored: Stored
    media_type: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may fetch a file: members cleared for `level`, in the subtrees of the branches (None: everyone)."""

    level: Level
    branch_ids: tuple[int, ...] | None


def record(session: Session, files: Iterable[Kept], now: datetime) -> None:
    """Note that the store holds these files; those that are known stay as they are."""
    rows = [
        {
            "digest": kept.stored.digest,
            "media_type": kept.media_type,
            "size": kept.stored.size,
            "created_at": now,
        }
        for kept in {kept.stored.digest: kept for kept in files}.values()
    ]
    if rows:
        session.execute(insert_into(session, MediaFile).values(rows).on_conflict_do_nothing())


def use(session: Session, owner: str, digests: Collection[str], audience: Audience) -> None:
    """Make these the files that `owner` uses, and its audience the one that may fetch them for its sake."""
    session.execute(delete(MediaUse).where(MediaUse.owner == owner))
    branch_ids = (None,) if audience.branch_ids is None else audience.branch_ids
    rows = [
        {"digest": digest, "owner": owner, "level": audience.level, "branch_id": branch_id}
        for digest in sorted(set(digests))
        for branch_id in branch_ids
    ]
    if rows:
        session.execute(insert(MediaUse), rows)
