"""The forms of what identifies a member or a branch, and what must never be used as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from studyhub.kernel.faults import nearest

_MEMBER_NO = re.compile(r"[A-Za-z0-9._-]{1,32}")
_BRANCH_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
# As stored: a mobile of the mainland, a landline with or without its area code, a number from abroad.
_LIKELY_PHONE = re.compile(r"1[0-9]{10}|0[1-9][0-9]{8,10}|[2-9][0-9]{6,7}|(?:\+|00)[1-9][0-9]{5,13}")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")
# GB 11643-1999: the weights of the first 17 digits, and the check character by remainder modulo 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

LONGEST_NAME = 64

RESERVED_BRANCH_CODES = frozenset({"import", "new", "template.xlsx", ".", ".."})
"""No codes for a branch: `/admin/branches/new` is a page of its own, and a browser resolves dots."""


def is_member_no(text: str) -> bool:
    return _MEMBER_NO.fullmatch(text) is not None


def is_branch_code(text: str) -> bool:
    return _BRANCH_CODE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Of a member or a branch: one line that can be printed."""
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()


def phone_number(text: str) -> str | None:
    """The number as it is stored: digits with no blanks or dashes and no +86; None when it is none."""
    digits = re.sub(r"[\s()-]", "", text)
    digits = re.sub(r"^(\+86|0086)(?=1[0-9]{10}$)", "", digits)
    return digits if _PHONE.fullmatch(digits) else None


def is_likely_phone(number: str) -> bool:
    """Whether a stored number has the form of one that rings; people sign in with it, so a slip matters."""
    return _LIKELY_PHONE.fullmatch(number) is not None


def is_id_number(text: str) -> bool:
    """Whether it is a valid 18-digit citizen's ID number: a date of birth and the right check character.

    Such a number is personal data of the most sensitive kind and no key for people.
    """
    if not _ID_NUMBER.fullmatch(text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CHECKS[total % 11] == text[17].upper() and _is_date(text[6:14])


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1800 <= int(digits[:4]) <= 2100


class Suggestions:
    """What was probably meant by an unknown code. Comparing is slow, so it gives up after `budget` words."""

    def __init__(self, codes: Iterable[str], budget: int = 100) -> None:
        self._codes = {code.lower(): code for code in codes}
        self._known: dict[str, str | None] = {}
        self._budget = budget

    def meant(self, word: str) -> str | None:
        """The closest code, or None when nothing is close."""
        if word not in self._known and len(self._known) < self._budget:
            close = nearest(word, self._codes)
            self._known[word] = self._codes[close] if close else None
        return self._known.get(word)
