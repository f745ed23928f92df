"""How long to wait after failed sign-ins, by account and by address. Pure.

An account is named by what was typed, whether or not it exists, so that waiting tells nobody which numbers
are real. A whole office shares one address, so an address is given more tries than an account.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many failures within a window are free; then one waits until the window ends."""

    prefix: str
    failures: int


ACCOUNT = Allowance("account", 8)
ADDRESS = Allowance("address", 100)
CODES = Allowance("codes", 20)
"""Activation codes tried from one address: nobody has twenty slips that fail."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The failures counted under one key since its window began."""

    failures: int
    window_began_at: datetime

    def running(self, now: datetime) -> bool:
        return now < self.window_began_at + WINDOW


def key(allowance: Allowance, who: str) -> str:
    """The row's key. Hashed, because people type their password into the account field."""
    return f"{allowance.prefix}:{hashlib.sha256(who.strip().lower().encode()).hexdigest()[:32]}"


def wait(allowance: Allowance, tally: Tally | None, now: datetime) -> timedelta | None:
    """How long until the next try is looked at; None: now."""
    if tally is None or not tally.running(now) or tally.failures < allowance.failures:
        return None
    return tally.window_began_at + WINDOW - now
