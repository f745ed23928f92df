"""The chain that makes a changed, removed or inserted audit entry visible. Pure.

Each seal is HMAC-SHA256 over its sequence number, the seal before it and the entry's own content, under a
key derived from the organisation's secret. Who can write to the database but does not know the secret
cannot make a chain that checks out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

START = bytes(32)
"""What stands before the first seal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit entry's content: everything that its seal covers."""

    id: int
    at: datetime
    actor_id: int | None
    act: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as stored, with the entry it points to (None: the entry is gone)."""

    sequence: int
    entry_id: int
    digest: bytes
    entry: Entry | None


class Break(StrEnum):
    """How a chain fails."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    SEAL_MISSING = "seal_missing"
    SEALS_CUT_OFF = "seals_cut_off"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place at which the chain fails; everything before it is whole."""

    sequence: int
    entry_id: int | None
    how: Break


def chain_key(secret: str) -> bytes:
    """The chain's own key, so that the secret itself signs nothing else than what it is for."""
    return hmac.digest(secret.encode(), b"studyhub audit chain v1", "sha256")


def seal(key: bytes, sequence: int, previous: bytes, entry: Entry) -> bytes:
    """The 32-byte seal of an entry at its place in the chain."""
    content = json.dumps(
        [
            sequence,
            entry.id,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor_id,
            entry.act,
            entry.subject,
            entry.detail,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.digest(key, previous + hashlib.sha256(content.encode()).digest(), "sha256")


@dataclass(slots=True)
class Checker:
    """Walks the chain link by link, so that a trail of any length is checked in constant memory."""

    key: bytes
    previous: bytes = START
    sequence: int = 0

    def check(self, links: Iterable[Link]) -> Broken | None:
        """Check the links that follow those checked so far; the first break, or None."""
        for link in links:
            if broken := self._step(link):
                return broken
        return None

    def _step(self, link: Link) -> Broken | None:
        self.sequence += 1
        if link.sequence != self.sequence:
            return Broken(self.sequence, None, Break.SEAL_MISSING)
        if link.entry is None:
            return Broken(link.sequence, link.entry_id, Break.ENTRY_MISSING)
        expected = seal(self.key, link.sequence, self.previous, link.entry)
        if not hmac.compare_digest(expected, link.digest):
            return Broken(link.sequence, link.entry_id, Break.ENTRY_CHANGED)
        self.previous = link.digest
        return None
