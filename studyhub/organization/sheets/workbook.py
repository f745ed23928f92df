"""The sheets of an Excel workbook, new (XLSX) or old (XLS), as rows of text: the one reader of all rooms.

A workbook is somebody's word. Nothing of it is parsed before the whole package was looked through: links,
names that lead out, bombs, document types and entities refuse it, and so does more than anybody's list holds,
so that its cost is bounded by what is really in it and not by what it says of itself.
"""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
import xlrd
from openpyxl.cell.read_only import EMPTY_CELL

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package
from studyhub.organization.sheets import old
from studyhub.organization.sheets.objects import BOOK, Objects
from studyhub.organization.sheets.sheet import MOST_COLUMNS, Row

LAST_ROW = 200_000
MOST_SHEETS = 50
MOST_UNPACKED = 64 * 1024 * 1024
MOST_TAGS = 4_000_000
"""Of a workbook's XML, so that its length is bounded by what it holds: 50,000 questions have half of that."""

MOST_OBJECTS = 40_000
"""Formats, fonts, names, relations, merged cells, links and the like."""

_ROW_NUMBER = re.compile(rb"\br=[\"'](\d{6,})")
_FORMULA = re.compile(
    rb"<c\b[^>]{0,200}?\br=[\"']([A-Z]{1,3}\d{1,7})[\"'][^>]{0,200}>\s{0,9}"
    rb"<f\b[^>]{0,200}(?:/>|>[^<]{0,9000}</f>)\s{0,9}(?:<v\s?/>|<v></v>)?\s{0,9}</c>"
)
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_BEFORE_XML = b" \t\r\n\0\xef\xbb\xbf\xfe\xff"

CellText = Callable[[Any, str | None], tuple[str, str | None]]
"""A cell's value, and the format of a number or a date → its text, and why that was not typed (or None)."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: the rows with anything in them. `name` is "" where a file has only one."""

    name: str
    rows: list[Row]


def is_xlsx(data: bytes) -> bool:
    """Whether the zip is a workbook. Raises Unreadable for a package that is not to be trusted."""
    return BOOK in Package(data)


def xlsx_tables(data: bytes, text: CellText, most_rows: int, most_sheets: int = MOST_SHEETS) -> list[Table]:
    """The sheets that can be seen. Raises Unreadable."""
    _look_through(data)
    with warnings.catch_warnings():
        # openpyxl warns of validations and styles that it does not keep; we read values only.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:most_sheets]
            package = Package(data)
            return [
                Table(sheet.title, filled(_xlsx_rows(sheet, text, _unsaved(package, sheet)), most_rows))
                for sheet in sheets
            ]
        except Unreadable:
            raise
        except Exception as error:  # a hostile file can break any line of the reader
            raise Unreadable("broken_workbook") from error


def xls_tables(data: bytes, text: CellText, most_rows: int, most_sheets: int = MOST_SHEETS) -> list[Table]:
    """The sheets of a workbook from before Excel 2007. Raises Unreadable."""
    try:
        with open(os.devnull, "w") as silence:
            # Not ragged, each row is filled up to the last column that any row has.
            bare = old.without_names(data, silence)
            book = xlrd.open_workbook(file_contents=bare, on_demand=True, ragged_rows=True, logfile=silence)
            return list(_xls_sheets(book, book.sheet_names()[:most_sheets], text, most_rows))
    except Unreadable:
        raise
    except Exception as error:  # as above
        # A workbook with a password is such a container too, with nothing readable inside.
        raise Unreadable("broken_workbook") from error


def filled(rows: Iterable[Row], most: int) -> list[Row]:
    """The rows with anything in them. Raises Unreadable when there are more than `most`."""
    kept = []
    for row in rows:
        if row.blank:
            continue
        kept.append(row)
        if len(kept) > most:
            raise Unreadable("too_many_rows", limit=most)
    return kept


