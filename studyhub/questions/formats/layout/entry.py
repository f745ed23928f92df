"""One question as it stands in a document, and the sections in which such entries are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.keys import Keyed
from studyhub.questions.formats.layout.line import Line, trimmed
from studyhub.questions.formats.layout.signs import Heading

LONGEST_LINE = 4000
"""How far into a line is looked for options and brackets; a paragraph is never longer."""

_INLINE_OPTIONS = re.compile(r"(?<![A-Za-z0-9(])A\s*[.、:)].*?(?<![A-Za-z0-9(])B\s*[.、:)]|\(A\).*\(B\)")
_PLACE_FOR_ANSWER = re.compile(r"\(\s*(?:[A-Z]{0,8}|[√×✓✗对错]|正确|错误)\s*\)|__+|【\s*】|\[\s*\]")
_HOLDS_ANSWER = re.compile(r"\(\s*(?:[A-Z]{1,8}|[√×✓✗对错]|正确(?:答案)?|错误)\s*\)|[√✓]\s*$|^\s*[*√]")


@dataclass(slots=True, eq=False)
class Material:
    """A text that questions are about; `last` is the number of the last of them, 0 when nothing says so."""

    lines: list[Line]
    last: int = 0
    used: bool = False


@dataclass(slots=True)
class Entry:
    """One question as it stands: its number (0: none), its lines without the number, and all its lines."""

    number: int
    lines: list[Line]
    source: list[Line]
    kind: str = ""
    section: Heading = field(default_factory=lambda: Heading(""))
    doubts: list[str] = field(default_factory=list)
    keyed: list[Keyed] = field(default_factory=list)
    """its answers from a list elsewhere: one, when all is well"""
    material: Material | None = None
    """the text that it is about, with others"""
    refused: set[int] = field(default_factory=set)
    """numbers within it that were taken for those of a list of its own"""
    whole: bool = False
    """whether options, an answer, or a place for one stand in it"""

    @property
    def answered(self) -> bool:
        """Whether an answer stands in it."""
        return self.labelled or any(_HOLDS_ANSWER.search(line.half[:LONGEST_LINE]) for line in self.lines)

    @property
    def labelled(self) -> bool:
        """Whether a label says its answer."""
        return any(label.name == "answer" for line in self.lines for label in signs.labels(line))

    @property
    def awaits_lists(self) -> bool:
        """Whether it is made of lists (连线, 排序), and its answer has not come yet."""
        return self.kind in ("match", "order") and not self.labelled

    @property
    def has_options(self) -> bool:
        return any(holds_options(line) or _is_second_option(line) for line in self.lines)

    def take(self, line: Line, shown: Line | None = None) -> None:
        """One more line; `shown` is how it stands in the document."""
        self.lines.append(line)
        self.source.append(shown or line)
        self.whole = self.whole or _makes_whole(line)

    @property
    def text(self) -> str:
        """What a person sees of it in the document."""
        own = trimmed(self.source)
        found = [line for one in self.keyed for line in one.source]
        return "\n".join(line.text.rstrip() for line in [*own, *found])


@dataclass(slots=True)
class Section:
    heading: Heading
    entries: list[Entry] = field(default_factory=list)
    style: str = ""
    """how its stems are numbered, once one is"""

    def share_points(self) -> None:
        """`五、简答题（10分）`: the questions share what they have together, where that comes out even."""
        if not self.heading.together or not self.entries:
            return
        share = Decimal(self.heading.together) / len(self.entries)
        if share == round(share, 2):
            heading = replace(self.heading, points=format(share.normalize(), "f"))
            for entry in self.entries:
                entry.section = heading


@dataclass(slots=True)
class Document:
    sections: list[Section]
    outside: list[Line]
    """what belongs to no question: titles, instructions"""
    unused: list[Line]
    """answers for which there is no question"""

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]


def _makes_whole(line: Line) -> bool:
    if _is_second_option(line) or holds_options(line):
        return True
    labels = signs.labels(line)
    if any(label.name == "answer" for label in labels):
        return True
    return not labels and has_place(line)


def _is_second_option(line: Line) -> bool:
    letter = signs.letter(line)
    return letter is not None and letter.letter == "B" and letter.upper


def holds_options(line: Line) -> bool:
    return _INLINE_OPTIONS.search(line.half[:LONGEST_LINE]) is not None


def has_place(line: Line) -> bool:
    return _PLACE_FOR_ANSWER.search(line.half[:LONGEST_LINE]) is not None
