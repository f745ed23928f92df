"""Tables that a phone shows row by row: every cell gets the name of its column and its role.

A style sheet that lays rows below each other takes the table out of the accessibility tree in some browsers;
the roles keep it there.
"""

from __future__ import annotations

import re
from itertools import count

from markupsafe import Markup, escape

WIDE_FROM = 4
"""Columns from which a table does not fit a phone."""

_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(th|td)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_OPENING = re.compile(r"<(thead|tbody|tr)\b(?![^>]*\brole=)")
_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row"}
_HIDDEN = re.compile(r'<span[^>]*aria-hidden="true".*?</span>', re.DOTALL)


def row_by_row(html: Markup) -> Markup:
    """The head and body of a table, as our templates write them, with what a phone needs to stack rows."""
    head, separator, body = str(html).partition("<tbody")
    names = [_text(cell[3]) for cell in _CELL.finditer(head)]
    named = _ROW.sub(lambda row: _with_names(row[0], names), body)
    if "sortable" not in head:
        head = head.replace("<thead", '<thead class="unsorted"', 1)
    whole = _CELL.sub(lambda cell: _opened(cell, "columnheader"), head) + separator + named
    # It came as markup, and what is added is escaped.
    return Markup(_OPENING.sub(lambda tag: f'<{tag[1]} role="{_ROLES[tag[1]]}"', whole))  # noqa: S704


def is_wide(html: Markup) -> bool:
    """Whether the table has too many columns for a phone."""
    return len(_CELL.findall(str(html).partition("<tbody")[0])) >= WIDE_FROM


def _with_names(row: str, names: list[str]) -> str:
    place = count()
    return _CELL.sub(lambda cell: _named(cell, names[next(place) :][:1]), row)


def _named(cell: re.Match[str], name: list[str]) -> str:
    role = "rowheader" if cell[1] == "th" else "cell"
    label = f' data-label="{escape(name[0])}"' if name and name[0] and "colspan" not in cell[2] else ""
    return _opened(cell, role, label)


def _opened(cell: re.Match[str], role: str, label: str = "") -> str:
    return f'<{cell[1]} role="{role}"{label}{cell[2]}>{cell[3]}</{cell[1]}>'


def _text(html: str) -> str:
    """What a head says, without the arrow that shows the order and without what only a screen reader says."""
    return "" if "visually-hidden" in html else Markup(_HIDDEN.sub("", html)).striptags().strip()  # noqa: S704
