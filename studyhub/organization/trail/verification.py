"""Checking the whole trail against its chain: the answer to "has anything been rewritten?"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from studyhub.organization.models import AuditEntry, AuditSeal
from studyhub.organization.trail import sealing
from studyhub.organization.trail.anchor import Anchor
from studyhub.organization.trail.chain import Break, Broken, Checker, Entry, Link

BATCH = 5_000
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking found. `waiting` entries are new and have no seal yet; `overdue` ones should have one.

    Waiting ones do not make the trail less whole; overdue ones are an alarm of their own.
    """

    sealed: int
    waiting: int
    overdue: int
    broken: Broken | None

    @property
    def whole(self) -> bool:
        return self.broken is None

    def as_json(self) -> dict[str, Any]:
        broken = self.broken
        return {
            "whole": self.whole,
            "sealed": self.sealed,
            "waiting": self.waiting,
            "overdue": self.overdue,
            "broken": broken
            and {"sequence": broken.sequence, "entry": broken.entry_id, "how": broken.how.value},
        }


def verify(
    session: Session, key: bytes, anchor: Anchor | None, now: datetime, progress: Progress = lambda *_: None
) -> Verification:
    """Walk the chain from its start. Constant memory; one query for each 5,000 seals."""
    total = session.execute(select(func.count()).select_from(AuditSeal)).scalar_one()
    checker = Checker(key)
    broken: Broken | None = None
    anchored = anchor is None or anchor.sequence == 0
    for links in _batches(session):
        broken = checker.check(links)
        if broken:
            break
        if anchor and links[0].sequence <= anchor.sequence <= links[-1].sequence:
            anchored = links[anchor.sequence - links[0].sequence].digest == anchor.digest
        progress(checker.sequence, total)
    if broken is None and not anchored:
        broken = Broken(checker.sequence + 1, None, Break.SEALS_CUT_OFF)
    return Verification(
        total, _waiting(session, total), sealing.overdue(session, now, everywhere=True), broken
    )


def _waiting(session: Session, sealed: int) -> int:
    entries = session.execute(select(func.count()).select_from(AuditEntry)).scalar_one()
    return max(0, entries - sealed)


def _batches(session: Session) -> Iterator[list[Link]]:
    after = 0
    while True:
        rows = session.execute(
            select(AuditSeal.sequence, AuditSeal.entry_id, AuditSeal.digest, *AuditEntry.__table__.columns)
            .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
            .where(AuditSeal.sequence > after)
            .order_by(AuditSeal.sequence)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        yield [_link(row) for row in rows]
        after = rows[-1].sequence


def _link(row: Row[Any]) -> Link:
    entry = None
    if row.id is not None:
        entry = Entry(row.id, row.at, row.actor_id, row.act, row.subject, row.detail)
    return Link(row.sequence, row.entry_id, row.digest, entry)
