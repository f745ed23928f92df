"""A line of a document: its text, where it stands, and which of its characters are set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

COLOUR: Final = 1
BOLD: Final = 2
UNDERLINE: Final = 4
PLAIN: Final = "0"

# Full-width letters, digits and signs have their half-width twin 0xFEE0 below; blanks of all widths are one.
_HALF = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u3000\xa0\u2002\u2003\u2009\t", " ")
    | {"〔": "[", "〕": "]"}
)
_HELD_SIGNS: Final = "\U000f0000-\U000ffffd"
_HELD = re.compile(f"[{_HELD_SIGNS}]")
_FORMULA = re.compile(
    rf"(?<![\\$])(\$\$?)(?!\d[\d.,]*\s*[\u4e00-\u9fff])(?=[^$\n{_HELD_SIGNS}]*[\\^_{{])[^$\s{_HELD_SIGNS}]"
    rf"(?:[^$\n{_HELD_SIGNS}]*[^$\s{_HELD_SIGNS}])?(?<![^\^_][=+*/<>，。、；：-])\1(?![A-Za-z0-9_$])"
)
"""Between dollars that are neither of prices nor of variables in a program."""


Remark = tuple[str, str]
"""The code of a doubt, and the words that it names; "" for none."""


@dataclass(frozen=True, slots=True)
class Line:
    """`half` is the text with half-width letters and signs: of the same length, for recognising."""

    text: str
    number: int = 0
    marks: str = ""
    """for each character a digit, the sum of how it is set apart; "" when none is"""
    remarks: tuple[Remark, ...] = ()
    """what in it could not be read for sure, for whoever decides about its question"""
    half: str = field(init=False)

    def __post_init__(self) -> None:
        # Few signs of a line are wide: to look up every character would take five times as long.
        half = self.text
        for sign in _HALF.keys() & set(half):
            half = half.replace(sign, _HALF[sign])
        object.__setattr__(self, "half", half)

    @property
    def blank(self) -> bool:
        return not self.half or self.half.isspace()

    def part(self, start: int, end: int | None = None) -> Line:
        """A stretch of it, without blanks at its ends."""
        stretch = self.half[start:end]
        first = start + len(stretch) - len(stretch.lstrip())
        last = first + len(stretch.strip())
        return Line(self.text[first:last], self.number, self.marks[first:last])

    def replaced(self, start: int, end: int, text: str) -> Line:
        """The line with other words in one place."""
        marks = self.marks and self.marks[:start] + PLAIN * len(text) + self.marks[end:]
        return Line(self.text[:start] + text + self.text[end:], self.number, marks)

    def set_apart(self, mark: int) -> bool:
        """Whether all of it that is not blank has this mark."""
        if not self.marks:
            return False
        seen = [own for own, sign in zip(self.marks, self.half, strict=True) if not sign.isspace()]
        return bool(seen) and all(int(own) & mark for own in seen)

    def stretches(self, mark: int) -> list[tuple[int, int]]:
        """Where runs of characters have this mark: start and end of each."""
        signs = "".join("x" if int(own) & mark else "-" for own in self.marks)
        return [match.span() for match in re.finditer("x+", signs)]


class Held:
    """Markdown that a text must carry through as one character: formulas, images.

    Each stands for a character of a private plane; one that a text already has there becomes a visible �.
    """

    def __init__(self) -> None:
        self._markdown: list[str] = []

    def hold(self, markdown: str) -> str:
        self._markdown.append(markdown)
        return chr(0xF0000 + len(self._markdown) - 1)

    @contextmanager
    def for_once(self) -> Iterator[Held]:
        """What is held within is forgotten again."""
        known = len(self._markdown)
        try:
            yield self
        finally:
            del self._markdown[known:]

    def formulas(self, text: str) -> str:
        """The text with each formula that is typed between dollars held."""
        return _FORMULA.sub(lambda found: self.hold(found[0]), text) if "$" in text else text

    def formulas_of(self, line: Line) -> Line:
        """The same of a line."""
        held = line
        for found in reversed(list(_FORMULA.finditer(line.text)) if "$" in line.text else []):
            held = held.replaced(*found.span(), self.hold(found[0]))
        return Line(held.text, line.number, held.marks, line.remarks)

    def released(self, text: str) -> str:
        return _HELD.sub(lambda sign: self._markdown[ord(sign[0]) - 0xF0000], text)


def foreign_signs_shown(text: str) -> str:
    """The text without the characters that `Held` needs for itself."""
    return _HELD.sub("\ufffd", text)


def joined(lines: Iterable[Line]) -> str:
    """The lines as one text, without empty ones at its ends."""
    return "\n".join(line.text.strip() for line in lines).strip("\n")


def trimmed(lines: Iterable[Line]) -> list[Line]:
    """The lines without blank ones at the ends."""
    kept = list(lines)
    while kept and kept[-1].blank:
        kept.pop()
    while kept and kept[0].blank:
        kept.pop(0)
    return kept
