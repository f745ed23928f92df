"""Options side by side, as papers have them: four on a line where all are short, two, or one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

_ROOM = {4: 15, 2: 33}
"""How wide a column is, in Latin letters, beside three columns and beside one; a Chinese sign is two wide."""
_UNMEASURED = re.compile("[\n\t\U000f0000-\U0010ffff]")
"""Several lines, columns of its own, or what stands for a picture or a formula."""


def columns(options: Sequence[str]) -> int:
    """How many of these options, each with its letter, fit beside each other."""
    if any(_UNMEASURED.search(option) for option in options):
        return 1
    widest = max(map(_width, options), default=0)
    fitting = (count for count, room in _ROOM.items() if widest <= room and len(options) >= count - 1)
    return next(fitting, 1)


def rows(options: Sequence[str], count: int) -> list[str]:
    """The options in lines of so many, with tabs between."""
    return ["\t".join(options[at : at + count]) for at in range(0, len(options), count)]


def _width(text: str) -> float:
    return sum(_wide(sign) for sign in text if sign >= " ")


def _wide(sign: str) -> float:
    if east_asian_width(sign) in "WFA":  # “ and … are wide among Chinese signs
        return 2
    return 1.4 if sign.isupper() or sign in "@%&" else 1
