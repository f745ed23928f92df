"""Sealing: the ticker gives every new audit entry its place in the chain, a few seconds after the act.

The entries are appended without a lock; one chain head locked by every act would make all acts wait for
each other. In exchange an entry is unprotected until it is sealed, so one that waits too long is an alarm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, insert, select, text
from sqlalchemy.orm import Session

from studyhub.organization.models import AuditEntry, AuditSeal
from studyhub.organization.trail import chain
from studyhub.organization.trail.anchor import LAST_SEQUENCE, Anchor
from studyhub.organization.trail.chain import Entry

BATCH = 1_000
ALARM_AFTER = timedelta(seconds=60)
# On PostgreSQL a slow transaction commits an entry after later ids were sealed. It looks for entries this
# far back; whatever lies further back unsealed is found by checking the whole trail.
LOOK_BACK = 100_000


def seal_batch(session: Session, key: bytes, now: datetime) -> int:
    """Seal the oldest unsealed entries, at most BATCH. Returns how many: 0 means that all are sealed.

    One at a time: a command that seals beside the ticker would otherwise give the same places.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE audit_seal IN SHARE ROW EXCLUSIVE MODE"))
    entries = session.execute(_unsealed(session).order_by(AuditEntry.id).limit(BATCH)).scalars().all()
    if not entries:
        return 0
    sequence, previous = head(session)
    seals = []
    for entry in entries:
        sequence += 1
        previous = chain.seal(key, sequence, previous, content(entry))
        seals.append({"sequence": sequence, "entry_id": entry.id, "digest": previous, "sealed_at": now})
    session.execute(insert(AuditSeal), seals)
    return len(seals)


def head(session: Session) -> tuple[int, bytes]:
    """The last seal's sequence number and digest; where the chain starts when there is none."""
    last = session.execute(
        select(AuditSeal.sequence, AuditSeal.digest).order_by(AuditSeal.sequence.desc()).limit(1)
    ).first()
    return (last.sequence, last.digest) if last else (0, chain.START)


def continues(session: Session, anchor: Anchor | None) -> bool:
    """Whether the chain still holds the seal that the anchor vouches for.

    It does not when seals were taken off its end: the entries under them are sealed anew at the next tick,
    whatever they say by then, and only the anchor knows how the chain ended before.
    """
    if anchor is None or anchor.sequence == 0:
        return True
    there = select(AuditSeal.digest).where(AuditSeal.sequence == anchor.sequence)
    return anchor.sequence <= LAST_SEQUENCE and session.execute(there).scalar_one_or_none() == anchor.digest


def overdue(session: Session, now: datetime, *, everywhere: bool = False) -> int:
    """How many entries have waited for their seal longer than a minute: more than 0 is an alarm.

    `everywhere` looks at the whole trail, not only where the ticker looks for entries to seal.
    """
    unsealed = _without_seal() if everywhere else _unsealed(session)
    late = unsealed.where(AuditEntry.at < now - ALARM_AFTER).subquery()
    return session.execute(select(func.count()).select_from(late)).scalar_one()


def content(entry: AuditEntry) -> Entry:
    """What the seal covers."""
    return Entry(entry.id, entry.at, entry.actor_id, entry.act, entry.subject, entry.detail)


def _unsealed(session: Session) -> Select[AuditEntry]:
    newest = session.execute(select(func.max(AuditSeal.entry_id))).scalar() or 0
    return _without_seal().where(AuditEntry.id > newest - LOOK_BACK)


def _without_seal() -> Select[AuditEntry]:
    sealed = select(AuditSeal.sequence).where(AuditSeal.entry_id == AuditEntry.id).exists()
    return select(AuditEntry).where(~sealed)
