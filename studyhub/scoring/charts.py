"""Charts as SVG images: small, the same bytes for the same figures, right wherever an <img> shows them.

Text becomes outlines of one font that travels with the `zhplot` wheel (Noto Sans SC), so that Chinese looks
the same on every machine; and all paint is written as attributes, so that no content security policy can
take it away. The colours are those of `tokens.css`.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from studyhub.kernel.font import font_path
from studyhub.scoring.rollup import BINS
from studyhub.scoring.standing import BASIS_POINTS

INK = "#5c564f"
LINE = "#d9d2c8"
RED = "#a4161a"
SLATE = "#36536e"
PASSED = "#7d97ad"
FAILED = "#c9a3a4"
STRADDLING = "#b0a59c"
PALE = "#c9d3dc"

matplotlib.rcParams["svg.fonttype"] = "path"
matplotlib.rcParams["svg.hashsalt"] = "studyhub"

# matplotlib promises nothing to threads that draw at the same time, and a drawing takes milliseconds.
_DRAWING = threading.Lock()

DPI = 72  # one SVG unit is one point, so that sizes below are units of the picture


class Size(StrEnum):
    """For which width a chart is drawn: a phone, a phone in large type, a desk."""

    NARROW = "narrow"
    LARGE = "large"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Width, height and size of text. Pages show a picture no smaller than it is drawn."""

    width: int
    height: int
    text: int
    ticks_every: int


_SHEETS = {
    Size.NARROW: _Sheet(300, 190, 13, 20),
    Size.LARGE: _Sheet(300, 220, 17, 25),
    Size.WIDE: _Sheet(480, 210, 13, 20),
}


def histogram(bins: Sequence[int], pass_percent: int | None, pass_word: str, size: Size) -> bytes:
    """How many members have which percentage, as SVG.

    `bins` counts 0–10 %, …, 90–100 %; `pass_percent` is the pass line in basis points, `pass_word` what is
    written at it.
    """
    sheet = _SHEETS[size]
    figure, axes = _blank(sheet.width, sheet.height)
    font = FontProperties(fname=str(font_path()), size=sheet.text)
    top = max(*bins, 1)
    # One member among thousands must still be seen.
    heights = [max(count, top * 0.012) if count else 0 for count in bins]
    middles = [place * 10 + 5 for place in range(BINS)]
    axes.bar(middles, heights, width=8.6, color=_bar_colours(pass_percent), zorder=2)
    axes.set_xlim(-1, 101)
    axes.set_ylim(0, top * 1.42)
    _percent_axis(axes, sheet, font)
    _label_bars(axes, bins, sheet, font)
    if pass_percent is not None:
        _draw_pass_line(axes, pass_percent / 100, top, pass_word, font)
    return _svg(figure)


def comparison(here: int, whole: int | None) -> bytes:
    """One branch (a dot) beside the whole organisation (a line), 0 to 100 %, as SVG. Basis points in.

    It holds no text: the numbers stand beside it in the page.
    """
    figure, axes = _blank(200, 20)
    axes.set_xlim(-300, BASIS_POINTS + 300)
    axes.set_ylim(-1, 1)
    axes.plot([0, BASIS_POINTS], [0, 0], color=PALE, linewidth=2, solid_capstyle="round", zorder=1)
    if whole is not None:
        axes.plot([whole, whole], [-0.85, 0.85], color=RED, linewidth=2, zorder=2)
    axes.plot([here], [0], marker="o", markersize=10, color=SLATE, markeredgewidth=0, zorder=3)
    return _svg(figure)


def _blank(width: int, height: int) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="none")
    axes = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set_axis_off()
    return figure, axes


def _bar_colours(pass_percent: int | None) -> list[str]:
    """Below the pass line, above it, or both."""
    if pass_percent is None:
        return [PASSED] * BINS
    step = BASIS_POINTS // BINS
    return [
        FAILED
        if (place + 1) * step <= pass_percent
        else PASSED
        if place * step >= pass_percent
        else STRADDLING
        for place in range(BINS)
    ]


def _percent_axis(axes: Axes, sheet: _Sheet, font: FontProperties) -> None:
    """A base line, and the percentages below it."""
    margin = (sheet.text + 10) / sheet.height
    axes.set_position((0.02, margin, 0.96, 1 - margin))
    axes.plot([0, 100], [0, 0], color=LINE, linewidth=1.2, clip_on=False, zorder=3)
    for percent in range(0, 101, sheet.ticks_every):
        axes.annotate(
            f"{percent}%" if percent == 100 else str(percent),
            (percent, 0),
            xytext=(0, -5),
            textcoords="offset points",
            ha="right" if percent == 100 else "left" if percent == 0 else "center",
            va="top",
            color=INK,
            fontproperties=font,
            annotation_clip=False,
        )


def _label_bars(axes: Axes, bins: Sequence[int], sheet: _Sheet, font: FontProperties) -> None:
    """The count over each bar; only over the tallest where numbers are too wide for their bars."""
    room = sheet.width * 0.96 / BINS
    crowded = len(str(max(bins))) * sheet.text * 0.62 > room
    tallest = max(range(BINS), key=lambda place: bins[place])
    for place, count in enumerate(bins):
        if count and (not crowded or place == tallest):
            axes.annotate(
                str(count),
                (place * 10 + 5, count),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=INK,
                fontproperties=font,
            )


def _draw_pass_line(axes: Axes, percent: float, top: int, word: str, font: FontProperties) -> None:
    axes.plot([percent, percent], [0, top * 1.4], color=RED, linewidth=1.5, dashes=(4, 3), zorder=4)
    on_the_right = percent < 55
    axes.annotate(
        word,
        (percent, top * 1.4),
        xytext=(5 if on_the_right else -5, 0),
        textcoords="offset points",
        ha="left" if on_the_right else "right",
        va="top",
        color=RED,
        fontproperties=font,
    )


def _svg(figure: Figure) -> bytes:
    """The figure as SVG without a date or random ids, its paint as attributes instead of styles."""
    buffer = io.BytesIO()
    unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with _DRAWING:
        figure.savefig(buffer, format="svg", metadata=unsaid)
    return _styles_to_attributes(buffer.getvalue().decode()).encode()


_STYLE_BLOCK = re.compile(r"\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
_STYLE_ATTRIBUTE = re.compile(r' style="([^"]*)"')


def _styles_to_attributes(svg: str) -> str:
    without_block = _STYLE_BLOCK.sub("", svg, count=1)
    with_root = without_block.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
    return _STYLE_ATTRIBUTE.sub(lambda found: _as_attributes(found.group(1)), with_root)


def _as_attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
