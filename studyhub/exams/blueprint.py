"""The blueprint: what an exam is, as frozen values. The exam file and the admin's form both make one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from studyhub.exams.release import ReviewPolicy
from studyhub.exams.states import ExamState, Keep
from studyhub.exams.timing import Window
from studyhub.kernel.points import Points
from studyhub.questions.difficulty import Band


@dataclass(frozen=True, slots=True, order=True)
class QuestionRef:
    """A question's identity for ever: the bank's slug and the question's."""

    bank: str
    id: str

    def __str__(self) -> str:
        return f"{self.bank}/{self.id}"


@dataclass(frozen=True, slots=True)
class Where:
    """Which questions of the banks a section may draw. An empty set asks for nothing."""

    types: frozenset[str] = frozenset()
    difficulties: frozenset[Band] = frozenset()
    all_tags: frozenset[str] = frozenset()
    any_tags: frozenset[str] = frozenset()
    no_tags: frozenset[str] = frozenset()

    @property
    def tags(self) -> frozenset[str]:
        """By which it chooses."""
        return self.all_tags | self.any_tags | self.no_tags

    def fits(self, question_type: str, band: Band, tags: frozenset[str]) -> bool:
        """Whether a question of this type, difficulty and these tags may be drawn."""
        return (
            (not self.types or question_type in self.types)
            and (not self.difficulties or band in self.difficulties)
            and self.all_tags <= tags
            and (not self.any_tags or bool(self.any_tags & tags))
            and not self.no_tags & tags
        )


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the paper: `draw` questions out of `banks`.

    `points` None is each question's own. `mix` holds shares of one, in the order in which they were
    listed; empty is any difficulty. `must` is always drawn and counts within `draw` and its band.
    """

    title: str
    draw: int
    banks: tuple[str, ...]
    where: Where = Where()
    points: Points | None = None
    mix: tuple[tuple[Band, Fraction], ...] = ()
    must: tuple[QuestionRef, ...] = ()

    def offers(self, bank: str, question_type: str, band: Band, tags: frozenset[str]) -> bool:
        """Whether such a question of this bank may be drawn here."""
        return bank in self.banks and self.where.fits(question_type, band, tags)

    def counts(self) -> dict[Band, int]:
        """How many of each difficulty the mix asks for; empty without a mix."""
        return dict(zip([band for band, _ in self.mix], largest_remainder(self), strict=True))


def largest_remainder(section: Section) -> list[int]:
    """The mix's shares of `draw` as whole numbers that sum to it; ties go to the first listed."""
    quotas = [share * section.draw for _, share in section.mix]
    counts = [quota.numerator // quota.denominator for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda at: (counts[at] - quotas[at], at))
    for at in by_remainder[: section.draw - sum(counts) if quotas else 0]:
        counts[at] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Shuffle:
    """Whether each paper has its own order. A question's `shuffle: false` pins its options anyway."""

    questions: bool = True
    options: bool = True


@dataclass(frozen=True, slots=True)
class Blueprint:
    """An exam's definition, whole.

    `attempts` None is unlimited; `pass_share` a share of one, None is no pass line; `branches` are codes,
    each with its subtree, none is everyone.
    """

    slug: str
    title: str
    sections: tuple[Section, ...]
    window: Window
    attempts: int | None = 1
    keep: Keep = Keep.BEST
    pass_share: Fraction | None = None
    branches: tuple[str, ...] = ()
    state: ExamState = ExamState.PUBLISHED
    shuffle: Shuffle = Shuffle()
    review: ReviewPolicy = field(default_factory=ReviewPolicy)

    @property
    def banks(self) -> tuple[str, ...]:
        """Every bank that a section draws from, once, in order of appearance."""
        return tuple(dict.fromkeys(bank for section in self.sections for bank in section.banks))


def passes(score: Points, max_score: Points, pass_share: Fraction | None) -> bool | None:
    """Whether a score reaches the pass line, compared exactly; None where there is no line."""
    return None if pass_share is None else score >= pass_share * max_score


def total(points: Sequence[Points]) -> Points:
    """The exact sum of points or of rounded marks; it is not rounded again."""
    return Points(sum(points))
