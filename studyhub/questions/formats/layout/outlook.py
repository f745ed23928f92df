"""What the lines of a document look like, and what follows each: options, a label, the next number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studyhub.questions.formats.layout import keys, signs
from studyhub.questions.formats.layout.entry import has_place, holds_options
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.signs import Heading, Label, Letter, Number

NEAR, FARTHEST = 12, 60
"""How many lines ahead are looked at to tell whether a question begins here."""


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
        """`A. 单项选择题`, `B. 判断题`: sections that are lettered. An option A has another one below it, and
        no number of a stem; from there on the letters of sections go on."""
        due = "A"
        for at, letter in enumerate(self.letters):
            if letter is None or not letter.firm or letter.letter != due or self.headings[at]:
                continue
            found = signs.heading(self.lines[at].part(letter.end))
            if found and not found.ordinal and self._stems_follow(at) and not self._is_second(at):
                yield at, found
                due = chr(ord(due) + 1)

    def _stems_follow(self, at: int) -> bool:
        follows = self.following(at)
        number = self.numbers[follows] if follows < len(self.lines) else None
        return number is not None and self.letters[follows] is None

    def _is_second(self, at: int) -> bool:
        """Whether it is option B of two, and so none of the letters of sections."""
        before = next((one for one in range(at - 1, -1, -1) if not self.lines[one].blank), None)
        above = self.letters[before] if before is not None else None
        own = self.letters[at]
        return own is not None and own.letter == "B" and above is not None and above.letter == "A"

    def options_follow(self, at: int) -> bool:
        follows = self.following(at)
        return follows < len(self.lines) and self.is_option(follows, "A")

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
