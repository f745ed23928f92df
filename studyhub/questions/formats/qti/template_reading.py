"""What the template rules of an item come to: variables, and expressions where their values are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from studyhub.questions.expressions import (
    MOST_PLACES,
    Call,
    Name,
    Number,
    Operation,
    Problem,
    Tree,
    Value,
    parse,
    written,
)
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.formulas import spelt
from studyhub.questions.formats.qti.templates import VARIABLE
from studyhub.questions.variables import MARKER, VARYING, each_text, marker

_SIGNS = {
    "sum": "+", "product": "*", "subtract": "-", "divide": "/", "power": "**", "integerDivide": "//",
    "integerModulus": "%",
}  # fmt: skip
_CALLS = {"max": "max", "min": "min", "round": "round"}
_MATHS = frozenset({"abs", "ceil", "floor"})
_SAME = frozenset({"integerToFloat"})
_RULES = frozenset({"setTemplateValue", "setCorrectResponse"})


class TemplateReader:
    """Reads the template variables of one item. Raises Skip for rules that have no counterpart."""

    def __init__(self, item: Element, *, ours: bool) -> None:
        self._ours = ours
        self._domains: dict[str, Item] = {}
        self._trees: dict[str, Tree] = {}
        self._sources: list[str] = []
        self.keys: dict[str, str] = {}
        """by response, the marker of its key"""
        for declared in item.all("templateDeclaration"):
            self._declared(declared)
        rules = item.first("templateProcessing")
        for rule in rules.elements if rules else ():
            self._rule(rule)

    def _declared(self, declaration: Element) -> None:
        default = declaration.first("defaultValue")
        if default is not None:
            self._trees[declaration.get("identifier")] = Number(_value(default.text))

    def _rule(self, rule: Element) -> None:
        if rule.tag not in _RULES or len(rule.elements) != 1:
            skip("formula_not_read", formula=rule.tag[:80])
        [said], name = rule.elements, rule.get("identifier")
        if rule.tag == "setCorrectResponse":
            self.keys[name] = self._marker(self._tree(said))
            return
        domain = _domain(said)
        if domain is None:
            self._trees[name] = self._tree(said)
        else:
            self._domains[self._own(name)] = domain
            self._trees[name] = Name(self._own(name), 1)

    def _own(self, name: str) -> str:
        return name.removeprefix(VARIABLE) if self._ours else name.replace("-", "_").replace(".", "_")

    def _tree(self, element: Element) -> Tree:
        inner = element.elements
        if element.tag == "baseValue":
            return Number(_value(element.text))
        if element.tag == "variable":
            found = self._trees.get(element.get("identifier"))
            return found if found is not None else skip("no_values", name=element.get("identifier")[:80])
        if element.tag in _SAME and len(inner) == 1:
            return self._tree(inner[0])
        parts = [self._tree(each) for each in inner]
        if element.tag in _SIGNS and len(parts) > 1:
            sign = _SIGNS[element.tag]
            return reduce(lambda left, right: Operation(sign, left, right, 1), parts)
        return self._call(element, parts)

    def _call(self, element: Element, parts: Sequence[Tree]) -> Tree:
        name = element.get("name")
        if element.tag == "mathOperator" and name in _MATHS and len(parts) == 1:
            return Call(name, tuple(parts), 1)
        if element.tag in _CALLS and parts:
            return Call(_CALLS[element.tag], tuple(parts), 1)
        figures = element.get("figures")
        if element.tag == "roundTo" and element.get("roundingMode") == "decimalPlaces" and figures.isdigit():
            return Call("round", (*parts, Number(min(int(figures), MOST_PLACES))), 1)
        return skip("formula_not_read", formula=(name or element.tag)[:80])

    def _marker(self, tree: Tree) -> str:
        try:
            source = spelt(tree)
            parse(source)
        except Problem:
            return skip("formula_not_read", formula="templateProcessing")
        if source not in self._sources:
            self._sources.append(source)
        return marker(self._sources.index(source))

    def mark(self, element: Element) -> None:
        """Put a marker in the place of each printed variable below this element."""
        for holder in (element, *element.descendants()):
            holder.children = [
                self._marker(self._printed(child))
                if isinstance(child, Element) and child.tag == "printedVariable"
                else child
                for child in holder.children
            ]

    def _printed(self, element: Element) -> Tree:
        return self._tree(Element("variable", element.attributes))

    def unmarked(self, item: Item) -> Item:
        """The question with expressions in place of the markers, and its variables."""
        back: Callable[[str], str] = lambda text: MARKER.sub(  # noqa: E731
            lambda found: f"{{{{{self._sources[int(found[1])]}}}}}", text
        )
        whole = {key: each_text(value, back) if key in VARYING else value for key, value in item.items()}
        return whole | ({"variables": self._domains} if self._domains else {})


def _domain(said: Element) -> dict[str, Any] | None:
    """What a variable may be, where the expression says nothing else; None for one that is worked out."""
    if said.tag == "random":
        holder = said.first("multiple", "ordered")
        values = holder.elements if holder else []
        if not values or any(value.tag != "baseValue" for value in values):
            skip("formula_not_read", formula="random")
        return {"choose": [written(_value(value.text)) for value in values]}
    if said.tag == "randomInteger":
        return _range(_value(said.get("min")), _value(said.get("max")), _value(said.get("step", "1")))
    if said.tag == "sum" and len(said.elements) == 2:
        return _stepped(*said.elements)
    return None


def _stepped(low: Element, product: Element) -> dict[str, Any] | None:
    """`low + step * randomInteger(0, n)`: a range with a step that is no whole number."""
    parts = product.elements
    if (low.tag, product.tag, [part.tag for part in parts]) != (
        "baseValue", "product", ["baseValue", "randomInteger"],
    ):  # fmt: skip
        return None
    begin, step, count = _value(low.text), _value(parts[0].text), _value(parts[1].get("max"))
    if _value(parts[1].get("min", "0")) or _value(parts[1].get("step", "1")) != 1:
        return None
    return _range(begin, begin + step * count, step)


def _range(low: Value, high: Value, step: Value) -> dict[str, Any]:
    ends = {"from": written(low), "to": written(high)}
    return ends if step == 1 else ends | {"step": written(step)}


def _value(text: str) -> Value:
    try:
        value = Fraction(text.strip())
        written(value)
    except (ValueError, ZeroDivisionError, Problem):
        return skip("no_number", value=text.strip()[:80])
    return value.numerator if value.denominator == 1 else value
