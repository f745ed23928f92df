"""Between which numbers an expression stays, for all values of its variables: interval arithmetic.

For ranges too large to be tried one by one. What is said holds for every value; what cannot be said
is a Problem. (R. E. Moore, Interval Analysis, 1966.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor

from studyhub.questions.expressions import (
    DIVIDING,
    MOST_DIGITS,
    MOST_PLACES,
    Call,
    Name,
    Number,
    Operation,
    Problem,
    Tree,
    Value,
    operate,
    places_needed,
    places_of,
    rounded,
    size,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included. `places`: so many decimals at most; None: perhaps without end."""

    low: Value
    high: Value
    places: int | None = 0

    @property
    def is_one(self) -> bool:
        return self.low == self.high

    def __contains__(self, value: Value) -> bool:
        return self.low <= value <= self.high


def just(value: Value) -> Interval:
    return Interval(value, value, places_needed(value.denominator))


def interval(tree: Tree, given: Mapping[str, Interval]) -> Interval:
    """Where the expression stays. Raises Problem for what may go wrong, or cannot be proved to go well."""
    if isinstance(tree, Number):
        return just(tree.value)
    if isinstance(tree, Name):
        return given[tree.name]
    if isinstance(tree, Call):
        found = _call(tree, [interval(each, given) for each in tree.arguments])
    else:
        found = _operation(tree, interval(tree.left, given), interval(tree.right, given))
    if max(size(found.low), size(found.high)) >= 10**MOST_DIGITS:
        raise Problem("expression_size", tree.at, digits=MOST_DIGITS)
    return found


def shown(tree: Tree, given: Mapping[str, Interval]) -> Interval:
    """The same, of an expression that is written out: with decimals that end."""
    found = interval(tree, given)
    if found.places is None or found.places > MOST_PLACES:
        raise Problem("expression_endless", 1, most=MOST_PLACES)
    return found


def _operation(node: Operation, left: Interval, right: Interval) -> Interval:
    if node.sign == "**":
        return _power(node, left, right)
    if node.sign in DIVIDING and 0 in right:
        raise Problem("expression_zero", node.at)
    if node.sign == "%":
        return _remainder(left, right)
    corners = [operate(node, x, y) for x, y in product((left.low, left.high), (right.low, right.high))]
    return Interval(min(corners), max(corners), _places(node, left, right))


def _places(node: Operation, left: Interval, right: Interval) -> int | None:
    if node.sign == "//":
        return 0
    if left.places is None or right.places is None:
        return None
    if node.sign == "*":
        return left.places + right.places
    if node.sign == "/":
        inverse = places_needed((1 / Fraction(right.low)).denominator) if right.is_one else None
        return None if inverse is None else left.places + inverse
    return max(left.places, right.places)


def _remainder(left: Interval, right: Interval) -> Interval:
    """Between 0 and the divisor, which has one sign here."""
    known = (left.places, right.places)
    places = None if left.places is None or right.places is None else max(known, key=lambda n: n or 0)
    return Interval(min(right.low, 0), max(right.high, 0), places)


def _power(node: Operation, left: Interval, right: Interval) -> Interval:
    if not right.is_one:
        raise Problem("expression_not_proved", node.at)
    exponent = right.low
    if exponent < 0 and 0 in left:
        raise Problem("expression_zero", node.at)
    corners = [operate(node, end, exponent) for end in (left.low, left.high)]
    if exponent > 0 and exponent % 2 == 0 and 0 in left:
        corners.append(0)
    if exponent < 0:
        places = places_needed(corners[0].denominator) if left.is_one else None
    else:
        places = None if left.places is None else left.places * int(exponent)
    return Interval(min(corners), max(corners), places)


def _call(node: Call, arguments: Sequence[Interval]) -> Interval:
    first = arguments[0]
    if node.function == "round":
        if len(arguments) > 1 and not arguments[1].is_one:
            raise Problem("expression_not_proved", node.at)
        places = places_of([each.low for each in arguments[1:]], node.at)
        return Interval(rounded(first.low, places), rounded(first.high, places), places)
    if node.function == "floor":
        return Interval(floor(first.low), floor(first.high))
    if node.function == "ceil":
        return Interval(ceil(first.low), ceil(first.high))
    if node.function == "abs":
        ends = sorted((size(first.low), size(first.high)))
        return Interval(0 if 0 in first else ends[0], ends[1], first.places)
    choose = min if node.function == "min" else max
    known = [each.places for each in arguments]
    places_all = None if None in known else max(places or 0 for places in known)
    return Interval(choose(e.low for e in arguments), choose(e.high for e in arguments), places_all)
