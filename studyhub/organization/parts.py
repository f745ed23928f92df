"""A plan cut up into parts that each fit into a short write transaction. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

_Plan = TypeVar("_Plan")


def cut(plan: _Plan, sizes: Mapping[str, int]) -> Iterator[_Plan]:
    """Plans of the same kind, each with so many rows of one field at most; fields and rows in their order."""
    made: Any = type(plan)
    for field, most in sizes.items():
        rows = getattr(plan, field)
        for start in range(0, len(rows), most):
            yield made(**{field: rows[start : start + most]})
