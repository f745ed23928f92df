"""Item analysis means what it means in Moodle, and says nothing where nothing is defined."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.scoring.item_statistics import Analysis, MarkMatrix, analyse
from studyhub.scoring.mark_matrix import decode, read_matrix

DATA = Path(__file__).parents[2] / "data"
PUBLISHED = json.loads((DATA / "item-statistics.json").read_text(encoding="utf-8"))


def analysis_of(*rows: tuple[int | None, ...], maxima: tuple[int, ...] | None = None) -> Analysis:
    maxima = maxima or (1,) * len(rows[0])
    items = tuple(f"q{at}" for at in range(1, len(maxima) + 1))
    return analyse(MarkMatrix(items, maxima, rows))


@pytest.fixture(scope="module")
def published() -> Analysis:
    matrix, faults = read_matrix(decode((DATA / "item-marks.csv").read_bytes()))
    assert matrix is not None, faults
    return analyse(matrix)


@pytest.mark.parametrize("expected", PUBLISHED["items"], ids=lambda item: item["item"])
def test_every_figure_of_an_item_is_the_published_one(published, expected):
    found = next(item for item in published.items if item.item == expected["item"])
    for name, value in expected.items():
        if name != "item":
            assert getattr(found, name) == pytest.approx(value, rel=1.5e-5), name


def test_every_figure_of_the_test_is_the_published_one(published):
    for name, value in PUBLISHED["test"].items():
        assert getattr(published.test, name) == pytest.approx(value, rel=1.5e-5), name


def test_intended_weight_is_the_share_of_the_points_that_can_be_had():
    found = analysis_of((1, 3), (0, 1), maxima=(1, 3))
    assert [item.intended_weight for item in found.items] == [25.0, 75.0]


def test_an_item_counts_only_those_who_met_it():
    found = analysis_of((1, None, 1), (0, 1, 0), (None, 0, 1), (None, 1, 0))
    first = found.items[0]
    assert (first.n, first.facility) == (2, 50.0)
    assert found.items[2].n == 4


def test_who_met_nothing_did_not_sit_the_test():
    found = analysis_of((1, 0), (None, None), (0, 0))
    assert found.test.n == 2
    assert found.test.mean == 0.5


def test_cic_is_undefined_when_papers_differ():
    """Each member met other questions: the items' variances no longer make up that of the totals."""
    whole = analysis_of((1, 0), (1, 1), (0, 0), (0, 1))
    drawn = analysis_of((1, 0), (1, 1), (0, 0), (None, 1))
    assert whole.test.cic is not None
    assert (drawn.test.cic, drawn.test.error_ratio, drawn.test.standard_error) == (None, None, None)


def test_an_item_that_all_got_right_does_not_discriminate():
    found = analysis_of((1, 0), (1, 1), (1, 0))
    constant = found.items[0]
    assert (constant.facility, constant.sd) == (100.0, 0.0)
    assert constant.discrimination_index is None
    assert constant.discriminative_efficiency is None
    assert constant.effective_weight == 0.0


def test_marks_of_a_tenth_have_no_variance_that_only_floats_see():
    matrix, _ = read_matrix("member,q1,q2\nmax,1,1\na,0.1,0.3\nb,0.1,0.7\nc,0.1,0.2\n")
    assert matrix is not None
    first = analyse(matrix).items[0]
    assert first.sd == 0.0
    assert first.discrimination_index is None


def test_an_item_that_goes_against_the_total_has_no_effective_weight():
    found = analysis_of((1, 0, 0), (0, 1, 1), (0, 1, 1))
    assert found.items[0].effective_weight is None
    assert sum(item.effective_weight or 0 for item in found.items) == pytest.approx(100)


def test_one_member_has_a_mean_and_nothing_that_needs_two():
    found = analysis_of((1, 0))
    assert (found.test.mean, found.test.median, found.test.n) == (1.0, 1.0, 1)
    assert (found.test.sd, found.test.skewness, found.test.kurtosis, found.test.cic) == (None,) * 4
    assert found.items[0].sd is None


def test_equal_totals_have_no_skewness():
    found = analysis_of((1, 0), (0, 1), (1, 0), (0, 1))
    assert (found.test.sd, found.test.skewness, found.test.kurtosis, found.test.cic) == (
        0.0,
        None,
        None,
        None,
    )


@given(
    rows=st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3).map(tuple), min_size=4, max_size=30)
)
def test_the_exact_figures_agree_with_floating_point_ones(rows):
    found = analysis_of(*rows, maxima=(20, 20, 20))
    totals = [sum(row) for row in rows]
    assert found.test.sd == pytest.approx(statistics.stdev(totals), abs=1e-9)
    assert found.test.median == statistics.median(totals)
    first = found.items[0]
    marks, rests = [row[0] for row in rows], [row[1] + row[2] for row in rows]
    if first.discrimination_index is not None:
        assert first.discrimination_index == pytest.approx(100 * np.corrcoef(marks, rests)[0, 1], abs=1e-6)
    for item in found.items:
        if item.discrimination_index is not None:
            assert -100.000001 <= item.discrimination_index <= 100.000001
        if item.discriminative_efficiency is not None:
            assert item.discriminative_efficiency <= 100.000001
    if found.test.cic is not None:
        assert found.test.cic <= 100
