"""Lines → the report of a source: each entry is a question, a question with doubts, or skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats.carrying import OWN
from studyhub.questions.formats.decoding import MOST_CHARACTERS, MOST_LINES
from studyhub.questions.formats.exchange import Carried, Item, Place, Reading
from studyhub.questions.formats.from_markup import literal
from studyhub.questions.formats.layout import clearing, division, title
from studyhub.questions.formats.layout.entry import Entry
from studyhub.questions.formats.layout.guess import Guess
from studyhub.questions.formats.layout.line import Held, Line, joined, trimmed
from studyhub.questions.formats.layout.question import Made, made_of

_SAID = frozenset({"explanation", "difficulty", "points", "tags", "source"})
_ANSWERED = frozenset(
    {"options", "answer", "tolerance", "unit", "model_answer", "pairs", "distractors", "items"}
)
_LONGEST_QUOTE = 60
_CONVENTIONS = ("answer_in_bold", "answer_underlined")
_CONVENTION = 3
"""So many questions answered the same way, and no other, are no accident."""


CARRIES: Carried = {
    kind: OWN[kind] & _ANSWERED | _SAID
    for kind in ("single", "multiple", "truefalse", "blank", "number", "match", "order", "essay")
} | {"passage": OWN["passage"]}


def gathered(lines: Iterable[Line]) -> list[Line]:
    """The lines of a document. Raises Unreadable when there are more than is read at once."""
    made: list[Line] = []
    left = MOST_CHARACTERS
    for line in lines:
        left -= len(line.text)
        if left < 0 or len(made) == MOST_LINES:
            raise Unreadable("too_much_text", characters=MOST_CHARACTERS, lines=MOST_LINES)
        made.append(line)
    return made


Where = Callable[[int, int], Place]
"""The place of an item by its number among all and by the number of its first line."""


def read_lines(
    lines: Sequence[Line], held: Held, where: Where = lambda at, line: Place.line(line)
) -> Reading:
    reading = Reading()
    kept, aside = clearing.cleared(lines)
    document = division.divide(kept)
    titled = title.title_of(document)
    if titled:
        document.outside.remove(titled[0])
        reading.head["title"] = titled[1]
    document.outside += aside
    at = 1
    for entries in _together(document.entries):
        material = entries[0].material
        lines_of = [*(material.lines if material else ()), *(line for one in entries for line in one.source)]
        place = where(at, lines_of[0].number)
        read = partial(_passage if material else _single, entries, held, reading)
        reading.add(place, read, held.released(_source(entries)))
        at += len(entries)
    _settle(reading)
    for code, left in (("text_outside", document.outside), ("answer_unused", document.unused)):
        if left:
            reading.note(code, count=len(left), text=held.released(left[0].text.strip()[:_LONGEST_QUOTE]))
    return reading


def _settle(reading: Reading) -> None:
    """What would be a guess of one question is none where all choices of a paper are answered that way."""
    for code in _CONVENTIONS:
        those = {doubt.at for doubt in reading.doubts if doubt.code == code}
        choices = {at for at, one in enumerate(reading.questions) if "options" in one}
        if len(those) >= _CONVENTION and those == choices:
            reading.doubts = [doubt for doubt in reading.doubts if doubt.code != code]


def _together(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The questions about one text as one group, any other by itself."""
    groups: list[list[Entry]] = []
    for entry in entries:
        if entry.material is not None and groups and groups[-1][0].material is entry.material:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _source(entries: Sequence[Entry]) -> str:
    material = entries[0].material
    above = [line.text.rstrip() for line in trimmed(material.lines)] if material else []
    return "\n".join([*above, *(entry.text for entry in entries)])


def _single(entries: Sequence[Entry], held: Held, reading: Reading) -> Item:
    (entry,) = entries
    made = made_of(entry, held)
    _tell(entry, made, reading, held, held.released(entry.text))
    return made.item


def _passage(entries: Sequence[Entry], held: Held, reading: Reading) -> Item:
    """A text with its questions. One that cannot be read keeps the whole out: it may be the text's point."""
    material = entries[0].material
    assert material is not None
    source = held.released(_source(entries))
    made = [made_of(entry, held) for entry in entries]
    for entry, one in zip(entries, made, strict=True):
        # Another reading of a part is none of the whole: it is typed anew.
        one.guesses = [Guess(guess.code, guess.params) for guess in one.guesses]
        _tell(entry, one, reading, held, source)
    if not material.last:
        reading.doubt("under_material", source, count=len(entries))
    own = trimmed(material.lines[1:]) or material.lines
    prompt = held.released(literal(joined(own)))
    return {"type": "passage", "prompt": prompt, "questions": [one.item for one in made]}


def _tell(entry: Entry, made: Made, reading: Reading, held: Held, source: str) -> None:
    for code, params in made.notes:
        reading.note(code, **params)
    for guess in made.guesses:
        reading.doubt(guess.code, source, guess.choices, **guess.params)
    for code, text in dict.fromkeys(remark for line in entry.source for remark in line.remarks):
        named = {"text": held.released(text)} if text else {}
        reading.doubt(code, source, (), **named)
