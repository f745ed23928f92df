"""What xlrd is kept from, and what it is brought to, with a workbook from before Excel 2007.

It evaluates the formula of each name of a range, for whoever asks for names; nobody here does, and a small
file holds a hundred thousand of them. Their records are told to be of no kind that it knows.

It says how a number is shown only with all else that a workbook looks like, borders and empty cells too,
which costs whatever a file likes. `Sheet` keeps of each number two bytes, and nothing of the rest.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from typing import Any, TextIO

import xlrd
from openpyxl.styles.numbers import BUILTIN_FORMATS
from xlrd import compdoc
from xlrd.biffh import XL_WORKSHEET

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets.sheet import MOST_COLUMNS

MOST_RECORDS = 100_000
"""Before the first sheet: formats, fonts and styles have thousands at most, and texts 8 kB each."""
_MOST_OF_ANCIENT = 1_000_000
"""Before Excel 5 the cells are among them."""

_NAMES = frozenset({0x18, 0x218, 0x23, 0x223})
_UNKNOWN = b"\xfe\x00"
_END = 0x0A
_BEGINS = b"\x09\x08"
_STREAMS = ("Workbook", "Book")


def without_names(data: bytes, silence: TextIO) -> bytes:
    """The workbook as xlrd takes it; as it is, where it has no names. Raises Unreadable."""
    records, start, length = _stream(data, silence)
    names = list(_names(records, start, start + length))
    if not names:
        return data
    bare = bytearray(records[start : start + length])
    for at in names:
        bare[at - start : at - start + 2] = _UNKNOWN
    return bytes(bare)


class Sheet(xlrd.sheet.Sheet):
    """A sheet whose numbers and dates have their formats; numbers as they are, "General", have none."""

    def __init__(self, book: Any, name: str, at: int) -> None:
        super().__init__(book, book._position, name, at)
        self._styles, self._formats = book.xf_list, book.format_map
        self._shown: dict[int, array[int]] = {}

    def put_cell_ragged(self, row: int, column: int, kind: int | None, value: Any, style: int | None) -> None:
        """What xlrd calls for each cell as it reads; of a number `kind` is None."""
        super().put_cell_ragged(row, column, kind, value, style)
        if kind is None and style and column < MOST_COLUMNS:
            styles = self._shown.setdefault(row, array("H"))
            styles.extend([0] * (column + 1 - len(styles)))
            styles[column] = style

    def format_of(self, row: int, column: int) -> str | None:
        """How the sheet shows a number, in the signs of XLSX; None for as it is."""
        styles = self._shown.get(row, array("H"))
        style = styles[column] if column < len(styles) else 0
        key = self._styles[style].format_key if style else 0
        if not key or key not in self._formats:
            return None
        return BUILTIN_FORMATS.get(key) or str(self._formats[key].format_str)


def sheet(book: Any, name: str) -> Any:
    """One sheet of a workbook that is opened on demand. Before Excel 5 there are no such, and no formats."""
    if not book.on_demand:
        return book.sheet_by_name(name)
    at = book.sheet_names().index(name)
    book._position = book._sh_abs_posn[at]
    book.getbof(XL_WORKSHEET)
    made = Sheet(book, name, at)
    made.read(book)
    return made


def _names(records: bytes, at: int, end: int) -> Iterator[int]:
    """Where the records of names begin, up to the end of what is said of the book as a whole."""
    most = MOST_RECORDS if records[at : at + 2] == _BEGINS else _MOST_OF_ANCIENT
    for _ in range(most):
        if at + 4 > end:
            return
        kind, length = struct.unpack_from("<HH", records, at)
        if kind == _END:
            return
        if kind in _NAMES:
            yield at
        at += 4 + length
    raise Unreadable("too_many_elements")


def _stream(data: bytes, silence: TextIO) -> tuple[bytes, int, int]:
    """The records: what they lie in, from where, and how many bytes."""
    if not data.startswith(compdoc.SIGNATURE):
        return data, 0, len(data)
    container = compdoc.CompDoc(data, logfile=silence)
    for name in _STREAMS:
        found, start, length = container.locate_named_stream(name)
        if found:
            return found, start, length
    raise Unreadable("broken_workbook")
