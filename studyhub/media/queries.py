"""Reads: a file, if the actor may fetch it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.media.models import MediaFile, MediaUse
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
        opened = opened.where(or_(MediaUse.branch_id.is_(None), MediaUse.branch_id.in_(on_the_way_up)))
    row = session.execute(
        select(MediaFile.digest, MediaFile.media_type, MediaFile.size).where(
            MediaFile.digest == digest, opened.exists()
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return File(row.digest, row.media_type, row.size)
