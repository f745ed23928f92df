"""The table of the files that were made of banks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import Model
from studyhub.db.types import enum_text
from studyhub.organization.states import Level


class BankDownload(Model):
    """A file that was made of a bank for somebody to take, with the report of what of the bank it holds."""

    __tablename__ = "bank_download"
    __table_args__ = (Index("ix_bank_download_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    version: Mapped[int]
    """of the bank, as it was written"""
    level: Mapped[Level] = mapped_column(enum_text(Level, "level"))
    """of the bank, when it was written"""
    form: Mapped[str]
    """the name of its format"""
    report: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON compressed by zlib: see making.py"""
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    """the file, compressed by zlib"""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
