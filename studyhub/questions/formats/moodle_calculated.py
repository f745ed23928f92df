"""Variables in Moodle: formulas in the texts, and rows of values, one of which is drawn for each attempt."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from studyhub.questions import expressions
from studyhub.questions.expressions import MOST_PLACES, Problem, Value
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.moodle_formula import VARIABLE, expression, formula
from studyhub.questions.formats.xml_writing import lines, tag
from studyhub.questions.variables import (
    MARKER,
    VARYING,
    Domain,
    Variables,
    each_text,
    expressions_in,
    marker,
    values_of,
)

MOST_ROWS = 100
"""Values of a variable that Moodle keeps at most."""

_MOST_TRIED = 2_000
_TEXT = re.compile(r"\{=((?:[^{}]|\{[^{}]*\})*)\}|" + VARIABLE.pattern)
_DECIMALS, _RELATIVE, _NOMINAL = "1", "1", "2"


class Numbers:
    """Writes the variables of one question: its texts hold markers until `placed` puts formulas there."""

    def __init__(self, item: Item, tell: Tell) -> None:
        domains = {name: Domain.stored(domain) for name, domain in item["variables"].items()}
        self._variables = Variables(domains, expressions_in(item))
        self._rows = _rows(domains)
        varying = {key: each_text(item[key], self._variables.marked) for key in VARYING if key in item}
        self.item: Item = {**item, **varying}
        self._formulas = [formula(source) for source in self._variables.expressions]
        for name, domain in domains.items():
            if domain.size > MOST_ROWS:
                tell("values_sampled", name=name, most=MOST_ROWS)

    def placed(self, written: str) -> str:
        return MARKER.sub(lambda found: f"{{={self._formulas[int(found[1])]}}}", written)

    def answer(self) -> str:
        """The formula of a number. Raises Skip where it is put together of several."""
        found = MARKER.fullmatch(self.item["answer"])
        if not found and MARKER.search(self.item["answer"]):
            skip("variables_not_carried")
        return self._formulas[int(found[1])] if found else str(self.item["answer"])

    def judging(self, tolerance: str = "0") -> list[str]:
        """How near is right, and with how many decimals it is shown."""
        if MARKER.search(tolerance):
            skip("variables_not_carried")
        relative = tolerance.endswith("%")
        size = format((Decimal(tolerance[:-1]) / 100).normalize(), "f") if relative else tolerance
        return [
            tag("tolerance", size),
            tag("tolerancetype", _RELATIVE if relative else _NOMINAL),
            tag("correctanswerformat", _DECIMALS),
            tag("correctanswerlength", str(self._places())),
        ]

    def _places(self) -> int:
        results = (self._variables.results(row) for row in self._rows)
        return max((len(text.partition(".")[2]) for row in results for text in row), default=0)

    def datasets(self) -> str:
        made = (self._dataset(name) for name in self._variables.domains)
        return tag("dataset_definitions", lines(made, "    "))

    def _dataset(self, name: str) -> str:
        values = [expressions.written(row[name]) for row in self._rows]
        each = (
            tag("dataset_item", tag("number", str(at)), tag("value", value))
            for at, value in enumerate(values, 1)
        )
        decimals = max(len(value.partition(".")[2]) for value in values)
        said = {"minimum": min(values, key=Fraction), "maximum": max(values, key=Fraction)}
        return tag(
            "dataset_definition",
            tag("status", tag("text", "private")),
            tag("name", tag("text", name)),
            tag("type", "calculated"),
            tag("distribution", tag("text", "uniform")),
            *(tag(key, tag("text", value)) for key, value in said.items()),
            tag("decimals", tag("text", str(decimals))),
            tag("itemcount", str(len(values))),
            tag("dataset_items", *each),
            tag("number_of_items", str(len(values))),
        )


def _rows(domains: Mapping[str, Domain]) -> list[dict[str, Value]]:
    """Values that Moodle draws together: all combinations, or a hundred in which every value comes."""
    sizes = {name: min(domain.size, MOST_ROWS) for name, domain in domains.items()}
    count = min(MOST_ROWS, math.prod(sizes.values()))
    whole = count == math.prod(sizes.values())
    rows: list[dict[str, Value]] = [{} for _ in range(count)]
    before = 1
    for shift, (name, size) in enumerate(sizes.items()):
        for at, row in enumerate(rows):
            place = (at // before if whole else at + shift * (at // size)) % size
            # Of more values than Moodle keeps, some from everywhere between the ends.
            row[name] = domains[name].at(place * (domains[name].size - 1) // max(1, size - 1))
        before *= size
    return rows


@dataclass(slots=True)
class Datasets:
    """Reads the variables of one question: formulas in its texts become markers, and markers expressions."""

    values: Mapping[str, Sequence[str]]
    tell: Tell
    _sources: list[str] = field(default_factory=list)

    def mark(self, element: Element) -> None:
        """Put markers into all texts of the question. What names no variable stays as it is."""
        for text in element.descendants("text"):
            text.children = [_TEXT.sub(self._marked, text.text)]

    def _marked(self, found: re.Match[str]) -> str:
        if found[1] is None and found[2] not in self.values:
            return found[0]
        return self.marker(html.unescape(found[1]) if found[1] is not None else found[0])

    def marker(self, text: str, places: int = MOST_PLACES) -> str:
        """The marker of a formula; one whose decimals may never end is rounded."""
        source = expression(text)
        if not self._ends(source):
            source = f"round({source}, {places})"
        if source not in self._sources:
            self._sources.append(source)
        return marker(self._sources.index(source))

    def _ends(self, source: str) -> bool:
        tree = expressions.parse(source)
        try:
            for row in self._combinations():
                expressions.written(expressions.evaluate(tree, values_of(row)))
        except Problem as problem:
            return problem.code != "expression_endless"
        except KeyError as name:
            skip("no_values", name=str(name.args[0]))
        return True

    def _combinations(self) -> Iterator[tuple[str, ...]]:
        said = [
            [f"{name}={value}" for value in dict.fromkeys(values)] for name, values in self.values.items()
        ]
        if math.prod(map(len, said)) <= _MOST_TRIED:
            yield from product(*said)
        else:
            listed = [[f"{name}={value}" for value in values] for name, values in self.values.items()]
            yield from zip(*listed, strict=False)

    def unmarked(self, item: Item) -> Item:
        """The question with expressions in place of the markers, and its variables."""
        back: Callable[[str], str] = lambda text: MARKER.sub(  # noqa: E731
            lambda found: f"{{{{{self._sources[int(found[1])]}}}}}", text
        )
        used = {
            name.name for source in self._sources for name in expressions.names(expressions.parse(source))
        }
        domains = {name: _domain(values) for name, values in self.values.items() if name in used}
        if not domains:
            return item
        combined = math.prod(len(set(self.values[name])) for name in domains)
        together = len(set(zip(*(self.values[name] for name in domains), strict=False)))
        if together < combined:
            self.tell("drawn_apart")
        return {key: each_text(value, back) if key in VARYING else value for key, value in item.items()} | {
            "variables": domains
        }


def _domain(values: Sequence[str]) -> dict[str, Any]:
    """A range where the values are one in its order, else these values."""
    each = list(dict.fromkeys(values))
    numbers = [Fraction(value) for value in each]
    steps = {after - before for before, after in pairwise(numbers)}
    if len(each) < 3 or len(steps) > 1 or min(steps) <= 0:
        return {"choose": each}
    [step] = steps
    ends = {"from": each[0], "to": each[-1]}
    return ends if step == 1 else ends | {"step": expressions.written(step)}


def datasets_of(question: Element, tell: Tell) -> Datasets:
    """What the variables of a question may be. Raises Skip."""
    holder = question.first("dataset_definitions")
    found: dict[str, list[str]] = {}
    for one in holder.all("dataset_definition") if holder else ():
        listed = one.first("dataset_items")
        items = listed.all("dataset_item") if listed else []
        found[_name(one)] = [_value(item.text_of("value")) for item in items]
    for name, values in found.items():
        if not values:
            skip("no_values", name=name)
    return Datasets(found, tell)


def _name(definition: Element) -> str:
    name = definition.text_of("name").strip()
    return name if VARIABLE.fullmatch(f"{{{name}}}") else skip("variable_name", name=name[:80])


def _value(text: str) -> str:
    try:
        return expressions.written(Fraction(text.strip()))
    except (ValueError, ZeroDivisionError, Problem):
        return skip("no_number", value=text[:80])


def judged(answer: Element, numbers: Datasets) -> Item:
    """The key and the tolerance of a number. Raises Skip."""
    said = answer.text_of("correctanswerlength").strip()
    exact = answer.text_of("correctanswerformat").strip() in (_DECIMALS, "") and said.isdigit()
    key = numbers.marker(answer.text_of("text"), min(int(said), MOST_PLACES) if exact else MOST_PLACES)
    size, kind = _value(answer.text_of("tolerance") or "0"), answer.text_of("tolerancetype").strip()
    if kind not in (_RELATIVE, _NOMINAL, ""):
        numbers.tell("key_lost", key="tolerancetype")
    if not Fraction(size):
        return {"answer": key}
    percent = expressions.written(Fraction(size) * 100) + "%"
    return {"answer": key, "tolerance": size if kind == _NOMINAL else percent}
