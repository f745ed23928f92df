"""The arithmetic of variables: `{{a*b}}`. A closed language: numbers, names, signs and six functions.

Nothing of it is Python: a text is cut into tokens, and the tokens make a small tree or a `Problem` with its
place. There are no attributes, indices, texts or other calls, and every tree is worked out in as many steps
as it has nodes. Numbers are exact (whole, or fractions) and of bounded size.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, NoReturn

LONGEST = 200
DEEPEST = 20
MOST_DIGITS = 30
MOST_PLACES = 10
LARGEST_EXPONENT = 64
_LIMIT = 10**MOST_DIGITS

Value = int | Fraction
Values = Mapping[str, Value]

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([^\W\d]\w*)|(\*\*|//|[-+*/%(),]))")
_MEANT = {
    "×": "*", "·": "*", "÷": "/", "^": "**", "－": "-", "—": "-", "−": "-", "＋": "+", "（": "(", "）": ")",
    "，": ",", "、": ",", "[": "(", "]": ")", "{": "(", "}": ")", "％": "%",
}  # fmt: skip


class Problem(Exception):
    """What is wrong with an expression. `at` counts its characters from 1; `meant` is what may have been."""

    def __init__(self, code: str, at: int, **params: Any) -> None:
        self.code = code
        self.at = at
        self.params = params
        super().__init__(code, at)


@dataclass(frozen=True, slots=True)
class Number:
    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """Two sides and the sign between them; a minus before one thing has 0 on its left."""

    sign: str
    left: Tree
    right: Tree
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Tree, ...]
    at: int


Tree = Number | Name | Operation | Call


def nodes(tree: Tree) -> Iterator[Tree]:
    """Every node once: what working the expression out takes."""
    waiting: list[Tree] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Operation):
            waiting += [node.left, node.right]
        elif isinstance(node, Call):
            waiting += node.arguments


def names(tree: Tree) -> list[Name]:
    """The variables that it names."""
    return [node for node in nodes(tree) if isinstance(node, Name)]


@lru_cache(maxsize=4096)
def parse(source: str) -> Tree:
    """The tree of an expression. Raises Problem."""
    if len(source) > LONGEST:
        raise Problem("expression_too_long", LONGEST + 1, longest=LONGEST)
    return _Parser(_tokens(source), len(source)).whole()


Token = tuple[str, str, int]
"""A kind (`number`, `name`, `sign`, `end`), its text, and where it stands."""


def _tokens(source: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while match := _TOKEN.match(source, at):
        kind = ("number", "name", "sign")[(match.lastindex or 1) - 1]
        found.append((kind, match[match.lastindex or 1], match.start(match.lastindex or 1) + 1))
        at = match.end()
    rest = source[at:].lstrip()
    if rest:
        place = len(source) - len(rest) + 1
        raise Problem("expression_sign", place, character=rest[0], meant=_MEANT.get(rest[0], ""))
    return [*found, ("end", "", len(source) + 1)]


class _Parser:
    """Recursive descent: sums of products of powers of things. The depth is counted, and so is bounded."""

    def __init__(self, tokens: Sequence[Token], length: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._deep = 0

    def whole(self) -> Tree:
        tree = self._sum()
        if self._kind != "end":
            self._unexpected()
        return tree

    @property
    def _kind(self) -> str:
        return self._tokens[self._next][0]

    def _is(self, *signs: str) -> bool:
        kind, text, _at = self._tokens[self._next]
        return kind == "sign" and text in signs

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _sum(self) -> Tree:
        return self._row(("+", "-"), lambda: self._row(("*", "/", "//", "%"), self._signed))

    def _row(self, signs: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        """`1 - 2 - 3` from the left."""
        tree = part()
        while self._is(*signs):
            _kind, sign, at = self._take()
            tree = Operation(sign, tree, part(), at)
        return tree

    def _signed(self) -> Tree:
        """A minus binds less than a power: `-2 ** 2` is -4."""
        self._enter()
        if self._is("-"):
            at = self._take()[2]
            tree: Tree = Operation("-", Number(0), self._signed(), at)
        else:
            tree = self._power()
        self._deep -= 1
        return tree

    def _power(self) -> Tree:
        base = self._thing()
        if not self._is("**"):
            return base
        at = self._take()[2]
        return Operation("**", base, self._signed(), at)

    def _enter(self) -> None:
        self._deep += 1
        if self._deep > DEEPEST:
            raise Problem("expression_too_deep", self._tokens[self._next][2], deepest=DEEPEST)

    def _thing(self) -> Tree:
        if self._is("("):
            self._take()
            tree = self._sum()
            self._close()
            return tree
        kind, text, at = self._tokens[self._next]
        if kind not in ("number", "name"):
            self._unexpected()
        self._take()
        if kind == "number":
            return Number(_number(text, at))
        return self._call(text, at) if self._is("(") else Name(text, at)

    def _call(self, function: str, at: int) -> Tree:
        if function not in FUNCTIONS:
            raise Problem("expression_function", at, name=function, known=tuple(FUNCTIONS))
        self._take()
        arguments = [self._sum()]
        while self._is(","):
            self._take()
            arguments.append(self._sum())
        self._close()
        fewest, most = FUNCTIONS[function]
        if not fewest <= len(arguments) <= most:
            raise Problem("expression_arguments", at, name=function, count=len(arguments))
        return Call(function, tuple(arguments), at)

    def _close(self) -> None:
        if not self._is(")"):
            _kind, text, at = self._tokens[self._next]
            raise Problem("expression_bracket", at) if not text else self._problem()
        self._take()

    def _unexpected(self) -> NoReturn:
        raise self._problem()

    def _problem(self) -> Problem:
        kind, text, at = self._tokens[self._next]
        if kind == "end":
            return Problem("expression_end", at)
        before = self._tokens[self._next - 1] if self._next else None
        if (kind != "sign" and before and before[0] in ("number", "name")) or text == "(":
            return Problem("expression_operator", at, text=text)
        return Problem("expression_unexpected", at, text=text)


def _number(text: str, at: int) -> Value:
    if len(text) > MOST_DIGITS:
        raise Problem("expression_size", at, digits=MOST_DIGITS)
    return _whole(Fraction(text))


def evaluate(tree: Tree, values: Values) -> Value:
    """What the expression comes to. Raises Problem, KeyError for a variable without a value."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return values[tree.name]
    if isinstance(tree, Call):
        return _bounded(call(tree, [evaluate(each, values) for each in tree.arguments]), tree.at)
    left, right = evaluate(tree.left, values), evaluate(tree.right, values)
    return _bounded(operate(tree, left, right), tree.at)


