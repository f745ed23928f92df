"""Reads: a file, if the actor may fetch it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.media.making import Making
from studyhub.media.models import MediaFile, MediaMade, MediaUse
from studyhub.organization import tree
from studyhub.organization.actor import Actor
from studyhub.organization.states import Level, readable


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be sent. `size` is in bytes."""

    digest: str
    media_type: str
    size: int


def fetch(session: Session, actor: Actor, digest: str) -> File:
    """The file, when a use of it is open to the actor. Raises NotFound. One statement.

    Whoever makes courses sees the files of every branch, and none above their own clearance.
    """
    opened = select(MediaUse.id).where(
        MediaUse.digest == MediaFile.digest, MediaUse.level.in_(readable(Level(actor.clearance)))
    )
    if not actor.may(Permission.MANAGE_COURSES):
        on_the_way_up = tree.branch_ids(actor.branch_path)
        opened = opened.where(
            MediaUse.is_draft.is_(False),
            or_(MediaUse.branch_id.is_(None), MediaUse.branch_id.in_(on_the_way_up)),
        )
    row = session.execute(
        select(MediaFile.digest, MediaFile.media_type, MediaFile.size).where(
            MediaFile.digest == digest, opened.exists()
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return File(row.digest, row.media_type, row.size)


def made(session: Session, source_digests: Collection[str]) -> dict[str, Making]:
    """What the studio has already made of these sources, by their digests."""
    rows = session.execute(
        select(MediaMade.source_digest, MediaMade.outcome).where(
            MediaMade.source_digest.in_(list(source_digests))
        )
    )
    return {row.source_digest: Making(row.outcome["files"], row.outcome["facts"]) for row in rows}


def sizes(session: Session, digests: Collection[str]) -> dict[str, int]:
    """The sizes in bytes of these files."""
    rows = session.execute(
        select(MediaFile.digest, MediaFile.size).where(MediaFile.digest.in_(list(digests)))
    )
    return {row.digest: row.size for row in rows}
