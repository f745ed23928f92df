"""The tables of media: which files the store holds, and for whom each is used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import Model
from studyhub.db.types import Json, enum_text
from studyhub.organization.states import Level


class MediaFile(Model):
    """A file of the store. The same bytes are one file, whoever brings them."""

    __tablename__ = "media_file"

    digest: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[datetime]


class MediaUse(Model):
    """Where a file is used, hence who may fetch it: any use that is open to a member opens the file.

    `owner` names the thing that uses it, such as `course:cyber-basics`; a use without a branch is for all.
    """

    __tablename__ = "media_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("media_file.digest"), index=True)
    owner: Mapped[str] = mapped_column(index=True)
    level: Mapped[Level] = mapped_column(enum_text(Level, "level"))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    # Of something that is not published: only those who make such things fetch it.
    is_draft: Mapped[bool]


class MediaMade(Model):
    """What the studio made of a source: the same source again needs no work."""

    __tablename__ = "media_made"

    # The digest of the kind of work and of all that went into it.
    source_digest: Mapped[str] = mapped_column(primary_key=True)
    # {"files": {"video": digest, …}, "facts": {"duration_ms": …}}
    outcome: Mapped[Any] = mapped_column(Json())
    created_at: Mapped[datetime]
