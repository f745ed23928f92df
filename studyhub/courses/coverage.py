"""Which parts of a lesson a member has seen: intervals merged, and never credited faster than time passes.

Times are whole milliseconds. A coverage is a tuple of disjoint, ascending, non-empty intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

Interval = tuple[int, int]
Coverage = tuple[Interval, ...]

NOTHING: Coverage = ()
FASTEST = 2
"""How many seconds of a lesson a second on the clock can show: twice the speed, no more."""
SLACK_MS = 5_000
"""What a report may claim beyond that: networks and clocks are not exact."""
TOUCHING_MS = 250
"""A player reports its time four times a second: a gap shorter than that was never skipped."""
MOST_INTERVALS = 500


def merged(intervals: Iterable[Interval], duration_ms: int) -> Coverage:
    """The parts of the lesson that the intervals cover, each counted once.

    What lies outside the lesson is cut off; an interval that ends before it begins covers nothing.
    """
    clipped = sorted((max(0, start), min(end, duration_ms)) for start, end in intervals)
    parts: list[Interval] = []
    for start, end in clipped:
        if start >= end:
            continue
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(parts[-1][1], end))
        else:
            parts.append((start, end))
    return tuple(parts)


def length(coverage: Iterable[Interval]) -> int:
    """How many milliseconds it covers."""
    return sum(end - start for start, end in coverage)


def without_cracks(coverage: Coverage, duration_ms: int) -> Coverage:
    """The same with cracks shorter than TOUCHING_MS closed: players report in steps, people skip more."""
    edges = [(0, 0), *coverage, (duration_ms, duration_ms)] if coverage else []
    cracks = [(left[1], right[0]) for left, right in pairwise(edges) if right[0] - left[1] < TOUCHING_MS]
    return merged([*coverage, *cracks], duration_ms)


def beyond(reported: Coverage, known: Coverage) -> Iterator[Interval]:
    """The parts of `reported` that are not in `known`, ascending. One walk along both: either may be long."""
    place = 0
    for start, end in reported:
        at = start
        while place < len(known) and known[place][1] <= at:
            place += 1
        ahead = place
        while ahead < len(known) and known[ahead][0] < end:
            if known[ahead][0] > at:
                yield at, known[ahead][0]
            at = known[ahead][1]
            ahead += 1
        if at < end:
            yield at, end
        place = max(place, ahead - 1)


def first_part(intervals: Iterable[Interval], most_ms: int) -> Iterator[Interval]:
    """The first `most_ms` milliseconds of what the intervals cover."""
    left = most_ms
    for start, end in intervals:
        if left <= 0:
            return
        yield start, min(end, start + left)
        left -= end - start


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much new coverage a member can have earned, over all lessons together.

    Two milliseconds come in with each that passes; at most SLACK_MS are kept from one report to the next.
    So one report is credited at most 2 x the time since the last + 5 s, and a burst of reports gains
    nothing: all of them together get no more than 2 x the whole time + 5 s.
    """

    reported_at: datetime
    kept_ms: int = SLACK_MS

    def at(self, now: datetime) -> int:
        """What a report that arrives now can be credited. A clock set back adds nothing."""
        passed = max(0, (now - self.reported_at) // timedelta(milliseconds=1))
        return self.kept_ms + FASTEST * passed

    def after(self, now: datetime, credited_ms: int) -> Allowance:
        """The allowance that is left when a report has been credited."""
        left = self.at(now) - credited_ms
        return Allowance(max(now, self.reported_at), min(SLACK_MS, left))


def credit(known: Coverage, reported: Sequence[Interval], duration_ms: int, allowed_ms: int) -> Coverage:
    """`known` with as much of the report as is allowed, earliest parts first. It never shrinks.

    A crack that is closed counts as claimed: many small intervals gain nothing over one.
    """
    claimed = without_cracks(merged([*known, *reported], duration_ms), duration_ms)
    return merged([*known, *first_part(beyond(claimed, known), allowed_ms)], duration_ms)
