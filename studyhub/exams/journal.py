"""The chain of the answer journal: each row's digest covers the row before it, per attempt.

Nothing that a person typed is lost, and nothing can be rewritten unseen: whoever changes, drops or
inserts a row would have to recompute every later digest, and the last one is kept with the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FIRST = b""
"""What the first row of an attempt is chained to."""


class Outcome(StrEnum):
    """What became of a save. Only SAVED changes what is stored."""

    SAVED = "saved"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    TAKEN_OVER = "taken_over"
    ATTEMPT_CLOSED = "attempt_closed"
    BAD_ANSWER = "bad_answer"


ACCEPTED = frozenset({Outcome.SAVED, Outcome.DUPLICATE, Outcome.SUPERSEDED})
"""Outcomes that the page hears as success."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what arrived for `position`, when, and what became of it. `n` counts from 1 per attempt."""

    attempt_id: int
    n: int
    position: int
    epoch: int
    seq: int
    answer: Any
    outcome: Outcome
    at: datetime


def digest(entry: Entry, previous: bytes) -> bytes:
    """SHA-256 over the digest before and the row's canonical JSON (sorted keys, UTC, microseconds)."""
    content = {
        "attempt": entry.attempt_id,
        "n": entry.n,
        "position": entry.position,
        "epoch": entry.epoch,
        "seq": entry.seq,
        "answer": entry.answer,
        "outcome": entry.outcome.value,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode("utf-8", "surrogatepass")).digest()


def first_break(rows: Iterable[tuple[Entry, bytes]]) -> int | None:
    """The `n` at which a chain (rows in their order) stops being whole; None when it is."""
    previous = FIRST
    for expected, (entry, stored) in enumerate(rows, start=1):
        if entry.n != expected or digest(entry, previous) != stored:
            return expected
        previous = stored
    return None
