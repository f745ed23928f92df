"""INSERT … ON CONFLICT, which both engines have and SQLAlchemy spells once per dialect."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_into(session: Session, table: Any) -> Any:
    """The session's own dialect's `insert(table)`, with `on_conflict_do_update` and `…_nothing`."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
