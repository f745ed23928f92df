"""The bytes of a workbook or a CSV file → its sheets as rows of text, within limits of time and memory."""

from __future__ import annotations

import csv
import io
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import xlrd

from studyhub.organization.sheets.workbook import cell_text
from studyhub.questions.formats.container import Package
from studyhub.questions.formats.decoding import decode
from studyhub.questions.formats.exchange import MOST_ITEMS, Unreadable

MOST_COLUMNS = 80
MOST_ROWS = 2 * MOST_ITEMS
MOST_SHEETS = 50
MOST_LINES = 1_000_000
"""Of a CSV file: cells may hold several."""

MOST_UNPACKED = 64 * 1024 * 1024
MOST_TAGS = 4_000_000
"""Of a workbook's XML, so that its length is bounded by what it holds: 50,000 questions have half of that."""

BOOK = "xl/workbook.xml"
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d{6,})")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is what Excel shows beside it; of a CSV file, the line that it begins on. `unreadable` says
    by the index of a cell why its value is not what was typed."""

    number: int
    cells: Sequence[str]
    unreadable: dict[int, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: the rows with anything in them. `name` is "" where a file has only one."""

    name: str
    rows: list[Row]


def of_xlsx(data: bytes) -> list[Table]:
    """The sheets that can be seen. Raises Unreadable."""
    _look_through(data)
    with warnings.catch_warnings():
        # openpyxl warns of validations and styles that it does not keep; we read values only.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            return [Table(sheet.title, _filled(_xlsx_rows(sheet))) for sheet in sheets[:MOST_SHEETS]]
        except Unreadable:
            raise
        except Exception as error:  # a hostile file can break any line of the reader
            raise Unreadable("broken_workbook") from error


def of_xls(data: bytes) -> list[Table]:
    """The sheets of a workbook from before Excel 2007. Raises Unreadable."""
    try:
        with open(os.devnull, "w") as silence:
            book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=silence)
            return [
                Table(name, _filled(_xls_rows(book.sheet_by_name(name), book.datemode)))
                for name in book.sheet_names()[:MOST_SHEETS]
            ]
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise Unreadable("broken_workbook") from error


def of_csv(data: bytes) -> list[Table]:
    """The one table of a file in any encoding that we read. Raises Unreadable with the line."""
    text = decode(data)
    if text.count("\n") > MOST_LINES:
        raise Unreadable("too_many_items", most=MOST_LINES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    return [Table("", _filled(_csv_rows(reader)))]


def _look_through(data: bytes) -> None:
    """Raises Unreadable for a bomb, a link, a document type, and for more than a workbook of questions has.

    openpyxl believes what a file says of its row numbers, and its parser would expand entities.
    """
    package = Package(data)
    if BOOK not in package:
        raise Unreadable("broken_workbook")
    left, tags = MOST_UNPACKED, 0
    for name in package.names:
        if not name.endswith((".xml", ".rels")):
            continue
        part = package.read(name) or b""
        left, tags = left - len(part), tags + part.count(b"<")
        if left < 0 or tags > MOST_TAGS:
            raise Unreadable("package_bomb", limit_mb=MOST_UNPACKED // 2**20)
        if b"\0" in part or _DECLARED.search(part):
            raise Unreadable("workbook_entities")
        if name.startswith("xl/worksheets/") and any(
            int(number) > MOST_ROWS for number in _ROW_NUMBER.findall(part)
        ):
            raise Unreadable("too_many_items", most=MOST_ROWS)


def _xlsx_rows(sheet: Any) -> Iterator[Row]:
    # The file's word for its size may be wrong in either direction.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS, values_only=True)
    for number, values in enumerate(rows, 1):
        if any(value is not None for value in values):
            yield _row(number, values)


def _xls_rows(sheet: xlrd.sheet.Sheet, datemode: int) -> Iterator[Row]:
    for index in range(min(sheet.nrows, MOST_ROWS)):
        yield _row(index + 1, (_old_value(cell, datemode) for cell in sheet.row(index)[:MOST_COLUMNS]))


def _old_value(cell: xlrd.sheet.Cell, datemode: int) -> Any:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "#N/A"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(float(cell.value), datemode)
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _date(value: float, datemode: int) -> Any:
    try:
        return xlrd.xldate_as_datetime(value, 1 if datemode else 0)
    except (xlrd.xldate.XLDateError, OverflowError):
        return "#N/A"


def _csv_rows(reader: Any) -> Iterator[Row]:
    began = 1
    try:
        for cells in reader:
            if any(cells):
                yield Row(began, [_unguarded(cell.strip()) for cell in cells[:MOST_COLUMNS]], {})
            began = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("broken_csv", line=began) from error


def _row(number: int, values: Iterable[Any]) -> Row:
    cells: list[str] = []
    unreadable: dict[int, str] = {}
    for at, value in enumerate(values):
        text, why = _text(value)
        cells.append(text)
        if why:
            unreadable[at] = why
    return Row(number, cells, unreadable)


def _text(value: Any) -> tuple[str, str | None]:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat(), None
    if isinstance(value, date | time | timedelta):
        return str(value), "date_value"
    if isinstance(value, str):
        text = value.strip()
        return ("", "error_value") if text.startswith("#") and cell_text(text)[1] else (text, None)
    return cell_text(value)


def _filled(rows: Iterable[Row]) -> list[Row]:
    kept = []
    for row in rows:
        if any(row.cells) or row.unreadable:
            kept.append(row)
        if len(kept) > MOST_ITEMS + 10:
            raise Unreadable("too_many_items", most=MOST_ITEMS)
    return kept


def _delimiter(text: str) -> str:
    header = text.lstrip("\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


_RUNS = re.compile(r"'*[=+\-@\t]")


def guarded(text: str) -> str:
    """A cell of a CSV file that no program takes for a formula."""
    return f"'{text}" if _RUNS.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
