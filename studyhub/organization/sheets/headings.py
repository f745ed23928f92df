"""The headings of a table: which row they are, and which column each of them names, in English or Chinese.

What people keep in Excel has a title above its headings, notes in brackets behind them, blanks inside them,
and columns that are none of our business. All of that is read; only what is missing or mistyped is a fault.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studyhub.kernel.faults import Fault
from studyhub.organization.sheets.sheet import Row, cell_fault

LOOKED_AT = 10
"""So many rows at the top may be titles."""

_NOTE = re.compile(r"[(\[【〔{].*?[)\]】〕}]")
_MARKS = "*:：#·"
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a file may have, under their own names or what people call them instead.

    `also_called` lists these in the order of their weight: of two headings for one column the first counts.
    `in_chinese` is the heading that we write ourselves.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    also_called: Mapping[str, tuple[str, ...]]
    in_chinese: Mapping[str, str]

    @property
    def all(self) -> tuple[str, ...]:
        return self.required + self.optional

    def ranks(self) -> dict[str, tuple[str, int]]:
        """By heading: the column that it names, and its weight (0 is the most)."""
        return {
            heading: (column, rank)
            for column in self.all
            for rank, heading in enumerate((column, *self.also_called.get(column, ())))
        }


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of headings: the column of each cell (None: not used), and what it is called there."""

    row: Row
    columns: tuple[str | None, ...]
    faults: tuple[Fault, ...]

    @property
    def as_written(self) -> dict[str, str]:
        """By column: its heading as it stands in the file, in one line."""
        pairs = zip(self.columns, self.row.cells, strict=False)
        return {column: " ".join(text.split()) for column, text in pairs if column}


def find(rows: list[Row], columns: Columns) -> tuple[Headings, list[Row]]:
    """The headings among the first rows, and the rows below them."""
    ranks = columns.ranks()
    known = [len({ranks[key][0] for key in _keys(row) if key in ranks}) for row in rows[:LOOKED_AT]]
    most = max(known)
    # One word alone is no heading: a title may be 党支部.
    at = known.index(most) if most > 1 else 0
    header = rows[at]
    # Long lists repeat their headings on every printed page.
    body = [row for row in rows[at + 1 :] if row.cells != header.cells]
    return _bind(header, columns, ranks), body


def heading_key(text: str) -> str:
    """A heading without what does not tell it apart: width, case, blanks, notes in brackets, stars."""
    plain = _NOTE.sub("", unicodedata.normalize("NFKC", text)).strip().strip(_MARKS).strip().lower()
    return re.sub(r"[\s_]+", "" if _CHINESE.search(plain) else "_", plain)


def _keys(row: Row) -> list[str]:
    return [heading_key(text) for text in row.cells]


def _bind(header: Row, columns: Columns, ranks: Mapping[str, tuple[str, int]]) -> Headings:
    keys = _keys(header)
    best: dict[str, int] = {}
    for index, key in enumerate(keys):
        column, rank = ranks.get(key, (None, 0))
        if column and (column not in best or rank < ranks[keys[best[column]]][1]):
            best[column] = index
    bound = {index: column for column, index in best.items()}
    names = tuple(bound.get(index) for index in range(len(keys)))
    faults = list(_odd_headings(header, keys, best, columns, ranks))
    meant = {fault.params.get("meant") for fault in faults}
    faults += _missing(header, best, columns, meant)
    return Headings(header, names, tuple(faults))


def _odd_headings(
    header: Row,
    keys: list[str],
    best: Mapping[str, int],
    columns: Columns,
    ranks: Mapping[str, tuple[str, int]],
) -> Iterator[Fault]:
    """Headings that are there twice or mistyped, and one note for all that are not used."""
    unused = []
    for index, (key, text) in enumerate(zip(keys, header.cells, strict=True)):
        column = ranks[key][0] if key in ranks else None
        if not key or (column and best[column] == index):
            continue
        meant = None if column else _mistyped(key, best, columns)
        if column and keys[best[column]] == key:
            yield cell_fault(header.number, text, "column_twice")
        elif meant:
            yield cell_fault(header.number, text, "column_called_otherwise", {"meant": meant})
        else:
            unused.append(" ".join(text.split()))
    if unused:
        yield cell_fault(header.number, "、".join(unused), "column_ignored", warning=True)


def _mistyped(key: str, best: Mapping[str, int], columns: Columns) -> str | None:
    """The column of which the heading is a misspelling; none that the file has under its right name."""
    close = difflib.get_close_matches(
        key, [name for name in columns.all if name not in best], n=1, cutoff=0.8
    )
    return close[0] if close else None


def _missing(header: Row, best: Mapping[str, int], columns: Columns, meant: set[object]) -> Iterator[Fault]:
    chinese = any(_CHINESE.search(text) for text in header.cells)
    called = {column: columns.in_chinese[column] if chinese else column for column in columns.required}
    needed = ("、" if chinese else ", ").join(called.values())
    for column in columns.required:
        if column not in best and column not in meant:
            yield cell_fault(header.number, called[column], "missing_column", {"needed": needed})
