"""PostgreSQL as StudyHub uses it."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine


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