def operate(node: Operation, left: Value, right: Value) -> Value:
    """One operation on two numbers. Raises Problem."""
    if node.sign == "**":
        return _power(left, right, node.at)
    if node.sign in DIVIDING and not right:
        raise Problem("expression_zero", node.at)
    return Fraction(left) / right if node.sign == "/" else _EXACT[node.sign](left, right)


DIVIDING = frozenset({"/", "//", "%"})
_EXACT: dict[str, Callable[[Any, Any], Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}


def _power(base: Value, exponent: Value, at: int) -> Value:
    if exponent != int(exponent) or size(exponent) > LARGEST_EXPONENT:
        raise Problem("expression_exponent", at, largest=LARGEST_EXPONENT)
    if exponent < 0 and not base:
        raise Problem("expression_zero", at)
    exact = Fraction(base)
    bits = max(exact.numerator.bit_length(), exact.denominator.bit_length())
    if bits * abs(int(exponent)) > 4 * _LIMIT.bit_length():  # told before it is worked out
        raise Problem("expression_size", at, digits=MOST_DIGITS)
    return exact ** int(exponent)


FUNCTIONS = {"abs": (1, 1), "ceil": (1, 1), "floor": (1, 1), "max": (1, 10), "min": (1, 10), "round": (1, 2)}
"""How few and how many arguments each takes. `round` takes how many decimals; halves go away from 0."""


def call(node: Call, arguments: Sequence[Value]) -> Value:
    """One function of numbers. Raises Problem."""
    if node.function == "round":
        return rounded(arguments[0], places_of(arguments[1:], node.at))
    return _FUNCTIONS[node.function](arguments)


_FUNCTIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "abs": lambda arguments: size(arguments[0]),
    "ceil": lambda arguments: ceil(arguments[0]),
    "floor": lambda arguments: floor(arguments[0]),
    "max": max,
    "min": min,
}


def size(value: Value) -> Value:
    """Without its sign."""
    return value if value >= 0 else -value


def places_of(given: Sequence[Value], at: int) -> int:
    """How many decimals `round` keeps."""
    places = given[0] if given else 0
    if places != int(places) or not 0 <= places <= MOST_PLACES:
        raise Problem("expression_places", at, most=MOST_PLACES)
    return int(places)


def rounded(value: Value, places: int) -> Value:
    """To so many decimals, halves away from 0, as it is taught at school."""
    scale = 10**places
    whole = floor(size(value) * scale + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, scale)


def _bounded(value: Value, at: int) -> Value:
    if abs(value.numerator) >= _LIMIT or value.denominator >= _LIMIT:
        raise Problem("expression_size", at, digits=MOST_DIGITS)
    return _whole(value)


def _whole(value: Value) -> Value:
    """Whole numbers as int, with which everything goes faster."""
    return value.numerator if value.denominator == 1 else value


def places_needed(denominator: int) -> int | None:
    """How many decimals a fraction in lowest terms has; None when they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def written(value: Value) -> str:
    """The number as people write it: `12`, `-0.25`. Raises Problem for one with too many decimals."""
    places = places_needed(value.denominator)
    if places is None or places > MOST_PLACES:
        raise Problem("expression_endless", 1, most=MOST_PLACES)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
