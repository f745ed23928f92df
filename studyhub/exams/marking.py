"""From a paper's answers to marks and a score: pure, exact, and the same whenever it is done again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from studyhub.exams.blueprint import passes, total
from studyhub.exams.states import AttemptState
from studyhub.kernel.points import Points, share


@dataclass(frozen=True, slots=True)
class Rated:
    """A question of the paper, and which part of it the answer got right; None: a person must say."""

    position: int
    points: Points
    part: Fraction | None


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt comes to. `marks` holds points by position; what a person must mark is absent."""

    state: AttemptState
    marks: dict[int, Points]
    score: Points | None
    passed: bool | None


def result(rated: Sequence[Rated], max_score: Points, pass_share: Fraction | None) -> Result:
    """Round each question once, sum exactly, compare exactly.

    An attempt of which a person must still mark something is submitted: it has no score yet.
    """
    marks = {each.position: share(each.points, each.part) for each in rated if each.part is not None}
    if len(marks) < len(rated):
        return Result(AttemptState.SUBMITTED, marks, None, None)
    score = total(list(marks.values()))
    return Result(AttemptState.MARKED, marks, score, passes(score, max_score, pass_share))
