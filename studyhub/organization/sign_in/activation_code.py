"""One-time activation codes: 20 random digits (66 bits) in five groups, like the number of a bank card.

Digits only, because they are typed on an old phone's number pad by people who are not at home with
keyboards: no capital letters, nothing to mistake for something else.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta

DIGITS = 20
GROUP = 4
LIFETIME = timedelta(days=30)

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212]")


def new_code() -> str:
    """A fresh code, as 20 digits."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def grouped(code: str) -> str:
    """The code as it is printed: `1234 5678 9012 3456 7890`."""
    return " ".join(code[at : at + GROUP] for at in range(0, DIGITS, GROUP))


def as_typed(text: str) -> str | None:
    """The code that somebody typed, with blanks, dashes or full-width digits; None when it is none."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def digest(code: str) -> bytes:
    """What is stored of a code. It has 66 random bits, so a plain hash cannot be tried out."""
    return hashlib.sha256(b"activation:" + code.encode()).digest()
