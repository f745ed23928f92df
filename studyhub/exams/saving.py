"""What becomes of a save: the rules of the interface, in their order, as one pure function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from studyhub.exams.journal import Outcome


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer that counts for a position at the moment."""

    answer: Any
    epoch: int
    seq: int
    saved_at: datetime


class Place(NamedTuple):
    """One question of one attempt."""

    attempt_id: int
    position: int


@dataclass(frozen=True, slots=True)
class Save:
    """What arrived. `answer` is in its accepted form, or None for a cleared one."""

    answer: Any
    epoch: int
    seq: int


def outcome(save: Save, stored: Stored | None, *, is_open: bool, epoch: int) -> Outcome:
    """The first rule that fits decides. A repeated save gets its first answer, whatever came since.

    `is_open` and `epoch` are the attempt's, read under its lock.
    """
    if stored is not None and (save.epoch, save.seq, save.answer) == (
        stored.epoch,
        stored.seq,
        stored.answer,
    ):
        return Outcome.DUPLICATE
    if not is_open:
        return Outcome.ATTEMPT_CLOSED
    if save.epoch != epoch:
        return Outcome.TAKEN_OVER
    if stored is None or save.seq > stored.seq:
        return Outcome.SAVED
    if save.seq < stored.seq:
        return Outcome.SUPERSEDED
    return Outcome.SAVED if save.answer == stored.answer else Outcome.CONFLICT
