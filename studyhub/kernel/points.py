"""Points and marks, exact: whole hundredths of a point, never a float.

SQLite's `Numeric` is a float, and 3 × 0.1 = 0.3 is false there. Each question's mark is rounded once, half
up, to 0.01; totals are sums of rounded marks and are never rounded again.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NewType

Points = NewType("Points", int)
"""A number of hundredths of a point: `Points(250)` is two and a half points."""

ZERO = Points(0)


def exactly(value: int | str | Decimal | Fraction) -> Points:
    """`value` (in points) as Points. Raises ValueError when it is no number, or finer than 0.01."""
    try:
        hundredths = Fraction(Decimal(value) if isinstance(value, str) else value) * 100
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"not a number of points: {value!r}") from error
    if hundredths.denominator != 1:
        raise ValueError(f"points have at most two decimals: {value!r}")
    return Points(hundredths.numerator)


def half_up(value: Fraction | int) -> Points:
    """`value` (in points, not negative) rounded to the nearest hundredth, halves upwards."""
    return Points((value.numerator * 200 + value.denominator) // (2 * value.denominator))


def share(points: Points, part: Fraction) -> Points:
    """`part` of the points, rounded once: what a question that is worth `points` gives for `part` right."""
    # In whole numbers: a Fraction is reduced at every step, and a submit marks a whole paper.
    return Points((points * part.numerator * 2 + part.denominator) // (2 * part.denominator))


def to_number(points: Points) -> int | float:
    """As a JSON number with at most two decimals. For output only: never calculate with it."""
    whole, rest = divmod(points, 100)
    return whole if rest == 0 else points / 100


def to_text(points: Points) -> str:
    """As people write it: `2`, `2.5`, `0.75`."""
    return str(to_number(points))


def percent_down(part: int, whole: int) -> int:
    """`part` of `whole` as a whole percentage rounded down, so that 59.9 % never looks like a pass."""
    return part * 100 // whole if whole else 0
