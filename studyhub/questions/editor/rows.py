"""The rows of a form: which are filled in, how many are shown, and a passage's questions added, taken out and
moved. Without a script each is a button that sends the form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from string import ascii_uppercase

from studyhub.questions.editor.question_form import Values, part_prefix

_PART = re.compile(r"p([1-9]\d{0,2})-(.+)")
FEWEST_LETTERS = 4


def text_in(values: Values, field: str) -> str:
    """What stands in a field."""
    given = values.get(field) or [""]
    return given[0].replace("\r\n", "\n").strip()


def filled(values: Values, names: Collection[str]) -> list[int]:
    """The numbers of the rows `NAME-1`, `NAME-2` … in which something is filled in."""
    numbered = (field.rpartition("-") for field in values)
    found = {int(n) for name, _, n in numbered if name in names and n.isdecimal() and len(n) < 4}
    return sorted(n for n in found if any(text_in(values, f"{name}-{n}") for name in names))


def shown(values: Values, names: Collection[str], fewest: int, more: int) -> range:
    """The rows to show, from 1: those filled in, and `more`."""
    last = max(filled(values, names), default=0)
    return range(1, max(fewest, last) + more + 1)


def letters(values: Values, prefix: str, more: int) -> str:
    """The options to show: those filled in, and `more`."""
    count = max(
        (n for n, letter in enumerate(ascii_uppercase, 1) if text_in(values, f"{prefix}option-{letter}")),
        default=0,
    )
    return ascii_uppercase[: max(FEWEST_LETTERS, count) + more]


def part_numbers(values: Values) -> list[int]:
    """The questions of a passage: those whose type is chosen."""
    found = {int(match[1]) for field in values if (match := _PART.fullmatch(field)) and match[2] == "type"}
    return sorted(number for number in found if text_in(values, f"{part_prefix(number)}type"))


def with_part(values: Values, kind: str, points: str = "") -> dict[str, list[str]]:
    """One more question of this type, with the first free identifier of `q1`, `q2` …"""
    numbers = part_numbers(values)
    taken = {text_in(values, f"{part_prefix(number)}id") for number in numbers}
    name = next(f"q{n}" for n in range(1, len(taken) + 2) if f"q{n}" not in taken)
    prefix = part_prefix(max(numbers, default=0) + 1)
    return {**values, f"{prefix}type": [kind], f"{prefix}id": [name], f"{prefix}points": [points]}


def without_part(values: Values, number: int) -> dict[str, list[str]]:
    """One question less."""
    return _renumbered(values, [each for each in part_numbers(values) if each != number])


def part_earlier(values: Values, number: int) -> dict[str, list[str]]:
    """A question one place further up."""
    order = part_numbers(values)
    at = order.index(number) if number in order else 0
    if at:
        order[at - 1 : at + 1] = [order[at], order[at - 1]]
    return _renumbered(values, order)


def _renumbered(values: Values, order: Collection[int]) -> dict[str, list[str]]:
    places: Mapping[str, int] = {str(number): place for place, number in enumerate(order, 1)}
    moved: dict[str, list[str]] = {}
    for field, texts in values.items():
        match = _PART.fullmatch(field)
        if match is None:
            moved[field] = texts
        elif match[1] in places:
            moved[part_prefix(places[match[1]]) + match[2]] = texts
    return moved
