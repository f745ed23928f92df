"""The proof that a question with variables is right on every paper, or the first thing that is against it.

A few combinations of values are all tried; many are proved by intervals. What cannot be proved is a flaw: no
member may meet the one paper that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import Any

from studyhub.questions import expressions, intervals
from studyhub.questions.bank import Question
from studyhub.questions.expressions import Number, Problem, Tree, Value
from studyhub.questions.fields import NUMBER
from studyhub.questions.intervals import Interval
from studyhub.questions.polynomials import never_equal
from studyhub.questions.types.base import normal
from studyhub.questions.variables import MARKER, Domain, Variables, filled

MOST_TRIED = 1000
"""Combinations of one question that are tried one by one."""

MOST_STEPS = 1_500_000
"""Steps of arithmetic for all questions of one file: some seconds."""

_DIFFERENT = ("options", "left", "right", "items")
"""Texts of a question that differ from one another on every paper, by the beginning of their paths."""

_FOR = {
    "expression_endless": "expression_endless_for",
    "expression_exponent": "expression_exponent_for",
    "expression_places": "expression_places_for",
    "expression_size": "expression_size_for",
    "expression_zero": "expression_zero_for",
}
"""What may go wrong with some values, and how it is said of these."""

_OF_NUMBERS = str.maketrans("", "", "0123456789.-")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, as a fault says it; `expression` where it is one of these."""

    code: str
    hint: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    expression: str | None = None


@dataclass(slots=True)
class Budget:
    """How many steps the questions of one file may still take."""

    steps: int = MOST_STEPS


def of_problem(problem: Problem, expression: str, values: str = "") -> Flaw:
    """A problem of one expression; `values` are those with which it arises."""
    hint = {"expression_function": "one_of", "expression_endless": "round_it"}.get(problem.code, "")
    params = {"expression": expression, "at": problem.at, **problem.params}
    if params.get("meant"):
        hint = "did_you_mean"
    if values:
        return Flaw(_FOR[problem.code], hint, params | {"values": values}, expression)
    return Flaw(problem.code, hint, params, expression)


def first_flaw(question: Question, budget: Budget) -> Flaw | None:
    """The first thing that is wrong on some paper of a question with variables; None is the proof."""
    variables = question.variables
    assert variables is not None
    used = {name.name for tree in variables.trees for name in expressions.names(tree)}
    domains = {name: domain for name, domain in variables.domains.items() if name in used}
    count = prod(domain.size for domain in domains.values())
    if count > MOST_TRIED:
        return _flaw_of_many(question, variables)
    budget.steps -= count * sum(1 for tree in variables.trees for _ in expressions.nodes(tree))
    if budget.steps < 0:
        return Flaw("too_many_variants", "narrow_values")
    flaws = (_flaw_of_one(question, variables, values) for values in _combinations(domains))
    return next((flaw for flaw in flaws if flaw), None)


def _combinations(domains: Mapping[str, Domain]) -> Iterator[dict[str, Value]]:
    every = ([domain.at(place) for place in range(domain.size)] for domain in domains.values())
    return (dict(zip(domains, values, strict=True)) for values in product(*every))


def _flaw_of_one(question: Question, variables: Variables, values: Mapping[str, Value]) -> Flaw | None:
    """What is wrong on the paper with these values."""
    said = ", ".join(f"{name} = {expressions.written(value)}" for name, value in values.items())
    results = []
    for source, tree in zip(variables.expressions, variables.trees, strict=True):
        try:
            results.append(expressions.written(expressions.evaluate(tree, values)))
        except Problem as problem:
            return of_problem(problem, source, said)
    for group in _groups(question):
        plain = [normal(filled(text, results)).casefold() for text in group]
        twice = next((text for at, text in enumerate(plain) if text in plain[:at]), None)
        if twice is not None:
            return Flaw("variant_same", "narrow_values", {"text": twice, "values": said})
    return _flaw_of_number(question, results, said)


def _flaw_of_number(question: Question, results: Sequence[str], said: str) -> Flaw | None:
    for key, marked in _numbers(question).items():
        text = filled(marked, results)
        if not _is_number(key, text):
            return Flaw("variant_number", "narrow_values", {"key": key, "text": text, "values": said})
    return None


def _is_number(key: str, text: str) -> bool:
    is_one = NUMBER.fullmatch(text.removesuffix("%").strip()) is not None
    return is_one and not (key == "tolerance" and text.startswith("-"))


def _numbers(question: Question) -> dict[str, str]:
    """The texts that must be numbers, with their markers."""
    if question.type != "number":
        return {}
    own = question.kind.as_written(question.content)
    return {key: str(own[key]) for key in ("answer", "tolerance") if key in own}


def _groups(question: Question) -> list[list[str]]:
    """The texts, with their markers, that must differ from one another; those without markers do already."""
    groups: dict[str, list[str]] = {}
    for path, text in question.kind.texts(question.content).items():
        beginning = path.split(".", 1)[0]
        if beginning in _DIFFERENT and text not in groups.setdefault(beginning, []):
            groups[beginning].append(text)
    return [group for group in groups.values() if any(MARKER.search(text) for text in group)]


def _flaw_of_many(question: Question, variables: Variables) -> Flaw | None:
    """The same, for all values at once."""
    given = {name: domain.interval for name, domain in variables.domains.items()}
    for source, tree in zip(variables.expressions, variables.trees, strict=True):
        try:
            intervals.shown(tree, given)
        except Problem as problem:
            return of_problem(problem, source)
    pairs = (pair for group in _groups(question) for pair in combinations(group, 2))
    differ = all(_always_differ(one, other, variables.trees, given) for one, other in pairs)
    if differ and _always_numbers(question, variables.trees, given):
        return None
    return Flaw("not_proved", "narrow_values", {"most": MOST_TRIED})


def _always_differ(one: str, other: str, trees: Sequence[Tree], given: Mapping[str, Interval]) -> bool:
    """Whether two texts are never the same: by what stands around the numbers, or by one number of both."""
    frame, other_frame = MARKER.sub("", one), MARKER.sub("", other)
    if normal(frame.translate(_OF_NUMBERS)) != normal(other_frame.translate(_OF_NUMBERS)):
        return True
    places, other_places = MARKER.findall(one), MARKER.findall(other)
    if MARKER.sub("\0", one) != MARKER.sub("\0", other):
        return _is_apart(one, other, trees, given)
    pairs = zip(places, other_places, strict=True)
    return any(never_equal(trees[int(a)], trees[int(b)], given) for a, b in pairs)


def _is_apart(one: str, other: str, trees: Sequence[Tree], given: Mapping[str, Interval]) -> bool:
    """A text that is one number, and another that is one: `{{a}}` and `5`."""
    known = [_tree_of(text, trees) for text in (one, other)]
    return known[0] is not None and known[1] is not None and never_equal(known[0], known[1], given)


def _tree_of(text: str, trees: Sequence[Tree]) -> Tree | None:
    marker = MARKER.fullmatch(text)
    if marker:
        return trees[int(marker[1])]
    return Number(Fraction(text)) if NUMBER.fullmatch(text) else None


def _always_numbers(question: Question, trees: Sequence[Tree], given: Mapping[str, Interval]) -> bool:
    for key, text in _numbers(question).items():
        marker = MARKER.fullmatch(text.removesuffix("%").strip())
        if marker is None and MARKER.search(text):
            return False
        if marker and key == "tolerance" and intervals.interval(trees[int(marker[1])], given).low < 0:
            return False
    return True
