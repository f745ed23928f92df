"""Lines → the report of a source: each entry is a question, a question with doubts, or skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from studyhub.questions.formats.carrying import OWN
from studyhub.questions.formats.exchange import Carried, Item, Place, Reading
from studyhub.questions.formats.layout import division
from studyhub.questions.formats.layout.entry import Entry
from studyhub.questions.formats.layout.line import Held, Line
from studyhub.questions.formats.layout.question import made_of

_SAID = frozenset({"explanation", "difficulty", "points", "tags", "source"})
_LONGEST_QUOTE = 60


CARRIES: Carried = {
    kind: OWN[kind] & {"options", "answer", "model_answer"} | _SAID
    for kind in ("single", "multiple", "truefalse", "blank", "essay")
}


Where = Callable[[int, int], Place]
"""The place of an item by its number among all and by the number of its first line."""


def read_lines(
    lines: Sequence[Line], held: Held, where: Where = lambda at, line: Place.line(line)
) -> Reading:
    reading = Reading()
    document = division.divide(lines)
    for at, entry in enumerate(document.entries, 1):
        place = where(at, entry.source[0].number)
        reading.add(place, partial(_item, entry, held, reading), held.released(entry.text))
    for code, left in (("text_outside", document.outside), ("answer_unused", document.unused)):
        if left:
            reading.note(code, count=len(left), text=held.released(left[0].text.strip()[:_LONGEST_QUOTE]))
    return reading


def _item(entry: Entry, held: Held, reading: Reading) -> Item:
    made = made_of(entry, held)
    source = held.released(entry.text)
    for code, params in made.notes:
        reading.note(code, **params)
    for guess in made.guesses:
        reading.doubt(guess.code, source, guess.choices, **guess.params)
    for code in dict.fromkeys(code for line in entry.source for code in line.remarks):
        reading.doubt(code, source)
    return made.item
