"""The rules of a roll-up: differences add up to what counting afresh gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.scoring.rollup import NOTHING, Figures, bin_of, delta, figures
from studyhub.scoring.standing import ASSIGNED, STARTED, MarkedAttempt, Standing, fold


@st.composite
def standings(draw):
    """Any standing that a fold can give, or none."""
    kind = draw(st.sampled_from(["none", "assigned", "started", "finished"]))
    if kind == "none":
        return None
    if kind != "finished":
        return ASSIGNED if kind == "assigned" else STARTED
    top = draw(st.integers(1, 20_000))
    return fold([MarkedAttempt(1, draw(st.integers(0, top)), top)], "best", draw(st.none() | st.just(6000)))


def counted(members: dict[int, Standing | None]) -> Figures:
    return sum((figures(standing) for standing in members.values()), NOTHING)


@given(steps=st.lists(st.tuples(st.integers(1, 6), standings()), max_size=40))
def test_any_sequence_of_differences_gives_what_counting_afresh_gives(steps):
    members: dict[int, Standing | None] = {}
    kept = NOTHING
    for member, after in steps:
        kept += delta(members.get(member), after)
        members[member] = after
        assert kept == counted(members)


@given(people=st.lists(standings(), max_size=30))
def test_no_rate_ever_passes_100_percent(people):
    total = sum((figures(standing) for standing in people), NOTHING)
    assert total.assigned >= total.started >= total.finished >= total.passed >= 0
    assert sum(total.bins) == total.finished
    for rate in (total.completion, total.pass_rate, total.mean):
        assert rate is None or 0 <= rate <= 10_000


@given(before=standings(), after=standings())
def test_going_back_undoes_going_forth(before, after):
    assert not delta(before, after) + delta(after, before)


@pytest.mark.parametrize(
    ("percent", "place"), [(0, 0), (999, 0), (1000, 1), (5999, 5), (6000, 6), (9999, 9), (10_000, 9)]
)
def test_a_bin_holds_its_lower_edge_and_the_last_holds_100(percent, place):
    assert bin_of(percent) == place


def test_of_nobody_there_is_no_rate():
    assert (NOTHING.mean, NOTHING.completion, NOTHING.pass_rate) == (None, None, None)
    assert not NOTHING


def test_a_mean_is_rounded_down():
    assert Figures(assigned=3, started=3, finished=3, percent_sum=20_000).mean == 6666
