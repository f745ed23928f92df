"""Item analysis of a test: how hard each item was, and whether it told those who know from those who do not.

The formulas are those of Moodle's quiz statistics
(https://docs.moodle.org/dev/Quiz_statistics_calculations), so that a figure means here what it means there:

* x is a mark on the item, T the member's total, X = T − x the rest of it, n the number who met the item;
  variances and covariances divide by n − 1.
* facility = mean(x) / max(x); intended weight = max(x) / Σ max.
* discrimination index = cov(x, X) / √(var(x) var(X)).
* discriminative efficiency = cov(x, X) / the same covariance with both lists sorted, the greatest it can be.
* effective weight = √cov(x, T) / Σ √cov(x, T), without the items whose covariance is negative.
* skewness = k₃ / k₂^1.5 and kurtosis = k₄ / k₂², of the totals, with Fisher's k-statistics.
* cic (Cronbach's α) = p / (p − 1) · (1 − Σ var(x) / var(T)); error ratio = √(1 − cic);
  standard error = error ratio · sd(T).

Marks arrive as integers, so that sums are exact and "no variance" is exactly 0, never 1e-17.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Row = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class MarkMatrix:
    """Marks of members (rows) on items (columns), in units of 1/`scale` point; None is an item not met."""

    items: tuple[str, ...]
    maxima: tuple[int, ...]
    rows: tuple[Row, ...]
    scale: int = 1


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """Figures of one item: `sd` in points, the others in percent, None where undefined. `n` met it."""

    item: str
    facility: float | None
    sd: float | None
    discrimination_index: float | None
    discriminative_efficiency: float | None
    intended_weight: float | None
    effective_weight: float | None
    n: int


@dataclass(frozen=True, slots=True)
class TestStatistics:
    """Figures of the totals: mean, median, sd and standard error in points, cic and error ratio in percent.

    `n` counts the members who met at least one item. Cic and what rests on it compare the variances of
    all items with the variance of the totals: they are None unless everybody met every item.
    """

    __test__ = False  # not for pytest to collect

    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    error_ratio: float | None
    standard_error: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What `analyse` finds: the items in the order of the matrix, and the test as a whole."""

    items: tuple[ItemStatistics, ...]
    test: TestStatistics


def analyse(matrix: MarkMatrix) -> Analysis:
    """Every figure of every item, and of the test."""
    met = [(row, sum(mark or 0 for mark in row)) for row in matrix.rows if any(m is not None for m in row)]
    columns = [_Column.of(met, at) for at in range(len(matrix.items))]
    roots = [_root(column.covariance_with_total) for column in columns]
    return Analysis(
        items=tuple(
            _item(matrix, at, column, _percent(roots[at], sum(root for root in roots if root)))
            for at, column in enumerate(columns)
        ),
        test=_test(matrix, columns, [total for _, total in met]),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """One item's marks, and the rest and total of those who met it. (Co)variances are None below two."""

    marks: list[int]
    rests: list[int]
    totals: list[int]

    @classmethod
    def of(cls, met: Sequence[tuple[Row, int]], at: int) -> _Column:
        pairs = [(mark, total) for row, total in met if (mark := row[at]) is not None]
        return cls([m for m, _ in pairs], [total - m for m, total in pairs], [total for _, total in pairs])

    @property
    def variance(self) -> Fraction | None:
        return _covariance(self.marks, self.marks)

    @property
    def covariance_with_total(self) -> Fraction | None:
        return _covariance(self.marks, self.totals)


def _item(matrix: MarkMatrix, at: int, column: _Column, effective_weight: float | None) -> ItemStatistics:
    variance, maximum, n = column.variance, matrix.maxima[at], len(column.marks)
    covariance = _covariance(column.marks, column.rests)
    return ItemStatistics(
        item=matrix.items[at],
        facility=_percent(sum(column.marks), n * maximum),
        sd=None if variance is None else math.sqrt(variance) / matrix.scale,
        discrimination_index=_correlation(covariance, variance, _covariance(column.rests, column.rests)),
        discriminative_efficiency=_percent(
            covariance, _covariance(sorted(column.marks), sorted(column.rests))
        ),
        intended_weight=_percent(maximum, sum(matrix.maxima)),
        effective_weight=effective_weight,
        n=n,
    )


def _test(matrix: MarkMatrix, columns: Sequence[_Column], totals: Sequence[int]) -> TestStatistics:
    n = len(totals)
    variance = _covariance(totals, totals)
    sd = None if variance is None else math.sqrt(variance) / matrix.scale
    skewness, kurtosis = _shape(totals)
    everybody_met_everything = all(len(column.marks) == n for column in columns)
    cic = _cic([column.variance for column in columns], variance, n) if everybody_met_everything else None
    # By Cauchy and Schwarz cic is at most 1; it may be far below 0, and the ratio then passes 100 %.
    ratio = None if cic is None else math.sqrt(1 - cic)
    return TestStatistics(
        mean=sum(totals) / n / matrix.scale if n else None,
        median=_median(totals) / matrix.scale if n else None,
        sd=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        cic=None if cic is None else 100 * float(cic),
        error_ratio=None if ratio is None else 100 * ratio,
        standard_error=None if ratio is None or sd is None else ratio * sd,
        n=n,
    )


def _covariance(xs: Sequence[int], ys: Sequence[int]) -> Fraction | None:
    """The sample covariance (n − 1), exact; None of fewer than two."""
    n = len(xs)
    if n < 2:
        return None
    products = sum(x * y for x, y in zip(xs, ys, strict=True))
    return Fraction(n * products - sum(xs) * sum(ys), n * (n - 1))


def _correlation(
    covariance: Fraction | None, variance: Fraction | None, other_variance: Fraction | None
) -> float | None:
    if covariance is None or not variance or not other_variance:
        return None
    return 100 * float(covariance) / (math.sqrt(variance) * math.sqrt(other_variance))


def _shape(totals: Sequence[int]) -> tuple[float | None, float | None]:
    """Skewness (of three at least) and kurtosis (of four), None where the totals do not vary."""
    n = len(totals)
    k2 = _covariance(totals, totals)
    if n < 3 or not k2:
        return None, None
    centre = sum(totals)
    moments = {
        power: Fraction(sum((n * total - centre) ** power for total in totals), n ** (power + 1))
        for power in (2, 3, 4)
    }
    k3 = moments[3] * n**2 / ((n - 1) * (n - 2))
    skewness = float(k3) / float(k2) ** 1.5
    if n < 4:
        return skewness, None
    k4 = Fraction(n**2, (n - 1) * (n - 2) * (n - 3)) * ((n + 1) * moments[4] - 3 * (n - 1) * moments[2] ** 2)
    return skewness, float(k4 / k2**2)


def _cic(variances: Sequence[Fraction | None], total_variance: Fraction | None, n: int) -> Fraction | None:
    """Cronbach's α as a share; as in Moodle's report it asks for three members and two items."""
    items = len(variances)
    if n < 3 or items < 2 or not total_variance:
        return None
    return Fraction(items, items - 1) * (1 - sum(v for v in variances if v) / total_variance)


def _median(values: Sequence[int]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _root(covariance: Fraction | None) -> float | None:
    """√covariance, None when it is negative or undefined."""
    return None if covariance is None or covariance < 0 else math.sqrt(covariance)


def _percent(part: Fraction | float | None, whole: Fraction | float | None) -> float | None:
    """100 · part / whole, None where either is undefined or the whole is 0."""
    return None if part is None or not whole else float(100 * part / whole)
