"""Simulated history: acts at moments in the past, played in their order through the site's own operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.db.database import Database

AT_ONCE = 50
"""Acts of one transaction: a commit for each would cost more than all they write."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did at a moment: `do` gets the session and that moment."""

    at: datetime
    do: Callable[[Session, datetime], None]


def play(database: Database, acts: Iterable[Act], counted: Callable[[int, int], None]) -> None:
    """Do everything in the order of time; what has the same moment, in the order given.

    `counted(done, total)` is told after each transaction.
    """
    ordered = sorted(acts, key=lambda act: act.at)
    for begins in range(0, len(ordered), AT_ONCE):
        with database.write() as session:
            for act in ordered[begins : begins + AT_ONCE]:
                act.do(session, act.at)
        counted(min(begins + AT_ONCE, len(ordered)), len(ordered))
