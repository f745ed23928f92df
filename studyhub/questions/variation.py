"""Checking a question with variables: what each may be, its expressions and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from studyhub.questions import expressions, proving
from studyhub.questions.bank import Question
from studyhub.questions.bank_keys import DOMAIN
from studyhub.questions.document import Mapping, Node, Scalar, Sequence, nodes
from studyhub.questions.expressions import Name, Problem, Tree, Value
from studyhub.questions.fields import NUMBER, Fields, no_mapping, read_mapping
from studyhub.questions.proving import Budget, Flaw
from studyhub.questions.types import TYPES
from studyhub.questions.variables import BRACES, MOST_EXPRESSIONS, VARYING, Domain, Variables

NAME = re.compile(r"[^\W\d]\w{0,31}")
MOST_VARIABLES = 10
MOST_CHOICES = 100
LARGEST = 10**12
SHOWN_AS_TEXT = frozenset({"blank", "single", "multiple"})
"""Types whose answers or options are texts, in which a forgotten brace is no error."""

MOST_DECIMALS = 6


class Variation:
    """The variables of one question while it is checked. Faults go to the report of `fields`.

    `shared`: they are a default of the bank, of which a question has those that it uses.
    """

    def __init__(self, fields: Fields, budget: Budget, *, shared: bool = False) -> None:
        self._fields = fields
        self._report = fields.report
        self._budget = budget
        self._shared = shared
        self._names: dict[str, Scalar] = {}
        self._sources: dict[str, Scalar] = {}
        self._domains = self._read_domains()
        self._gather()
        self._trees = self._parse()

    def content(self, kind: str, prompt: str) -> Any:
        """What the type makes of its keys, with a marker in place of each expression."""
        variables = Variables({}, tuple(sorted(self._sources)))
        found = {
            key: (pair[0], _marked(pair[1], variables)) if key in VARYING and key != "prompt" else pair
            for key, pair in self._fields.found.items()
        }
        fields = Fields(self._fields.node, found, self._report)
        fields.misspelt = self._fields.misspelt
        self._report.said, self._report.is_expression = variables.unmarked, self._is_expression
        try:
            return TYPES[kind].check(fields, prompt)
        finally:
            self._report.said = self._report.is_expression = None
            if kind in SHOWN_AS_TEXT:
                self._warn_of_bare()

    def _warn_of_bare(self) -> None:
        """An answer or an option such as `a+1` is shown as it stands; its braces may have been forgotten."""
        for key in ("answer", "options"):
            for node in nodes(self._fields.found[key][1]) if key in self._fields else ():
                if isinstance(node, Scalar) and self._is_expression(node.value, computed=True):
                    self._report.warn("bare_expression", node, "in_braces", key=key, value=node.value.strip())

    def _is_expression(self, text: str, *, computed: bool = False) -> bool:
        """Whether the text is an expression of the variables without its braces; `computed`: no mere name."""
        try:
            tree = expressions.parse(text.strip())
        except Problem:
            return False
        named = {name.name for name in expressions.names(tree)}
        return bool(named) and named <= self._names.keys() and not (computed and isinstance(tree, Name))

    def proved(self, question: Question) -> Question | None:
        """The question with its variables; None after a fault."""
        if self._domains is None or self._trees is None:
            return None
        used = {name.name for tree in self._trees for name in expressions.names(tree)}
        domains = {name: each for name, each in self._domains.items() if name in used or not self._shared}
        variables = Variables(domains, tuple(sorted(self._sources)))
        # Read back from what is written: what a type left out of a list names no expression any more.
        whole = Question.stored(replace(question, variables=variables).kept)
        for name in domains.keys() - used:
            self._report.warn("unused_variable", self._names[name], name=name)
        flaw = proving.first_flaw(whole, self._budget)
        if flaw:
            self._say(flaw)
        return None if flaw else whole

    def _read_domains(self) -> dict[str, Domain] | None:
        node = self._fields.value("variables", required=True)
        if node is None:
            return None
        if not isinstance(node, Mapping):
            no_mapping(node, self._report, "variables")
            return None
        if not 0 < len(node.pairs) <= MOST_VARIABLES:
            self._report.error("variable_count", node, count=len(node.pairs), most=MOST_VARIABLES)
        domains = {name: self._domain(name, value) for name, value in self._named(node)}
        known = {name: domain for name, domain in domains.items() if domain}
        return known if 0 < len(known) == len(node.pairs) <= MOST_VARIABLES else None

    def _named(self, node: Mapping) -> Iterator[tuple[str, Node]]:
        for key, value in node.pairs:
            name = key.value.strip() if isinstance(key, Scalar) else ""
            if not isinstance(key, Scalar) or not NAME.fullmatch(name) or name in expressions.FUNCTIONS:
                self._report.error("variable_name", key, "variable_name_like", name=name)
            elif name in self._names:
                self._report.error("duplicate_key", key, key=name, line=self._names[name].line)
            else:
                self._names[name] = key
                yield name, value

    def _domain(self, name: str, node: Node) -> Domain | None:
        inner = read_mapping(node, DOMAIN, self._report, name)
        if inner is None:
            return None
        if ("choose" in inner) == bool(inner.found.keys() & {"from", "to", "step"}):
            self._report.error("variable_domain", node, "variable_like", name=name)
            return None
        return _choices(inner) if "choose" in inner else _range(inner, name)

    def _gather(self) -> None:
        """Every expression, with the text that holds it first."""
        for key in VARYING:
            for node in nodes(self._fields.found[key][1]) if key in self._fields else ():
                if isinstance(node, Scalar):
                    self._look_at(node, key)
                elif isinstance(node, Mapping) and any(isinstance(inner, Mapping) for inner, _ in node.pairs):
                    self._report.error("must_quote", node, "quote_it", key=key, character="{")

    def _look_at(self, text: Scalar, key: str) -> None:
        for source in BRACES.findall(text.value):
            self._sources.setdefault(source.strip(), text)
        if "{{" in BRACES.sub("", text.value):
            self._report.warn("open_braces", text, "close_braces", key=key)

    def _parse(self) -> list[Tree] | None:
        """The trees of all expressions; None after a fault."""
        if len(self._sources) > MOST_EXPRESSIONS:
            self._report.error("too_many_expressions", self._fields.node, most=MOST_EXPRESSIONS)
            return None
        trees = [self._tree(source) for source in self._sources]
        return [tree for tree in trees if tree] if all(trees) else None

    def _tree(self, source: str) -> Tree | None:
        try:
            tree = expressions.parse(source)
        except Problem as problem:
            self._say(proving.of_problem(problem, source))
            return None
        known = tuple(self._names)
        unknown = next((name for name in expressions.names(tree) if name.name not in known), None)
        if unknown is None or not known:  # without any, that is said already
            return tree
        meant = self._report.nearest(unknown.name, known)
        meant = meant or next((name for name in known if name.casefold() == unknown.name.casefold()), None)
        params = {
            "name": unknown.name,
            "at": unknown.at,
            "meant": meant,
            "known": known,
            "expression": source,
        }
        self._say(Flaw("unknown_variable", "did_you_mean" if meant else "one_of", params, source))
        return None

    def _say(self, flaw: Flaw) -> None:
        text = self._sources.get(flaw.expression) if flaw.expression is not None else None
        self._report.error(flaw.code, text or self._fields.found["variables"][0], flaw.hint, **flaw.params)


def has_expressions(fields: Fields) -> bool:
    """Whether a text of the question holds an expression."""
    values = [fields.found[key][1] for key in VARYING if key in fields]
    return any(
        isinstance(node, Scalar) and BRACES.search(node.value) for value in values for node in nodes(value)
    )


def _range(inner: Fields, name: str) -> Domain | None:
    ends = [_number(inner, key, required=key != "step") for key in ("from", "to", "step")]
    low, high, step = ends[0], ends[1], ends[2] if inner.value("step") else 1
    if low is None or high is None or step is None:
        return None
    if low > high or step <= 0:
        inner.report.error("variable_range", inner.node, name=name)
        return None
    return Domain(low, high, step)


def _choices(inner: Fields) -> Domain | None:
    items = inner.items("choose", required=True)
    if items is None:
        return None
    if not 0 < len(items) <= MOST_CHOICES:
        inner.report.error("choice_count", inner.found["choose"][1], count=len(items), most=MOST_CHOICES)
        return None
    values = [_value(inner, item, "choose") for item in items]
    known = tuple(dict.fromkeys(value for value in values if value is not None))
    return Domain(choices=known) if None not in values else None


def _number(inner: Fields, key: str, *, required: bool) -> Value | None:
    node = inner.value(key, required=required)
    return None if node is None else _value(inner, node, key)


def _value(inner: Fields, node: Node, key: str) -> Value | None:
    """A number of moderate size and few decimals."""
    text = node.value.strip() if isinstance(node, Scalar) else ""
    value = Fraction(Decimal(text)) if NUMBER.fullmatch(text) else None
    if value is None:
        inner.report.error("not_a_number", node, key=key, value=text)
        return None
    if abs(value) > LARGEST or (value * 10**MOST_DECIMALS).denominator != 1:
        inner.report.error("variable_size", node, largest="10^12", decimals=MOST_DECIMALS)
        return None
    return value.numerator if value.denominator == 1 else value


def _marked(node: Node, variables: Variables) -> Node:
    """The same tree with markers in its texts."""
    if isinstance(node, Scalar):
        if "{{" not in node.value:
            return node
        return replace(node, value=variables.marked(node.value), plain=False)
    if isinstance(node, Sequence):
        return replace(node, items=[_marked(item, variables) for item in node.items])
    return replace(
        node, pairs=[(_marked(key, variables), _marked(value, variables)) for key, value in node.pairs]
    )
