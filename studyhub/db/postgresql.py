"""PostgreSQL as StudyHub uses it."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.orm import Session


def engine(url: URL, lock_timeout_s: float) -> Engine:
    """An engine at READ COMMITTED whose waits for locks and for dead clients are bounded."""
    bounded = f"-c lock_timeout={int(lock_timeout_s * 1000)} -c idle_in_transaction_session_timeout=60000"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=8,
        max_overflow=24,
        # The pool's own ROLLBACK after our COMMIT has nothing to undo and costs the prepared statements.
        pool_reset_on_return=None,
        connect_args={"options": f"{bounded} -c timezone=UTC", "prepare_threshold": 2},
    )


def plan_by_size(session: Session) -> None:
    """Let this transaction's statements, and the checks of its foreign keys, be planned by how large the
    tables are by now. On SQLite there is nothing to do.

    PostgreSQL keeps the plan of a foreign key's check for as long as nobody analyses the table: made while it
    held a few hundred rows, it reads the whole table. Of 50,000 questions written in one go, the last ones
    read those before them each, and the import took minutes.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
