"""Lines → sections of entries. Where a question begins is told by numbers, their order, and what follows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.questions.formats.layout import assignment, keys, material, signs
from studyhub.questions.formats.layout.entry import (
    Document,
    Entry,
    Material,
    Section,
    has_place,
)
from studyhub.questions.formats.layout.key_lines import Keys
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.outlook import NEAR, Outlook
from studyhub.questions.formats.layout.signs import Heading, Number

_CHAPTER = re.compile(r"\s*第\s*[一二三四五六七八九十百\d]{1,3}\s*[章篇编节][\s、:.]*[^。;,?]{0,24}")


def divide(lines: Sequence[Line]) -> Document:
    return _Divider(lines).run()


class _Divider:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._ahead = Outlook(lines)
        self._keys = Keys(self._ahead)
        self._document = Document([Section(Heading(""))], [], [])
        self._entry: Entry | None = None
        self._last = 0
        self._inner = 0
        self._listed: set[tuple[str, int]] = set()
        self._keyed_from = 0
        self._material: Material | None = None

    def run(self) -> Document:
        at = 0
        while at < len(self._lines):
            at = self._step(at)
        self._end_material()
        for section in self._document.sections:
            _doubt_swallowed(section)
            section.share_points()
        return self._document

    @property
    def _section(self) -> Section:
        return self._document.sections[-1]

    def _step(self, at: int) -> int:
        """Take the line, or several from it on. Returns the next one to look at."""
        line = self._lines[at]
        if line.blank:
            self._keep(line)
            return at + 1
        end = self._keys.end(at, self._document, self._entry)
        if end > at:
            self._take_key(self._lines[at:end])
            return end
        heading = self._heading(at)
        if self._is_chapter(at):
            self._document.outside.append(line)
        elif heading:
            self._begin_section(heading)
        elif self._begins_material(at):
            self._end_material()
            labelled = material.LABELLED.match(line.half)
            more = [line.part(labelled.end())] if labelled else []
            self._material, self._entry = Material([line, *more], material.last_of(line)), None
        elif self._starts(at):
            self._begin(at)
        else:
            number = self._ahead.numbers[at]
            if number and self._entry:
                if self._refuses(number):
                    self._entry.refused.add(number.value)
                self._listed.add((number.style, number.value))
            self._keep(line)
        return at + 1

    def _refuses(self, number: Number) -> bool:
        """Whether a number that begins no question might have been that of one: written as theirs are, or
        otherwise and the next of no list."""
        entry = self._entry
        goes_on = (number.style, number.value - 1) in self._listed
        return (
            entry is not None
            and not entry.awaits_lists
            and (number.style == self._section.style or (entry.whole and not goes_on))
        )

    def _keep(self, line: Line) -> None:
        if self._entry is not None:
            self._entry.take(line)
            self._begin_list(line)
        elif self._material is not None:
            self._material.lines.append(line)
        elif not line.blank:
            self._document.outside.append(line)

    def _begin_list(self, line: Line) -> None:
        """`答：1. …`: behind a label begins a list, whose numbers are not those of questions."""
        for label in signs.labels(line)[:1]:
            number = signs.number(line.part(label.end))
            if number:
                self._listed.add((number.style, number.value))
            if number and number.style == self._section.style:
                self._inner = number.value

    # headings and material

    def _heading(self, at: int) -> Heading | None:
        found = self._ahead.headings[at]
        if found:
            return None if self._ahead.options_follow(at) or self._numbered_on(at, found) else found
        number = self._ahead.numbers[at]
        if number is None or number.style != "han":
            return None
        follows = self._ahead.following(at)
        inner = self._ahead.numbers[follows] if follows < len(self._lines) else None
        below = inner is not None and inner.style != "han" and inner.value in (1, self._last + 1)
        return Heading("", *signs.each(self._lines[at].half)) if below else None

    def _is_chapter(self, at: int) -> bool:
        """`第二章 组织`, where questions or their heading begin right below: no part of the one above."""
        if not _CHAPTER.fullmatch(self._lines[at].half) or self._ahead.headings[at]:
            return False
        follows = self._ahead.following(at)
        if follows >= len(self._lines):
            return False
        number = self._ahead.numbers[follows]
        return self._ahead.headings[follows] is not None or (number is not None and number.value == 1)

    def _numbered_on(self, at: int, found: Heading) -> bool:
        """`1. 论述` may be a stem as well; below a heading the numbers begin anew."""
        own = self._ahead.numbers[at]
        if not found.ordinal[:1].isdigit() or own is None:
            return False
        follows = self._ahead.following(at)
        below = self._ahead.numbers[follows] if follows < len(self._lines) else None
        return below is None or (below.value != 1 and below.style == own.style)

    def _begin_section(self, heading: Heading) -> None:
        self._end_material()
        self._entry, self._inner = None, 0
        if not self._section.entries and not self._section.heading.kind:
            self._document.sections.pop()
        self._document.sections.append(Section(heading))

    def _end_material(self) -> None:
        """A text without questions belongs to none."""
        if self._material is not None and not self._material.used:
            self._document.outside += (line for line in self._material.lines if not line.blank)
        self._material = None

    def _begins_material(self, at: int) -> bool:
        half = self._lines[at].half
        if not material.ANNOUNCED.fullmatch(half.strip()) and not (
            material.LABELLED.match(half) and self._asks_below(at)
        ):
            return False
        return self._entry is None or self._complete(self._entry)

    def _asks_below(self, at: int) -> bool:
        """Whether the next line but a few has the first number, or the one that is due."""
        ahead = range(at + 1, min(at + NEAR, len(self._lines)))
        number = next((found for one in ahead if (found := self._ahead.numbers[one])), None)
        return number is not None and number.value in (1, self._last + 1)

    # where a question begins

    def _starts(self, at: int) -> bool:
        number = self._ahead.numbers[at]
        if number is None or self._is_key_like_option(at):
            return self._starts_without_number(at)
        if self._lists_on(number):
            return self._inner_number(number.value)
        return self._starts_numbered(number, at)

    def _starts_numbered(self, number: Number, at: int) -> bool:
        style, expected = self._section.style, self._last + 1
        if not style:
            return self._starts_first(number, at)
        if number.style != style:
            fits = number.value in (1, expected) and not number.decimal and self._complete(self._entry)
            return (
                fits
                and self._ahead.shaped(at, number.style, self._section.style)
                and number.style not in ("circle", "brackets")
            )
        if number.decimal and not self._decimal_begins(at, number.value == expected):
            return False
        if (
            self._inner
            and self._inner + 1 == number.value
            and not (
                # The next number of a list in this question, or of the next one: what follows tells.
                number.value == expected and self._ahead.shaped(at, style)
            )
        ):
            return self._inner_number(number.value)
        if number.value == expected:
            return True
        if not self._complete(self._entry):
            return self._inner_number(number.value)
        return self._ahead.shaped(at, style) or self._inner_number(number.value)

    def _lists_on(self, number: Number) -> bool:
        """Whether it is of a list within a question that is made of lists: 连线, 排序."""
        if self._entry is None or not self._entry.awaits_lists:
            return False
        return number.value == 1 or (self._inner > 0 and number.value == self._inner + 1)

    def _is_key_like_option(self, at: int) -> bool:
        return self._ahead.letters[at] is not None and self._ahead.numbers[at] is None

    def _decimal_begins(self, at: int, fits: bool) -> bool:
        """`3.14…` where question 3 is due: not while question 2 is without options, and these have them."""
        entry = self._entry
        if not fits or (entry is not None and not entry.whole):
            return False
        return entry is None or entry.answered or entry.has_options or not self._ahead.options_soon(at)

    def _inner_number(self, value: int) -> bool:
        """A number that is no question's: an item of a list within one."""
        self._inner = value
        return False

    def _starts_first(self, number: Number, at: int) -> bool:
        """The first number of a section."""
        if self._entry is not None and not self._complete(self._entry):
            return False
        if number.style == "blank":
            return number.value == 1 and self._ahead.shaped(at, "blank", self._section.style)
        return number.value in (1, self._last + 1) or self._ahead.shaped(
            at, number.style, self._section.style
        )

    def _starts_without_number(self, at: int) -> bool:
        if self._ahead.labels[at] and self._ahead.labels[at][0].start == 0:
            return False
        if self._ahead.letters[at] and self._ahead.is_option(at, self._ahead.letters[at].letter):  # type: ignore[union-attr]
            return False
        if self._entry is None and (self._material is not None or self._ahead.is_first_below(at)):
            return False
        if self._entry is None:
            return self._ahead.options_soon(at) or self._stands_alone(at)
        if not self._complete(self._entry):
            return False
        return self._ahead.options_soon(at) or (not self._section.style and self._stands_alone(at))

    def _stands_alone(self, at: int) -> bool:
        """A statement or a gap text of a section without numbers: each line is one."""
        kind = self._section.heading.kind
        labelled = self._ahead.following(at) < len(self._lines) and self._ahead.has_label(
            self._ahead.following(at), "answer"
        )
        if not kind:
            return labelled and not self._ahead.labels[at] and self._entry is None
        place = has_place(self._lines[at])
        return (kind in ("truefalse", "blank") and place) or (labelled and not self._ahead.labels[at])

    def _complete(self, entry: Entry | None) -> bool:
        """Whether the entry has what makes a question, so that another may begin."""
        return entry is None or entry.whole or entry.section.kind in ("essay", "truefalse")

    def _begin(self, at: int) -> None:
        line, number = self._lines[at], self._ahead.numbers[at]
        doubts = []
        if number is None or self._is_key_like_option(at):
            value, rest = 0, line
            if self._section.style:
                doubts.append("stem_unnumbered")
        else:
            value, rest = number.value, line.part(number.end)
            if self._section.entries and value not in (1, self._last + 1):
                doubts.append("number_jump")
            if number.decimal:
                doubts.append("number_decimal")
            self._section.style = self._section.style or number.style
            self._last = value
        self._inner = 0
        self._listed.clear()
        heading = self._section.heading
        self._entry = Entry(value, [], [], heading.kind, heading, doubts)
        self._entry.take(rest, line)
        if self._material is not None and self._material.last and value > self._material.last:
            self._end_material()
        self._entry.material = self._material
        if self._material is not None:
            self._material.used = True
        self._section.entries.append(self._entry)

    # answers elsewhere

    def _take_key(self, lines: Sequence[Line]) -> None:
        titled = signs.is_key_title(lines[0])
        given = keys.read(lines[1:] if titled else lines)
        open_ = self._document.sections[self._keyed_from :]
        of_all = titled or bool(keys.of_kind(lines[0])[0]) or assignment.reach_above(given, open_)
        sections = open_ if of_all else [self._section]
        self._document.unused += assignment.assign(
            given, [section for section in sections if section.entries]
        )
        if of_all:
            self._keyed_from = len(self._document.sections)
            self._document.sections.append(Section(Heading("")))
            self._last = 0
        self._entry = None


def _doubt_swallowed(section: Section) -> None:
    """A list within a question that goes on with the number of a question that is not there may be it."""
    numbers = {entry.number for entry in section.entries}
    for entry in section.entries:
        missing = entry.number + 1
        if entry.number and missing in entry.refused and missing not in numbers:
            entry.doubts.append("may_hold_two")
