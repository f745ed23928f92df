"""Files that nothing uses: of plans that nobody applied, replaced lessons, uploads that broke off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from studyhub.db.model import Model
from studyhub.media.models import MediaFile, MediaMade
from studyhub.media.store import Store

KEPT_FOR = timedelta(days=8)
"""After its last upload a file waits for a use: a day longer than the plan of a bank waits to be applied."""
AT_ONCE = 500


def unused(session: Session) -> list[str]:
    """The digests of the files that no row of any table refers to."""
    return list(session.scalars(select(MediaFile.digest).where(*_free())))


def forget(session: Session, digests: Sequence[str]) -> list[str]:
    """Forget these files, those that got a use meanwhile excepted, and that the studio made them.

    Returns which were forgotten: they may leave the store once this is committed.
    """
    gone = delete(MediaFile).where(MediaFile.digest.in_(digests), *_free()).returning(MediaFile.digest)
    forgotten = list(session.scalars(gone))
    _forget_made(session, set(forgotten))
    return forgotten


def unknown(session: Session, digests: Collection[str]) -> set[str]:
    """Those that the store holds and no row knows: their upload broke off."""
    return set(digests) - set(session.scalars(select(MediaFile.digest)))


def old(store: Store, digests: Collection[str], before: float) -> Iterator[str]:
    """Those that were uploaded last before this moment (seconds since 1970), or are gone."""
    for digest in digests:
        path = store.path(digest)
        if not path.exists() or path.stat().st_mtime < before:
            yield digest


def _free() -> list[ColumnElement[bool]]:
    """That no column of any room refers to the file: a lesson that was retired keeps its video."""
    digest = MediaFile.__table__.c.digest
    keys = [key for table in Model.metadata.sorted_tables for key in table.foreign_keys]
    return [~exists().where(key.parent == digest) for key in keys if key.column is digest]


def _forget_made(session: Session, gone: set[str]) -> None:
    if not gone:
        return
    rows = session.execute(select(MediaMade.source_digest, MediaMade.outcome))
    stale = [row.source_digest for row in rows if gone & set(row.outcome["files"].values())]
    session.execute(delete(MediaMade).where(MediaMade.source_digest.in_(stale)))
