"""A question as one paper shows it: with the values of its variables, which the paper's layout begins with.

A question without variables is its own only variant, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from studyhub.questions.revisions import Revision
from studyhub.questions.types import Order
from studyhub.questions.variables import filled, values_of

KEPT = 4_000
"""Variants that a process keeps: a paper shows, saves and marks the same ones."""


def drawn(revision: Revision, seed: bytes, *, shuffled: bool = True) -> tuple[Revision, Order, Order]:
    """The question with the values of this seed, the values, and the order of what can be shuffled. A paper
    writes down the values and then the order."""
    variables = revision.question.variables
    values = variables.drawn(seed) if variables else ()
    variant = _variant(revision, values) if variables else revision
    question = variant.question
    return variant, values, question.kind.lay_out(question.content, seed if shuffled else None)


def as_drawn(revision: Revision, layout: Sequence[str] | None) -> tuple[Revision, Order]:
    """The question of a paper with this layout, and the order in which it is shown."""
    variables = revision.question.variables
    if variables is None:
        return revision, tuple(layout or ())
    count = len(variables.domains)
    given = tuple(layout or ())
    return _variant(revision, given[:count]), given[count:]


def as_written(revision: Revision, seed: bytes | None = None) -> tuple[Revision, Order]:
    """The question in the order of the file, for its editors: with the values of a seed, without one with the
    first value of each variable. A passage has its questions so."""
    if revision.question.parts:
        return _passage(revision, seed), ()
    values = revision.question.variables.drawn(seed) if revision.question.variables else ()
    variant, _ = as_drawn(revision, values)
    return variant, variant.question.kind.lay_out(variant.question.content, None)


def _passage(revision: Revision, seed: bytes | None) -> Revision:
    if not any(part.variables for part in revision.question.parts):
        return revision
    parts = [as_written(part, seed)[0] for part in revision.parts]
    html = {
        f"questions.{part.question.id}.{path}": text for part in parts for path, text in part.html.items()
    }
    question = replace(revision.question, content=tuple(part.question for part in parts))
    return replace(revision, question=question, html={**revision.html, **html})


def values_in(layout: Sequence[str]) -> dict[str, str]:
    """The values that a layout begins with: `{"a": "3"}`."""
    return {name: text for name, sign, text in (each.partition("=") for each in layout) if sign}


@lru_cache(maxsize=KEPT)
def _variant(revision: Revision, values: tuple[str, ...]) -> Revision:
    variables = revision.question.variables
    assert variables is not None
    results = variables.results(values_of(values))
    html = {path: filled(text, results) for path, text in revision.html.items()}
    return replace(revision, question=revision.question.with_values(results), html=html)
