"""Automatic letters of options that nobody let begin anew: below the next stem Word shows E–H for A–D."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.line import Line

_LETTERS = re.compile(r"(?<![A-Za-z])([A-Z])\1{0,9}(?![A-Za-z])")


class Lettering:
    """Gives each question's options their letters from A; to be shown every paragraph in turn."""

    def __init__(self) -> None:
        self._begins = True
        self._before = 0
        self._last = -1

    def label(self, label: str, text: str) -> str:
        """The automatic label of this text as it is meant: letters that go on from A are options'."""
        found = _LETTERS.search(label)
        if found is None or signs.heading(Line(text)):
            return label
        value = ascii_uppercase.index(found[1]) + len(ascii_uppercase) * (len(found[0]) - 1)
        goes_on = value == self._last + 1
        if value and not goes_on:
            return label
        if not value or self._begins:
            self._before = value
        self._last, self._begins = value, False
        meant = value - self._before
        if meant >= len(ascii_uppercase):
            return label
        return label[: found.start()] + ascii_uppercase[meant] + label[found.end() :]

    def passed(self, lines: Sequence[Line]) -> None:
        """What stands between: behind the number of a stem, or an answer, other options begin."""
        self._begins = self._begins or any(signs.number(line) or signs.labels(line) for line in lines)
