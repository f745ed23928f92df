"""A member's standing in one exam: a fold over the attempts that were marked and are not void.

Exact throughout. Points are whole hundredths, shares are compared as fractions, and what is shown as a
percentage is rounded down, in basis points (hundredths of a percent: 8333 is 83.33 %).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

BASIS_POINTS = 10_000
"""A full score: 100 %."""


class StandingState(StrEnum):
    """How far a member has come: each includes the one before it."""

    ASSIGNED = "assigned"
    STARTED = "started"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """What an attempt was worth, in hundredths of a point. `number` counts the member's attempts from 1."""

    number: int
    score: int
    max_score: int

    @property
    def share(self) -> Fraction:
        """The score as an exact part of the maximum; a paper worth nothing is 0."""
        return Fraction(self.score, self.max_score) if self.max_score else Fraction(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands. Scores are hundredths of a point, `percent` is in basis points.

    All but the state is None until an attempt is marked; `passed` stays None without a pass line.
    """

    state: StandingState
    score: int | None = None
    max_score: int | None = None
    percent: int | None = None
    passed: bool | None = None


ASSIGNED = Standing(StandingState.ASSIGNED)
STARTED = Standing(StandingState.STARTED)


def fold(
    marked: Sequence[MarkedAttempt], keep: str, pass_percent: int | None, *, begun: bool = False
) -> Standing:
    """The standing that these attempts add up to.

    `keep` is best, last, first or average; `pass_percent` is the pass line in basis points, or None;
    `begun` says whether there is an attempt that is not void, marked or not.
    """
    if not marked:
        return STARTED if begun else ASSIGNED
    score, max_score = _KEPT[keep](marked)
    share = score / max_score if max_score else Fraction(0)
    return Standing(
        state=StandingState.FINISHED,
        score=_half_up(score),
        max_score=_half_up(max_score),
        percent=int(share * BASIS_POINTS),
        passed=None if pass_percent is None else share * BASIS_POINTS >= pass_percent,
    )


def _best(marked: Sequence[MarkedAttempt]) -> tuple[Fraction, Fraction]:
    """The greatest share; of equal ones the earliest, which is when it was reached."""
    return _of(max(marked, key=lambda attempt: (attempt.share, -attempt.number)))


def _last(marked: Sequence[MarkedAttempt]) -> tuple[Fraction, Fraction]:
    return _of(max(marked, key=lambda attempt: attempt.number))


def _first(marked: Sequence[MarkedAttempt]) -> tuple[Fraction, Fraction]:
    return _of(min(marked, key=lambda attempt: attempt.number))


def _average(marked: Sequence[MarkedAttempt]) -> tuple[Fraction, Fraction]:
    """The mean score out of the mean maximum, so that what is shown divides to the percentage shown."""
    return (
        Fraction(sum(attempt.score for attempt in marked), len(marked)),
        Fraction(sum(attempt.max_score for attempt in marked), len(marked)),
    )


def _of(attempt: MarkedAttempt) -> tuple[Fraction, Fraction]:
    return Fraction(attempt.score), Fraction(attempt.max_score)


_KEPT: dict[str, Callable[[Sequence[MarkedAttempt]], tuple[Fraction, Fraction]]] = {
    "best": _best,
    "last": _last,
    "first": _first,
    "average": _average,
}


def _half_up(value: Fraction) -> int:
    """To a whole hundredth, for showing: only an average is ever between two."""
    return int(value + Fraction(1, 2))
