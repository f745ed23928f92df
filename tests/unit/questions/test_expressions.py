"""A closed arithmetic: nothing outside the list can be reached, nothing runs on, and results are exact."""

from __future__ import annotations

import ast
import sys
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studyhub.questions import expressions
from studyhub.questions.expressions import (
    FUNCTIONS,
    LONGEST,
    MOST_DIGITS,
    Call,
    Name,
    Number,
    Operation,
    Problem,
    Tree,
    Value,
    evaluate,
    nodes,
    parse,
    rounded,
    written,
)
from studyhub.questions.intervals import Interval, interval, shown
from studyhub.questions.polynomials import never_equal

NAMES = ("a", "b", "单价")
VALUES = st.fixed_dictionaries({name: st.integers(-30, 30) for name in NAMES})
SIGNS = ("+", "-", "*", "/", "//", "%", "**")


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, st.sampled_from(SIGNS), inner).map(lambda parts: f"({' '.join(parts)})")
    one = inner.map(lambda text: f"-({text})")
    calls = [
        st.lists(inner, min_size=few, max_size=min(most, 3)).map(
            lambda given, name=name: f"{name}({', '.join(given)})"  # type: ignore[misc]
        )
        for name, (few, most) in FUNCTIONS.items()
        if name != "round"
    ]
    rounding = st.tuples(inner, st.integers(0, 6)).map(lambda parts: f"round({parts[0]}, {parts[1]})")
    return st.one_of(two, one, rounding, *calls)


LEAVES = st.sampled_from(NAMES) | st.integers(0, 99).map(str) | st.sampled_from(["0.5", "3.14", "12.00"])
EXPRESSIONS = st.recursive(LEAVES, _combined, max_leaves=8).filter(lambda text: len(text) <= LONGEST)


