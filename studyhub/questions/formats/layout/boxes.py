"""Boxes to tick beside options (☐ A. …, ☑ B. …) → the tick that the layout knows, or nothing.

Where a box may belong to either of two options (`A. 甲 ☑ B. 乙`), it stays as it is: a wrong answer is worse
than a question without one. □ is a box before a letter alone; elsewhere it is a sign of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.questions.formats.layout.line import Line

_LETTER = r"\(?[A-Z]\s*[.、:)]+"
_BEFORE = re.compile(rf"(?P<box>[☑☒✅☐□])\s{{0,4}}(?={_LETTER})")
_BEHIND_LETTER = re.compile(rf"(?:(?<=^)|(?<=\s))(?P<letter>{_LETTER}\s{{0,4}})(?P<box>[☑☒✅☐])\s{{0,4}}")
_AT_END = re.compile(r"\s{0,4}(?P<box>[☑☒✅☐])\s*$")
_ANY = re.compile(r"[☑☒✅☐]")
_BEGINS = re.compile(rf"\s*{_LETTER}")


def read(lines: Sequence[Line]) -> list[Line]:
    """The lines with their boxes read. ☒ is Word's tick, and a cross only where ☑ ticks."""
    if not any(sign in line.text for line in lines for sign in "☑☒✅☐□"):
        return list(lines)
    ticks = "☑✅" if any(sign in line.text for line in lines for sign in "☑✅") else "☒"
    return [_read(line, ticks) for line in lines]


def _read(line: Line, ticks: str) -> Line:
    if _BEFORE.match(line.half.lstrip()):
        return _changed(line, list(_BEFORE.finditer(line.half)), ticks)
    if not _BEGINS.match(line.half):
        return line
    behind = list(_BEHIND_LETTER.finditer(line.half))
    if behind:
        return _changed(line, behind, ticks)
    end = _AT_END.search(line.half)
    return _changed(line, [end], ticks) if end and len(_ANY.findall(line.half)) == 1 else line


def _changed(line: Line, found: Sequence[re.Match[str]], ticks: str) -> Line:
    """Each box as a tick before the letter (or behind the text, where it stood there), or as nothing."""
    changed = line
    for match in reversed(found):
        tick = "√" if match["box"] in ticks else ""
        room = " " if tick and match.re is _AT_END else ""
        letter = line.text[slice(*match.span("letter"))] if "letter" in match.re.groupindex else ""
        changed = changed.replaced(*match.span(), f"{room}{tick}{letter}")
    return Line(changed.text, line.number, changed.marks, line.remarks)
