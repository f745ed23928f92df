"""What a member has seen is credited once, and never faster than time passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from studyhub.courses import coverage
from studyhub.courses.coverage import Allowance, beyond, credit, length, merged, without_cracks
from tests.pace import Stopwatch

MINUTE = 60_000
START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
moments = st.integers(-10_000, 80_000)
reports = st.lists(st.tuples(moments, moments), max_size=12)


@given(st.lists(st.tuples(st.integers(-50, 250), st.integers(-50, 250)), max_size=10))
def test_merging_covers_what_any_interval_covers_and_nothing_else(intervals: list[tuple[int, int]]) -> None:
    parts = merged(intervals, 200)
    covered = {at for start, end in intervals for at in range(max(0, start), min(end, 200))}
    assert {at for start, end in parts for at in range(start, end)} == covered
    assert length(parts) == len(covered)


@given(reports)
def test_a_coverage_is_ascending_and_disjoint(intervals: list[tuple[int, int]]) -> None:
    edges = [edge for part in merged(intervals, MINUTE) for edge in part]
    assert edges == sorted(set(edges))


@given(reports, reports)
def test_what_is_beyond_the_known_and_the_known_make_up_both(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    known, reported = merged(first, MINUTE), merged(second, MINUTE)
    new = tuple(beyond(reported, known))
    assert merged([*known, *new], MINUTE) == merged([*first, *second], MINUTE)
    assert length(known) + length(new) == length(merged([*first, *second], MINUTE))


@given(reports, reports, st.integers(0, 20_000))
def test_a_report_is_credited_no_more_than_is_allowed_and_takes_nothing_away(
    before: list[tuple[int, int]], reported: list[tuple[int, int]], allowed: int
) -> None:
    known = merged(before, MINUTE)
    after = credit(known, reported, MINUTE, allowed)
    assert 0 <= length(after) - length(known) <= allowed
    assert not list(beyond(known, after))
    assert not list(beyond(after, without_cracks(merged([*before, *reported], MINUTE), MINUTE)))


@given(reports)
def test_a_report_said_twice_is_credited_once(reported: list[tuple[int, int]]) -> None:
    once = credit((), reported, MINUTE, MINUTE)
    assert credit(once, reported, MINUTE, MINUTE) == once


@given(st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 60_000)), max_size=30))
def test_all_reports_together_get_twice_the_time_and_five_seconds_at_most(
    claims: list[tuple[int, int]],
) -> None:
    allowance, now, credited = Allowance(START), START, 0
    for waited, claimed in claims:
        now += timedelta(milliseconds=waited)
        granted = min(claimed, allowance.at(now))
        assert granted <= 2 * waited + coverage.SLACK_MS
        allowance = allowance.after(now, granted)
        credited += granted
    assert credited <= 2 * ((now - START) // timedelta(milliseconds=1)) + coverage.SLACK_MS


def test_a_minute_claimed_after_two_seconds_is_credited_nine() -> None:
    allowed = Allowance(START).at(START + timedelta(seconds=2))
    assert credit((), [(0, MINUTE)], MINUTE, allowed) == ((0, 9_000),)


def test_dust_over_the_whole_lesson_gains_nothing_over_one_claim() -> None:
    dust = [(at, at + 1) for at in range(0, MINUTE, 249)]
    assert length(credit((), dust, MINUTE, 5_000)) == 5_000


def test_a_report_on_an_hour_seen_in_crumbs_is_heard_at_once() -> None:
    """Who claims crumbs only would otherwise hold everybody's writes up: pairs of parts are 200 million."""
    hour = 3_600_000
    crumbs = tuple((at, at + 1) for at in range(0, hour, 251))
    with Stopwatch() as spent:
        after = credit(crumbs, [(at, at + 1) for at in range(100, hour, hour // 500)], hour, 5_000)
    assert spent.seconds < 1
    assert length(after) > length(crumbs)


def test_a_burst_of_reports_gains_nothing_over_one() -> None:
    allowance, known = Allowance(START), coverage.NOTHING
    for _ in range(20):
        after = credit(known, [(0, MINUTE)], MINUTE, allowance.at(START))
        allowance = allowance.after(START, length(after) - length(known))
        known = after
    assert length(known) == 5_000


def test_an_honest_viewer_at_double_speed_is_credited_everything() -> None:
    allowance, known, now = Allowance(START), coverage.NOTHING, START
    for watched in range(20_000, MINUTE + 1, 20_000):
        now += timedelta(seconds=10)
        after = credit(known, [(watched - 20_000, watched)], MINUTE, allowance.at(now))
        allowance = allowance.after(now, length(after) - length(known))
        known = after
    assert known == ((0, MINUTE),)


def test_a_clock_that_is_set_back_neither_adds_nor_takes() -> None:
    allowance = Allowance(START)
    assert allowance.at(START - timedelta(hours=1)) == 5_000
    assert allowance.after(START - timedelta(hours=1), 5_000).at(START) == 0


def test_the_cracks_between_two_ticks_of_a_player_are_closed_and_a_skip_is_not() -> None:
    assert without_cracks(((100, 5_000), (5_200, 9_900)), 10_000) == ((0, 10_000),)
    assert without_cracks(((0, 5_000), (5_250, 10_000)), 10_000) == ((0, 5_000), (5_250, 10_000))
    assert without_cracks((), 100) == ()
