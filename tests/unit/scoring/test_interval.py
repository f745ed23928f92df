"""An interval says how little a few people prove."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studyhub.scoring.interval import wilson


def test_nobody_proves_nothing():
    assert wilson(0, 0) is None


def test_the_figures_of_the_handbook():
    """20 of 23: 67.9–95.5 % (Newcombe 1998, method 3), widened to whole percent."""
    assert wilson(20, 23) == (67, 96)


def test_all_of_five_is_not_certainly_all():
    low, high = wilson(5, 5) or (0, 0)
    assert high == 100
    assert low == 56


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_within_0_to_100(pair):
    hits, n = pair
    low, high = wilson(hits, n) or (1, 0)
    assert 0 <= low <= 100 * hits / n <= high <= 100
