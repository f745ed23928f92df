"""Two acts at once, made to happen: where the one comes to a certain statement, the other happens in between.

For PostgreSQL, where writers are at work side by side. SQLite has one at a time.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, text

from studyhub.db.database import Database
from studyhub.kernel.errors import Refused

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class Overtaking:
    """The act that comes in between: `refused` holds the code when it was refused, else ""."""

    database: Database
    act: Callable[[], object]
    refused: str = ""
    failure: BaseException | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.act()
        except Refused as refused:
            self.refused = refused.code
        except BaseException as failure:
            self.failure = failure

    def happen(self) -> None:
        """Let it go as far as it comes: until it is done, or waits for what the other has locked."""
        self.thread.start()
        with self.database.engine.connect() as connection:
            while self.thread.is_alive() and not connection.scalar(_WAITING):
                connection.commit()  # what others do is looked at once in a transaction
                time.sleep(0.002)


@contextmanager
def overtaken(database: Database, statement: str, act: Callable[[], object]) -> Iterator[Overtaking]:
    """Before the first statement of the block that the expression `statement` matches, `act` happens.

    When the block ends, so has the act: what it waited for is free then.
    """
    other, ours = Overtaking(database, act), threading.get_ident()

    def come_between(*executed: Any) -> None:
        if threading.get_ident() == ours and other.thread.ident is None and re.match(statement, executed[2]):
            other.happen()

    event.listen(database.engine, "before_cursor_execute", come_between)
    try:
        yield other
    finally:
        event.remove(database.engine, "before_cursor_execute", come_between)
        if other.thread.ident is not None:
            other.thread.join()
    assert other.thread.ident is not None, "the block has no such statement"
    if other.failure is not None:
        raise other.failure
