"""Variables of a question: what each may be, where `{{…}}` stands in the texts, and the values of one paper.

Within the program each `{{expression}}` is a *marker*: a run of digits that stands for one expression. Digits
go through Markdown and formulas untouched, and a marker is a number wherever the file wants one. So a type of
question never hears of variables: it works on markers, or on the numbers of one paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from studyhub.questions import expressions
from studyhub.questions.expressions import Tree, Value
from studyhub.questions.intervals import Interval
from studyhub.questions.types.shuffling import rank

BRACES = re.compile(r"\{\{([^{}\n]*)\}\}")
_PREFIX = "810293847560"
"""No end of it is its beginning: digits that stand before a marker cannot make another one."""

MARKER = re.compile(_PREFIX + r"(\d{3})")
MOST_EXPRESSIONS = 100

VARYING = (
    "prompt", "options", "answer", "tolerance", "pairs", "distractors", "items", "rubric", "model_answer",
    "explanation",
)  # fmt: skip
"""The keys whose texts may hold expressions."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What a variable may be: `low` to `high` in steps, or one of `choices`."""

    low: Value = 0
    high: Value = 0
    step: Value = 1
    choices: tuple[Value, ...] = ()

    @property
    def size(self) -> int:
        return len(self.choices) or int((self.high - self.low) // self.step) + 1

    def at(self, place: int) -> Value:
        return self.choices[place] if self.choices else self.low + place * self.step

    @property
    def interval(self) -> Interval:
        ends = self.choices or (self.low, self.at(self.size - 1))
        parts = self.choices or (self.low, self.step)
        places = max(expressions.places_needed(part.denominator) or 0 for part in parts)
        return Interval(min(ends), max(ends), places)

    @property
    def as_written(self) -> dict[str, Any]:
        if self.choices:
            return {"choose": [expressions.written(value) for value in self.choices]}
        ends = {"from": expressions.written(self.low), "to": expressions.written(self.high)}
        return ends if self.step == 1 else ends | {"step": expressions.written(self.step)}

    @classmethod
    def stored(cls, written: Mapping[str, Any]) -> Domain:
        if "choose" in written:
            return cls(choices=tuple(_value(text) for text in written["choose"]))
        return cls(_value(written["from"]), _value(written["to"]), _value(written.get("step", "1")))


def _value(text: str) -> Value:
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value


@dataclass(frozen=True)
class Variables:
    """The variables of a question, and its expressions in the order of their markers."""

    domains: Mapping[str, Domain]
    expressions: tuple[str, ...]

    @cached_property
    def trees(self) -> tuple[Tree, ...]:
        return tuple(expressions.parse(source) for source in self.expressions)

    def marked(self, text: str) -> str:
        """A text of the file with its markers."""
        place = {source: at for at, source in enumerate(self.expressions)}
        return BRACES.sub(lambda found: marker(place[found[1].strip()]), text)

    def unmarked(self, text: str) -> str:
        """The text as the file has it."""
        return filled(text, [f"{{{{{source}}}}}" for source in self.expressions])

    def drawn(self, seed: bytes | None) -> tuple[str, ...]:
        """The values of one paper, such as `("a=3", "b=10")`; without a seed the first of each."""
        return tuple(
            f"{name}={expressions.written(domain.at(_place(name, domain, seed)))}"
            for name, domain in self.domains.items()
        )

    def results(self, values: Mapping[str, Value]) -> list[str]:
        """What each expression comes to, as it is written. Raises Problem."""
        return [expressions.written(expressions.evaluate(tree, values)) for tree in self.trees]


def _place(name: str, domain: Domain, seed: bytes | None) -> int:
    """A keyed hash: what one variable is says nothing of another, nor of the order of the options."""
    return 0 if seed is None else int.from_bytes(rank(seed, f"variable:{name}"), "big") % domain.size


def values_of(drawn: Sequence[str]) -> dict[str, Value]:
    """The numbers behind `("a=3", "b=10")`."""
    return {name: _value(text) for name, _, text in (each.partition("=") for each in drawn)}


def marker(place: int) -> str:
    """What stands for the expression at this place of the list."""
    return f"{_PREFIX}{place:03d}"


def filled(text: str, results: Sequence[str]) -> str:
    """The text, or HTML, with a number in place of each marker."""
    if _PREFIX not in text:
        return text
    return MARKER.sub(
        lambda found: results[int(found[1])] if int(found[1]) < len(results) else found[0], text
    )


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """A value in the shape of the file with every text changed, those on the left of pairs, too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {change(key): each_text(inner, change) for key, inner in value.items()}
    return [each_text(inner, change) for inner in value] if isinstance(value, list | tuple) else value


def expressions_in(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Every expression of a question in the shape of the file, in an order that hangs on nothing else."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(inner.strip() for inner in BRACES.findall(text))
        return text

    for key in VARYING:
        each_text(written.get(key), note)
    return tuple(sorted(found))
