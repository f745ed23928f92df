"""A paper, read before anybody gets it: what would not come back as it was meant stays out, by its name.

The whole is read at once. Only questions that come back as something else are read by themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats.exchange import Item, Note, Place, Reading
from studyhub.questions.formats.layout.paper import Laid, Paper, paper_of

_OPTIONAL = ("tags", "source", "difficulty", "points", "model_answer", "explanation")
_ROUNDS = 4
"""After so many readings of the whole, all that are still misread beside each other stay out at once."""
_TITLE = ("题库", "")

Read = Callable[[Sequence[str]], Reading]
"""How the lines would be read; the places of what it finds are lines."""


@dataclass(frozen=True, slots=True)
class Titled:
    """The lines above the first heading, and whether they are read as the bank's title."""

    lines: tuple[str, ...]
    comes_back: bool


class Proof:
    """Which questions of a paper come back, and what is said of those that do not."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._sound: set[str] = set()
        self.notes: list[Note] = []
        self.left_out: set[str] = set()

    def readable(self, laid: Sequence[Laid]) -> list[Laid]:
        """Those that come back as they were; the others without what is in the way, or not at all."""
        kept, rounds, halved = list(laid), 0, False
        while kept and (misread := self._misread(kept)):
            rounds += 1
            if any(kept[at].name not in self._sound for at in misread):
                kept = self._mended(kept, set(misread))
            elif len(kept) > 2 and len(misread) > len(kept) // 2 and not halved:
                # One of them changes how all are read: the half without it is sound.
                half, halved = len(kept) // 2, True
                kept = [*self.readable(kept[:half]), *self.readable(kept[half:])]
            else:
                every = rounds > _ROUNDS
                culprits = {at for at in misread if every or at - 1 not in misread}
                self.left_out |= {kept[at].name for at in culprits}
                kept = [one for at, one in enumerate(kept) if at not in culprits]
        return kept

    def titled(self, title: str, first: Sequence[Laid]) -> Titled:
        """The title above the paper's first question, unless it would be read as part of it or as another."""
        lines = (title, "")
        try:
            reading = self._read([*lines, *paper_of(first).lines])
        except Unreadable:
            return Titled((), False)
        harmless = not reading.skipped and reading.questions == [one.expected for one in first]
        return Titled(lines if harmless else (), harmless and reading.head.get("title") == title)

    def _mended(self, laid: Sequence[Laid], misread: set[int]) -> list[Laid]:
        """Each of the misread as it can be read by itself, if at all."""
        mended: list[Laid] = []
        for at, one in enumerate(laid):
            mended += self._alone(one) if at in misread and one.name not in self._sound else [one]
        return mended

    def _alone(self, laid: Laid) -> list[Laid]:
        optional = [key for key in _OPTIONAL if key in laid.expected]
        listed = replace(laid, listed=True)
        if not self._misread([listed]):
            self._sound.add(laid.name)
            return [laid if not self._misread([laid]) else listed]
        for keys in (*([key] for key in optional), *([optional] if optional[1:] else ())):
            less = listed.without(keys)
            if not self._misread([less]):
                self._sound.add(laid.name)
                place = Place.named(laid.name)
                self.notes += [Note("key_lost", {"key": key}, (place,)) for key in keys]
                return [less]
        self.left_out.add(laid.name)
        return []

    def _misread(self, laid: Sequence[Laid]) -> Sequence[int]:
        """Which of them would come back as something else; all, where nothing would come back."""
        paper = paper_of(laid)
        try:
            reading = self._read([*_TITLE, *paper.lines])
        except Unreadable:
            return range(len(laid))
        if not reading.skipped and reading.questions == [one.expected for one in laid]:
            return ()
        found = _found(paper, reading)
        return [at for at, one in enumerate(laid) if found[at] != [one.expected]] or range(len(laid))


def _found(paper: Paper, reading: Reading) -> list[list[Item | None]]:
    """By question of the paper what was read in its lines; None is one that could not be read."""
    found: list[list[Item | None]] = [[] for _ in paper.begins]
    read: Iterable[tuple[Place, Item | None]] = [
        *zip(reading.places, reading.questions, strict=True),
        *((one.place, None) for one in reading.skipped),
    ]
    for place, item in read:
        at = bisect_right(paper.begins, place.at - len(_TITLE) - 1) - 1
        found[max(at, 0)].append(item)
    return found