def _look_through(data: bytes) -> None:
    """Raises Unreadable for a bomb, a link, a document type, and for more than a workbook of ours has.

    openpyxl believes what a file says of its row numbers and of where its sheets are, and its parser would
    expand entities: every part that begins like XML is looked at, whatever it is called.
    """
    package = _opened(data)
    left, tags, objects = MOST_UNPACKED, 0, 0
    counted = Objects(package)
    for name in package.names:
        if not package.head(name, 64).lstrip(_BEFORE_XML).startswith(b"<"):
            continue
        part = package.read(name) or b""
        left, tags = left - len(part), tags + part.count(b"<")
        objects += counted.of(name, part)
        if left < 0 or tags > MOST_TAGS:
            raise Unreadable("package_bomb", limit_mb=MOST_UNPACKED // 2**20)
        if objects > MOST_OBJECTS:
            raise Unreadable("too_many_elements")
        if b"\0" in part or _DECLARED.search(part):
            raise Unreadable("workbook_entities")
        if any(int(number) > LAST_ROW for number in _ROW_NUMBER.findall(part)):
            raise Unreadable("too_many_rows", limit=LAST_ROW)


def _opened(data: bytes) -> Package:
    try:
        package = Package(data)
    except Unreadable as error:
        raise (Unreadable("broken_workbook") if error.code == "broken_package" else error) from error
    if BOOK not in package:
        raise Unreadable("not_a_table")
    return package


def _unsaved(package: Package, sheet: Any) -> frozenset[str]:
    """The cells of a sheet with a formula and no value: programs write such, and Excel puts the value in."""
    part = package.read(getattr(sheet, "_worksheet_path", "").lstrip("/")) or b""
    return frozenset(found[1].decode() for found in _FORMULA.finditer(part)) if b"<f" in part else frozenset()


def _xlsx_rows(sheet: Any, text: CellText, unsaved: frozenset[str]) -> Iterator[Row]:
    # The file's word for its size may be wrong in either direction.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=LAST_ROW), 1):
        # The reader fills every row up to the last column there could be.
        width = len(cells)
        while width and cells[width - 1] is EMPTY_CELL:
            width -= 1
        if width:
            yield _row(number, (_shown(cell, text, unsaved) for cell in cells[:width]))


def _shown(cell: Any, text: CellText, unsaved: frozenset[str]) -> tuple[str, str | None]:
    value = cell.value
    if value is None and unsaved and cell is not EMPTY_CELL and cell.coordinate in unsaved:
        return "", "formula_unsaved"
    return text(value, cell.number_format if isinstance(value, int | float | datetime) else None)


def _xls_sheets(book: xlrd.book.Book, names: list[str], text: CellText, most: int) -> Iterator[Table]:
    """One sheet after the other, each forgotten when it was read. All have `LAST_ROW` rows together: a row
    without cells costs a file nothing, and 65,536 of them lie above one that is far down."""
    left = LAST_ROW
    for name in names:
        sheet = old.sheet(book, name)
        left -= sheet.nrows
        if left < 0:
            raise Unreadable("too_many_rows", limit=LAST_ROW)
        yield Table(name, filled(_xls_rows(sheet, book.datemode, text), most))
        book.unload_sheet(name)


def _xls_rows(sheet: xlrd.sheet.Sheet, datemode: int, text: CellText) -> Iterator[Row]:
    for index in range(sheet.nrows):
        width = min(sheet.row_len(index), MOST_COLUMNS)
        yield _row(index + 1, (_old_shown(sheet, index, at, datemode, text) for at in range(width)))


def _old_shown(
    sheet: xlrd.sheet.Sheet, row: int, column: int, datemode: int, text: CellText
) -> tuple[str, str | None]:
    shown = sheet.format_of(row, column) if isinstance(sheet, old.Sheet) else None
    return text(_old_value(sheet.cell(row, column), datemode), shown)


def _old_value(cell: xlrd.sheet.Cell, datemode: int) -> Any:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "#N/A"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(float(cell.value), datemode)
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


def _date(value: float, datemode: int) -> datetime | str:
    try:
        return xlrd.xldate_as_datetime(value, 1 if datemode else 0)
    except (xlrd.xldate.XLDateError, OverflowError):
        return "#N/A"


def _row(number: int, shown: Iterable[tuple[str, str | None]]) -> Row:
    cells: list[str] = []
    unreadable: dict[int, str] = {}
    for at, (text, why) in enumerate(shown):
        cells.append(text)
        if why:
            unreadable[at] = why
    while cells and not cells[-1] and len(cells) - 1 not in unreadable:
        cells.pop()
    return Row(number, tuple(cells), unreadable)
