"""Charts are the same bytes for the same figures, and need nothing that a security policy takes away."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from studyhub.kernel.font import font_path
from studyhub.scoring.charts import FAILED, PASSED, STRADDLING, Size, comparison, histogram

BINS = [0, 0, 1, 0, 2, 3, 5, 8, 6, 2]


@pytest.mark.parametrize("size", list(Size))
def test_the_same_figures_give_the_same_bytes(size):
    assert histogram(BINS, 6000, "合格线 60%", size) == histogram(BINS, 6000, "合格线 60%", size)


@pytest.mark.parametrize("size", list(Size))
def test_a_chart_is_small_and_paints_without_styles_scripts_or_dates(size):
    svg = histogram(BINS, 6000, "合格线 60%", size)
    ElementTree.fromstring(svg)
    assert len(svg) < 40_000
    for forbidden in (b"style", b"<script", b"<text", b"dc:date", b"http://matplotlib"):
        assert forbidden not in svg


def test_bars_say_by_colour_on_which_side_of_the_pass_line_they_are():
    svg = histogram(BINS, 6500, "", Size.NARROW).decode()
    assert (svg.count(FAILED), svg.count(STRADDLING), svg.count(PASSED)) == (6, 1, 3)


def test_without_a_pass_line_there_is_no_line_and_one_colour():
    svg = histogram(BINS, None, "合格线", Size.WIDE).decode()
    assert FAILED not in svg
    assert "dasharray" not in svg


def test_a_chart_of_nobody_has_its_scale_and_its_pass_line_and_counts_nothing():
    svg = histogram([0] * 10, 6000, "合格线", Size.NARROW)
    ElementTree.fromstring(svg)
    assert len(re.findall(rb'<g id="text_', svg)) == 6 + 1
    assert b"dasharray" in svg


def test_large_counts_are_written_once_where_they_would_run_into_each_other():
    few = histogram([5] * 10, None, "", Size.NARROW)
    many = histogram([51_234] * 10, None, "", Size.NARROW)
    assert len(re.findall(rb'<g id="text_', few)) == 6 + 10
    assert len(re.findall(rb'<g id="text_', many)) == 6 + 1


def test_a_comparison_holds_no_text():
    svg = comparison(7600, 7100)
    ElementTree.fromstring(svg)
    assert b"text_" not in svg
    assert len(svg) < 5_000


def test_the_font_is_found_without_importing_its_package():
    assert font_path().stat().st_size > 1_000_000
