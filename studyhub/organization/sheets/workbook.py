"""The first sheet of an Excel workbook, new (XLSX) or old (XLS), read as a stream and within limits."""

from __future__ import annotations

import io
import math
import os
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import xlrd

from studyhub.organization.sheets.sheet import MAX_CELL, MAX_COLUMNS, Row, UnreadableSheet, tidy

MAX_UNPACKED = 128 * 1024 * 1024
MAX_PARTS = 2_000
LAST_ROW = 1_048_576
EXACT_INTEGER = 10**15
"""Excel keeps 15 digits of a number: a longer one is no longer what was typed."""

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_ZEROS = re.compile(r"0{2,20}")


def xlsx_rows(data: bytes) -> Iterator[Row]:
    """The rows of the first sheet. Raises UnreadableSheet for a bomb or a broken file."""
    _check_package(data)
    with warnings.catch_warnings():
        # openpyxl warns of validations and styles that it does not keep; we read values only.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            # The file's word for its size may be wrong in either direction.
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
                if number > LAST_ROW:
                    raise UnreadableSheet("too_many_rows", limit=LAST_ROW)
                yield _row(number, ((cell.value, cell.number_format) for cell in cells))
        except UnreadableSheet:
            raise
        except Exception as error:  # a hostile file can break any line of the reader
            raise UnreadableSheet("broken_workbook") from error


def xls_rows(data: bytes) -> Iterator[Row]:
    """The rows of the first sheet of a workbook from before Excel 2007."""
    try:
        with open(os.devnull, "w") as silence:
            book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=silence)
            sheet = book.sheet_by_index(0)
            for index in range(sheet.nrows):
                cells = sheet.row(index)[:MAX_COLUMNS]
                yield _row(index + 1, ((_old_value(cell), "General") for cell in cells))
    except UnreadableSheet:
        raise
    except Exception as error:  # as above
        # A workbook with a password is such a container too, with nothing readable inside.
        raise UnreadableSheet("locked_or_broken_workbook") from error


def _check_package(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableSheet("broken_workbook") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableSheet("workbook_too_large", limit_mb=MAX_UNPACKED // 2**20)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise UnreadableSheet("not_a_table")


def _old_value(cell: xlrd.sheet.Cell) -> Any:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "#N/A"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return date.min
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return cell.value


def _row(number: int, values: Iterable[tuple[Any, str | None]]) -> Row:
    cells: list[str] = []
    unreadable: dict[int, str] = {}
    for index, (value, number_format) in enumerate(values):
        text, why = cell_text(value, number_format)
        cells.append(text)
        if why:
            unreadable[index] = why
    # The reader fills every row up to the last column there could be.
    while cells and not cells[-1] and len(cells) - 1 not in unreadable:
        cells.pop()
    return Row(number, tuple(cells), unreadable)


def cell_text(value: Any, number_format: str | None = None) -> tuple[str, str | None]:
    """What a person sees in the cell, and why that is not what they typed (or None)."""
    if value is None:
        return "", None
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), None
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    if isinstance(value, datetime | date | time | timedelta):
        return "", "date_value"
    text = tidy(str(value))
    if text in _ERRORS:
        return "", "error_value"
    if len(text) > MAX_CELL:
        return "", "long_value"
    return text, None


def _number_text(value: int | float, number_format: str | None) -> tuple[str, str | None]:
    if not math.isfinite(value) or abs(value) >= EXACT_INTEGER:
        return "", "digits_lost"
    if value != int(value):
        return repr(value), None
    text = str(int(value))
    # A format of zeros such as 00000 is how Excel shows 00123 for the number 123.
    if number_format and _ZEROS.fullmatch(number_format):
        text = text.zfill(len(number_format))
    return text, None
