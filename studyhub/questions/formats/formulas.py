"""A tree of the closed arithmetic as text, with no more brackets than it needs."""

from __future__ import annotations

from collections.abc import Callable

from studyhub.questions.expressions import Call, Name, Number, Operation, Tree, written

BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": 4}
WHOLE = 5
"""How tightly a number, a name or a call holds together."""

Sides = Callable[[str, str, str], tuple[str, int]]
"""How a sign between two sides is written, with how tightly the whole binds."""


def ours(sign: str, left: str, right: str) -> tuple[str, int]:
    return f"{left}{sign}{right}", BINDS[sign]


def spelt(tree: Tree, sides: Sides = ours, named: Callable[[str], str] = str) -> str:
    """The text. Raises Problem for a number that has no end."""
    return _bound(tree, sides, named)[0]


def _bound(tree: Tree, sides: Sides, named: Callable[[str], str]) -> tuple[str, int]:
    if isinstance(tree, Number):
        return written(tree.value), WHOLE
    if isinstance(tree, Name):
        return named(tree.name), WHOLE
    if isinstance(tree, Call):
        return f"{tree.function}({', '.join(spelt(each, sides, named) for each in tree.arguments)})", WHOLE
    return _operation(tree, sides, named)


def _operation(tree: Operation, sides: Sides, named: Callable[[str], str]) -> tuple[str, int]:
    binds = BINDS[tree.sign]
    if tree.sign == "-" and isinstance(tree.left, Number) and tree.left.value == 0:
        text, inner = _bound(tree.right, sides, named)
        return f"-{text}" if inner >= BINDS["**"] else f"-({text})", BINDS["**"] - 1
    left, inner = _bound(tree.left, sides, named)
    if inner < binds or (tree.sign == "**" and inner == binds):
        left = f"({left})"
    right, inner = _bound(tree.right, sides, named)
    if inner <= binds and not (tree.sign == "**" and inner == binds):
        right = f"({right})"
    return sides(tree.sign, left, right)
