"""Writes: which files there are, and who may fetch them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.media.making import Making
from studyhub.media.models import MediaFile, MediaMade, MediaUse
from studyhub.media.store import Kept
from studyhub.organization.states import Level


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may fetch a file: members cleared for `level`, in the subtrees of the branches (none: everyone)."""

    level: Level
    branch_ids: tuple[int, ...] = ()
    is_draft: bool = False


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
    rows = [
        {
            "digest": digest,
            "owner": owner,
            "level": audience.level,
            "branch_id": branch_id,
            "is_draft": audience.is_draft,
        }
        for digest in sorted(set(digests))
        for branch_id in audience.branch_ids or (None,)
    ]
    if rows:
        session.execute(insert(MediaUse), rows)


def remember(session: Session, made: Mapping[str, Making], now: datetime) -> None:
    """Note what the studio made of which source, so that it need not be made again."""
    rows = [
        {"source_digest": digest, "outcome": making.as_json(), "created_at": now}
        for digest, making in made.items()
    ]
    if rows:
        session.execute(insert_into(session, MediaMade).values(rows).on_conflict_do_nothing())


def set_draft(session: Session, owner: str, is_draft: bool) -> None:
    """Close the files of `owner` to all but those who make such things, or open them again."""
    session.execute(update(MediaUse).where(MediaUse.owner == owner).values(is_draft=is_draft))
