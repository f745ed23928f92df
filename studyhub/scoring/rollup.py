"""What a roll-up adds up: the figures of the members of one branch in one exam.

A roll-up is only ever changed by the difference between a standing before and after, so that marking one
attempt touches one row. Any sequence of such differences gives what counting afresh gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from studyhub.scoring.standing import BASIS_POINTS, Standing, StandingState

BINS = 10
"""The histogram: 0–10 %, …, 90–100 %. A bin holds its lower edge; the last one holds 100 % too."""

NO_BINS = (0,) * BINS


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of members, each counted in the one before it: assigned ≥ started ≥ finished ≥ passed.

    `percent_sum` adds the percentages of those who finished, in basis points; `bins` counts them.
    """

    assigned: int = 0
    started: int = 0
    finished: int = 0
    passed: int = 0
    percent_sum: int = 0
    bins: tuple[int, ...] = NO_BINS

    def __add__(self, other: Figures) -> Figures:
        return self._combined(other, 1)

    def __sub__(self, other: Figures) -> Figures:
        return self._combined(other, -1)

    def __bool__(self) -> bool:
        """Whether there is anything to add."""
        return self != NOTHING

    @property
    def mean(self) -> int | None:
        """The mean percentage of those who finished, in basis points, rounded down; None of nobody."""
        return self.percent_sum // self.finished if self.finished else None

    @property
    def completion(self) -> int | None:
        """The share of those assigned who finished, in basis points, rounded down; None of nobody."""
        return self.finished * BASIS_POINTS // self.assigned if self.assigned else None

    @property
    def pass_rate(self) -> int | None:
        """The share of those finished who passed, in basis points, rounded down; None of nobody."""
        return self.passed * BASIS_POINTS // self.finished if self.finished else None

    def _combined(self, other: Figures, sign: int) -> Figures:
        return Figures(
            assigned=self.assigned + sign * other.assigned,
            started=self.started + sign * other.started,
            finished=self.finished + sign * other.finished,
            passed=self.passed + sign * other.passed,
            percent_sum=self.percent_sum + sign * other.percent_sum,
            bins=tuple(mine + sign * yours for mine, yours in zip(self.bins, other.bins, strict=True)),
        )


NOTHING = Figures()


def figures(standing: Standing | None) -> Figures:
    """What one member adds; None (not assigned, or withdrawn) adds nothing."""
    if standing is None:
        return NOTHING
    if standing.state is not StandingState.FINISHED or standing.percent is None:
        return Figures(assigned=1, started=int(standing.state is not StandingState.ASSIGNED))
    place = bin_of(standing.percent)
    return Figures(
        assigned=1,
        started=1,
        finished=1,
        passed=int(standing.passed is True),
        percent_sum=standing.percent,
        bins=tuple(int(place == at) for at in range(BINS)),
    )


def delta(before: Standing | None, after: Standing | None) -> Figures:
    """What to add to the roll-up when a standing changes."""
    return figures(after) - figures(before)


def bin_of(percent: int) -> int:
    """The bin (0–9) of a percentage in basis points."""
    return min(percent * BINS // BASIS_POINTS, BINS - 1)
