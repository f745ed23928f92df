"""Two revisions of a question, compared key by key and word by word, so that a person sees what changed.

Chinese has no blanks between words: there each character is a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Any

_WORD = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\\W_\u2e80-\u9fff]+|\\s+|.", re.DOTALL
)

MOST_COMPARED = 2_000_000
"""Words of the one times words of the other; longer texts are shown whole, old above new."""


class Sort(StrEnum):
    SAME = "same"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stand in both texts, in the old one only, or in the new one only."""

    sort: Sort
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A key of the bank file (`options`, with the letter as `part`) whose text is another."""

    key: str
    part: str
    pieces: tuple[Piece, ...]

    @property
    def old(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.sort != Sort.NEW)

    @property
    def new(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.sort != Sort.OLD)


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What differs between two questions as the bank file writes them, in the order of the new one's keys."""
    before, after = dict(_texts(old)), dict(_texts(new))
    places = [*after, *(place for place in before if place not in after)]
    return [
        Difference(*place, words(before.get(place, ""), after.get(place, "")))
        for place in places
        if before.get(place, "") != after.get(place, "")
    ]


def words(old: str, new: str) -> tuple[Piece, ...]:
    """The old text turned into the new one. A single word that stayed between two changes is not told."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    inner = _compared(before[start : len(before) - end], after[start : len(after) - end])
    rest = before[len(before) - end :]
    return _joined([(Sort.SAME, before[:start]), *inner, (Sort.SAME, rest)])


Run = tuple[Sort, Sequence[str]]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compared(before: list[str], after: list[str]) -> Iterator[Run]:
    if len(before) * len(after) > MOST_COMPARED:
        yield from ((Sort.OLD, before), (Sort.NEW, after))
        return
    held: tuple[list[str], list[str]] = ([], [])
    for code, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if code == "equal" and j - i > 1:
            yield from ((Sort.OLD, held[0]), (Sort.NEW, held[1]), (Sort.SAME, before[i:j]))
            held = ([], [])
        else:
            held[0].extend(before[i:j])
            held[1].extend(after[k:m])
    yield from ((Sort.OLD, held[0]), (Sort.NEW, held[1]))


def _joined(runs: Sequence[Run]) -> tuple[Piece, ...]:
    told = [(sort, "".join(text)) for sort, text in runs if text]
    return tuple(
        Piece(sort, "".join(text for _, text in same)) for sort, same in groupby(told, key=lambda run: run[0])
    )


def _texts(written: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for key, value in written.items():
        if key != "id":
            yield from (((key, part), text) for part, text in _parts(value))


def _parts(value: Any, part: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a value by where they stand in it; a plain list is one text, an item a line."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # An option with feedback is `{text, feedback}`: its text stands where one without has it.
            yield from _parts(inner, part if key == "text" and part else f"{part} {key}".strip())
    elif isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        for number, item in enumerate(value, 1):
            yield from _parts(item, f"{part} {number}".strip())
    elif isinstance(value, list):
        yield part, "\n".join(map(str, value))
    else:
        yield part, str(value).lower() if isinstance(value, bool) else str(value)
