"""The defaults of a bank are checked as they stand: what no question uses is wrong all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studyhub.questions import shared_keys
from studyhub.questions.bank_keys import SPOKEN_TYPES
from studyhub.questions.fields import Fields
from studyhub.questions.proving import Budget
from studyhub.questions.types import TYPES, choice, essay, match, number, order
from studyhub.questions.variation import Variation

_MARKINGS = tuple(sorted(set().union(*(kind.markings for kind in TYPES.values()))))
_READ: Mapping[str, Callable[[Fields], object]] = {
    "type": lambda fields: fields.choice("type", TYPES, SPOKEN_TYPES),
    "points": shared_keys.read_points,
    "difficulty": shared_keys.read_facility,
    "tags": lambda fields: shared_keys.read_tags(fields, None),
    "explanation": lambda fields: fields.text("explanation"),
    "source": shared_keys.read_source,
    "review_by": lambda fields: fields.day("review_by"),
    "shuffle": lambda fields: fields.boolean("shuffle", True),
    "retired": lambda fields: fields.boolean("retired", False),
    "variables": lambda fields: Variation(fields, Budget(), shared=True),
    "options": choice.read_options,
    "marking": lambda fields: fields.choice("marking", _MARKINGS),
    "order": lambda fields: fields.choice("order", ("fixed", "any")),
    "case": lambda fields: fields.choice("case", ("ignore", "exact")),
    "tolerance": number.read_tolerance,
    "unit": lambda fields: fields.text("unit"),
    "pairs": match.read_pairs,
    "items": order.read_items,
    "rubric": essay.read_rubric,
    "model_answer": lambda fields: fields.text("model_answer"),
    "max_chars": essay.read_longest,
}


def check(defaults: Fields) -> None:
    """Report what is wrong with each. Questions that have it find the same at the same place, told once."""
    for key, read in _READ.items():
        if key in defaults:
            read(defaults)
