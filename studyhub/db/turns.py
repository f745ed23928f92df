"""Turns that writers of several nodes take without locking a row that others refer to or read."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def take(session: Session, what: str, *, shared: bool = False) -> None:
    """Wait for the turn of this name, and keep it until the transaction ends. Who takes it shared goes on
    beside others who do. On SQLite one writes at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        session.execute(text(f"SELECT {lock}(hashtextextended(:what, 0))"), {"what": what})
