from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.kernel.points import Points, exactly, half_up, percent_down, share, to_number, to_text


@pytest.mark.parametrize(
    ("value", "hundredths"), [(2, 200), ("2.5", 250), (Decimal("0.01"), 1), (Fraction(1, 4), 25), ("0", 0)]
)
def test_points_are_taken_exactly(value: int | str | Decimal | Fraction, hundredths: int) -> None:
    assert exactly(value) == hundredths


@pytest.mark.parametrize("value", ["0.005", Fraction(1, 3), "much", "NaN", "Infinity"])
def test_points_finer_than_a_hundredth_or_no_number_are_refused(value: str | Fraction) -> None:
    with pytest.raises(ValueError, match="points"):
        exactly(value)


@pytest.mark.parametrize(
    ("value", "hundredths"),
    [(Fraction(1, 3), 33), (Fraction(2, 3), 67), (Fraction(1, 200), 1), (Fraction(3, 200), 2), (0, 0)],
)
def test_a_mark_is_rounded_once_halves_upwards(value: Fraction | int, hundredths: int) -> None:
    assert half_up(value) == hundredths


@given(st.integers(0, 10**6), st.fractions(0, 1))
def test_a_share_is_within_half_a_hundredth_of_the_exact_value(hundredths: int, part: Fraction) -> None:
    assert abs(share(Points(hundredths), part) - hundredths * part) <= Fraction(1, 2)


@given(st.integers(0, 10**6), st.fractions(0, 1))
def test_a_share_rounds_as_the_exact_value_does(hundredths: int, part: Fraction) -> None:
    assert share(Points(hundredths), part) == half_up(Fraction(hundredths, 100) * part)


@given(st.integers(0, 10**9))
def test_a_number_for_output_says_the_same_points(hundredths: int) -> None:
    points = Points(hundredths)
    assert exactly(to_text(points)) == points
    assert exactly(repr(to_number(points))) == points


def test_a_shown_percentage_is_rounded_down() -> None:
    assert percent_down(5999, 10000) == 59
    assert percent_down(6000, 10000) == 60
    assert percent_down(0, 0) == 0
