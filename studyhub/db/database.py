"""One database, two ways in: `read()` and `write()`. Nothing else in StudyHub opens a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from studyhub.db import postgresql, sqlite
from studyhub.kernel.errors import Unavailable
from studyhub.kernel.events import Listeners

# SQLSTATE classes that pass by themselves: no resources, operator intervention, connection trouble, and
# serialization failure, deadlock and lock timeout.
TRANSIENT_STATES = ("53", "57", "08", "40001", "40P01", "55P03")
TRANSIENT_SQLITE = ("database is locked", "database or disk is full", "disk I/O error", "unable to open")


class Database:
    """The engines of one database.

    A write transaction on SQLite first takes a blocking lock on a side file (fair, and woken at once),
    then BEGIN IMMEDIATE; a read transaction sees one snapshot. Reads end with COMMIT on PostgreSQL,
    because psycopg forgets its prepared statements on every ROLLBACK.
    """

    def __init__(self, url: str, listeners: Listeners | None = None, lock_timeout_s: float = 5.0) -> None:
        self.url = make_url(url)
        self.listeners: Listeners = listeners or {}
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # What never changes once read (revisions, pools of a version) may be kept here, per database.
        self.memory: dict[str, Any] = {}
        self._reader: Engine
        self._writer: Engine
        self._turn: Callable[[], AbstractContextManager[None]] = nullcontext
        if self.is_sqlite:
            self._reader, self._writer = sqlite.engines(self.url)
            self._turn = sqlite.WriteTurn(self.url, lock_timeout_s)
        else:
            self._reader = self._writer = postgresql.engine(self.url, lock_timeout_s)

    @property
    def is_begun(self) -> bool:
        """False for an SQLite file that is not there yet: to open it would make it."""
        return not self.is_sqlite or not self.url.database or Path(self.url.database).exists()

    @property
    def engine(self) -> Engine:
        """The engine that writes; migrations and maintenance use it."""
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads. Writing in it is a mistake (on SQLite it may fail at once)."""
        with _speaking_plainly(), self._session(self._reader) as session:
            yield session
            session.commit()

    @contextmanager
    def write(self, *, can_begin_again: bool = False) -> Iterator[Session]:
        """A transaction that writes: committed when the block ends, undone when it raises.

        Keep it short: on SQLite it is the only one. Raises Unavailable when its turn does not come in
        time, or the disk is full. `can_begin_again`: who opened it catches BeginAgain (see `apart`).
        """
        with _speaking_plainly(), self._turn(), self._session(self._writer) as session:
            session.info["can_begin_again"] = can_begin_again
            yield session
            session.commit()

    def dispose(self) -> None:
        """Close every pooled connection (before a fork, and at the end)."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        info = {"listeners": self.listeners, "memory": self.memory}
        session = Session(engine, expire_on_commit=False, autoflush=False, info=info)
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


class BeginAgain(Exception):
    """Undo this transaction, call `prepare` in one that reads, and begin again."""

    def __init__(self, prepare: Callable[[Session], None]) -> None:
        super().__init__("something long has to be prepared outside the write turn")
        self.prepare = prepare


def apart(session: Session, prepare: Callable[[Session], None]) -> None:
    """Fill a memory that is still empty. That may take long, and a write transaction keeps others waiting:
    where whoever opened it can begin again, it is done in between; else at once."""
    if session.info.get("can_begin_again"):
        raise BeginAgain(prepare)
    prepare(session)


@contextmanager
def _speaking_plainly() -> Iterator[None]:
    """Turn what passes by itself into Unavailable (503, try again); let every other error through."""
    try:
        yield
    except DBAPIError as error:
        if is_transient(error):
            raise Unavailable("database_busy") from error
        raise


def is_transient(error: DBAPIError) -> bool:
    """Whether trying again later may help: busy, full, or restarting."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(TRANSIENT_STATES)
    text = str(error.orig)
    return isinstance(error, OperationalError) and (
        any(words in text for words in TRANSIENT_SQLITE) or "connection" in text
    )


def is_collision(error: DBAPIError) -> bool:
    """Whether a unique index had the row already: somebody else did the same a moment before."""
    state = getattr(error.orig, "sqlstate", None)
    return state == "23505" if state is not None else "UNIQUE constraint failed" in str(error.orig)
