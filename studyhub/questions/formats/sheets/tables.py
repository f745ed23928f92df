"""The bytes of a workbook or a CSV file → its sheets as rows of text, within limits of time and memory."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets.cell import cell_text
from studyhub.organization.sheets.csv_text import parsed
from studyhub.organization.sheets.sheet import MOST_COLUMNS, Row
from studyhub.organization.sheets.workbook import Table, filled, xls_tables, xlsx_tables
from studyhub.questions.formats.decoding import decode
from studyhub.questions.formats.exchange import MOST_ITEMS

MOST_LINES = 1_000_000
"""Of a CSV file: cells may hold several."""

DAY = "day_value"
"""Why a cell is unsure: it is a date, and perhaps something else was typed."""

_TITLES = 10
"""Rows of a sheet that may stand above its questions."""


def of_xlsx(data: bytes) -> list[Table]:
    """The sheets that can be seen. Raises Unreadable."""
    return xlsx_tables(data, _text, MOST_ITEMS + _TITLES)


def of_xls(data: bytes) -> list[Table]:
    """The sheets of a workbook from before Excel 2007. Raises Unreadable."""
    return xls_tables(data, _text, MOST_ITEMS + _TITLES)


def of_csv(data: bytes) -> list[Table]:
    """The one table of a file in any encoding that we read. Raises Unreadable with the line."""
    text = decode(data)
    if text.count("\n") > MOST_LINES:
        raise Unreadable("too_many_rows", limit=MOST_LINES)
    rows = (
        Row(number, tuple(_unguarded(cell.strip()) for cell in cells[:MOST_COLUMNS]))
        for number, cells in parsed(text)
    )
    return [Table("", filled(rows, MOST_ITEMS + _TITLES))]


def _text(value: Any, number_format: str | None) -> tuple[str, str | None]:
    if isinstance(value, datetime) and value.time() == time():
        return _day(value.date(), number_format or "")
    if isinstance(value, datetime) and value.year < _FIRST_YEAR:
        value = value.time()
    if isinstance(value, date | time | timedelta):
        return str(value), "date_value"
    if isinstance(value, str):
        text = value.strip()
        return ("", "error_value") if text.startswith("#") and cell_text(text)[1] else (text, None)
    return cell_text(value, number_format)


_FIRST_YEAR = 1901
"""A time of day is counted from a day before this year."""

_DATE_SIGNS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|(y+|m+|d+)|([-/., 年月日])|(.)')


def _day(day: date, number_format: str) -> tuple[str, str | None]:
    """A date as it is shown, and DAY where the year is not: Excel makes such of what is typed like 1-2."""
    shown, signs = "", set()
    for quoted, escaped, sign, plain, other in _DATE_SIGNS.findall(number_format.partition(";")[0].lower()):
        if other or (len(sign) > 2 and sign != "yyyy"):
            return day.isoformat(), DAY
        signs.add(sign[:1])
        value = {"y": day.year, "m": day.month, "d": day.day}.get(sign[:1])
        shown += (
            f"{value % 100 if sign == 'yy' else value:0{len(sign)}}" if value else quoted + escaped + plain
        )
    return (shown, None) if {"y", "m", "d"} <= signs else (shown or day.isoformat(), DAY)


_RUNS = re.compile(r"'*[=+\-@\t]")


def guarded(text: str) -> str:
    """A cell of a CSV file that no program takes for a formula."""
    return f"'{text}" if _RUNS.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
