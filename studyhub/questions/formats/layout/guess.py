"""What a reader was not sure of: the guess it made, and the other readings that a person may choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studyhub.questions.formats.exchange import Choice, Item


@dataclass(frozen=True, slots=True)
class Guess:
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


def among(item: Item, readings: Mapping[str, Mapping[str, Any]]) -> tuple[Choice, ...]:
    """The item with other values, under their names."""
    return tuple(Choice(name, {**item, **changed}) for name, changed in readings.items())


def spread(guesses: Sequence[Guess], change: Callable[[Item], Item]) -> list[Guess]:
    """The guesses with the same change in each of their readings."""
    return [
        Guess(one.code, one.params, tuple(Choice(c.name, change(c.item)) for c in one.choices))
        for one in guesses
    ]