def oracle(source: str, values: dict[str, int]) -> Any:
    """The same by Python's own evaluation, with every number a fraction."""
    tree = ast.parse(source, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            exact = Fraction(ast.get_source_segment(source, node) or "")
            node.value = exact  # type: ignore[assignment]
    known = {name: Fraction(value) for name, value in values.items()}
    # What is whole stays a fraction, too: Python divides two integers to a float.
    functions = {"abs": abs, "round": rounded}
    functions |= {"ceil": lambda given: Fraction(ceil(given)), "floor": lambda given: Fraction(floor(given))}
    functions |= {"max": lambda *given: max(given), "min": lambda *given: min(given)}
    code = compile(ast.fix_missing_locations(_Fractions().visit(tree)), "", "eval")
    return eval(code, {"__builtins__": {}, "Fraction": Fraction, **functions}, known)


class _Fractions(ast.NodeTransformer):
    """A fraction stays one: as a call, for Python compiles no constant of that kind."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value: Any = node.value
        parts = [ast.Constant(value.numerator), ast.Constant(value.denominator)]
        return ast.Call(ast.Name("Fraction", ast.Load()), parts, [])


def outcome(tree: Tree, values: dict[str, int]) -> tuple[Value | None, str]:
    """The result, or the code of what went wrong."""
    try:
        return evaluate(tree, values), ""
    except Problem as problem:
        return None, problem.code


@given(EXPRESSIONS, VALUES)
def test_the_result_is_that_of_an_independent_evaluation(source: str, values: dict[str, int]) -> None:
    try:
        tree = parse(source)
    except Problem:
        assume(False)
    result, code = outcome(tree, values)
    if result is None:
        assert code in ("expression_zero", "expression_size", "expression_exponent")
        if code == "expression_zero":
            with pytest.raises(ZeroDivisionError):
                oracle(source, values)
        return
    assert result == oracle(source, values)
    assert max(abs(result.numerator), result.denominator) < 10**MOST_DIGITS


@given(
    st.text(max_size=60) | st.text("ab1.+-*/%(),_ []{}:'\"=<>!@&|~^\\\n\tＡ×（lambdaimportgtrx", max_size=60)
)
def test_whatever_is_typed_is_a_tree_of_our_own_nodes_or_a_problem_with_its_place(source: str) -> None:
    try:
        found = list(nodes(parse(source)))
    except Problem as raised:
        found, problem = [], raised
    assert found or 1 <= problem.at <= len(source) + 1
    for node in found:
        assert type(node) in (Number, Name, Operation, Call)
        if isinstance(node, Call):
            assert node.function in FUNCTIONS
        if isinstance(node, Operation):
            assert node.sign in SIGNS


REACHING_OUT = [
    "__import__('os')", "a.__class__", "a.b", "().__class__", "open(1)", "eval(1)", "a[0]", "lambda: 1",
    "a if b", "[x]", "{1}", "'a'", '"a"', "a=1", "a:=1", "a==b", "a and b", "f(a)", "print(a)", "abs(a).real",
    "max(a)(b)", "(max)(a)", "abs", "1e9", "0x10", "1_000", "a;b", "a\nb", "@a", "~a", "not a", "*a",
    "max(*a)", "max(a=1)", "range(9)", "sum(a)", "pow(2,3)", "10**10**10", "9**9**9**9", "2**1000", "a!",
    "5!", "∞", "1/0.0",
]  # fmt: skip


@pytest.mark.parametrize("source", REACHING_OUT)
def test_nothing_outside_the_list_is_reached(source: str) -> None:
    with pytest.raises((Problem, KeyError)):
        evaluate(parse(source), {"a": 1, "b": 2})


@given(EXPRESSIONS, VALUES)
def test_working_out_takes_as_many_steps_as_there_are_nodes(source: str, values: dict[str, int]) -> None:
    try:
        tree = parse(source)
    except Problem:
        assume(False)
    steps = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal steps
        steps += event == "call" and frame.f_code is evaluate.__code__

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        evaluate(tree, values)
    except Problem:
        pass
    finally:
        sys.setprofile(before)
    assert steps <= sum(1 for _ in nodes(tree)) <= LONGEST


@pytest.mark.parametrize(
    "source", ["(" * 5000 + "a", "-" * 5000 + "a", "abs(" * 40 + "a" + ")" * 40, "a" * 201]
)
def test_what_is_too_long_or_too_deep_is_refused_before_it_is_read_on(source: str) -> None:
    with pytest.raises(Problem) as raised:
        parse(source)
    assert raised.value.code in ("expression_too_long", "expression_too_deep")


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("", "expression_end", 1),
        ("a +", "expression_end", 4),
        ("a b", "expression_operator", 3),
        ("2a", "expression_operator", 2),
        ("2(a)", "expression_operator", 2),
        ("(a", "expression_bracket", 3),
        ("a)", "expression_unexpected", 2),
        ("a * * b", "expression_unexpected", 5),
        ("sqrt(a)", "expression_function", 1),
        ("abs(a, b)", "expression_arguments", 1),
        ("a × b", "expression_sign", 3),
        ("a.b", "expression_sign", 2),
    ],
)
def test_a_mistake_has_its_place_in_the_expression(source: str, code: str, at: int) -> None:
    with pytest.raises(Problem) as raised:
        parse(source)
    assert (raised.value.code, raised.value.at) == (code, at)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("1 - 2 - 3", "-4"), ("2 ** 3 ** 2", "512"), ("-2 ** 2", "-4"), ("2 ** -1", "0.5"), ("7 // -2", "-4"),
        ("-7 % 3", "2"), ("0.1 * 3", "0.3"), ("round(2.5)", "3"), ("round(-2.5)", "-3"),
        ("round(10/3, 2)", "3.33"), ("round(1.005, 2)", "1.01"), ("floor(-0.5) + ceil(0.2)", "0"),
        ("max(1, 3, 2) - min(4, 2)", "1"), ("1/8", "0.125"), ("3.10", "3.1"), ("100 * 1", "100"),
    ],
)  # fmt: skip
def test_what_is_written_out_is_what_is_taught_at_school(source: str, result: str) -> None:
    assert written(evaluate(parse(source), {})) == result


def test_a_fraction_without_end_is_not_written_out() -> None:
    with pytest.raises(Problem, match="expression_endless"):
        written(evaluate(parse("1/3"), {}))


RANGES = st.fixed_dictionaries(
    {
        name: st.tuples(st.integers(-9, 9), st.integers(0, 12)).map(lambda p: (p[0], p[0] + p[1]))
        for name in NAMES
    }
)


@given(EXPRESSIONS, RANGES, st.data())
def test_an_interval_holds_every_value(source: str, ranges: dict[str, tuple[int, int]], data: Any) -> None:
    given_ = {name: Interval(low, high) for name, (low, high) in ranges.items()}
    try:
        tree = parse(source)
        within = interval(tree, given_)
    except Problem:
        return
    values = {name: data.draw(st.integers(low, high)) for name, (low, high) in ranges.items()}
    value, code = outcome(tree, values)
    if value is None:
        # Of the size of what lies between, and of denominators, an interval says nothing.
        assert code in ("expression_size", "expression_exponent")
        return
    assert within.low <= value <= within.high
    if within.places is not None:
        assert (value * 10**within.places).denominator == 1


@given(EXPRESSIONS, EXPRESSIONS, RANGES, st.data())
def test_what_never_is_equal_never_is(
    one: str, other: str, ranges: dict[str, tuple[int, int]], data: Any
) -> None:
    given_ = {name: Interval(low, high) for name, (low, high) in ranges.items()}
    try:
        first, second = parse(one), parse(other)
        assume(never_equal(first, second, given_))
        values = {name: data.draw(st.integers(low, high)) for name, (low, high) in ranges.items()}
        assert evaluate(first, values) != evaluate(second, values)
    except Problem:
        return


def test_what_two_expressions_share_falls_away() -> None:
    wide = {"a": Interval(1, 10**6), "b": Interval(1, 10**6)}

    def differ(one: str, other: str) -> bool:
        return never_equal(parse(one), parse(other), wide)

    assert differ("a+b", "b+a+1")
    assert differ("a*(b+1)", "a*b")
    assert differ("(a+b)**2", "a**2+b**2")
    assert not differ("a+b", "a*b")


def test_decimals_that_may_never_end_are_not_shown() -> None:
    ranges = {"a": Interval(1, 9), "b": Interval(1, 9)}
    assert shown(parse("round(a/b, 2)"), ranges).places == 2
    assert shown(parse("a/8"), ranges).places == 3
    for source in ("a/b", "a/3"):
        with pytest.raises(Problem, match="expression_endless"):
            shown(parse(source), ranges)


def test_the_trees_of_the_same_text_are_the_same_object() -> None:
    tree: Tree = parse("a+1")
    assert parse("a+1") is tree
    assert expressions.names(tree)[0].name == "a"
