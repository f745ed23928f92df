"""What the lines of a document look like, and what follows each: options, a label, the next number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studyhub.questions.formats.layout import keys, signs
from studyhub.questions.formats.layout.entry import has_place, holds_options
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.signs import Heading, Label, Letter, Number

NEAR, FARTHEST = 12, 60
"""How many lines ahead are looked at to tell whether a question begins here."""
_INSTRUCTIONS = 2
"""Lines between the heading of a section and its first question, at the most."""


class Outlook:
    """The signs of every line, and what lies ahead of one. It knows nothing of what was read before."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.numbers: list[Number | None] = [signs.number(line) for line in lines]
        self.letters: list[Letter | None] = [signs.letter(line) for line in lines]
        self.labels: list[Sequence[Label]] = [signs.labels(line) for line in lines]
        self.headings: list[Heading | None] = [signs.heading(line) for line in lines]
        for at, found in self._lettered_headings():
            self.headings[at], self.letters[at] = found, None

    def _lettered_headings(self) -> Iterator[tuple[int, Heading]]:
        """`A. 单项选择题`, `B. 判断题`: lettered sections, from any letter on. Below an option stands another
        one, and no number of a stem; from the first section on their letters go on."""
        due = ""
        for at, letter in enumerate(self.letters):
            if letter is None or not letter.firm or (due and letter.letter != due) or self.headings[at]:
                continue
            found = signs.heading(self.lines[at].part(letter.end))
            sure = letter.letter == (due or "A")
            if found and not found.ordinal and self._stems_follow(at, sure) and not self._goes_on(at, sure):
                yield at, found
                due = chr(ord(letter.letter) + 1)

    def _stems_follow(self, at: int, sure: bool) -> bool:
        """Whether a number of a stem stands below, of the first one where instructions stand between."""
        follows = self.following(at)
        for between in range(_INSTRUCTIONS + 1):
            if follows >= len(self.lines) or self.letters[follows] or self.labels[follows]:
                return False
            number = self.numbers[follows]
            if number is not None:
                return number.value == 1 or (sure and not between)
            follows = self.following(follows)
        return False

    def _goes_on(self, at: int, sure: bool) -> bool:
        """Whether it is an option behind another, and so none of the letters of sections."""
        before = next((one for one in range(at - 1, -1, -1) if not self.lines[one].blank), None)
        above = self.letters[before] if before is not None else None
        own = self.letters[at]
        if own is None or above is None or ord(above.letter) + 1 != ord(own.letter):
            return False
        return own.letter == "B" or not sure

    def options_follow(self, at: int) -> bool:
        follows = self.following(at)
        return follows < len(self.lines) and self.is_option(follows, "A")

    def is_first_below(self, at: int) -> bool:
        """Whether the number 1 stands below: what stands above it says what to do (对的打√，错的打×)."""
        follows = self.following(at)
        number = self.numbers[follows] if follows < len(self.lines) else None
        return number is not None and number.value == 1

    def options_soon(self, at: int) -> bool:
        """Whether options begin right below this paragraph, or in it, and it is the last one above them."""
        if holds_options(self.lines[at]):
            return True
        for ahead in range(at + 1, min(at + NEAR, len(self.lines))):
            if self.lines[ahead].blank:
                # Blank lines may stand between stem and options; a second paragraph is another matter.
                follows = self.following(ahead - 1)
                return follows < len(self.lines) and self.is_option(follows, "A")
            if self.is_option(ahead, "A"):
                return at + 1 == ahead or self._after_blank(at)
            if self.letters[ahead] or self.numbers[ahead] or self.labels[ahead]:
                return False
        return False

    def _after_blank(self, at: int) -> bool:
        return at == 0 or self.lines[at - 1].blank

    def is_option(self, at: int, letter: str) -> bool:
        found = self.letters[at]
        if found is None or found.letter != letter:
            return False
        if found.firm:
            return True
        wanted = chr(ord(letter) + 1) if letter == "A" else chr(ord(letter) - 1)
        near = range(max(0, at - 4), min(at + 5, len(self.lines)))
        return any((other := self.letters[one]) and other.letter == wanted for one in near)

    def shaped(self, at: int, *styles: str) -> bool:
        """Whether what begins here looks like a question, before the next number of these styles."""
        if holds_options(self.lines[at]):
            return True
        for ahead in range(at, min(at + FARTHEST, len(self.lines))):
            number = self.numbers[ahead]
            if ahead > at and (self.headings[ahead] or (number and number.style in styles)):
                return False
            if not self.labels[ahead] and has_place(self.lines[ahead]):
                return True
            if self.has_label(ahead, "answer"):
                return not keys.is_list(self.lines[ahead].part(self.labels[ahead][0].end))
            if ahead > at and self.is_option(ahead, "A"):
                return True
        return False

    def has_label(self, at: int, name: str) -> bool:
        return any(label.name == name for label in self.labels[at])

    def following(self, at: int) -> int:
        """The next line that is not blank."""
        ahead = at + 1
        while ahead < len(self.lines) and self.lines[ahead].blank:
            ahead += 1
        return ahead

    def options_below(self, at: int, style: str) -> bool:
        if holds_options(self.lines[at]):
            return True
        for ahead in range(at + 1, min(at + FARTHEST, len(self.lines))):
            number = self.numbers[ahead]
            if self.labels[ahead] or self.headings[ahead] or (number and number.style == style):
                return False
            if self.is_option(ahead, "A"):
                return True
        return False
