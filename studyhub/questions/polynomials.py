"""Whether two expressions can ever be equal: their difference, in which what they share falls away.

`a + b` and `a + b + 1` overlap as intervals, and yet are never equal: their difference is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from studyhub.questions.expressions import Call, Name, Number, Operation, Tree, Value
from studyhub.questions.intervals import Interval, interval

MOST_TERMS = 200

Monomial = tuple[str, ...]
"""What is multiplied, sorted: names, and other things (`round(…)`) by their spelling."""

Polynomial = dict[Monomial, Value]


def never_equal(one: Tree, other: Tree, given: Mapping[str, Interval]) -> bool:
    """Whether it can be proved that the two differ for all values. Raises Problem."""
    factors = _Factors(given)
    low = high = Fraction(0)
    for monomial, by in factors.of(Operation("-", one, other, 1)).items():
        ends = [Fraction(by)]
        for factor in monomial:
            within = factors.where[factor]
            corners = [end * bound for end in (min(ends), max(ends)) for bound in (within.low, within.high)]
            ends = [Fraction(min(corners)), Fraction(max(corners))]
        low, high = low + min(ends), high + max(ends)
    return not low <= 0 <= high


class _Factors:
    """Sums of products of names and of whatever is neither; `where` each of these stays."""

    def __init__(self, given: Mapping[str, Interval]) -> None:
        self._given = given
        self.where: dict[str, Interval] = {}

    def of(self, tree: Tree) -> Polynomial:
        """The sum of products that the expression is. Raises Problem."""
        if isinstance(tree, Number):
            return {(): tree.value}
        found = self._operation(tree) if isinstance(tree, Operation) else None
        if found is not None:
            return found
        name = _spelled(tree)
        self.where.setdefault(name, interval(tree, self._given))
        return {(name,): 1}

    def _operation(self, node: Operation) -> Polynomial | None:
        if node.sign in ("+", "-"):
            return _sum(self.of(node.left), self.of(node.right), 1 if node.sign == "+" else -1)
        if node.sign == "*":
            return _product(self.of(node.left), self.of(node.right))
        by = node.right.value if isinstance(node.right, Number) else 0
        if node.sign == "/" and by:
            return {key: value / Fraction(by) for key, value in self.of(node.left).items()}
        if node.sign == "**" and by == 2:
            return _product(self.of(node.left), self.of(node.left))
        return None


def _sum(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    keys = dict.fromkeys([*left, *right])
    return {key: left.get(key, 0) + sign * right.get(key, 0) for key in keys}


def _product(left: Polynomial, right: Polynomial) -> Polynomial | None:
    if len(left) * len(right) > MOST_TERMS:
        return None
    found: Polynomial = {}
    for (one, factor), (other, by) in product(left.items(), right.items()):
        key = tuple(sorted(one + other))
        found[key] = found.get(key, 0) + factor * by
    return found


def _spelled(tree: Tree) -> str:
    """The same for the same expression, wherever it stands."""
    if isinstance(tree, Number):
        return str(tree.value)
    if isinstance(tree, Name):
        return tree.name
    if isinstance(tree, Call):
        return f"{tree.function}({', '.join(map(_spelled, tree.arguments))})"
    return f"({_spelled(tree.left)} {tree.sign} {_spelled(tree.right)})"
