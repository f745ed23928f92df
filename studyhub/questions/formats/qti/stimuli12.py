"""A text of QTI 1.2 and the items that follow it and say that they are about it, as New Quizzes has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats.exchange import Item, Place, Reading
from studyhub.questions.formats.qti.items12 import ItemReader


@dataclass(slots=True)
class _Text:
    reader: ItemReader
    place: Place
    tags: Sequence[str]
    parts: list[ItemReader] = field(default_factory=list)

    def item(self, reading: Reading) -> Item:
        """The passage. Raises Skip where nothing is asked about the text."""
        parts = reading.parts((part.name, part.item) for part in self.parts)
        passage = {"id": self.reader.name, "type": PASSAGE, "prompt": self.reader.text(), "questions": parts}
        return passage | ({"tags": [*self.tags]} if self.tags else {})


class Stimuli:
    """Reads items in their order: each by itself, or as a part of the text before it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._open: _Text | None = None

    def take(self, reader: ItemReader, tags: Sequence[str]) -> None:
        """The next item."""
        if self._open is not None and reader.about == self._open.reader.name:
            self._open.parts.append(reader)
            return
        self.end()
        place = Place.question(self._reading.read + 1, reader.name[:80])
        if reader.is_text:
            self._open = _Text(reader, place, tags)
        else:
            self._reading.add(place, lambda: reader.alone() | ({"tags": [*tags]} if tags else {}))

    def end(self) -> None:
        """No more items: read the text that is open."""
        if self._open is not None:
            text, self._open = self._open, None
            self._reading.add(text.place, lambda: text.item(self._reading))
