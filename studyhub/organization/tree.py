"""Where a branch stands in the tree, as a text whose range is the subtree.

A path is the ids from the root down, each as six digits of base 36. `LIKE 'x%'` scans on both engines;
a range on the path's index does not.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

WIDTH = 6
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
AFTER_ALL = "{"  # the character after "z": the first text beyond every descendant's path


def segment(branch_id: int) -> str:
    """The branch's own six digits. Raises ValueError beyond 36**6 branches."""
    digits = ""
    rest = branch_id
    for _ in range(WIDTH):
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    if rest:
        raise ValueError(f"branch id {branch_id} does not fit into a path")
    return digits


def branch_ids(path: str) -> tuple[int, ...]:
    """The ids from the root down to the branch itself."""
    return tuple(int(path[at : at + WIDTH], 36) for at in range(0, len(path), WIDTH))


def subtree(column: Any, path: str) -> ColumnElement[bool]:
    """The condition that `column` (a path) is `path` or below it; the empty path is the whole tree."""
    if not path:
        return true()
    return and_(column >= path, column < path + AFTER_ALL)


def within(column: Any, prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition that `column` is in one of the subtrees: an actor's scope in a WHERE clause."""
    return or_(false(), *(subtree(column, prefix) for prefix in prefixes))
