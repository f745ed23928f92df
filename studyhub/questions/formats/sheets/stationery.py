"""How a sheet of questions looks: wide and high enough for its texts, and fit for a printed page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

_WIDE = {
    "prompt": 48,
    "explanation": 36,
    "passage": 36,
    "model_answer": 36,
    "rubric": 28,
    "pairs": 24,
    "items": 20,
}
_NARROW = {"type": 10, "points": 8, "difficulty": 8, "tolerance": 8, "unit": 8, "max_chars": 8, "retired": 8}
_USUAL, _LINE, _MOST = 18, 15, 400
"""Characters across; points of a line, and of the highest row."""

_ACROSS = 280
"""Characters across a page, so small that they can just be read."""

FORM = {"num_format": "@", "text_wrap": True, "valign": "top"}
HEAD = {**FORM, "bold": True, "bottom": 1, "bg_color": "#F1EFE9"}


def lay_out(sheet: Any, columns: Sequence[str], form: Any) -> None:
    """The widths of the columns and the head that stays; printed, it is as few pages wide as can be read."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, width(column), form)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(-(-sum(map(width, columns)) // _ACROSS), 0)
    sheet.repeat_rows(0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&C&P / &N")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def width(column: str) -> int:
    """Of a column, in characters."""
    return _WIDE.get(column) or _NARROW.get(column) or _USUAL


def height(cells: Iterable[tuple[str, str]]) -> int:
    """Of a row with these texts by column, in points: programs differ in whether they find it out."""
    lines = max(
        (sum(_lines(line, width(column)) for line in text.split("\n")) for column, text in cells), default=1
    )
    return min(lines * _LINE, _MOST)


def _lines(text: str, width: int) -> int:
    across = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return max(1, -(-across // (width - 1)))
