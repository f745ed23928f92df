"""The request's one transaction.

The guard opens it, commits it and only then answers. A view whose route says `transaction=None` opens short
ones itself with `read()` and `write()`; so do commands. Two are never open at once: on SQLite the second
would wait for the first for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from flask import g
from sqlalchemy.orm import Session

from studyhub.web.services import database


def current_session() -> Session:
    """The session of the transaction that is open. Raises RuntimeError when none is."""
    session = open_session()
    if session is None:
        raise RuntimeError("no transaction is open here: the route says transaction=None, or is PUBLIC")
    return session


def open_session() -> Session | None:
    """The session of the transaction that is open, if one is."""
    session: Session | None = g.get("studyhub_session")
    return session


@contextmanager
def read() -> Iterator[Session]:
    """A short transaction that only reads."""
    with _alone(database().read()) as session:
        yield session


@contextmanager
def write(*, can_begin_again: bool = False) -> Iterator[Session]:
    """A short transaction that writes: committed at the end of the block (or by `commit_early`), undone when
    it raises."""
    with ExitStack() as end:
        session = end.enter_context(_alone(database().write(can_begin_again=can_begin_again)))
        g.studyhub_end = end
        try:
            yield session
        finally:
            g.pop("studyhub_end", None)


def commit_early() -> None:
    """Commit now, and let the next writer in while this request still renders its answer.

    Nothing can be read or written after it. Raises what the commit raises (Unavailable when the disk is
    full), and RuntimeError when no transaction is open that writes.
    """
    end: ExitStack | None = g.pop("studyhub_end", None)
    if end is None:
        raise RuntimeError("no transaction is open that writes")
    end.close()


@contextmanager
def _alone(transaction: AbstractContextManager[Session]) -> Iterator[Session]:
    if open_session() is not None:
        raise RuntimeError("a transaction is already open in this request: use current_session()")
    with transaction as session:
        g.studyhub_session = session
        try:
            yield session
        finally:
            g.pop("studyhub_session", None)
