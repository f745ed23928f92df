"""Passwords: how they are hashed, and which are refused. Hashing takes 20-40 ms: never in a transaction."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 128
# The 19 MiB profile of OWASP: the library's own default would take 64 MiB for each sign-in under way.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# What is tried first by whoever guesses, beside runs of a keyboard. The rest of the rule is length.
_COMMON = frozenset(
    [
        "password",
        "password1",
        "passw0rd",
        "p@ssw0rd",
        "qwerty123",
        "1qaz2wsx",
        "1q2w3e4r",
        "abcd1234",
        "abc12345",
        "a1234567",
        "a12345678",
        "aa123456",
        "admin123",
        "admin888",
        "woaini1314",
        "5201314520",
        "147258369",
        "123123123",
        "1234qwer",
        "letmein1",
        "xuexi123",
    ]
)
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def hash_password(password: str) -> str:
    """The hash to store. Slow on purpose."""
    return _HASHER.hash(_same_spelling(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. Takes the same time when there is no hash at all."""
    try:
        return (
            _HASHER.verify(password_hash or _decoy(), _same_spelling(password)) and password_hash is not None
        )
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether it was made with other costs than today's, so that it should be made anew."""
    return _HASHER.check_needs_rehash(password_hash)


def weakness(password: str, *identifiers: str | None) -> str | None:
    """Why the password is refused, as a code, or None. `identifiers` are what is known of the person."""
    if len(password) < SHORTEST:
        return "password_too_short"
    if len(password) > LONGEST:
        return "password_too_long"
    plain = password.lower()
    if plain in _COMMON or len(set(plain)) < 3 or any(plain in run or plain[::-1] in run for run in _RUNS):
        return "password_too_common"
    if any(plain == known.lower() for known in identifiers if known):
        return "password_is_known"
    return None


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _HASHER.hash("nobody's password")


def _same_spelling(password: str) -> str:
    """One spelling of characters that keyboards compose differently."""
    return unicodedata.normalize("NFC", password)
