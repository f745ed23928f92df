"""Orders that a keyed hash gives: the same for a seed for ever, whatever the library."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

RANK_BYTES = 8
PINNED = b"pinned"
"""The seed of the one order that everybody sees where the written order would tell the key."""


def rank(seed: bytes, key: str) -> bytes:
    """Where a key stands among the others for this seed (at most 64 bytes)."""
    return hashlib.blake2b(key.encode(), digest_size=RANK_BYTES, key=seed).digest()


def shuffled(keys: Sequence[str], seed: bytes) -> tuple[str, ...]:
    """The keys in the order of this seed, each at its `rank`: the hash takes the seed up once."""
    seeded = hashlib.blake2b(digest_size=RANK_BYTES, key=seed)
    ranks = {}
    for key in keys:
        own = seeded.copy()
        own.update(key.encode())
        ranks[key] = own.digest()
    return tuple(sorted(keys, key=ranks.__getitem__))


def disguised(texts: Mapping[str, str]) -> tuple[str, ...]:
    """The keys in one order that is not theirs, which hangs on their texts alone."""
    keys = tuple(texts)
    order = tuple(sorted(keys, key=lambda key: rank(PINNED, f"{texts[key]}\0{key}")))
    return order[1:] + order[:1] if order == keys else order


def letters(order: Sequence[str]) -> dict[str, str]:
    """The file's key behind each shown letter."""
    return dict(zip(ascii_uppercase, order, strict=False))
