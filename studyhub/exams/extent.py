"""How long a paper will be before it is drawn: a passage is drawn as one and asks all of its questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from studyhub.exams.blueprint import Section
from studyhub.exams.pool import Candidate, Pool
from studyhub.kernel.points import Points

Weight = Callable[[Candidate], int]


@dataclass(frozen=True, slots=True)
class Span:
    """From the least to the most that a draw can give; often both are the same."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Extent:
    """The questions that a paper, or one section of it, asks, and the points (hundredths) they are worth."""

    questions: Span
    points: Span

    @property
    def stored(self) -> list[int]:
        """As the exam's row keeps it."""
        return [self.questions.least, self.questions.most, self.points.least, self.points.most]


def of_stored(numbers: Sequence[int]) -> Extent:
    """An extent that `Extent.stored` wrote."""
    least, most, cheapest, dearest = numbers
    return Extent(Span(least, most), Span(cheapest, dearest))


def of_rows(rows: Iterable[Sequence[int]]) -> Extent:
    """The extent of a whole paper from those that were stored of its sections."""
    return of_stored([sum(column) for column in zip(*rows, strict=True)])


def extents(sections: Sequence[Section], pool: Pool) -> list[Extent]:
    """Of each section, out of a pool that fills them all.

    Every paper is within; where two sections draw from the same passages, the ends may never be met.
    """
    return [
        Extent(_span(pool, number, _asked), _span(pool, number, _worth(section)))
        for number, section in enumerate(sections)
    ]


def _asked(candidate: Candidate) -> int:
    return len(candidate.parts) or 1


def _worth(section: Section) -> Weight:
    def worth(candidate: Candidate) -> int:
        return sum(points_of(section, part) for part in candidate.parts or (candidate,))

    return worth


def points_of(section: Section, candidate: Candidate) -> Points:
    """What the question is worth there: the section's points, else its own."""
    return candidate.points if section.points is None else section.points


def _span(pool: Pool, number: int, weight: Weight) -> Span:
    """What is always drawn, and from each cell its lightest or its heaviest."""
    fixed = sum(weight(pool.candidates[index]) for index in pool.must[number])
    cells = [
        (cell.need, sorted(weight(pool.candidates[index]) for index in cell.candidates.tolist()))
        for cell in pool.cells
        if cell.section == number and cell.need > 0
    ]
    return Span(
        fixed + sum(sum(weights[:need]) for need, weights in cells),
        fixed + sum(sum(weights[-need:]) for need, weights in cells),
    )
