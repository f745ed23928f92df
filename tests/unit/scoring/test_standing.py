"""The rules of a standing: which attempt counts, what is exact, what is rounded."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.scoring.standing import MarkedAttempt, StandingState, fold

PASS_60 = 6000


def attempts(*scores: int, of: int = 10000) -> list[MarkedAttempt]:
    return [MarkedAttempt(number, score, of) for number, score in enumerate(scores, start=1)]


def test_nobody_who_has_not_begun_has_a_score():
    standing = fold([], "best", PASS_60)
    assert standing.state is StandingState.ASSIGNED
    assert (standing.score, standing.percent, standing.passed) == (None, None, None)


def test_an_attempt_that_is_not_marked_yet_only_starts():
    assert fold([], "best", PASS_60, begun=True).state is StandingState.STARTED


@pytest.mark.parametrize(
    ("keep", "score"), [("best", 9000), ("last", 3000), ("first", 5000), ("average", 5667)]
)
def test_what_is_kept(keep, score):
    standing = fold(attempts(5000, 9000, 3000), keep, None)
    assert standing.state is StandingState.FINISHED
    assert standing.score == score
    assert standing.passed is None


def test_the_best_is_the_greatest_share_not_the_most_points():
    standing = fold([MarkedAttempt(1, 900, 1000), MarkedAttempt(2, 1000, 2000)], "best", None)
    assert (standing.score, standing.max_score, standing.percent) == (900, 1000, 9000)


def test_the_order_in_which_attempts_arrive_does_not_matter():
    marked = attempts(5000, 9000, 3000)
    for keep in ("best", "last", "first", "average"):
        assert fold(marked, keep, PASS_60) == fold(marked[::-1], keep, PASS_60)


def test_a_shown_percentage_is_rounded_down_and_a_pass_is_compared_exactly():
    two_thirds = [MarkedAttempt(1, 200, 300)]
    assert fold(two_thirds, "best", 6667).percent == 6666
    assert fold(two_thirds, "best", 6667).passed is False
    assert fold(two_thirds, "best", 6666).passed is True


def test_exactly_the_pass_line_passes():
    assert fold(attempts(6000), "best", PASS_60).passed is True
    assert fold(attempts(5999), "best", PASS_60).passed is False


def test_an_average_just_below_the_pass_line_fails_though_it_is_shown_as_the_line():
    """59.99 and 60.00 average to 59.995: shown as 60.00 points, and not a pass."""
    standing = fold(attempts(5999, 6000), "average", PASS_60)
    assert standing.score == 6000
    assert standing.percent == 5999
    assert standing.passed is False


def test_a_paper_worth_nothing_is_nought_percent():
    assert fold([MarkedAttempt(1, 0, 0)], "best", PASS_60).percent == 0


@given(
    marked=st.lists(
        st.integers(1, 100_000).flatmap(lambda top: st.tuples(st.integers(0, top), st.just(top))), min_size=1
    ),
    keep=st.sampled_from(["best", "last", "first", "average"]),
    line=st.integers(0, 10_000),
)
def test_a_percentage_never_leaves_0_to_100_and_agrees_with_the_pass(marked, keep, line):
    standing = fold([MarkedAttempt(n, s, top) for n, (s, top) in enumerate(marked, 1)], keep, line)
    assert standing.percent is not None
    assert 0 <= standing.percent <= 10_000
    if standing.percent >= line:
        assert standing.passed
    if standing.passed:
        assert standing.percent >= line - 1


@given(score=st.integers(0, 10**6), extra=st.integers(1, 10**6), line=st.integers(0, 10_000))
def test_a_pass_is_the_exact_comparison_of_fractions(score, extra, line):
    top = score + extra
    standing = fold([MarkedAttempt(1, score, top)], "best", line)
    assert standing.passed == (Fraction(score, top) >= Fraction(line, 10_000))
