"""CSV as Excel, WPS and scripts write it: UTF-8 with or without a mark, GB18030, or marked UTF-16."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets.sheet import MAX_CELL, MAX_COLUMNS, Row, tidy

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", "\t", ";")
MOST_IN_LINE = 16_384
"""Cells of one line; no spreadsheet has more columns. Each costs memory, empty as it may be."""
_LONG_LINE = re.compile(rf"(?<![^\r\n])[^\r\n]{{{MOST_IN_LINE},}}")
# Characters that no list of people holds: with one of them the file is not text at all.
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\r\n\f\v")


def rows(data: bytes) -> Iterator[Row]:
    """The rows of a CSV file; a row's number is the line it begins on."""
    for number, cells in parsed(decode(data)):
        yield _row(number, cells)


def parsed(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row with anything in it, with the line that it begins on.

    Raises Unreadable where the text breaks off or a line holds more cells than any spreadsheet has.
    """
    delimiter = _delimiter(text)
    if any(long.group().count(delimiter) >= MOST_IN_LINE for long in _LONG_LINE.finditer(text)):
        raise Unreadable("too_many_columns", limit=MOST_IN_LINE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    began = 1
    try:
        for cells in reader:
            if "".join(cells).strip():  # a file may have millions without: they are passed by at little cost
                yield began, cells
            began = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("broken_csv", line=began) from error


def decode(data: bytes) -> str:
    """The text in whichever of the encodings it is. Raises Unreadable when it is in none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(_strictly(data, encoding))
    if b"\0" in data[:4096]:
        # Text in UTF-16 without its mark, or no text: guessing the byte order would invent characters.
        raise Unreadable("utf16_without_mark" if _like_utf16(data) else "not_a_table")
    try:
        return _plain(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _plain(_strictly(data, "gb18030"))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable("unknown_encoding", line=line) from error


def _plain(text: str) -> str:
    if not _CONTROLS.isdisjoint(text):
        raise Unreadable("not_a_table")
    return text


def _like_utf16(data: bytes) -> bool:
    head = data[:4096]
    separated = any(mark in head for sign in (b",", b"\t", b";") for mark in (sign + b"\0", b"\0" + sign))
    return separated and head.count(0) > len(head) // 4


def _delimiter(text: str) -> str:
    # A title above the headings may have none.
    first = next((line for line in text.split("\n", 20)[:20] if any(map(line.count, _DELIMITERS))), "")
    return max(_DELIMITERS, key=first.count)


def _row(number: int, cells: list[str]) -> Row:
    while cells and not cells[-1]:
        cells.pop()  # Excel saves as many as anything was ever written into
    if len(cells) > MAX_COLUMNS:
        raise Unreadable("too_many_columns", limit=MAX_COLUMNS)
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Unreadable("cell_too_long", line=number, limit=MAX_CELL)
    return Row(number, tuple(tidy(cell) for cell in cells))
