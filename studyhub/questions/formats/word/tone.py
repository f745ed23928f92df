"""Words that are bold, slanted or of a program: in the lines of a paper, and as runs of Word's.

Signs that no text holds stand around them. A reader of the lines never sees them: they are taken out before.
"""

from __future__ import annotations

import re

from studyhub.questions.formats.to_markup import Tones
from studyhub.questions.formats.xml_writing import tag

_BOLD, _SLANTED, _PROGRAM = "\x0e", "\x10", "\x12"
_ENDS = {begin: chr(ord(begin) + 1) for begin in (_BOLD, _SLANTED, _PROGRAM)}
ROW = "\x16"
"""Begins a row of a table; tabs are between its cells."""
TONES: Tones = {
    "strong": (_BOLD, _ENDS[_BOLD]),
    "em": (_SLANTED, _ENDS[_SLANTED]),
    "code": (_PROGRAM, _ENDS[_PROGRAM]),
    "th": (_BOLD, _ENDS[_BOLD]),
    "tr": (ROW, ""),
}
SIGNS = "\x0e-\x13\x16"
_ANY = re.compile(f"[{SIGNS}]")
_PROPERTIES = {
    _PROGRAM: tag("w:rFonts", w__ascii="Consolas", w__hAnsi="Consolas", w__cs="Consolas"),
    _BOLD: tag("w:b"),
    _SLANTED: tag("w:i"),
}
"""In the order in which Word wants them."""


def is_sign(text: str) -> bool:
    return _ANY.fullmatch(text) is not None


def without(text: str) -> str:
    """The text as it is read."""
    return _ANY.sub("", text)


def spread(text: str) -> str:
    """What is set apart over several lines, as set apart in each of them."""
    lines, open_ = [], ""
    for line in text.split("\n"):
        begun = open_
        for sign in _ANY.findall(line):
            open_ = changed(open_, sign)
        lines.append(begun + line + "".join(_ENDS[sign] for sign in reversed(open_)))
    return "\n".join(lines)


def changed(tones: str, sign: str) -> str:
    """What is on behind this sign."""
    if sign in _ENDS:
        return tones + sign
    return tones.replace(chr(ord(sign) - 1), "", 1)


def properties(tones: str) -> str:
    """Of a run of which these are on."""
    return "".join(made for sign, made in _PROPERTIES.items() if sign in tones)
