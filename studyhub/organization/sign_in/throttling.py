"""How long to wait after failed sign-ins, by account and by address. Pure.

An account is named by its number, also when its phone was typed, and by what was typed when there is none, so
that waiting tells nobody which numbers are real. A whole office shares one address, so an address is given
more tries than an account.

Whoever fails waits, and not whoever owns the account: what is soon used up is counted for an account *from
one address*. What an account is given from everywhere is more than one address can use up.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many failures within a window are free; then one waits until the window ends."""

    prefix: str
    failures: int
    window: timedelta


# Short: whoever mistypes is there again soon, and 8 tries in 5 minutes guess no password.
HERE = Allowance("here", 8, timedelta(minutes=5))
"""One account from one address."""
ACCOUNT = Allowance("account", 100, timedelta(hours=1))
"""One account from everywhere: a single address gets to 96 in an hour, so that it locks nobody else out."""
PRESENT = Allowance("present", 8, timedelta(minutes=5))
"""The present password, asked of a member who is signed in and wants another."""
ADDRESS = Allowance("address", 100, timedelta(minutes=15))
CODES = Allowance("codes", 20, timedelta(minutes=15))
"""Activation codes tried from one address: nobody has twenty slips that fail."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The failures counted under one key since its window began."""

    failures: int
    window_began_at: datetime


def key(allowance: Allowance, who: str) -> str:
    """The row's key. Hashed, because people type their password into the account field."""
    return f"{allowance.prefix}:{hashlib.sha256(who.strip().lower().encode()).hexdigest()[:32]}"


def pair(address: str, who: str) -> str:
    """What an account from one address is called in a key."""
    return f"{network(address)} {who.strip()}"


def network(address: str) -> str:
    """From where somebody comes: of IPv6 the first half, because each household has all of the second."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def wait(allowance: Allowance, tally: Tally | None, now: datetime) -> timedelta | None:
    """How long until the next try is looked at; None: now."""
    if tally is None or tally.failures < allowance.failures:
        return None
    left = tally.window_began_at + allowance.window - now
    return left if left > timedelta(0) else None


def wait_after(allowance: Allowance, counted: Tally, now: datetime) -> timedelta | None:
    """How long until a try is looked at that is already in the tally; None: now."""
    return wait(allowance, Tally(counted.failures - 1, counted.window_began_at), now)


LONGEST_WINDOW = max(allowance.window for allowance in (HERE, ACCOUNT, PRESENT, ADDRESS, CODES))
"""After so long no count says anything any more."""
