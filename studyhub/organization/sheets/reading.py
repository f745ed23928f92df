"""Which reader a file needs (by what is in it, not by its name), and its rows bound to named columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.faults import Fault, any_error
from studyhub.kernel.package import is_zip
from studyhub.organization.sheets import csv_text, headings, workbook
from studyhub.organization.sheets.cell import cell_text
from studyhub.organization.sheets.headings import Columns
from studyhub.organization.sheets.sheet import MAX_BYTES, MAX_ROWS, Row, cell_fault, file_fault

NOTHING = frozenset({"/", "-", "--", "—", "——", "无", "暂无"})

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])[ \t\u3000]+(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Record:
    """One row below the header: `values` has a text for every column that the file has."""

    row: int
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        """The text, or "" when the cell is blank or the column is missing."""
        return self.values.get(column, "")

    def optional(self, column: str) -> str:
        """The same made plain, and "" for what people write into a cell to say that there is nothing."""
        text = plain_code(self.get(column))
        return "" if text in NOTHING else text


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of a file. `as_written` is each column's heading as it stands there.

    `names_within`: the path prefixes within which a branch is known by its name (None: the actor's scope).
    """

    records: tuple[Record, ...]
    faults: tuple[Fault, ...] = field(default=())
    as_written: Mapping[str, str] = field(default_factory=dict)
    names_within: tuple[str, ...] | None = None

    def in_its_words(self, faults: Iterable[Fault]) -> list[Fault]:
        """The faults, each under the heading as it stands in the file."""
        return [_under(fault, self.as_written) for fault in faults]


def read_rows(data: bytes) -> list[Row]:
    """The rows that have anything in them; of a workbook, those of its first sheet. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable("file_too_large", limit_mb=MAX_BYTES // 2**20)
    rows = _rows(data)
    if not rows:
        raise Unreadable("empty_file")
    return rows


def _rows(data: bytes) -> list[Row]:
    if is_zip(data):
        return _first(workbook.xlsx_tables(data, cell_text, MAX_ROWS, most_sheets=1))
    if data.startswith(_OLD_CONTAINER):
        return _first(workbook.xls_tables(data, cell_text, MAX_ROWS, most_sheets=1))
    if data[:512].lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise Unreadable("web_page_as_workbook")
    return workbook.filled(csv_text.rows(data), MAX_ROWS)


def _first(tables: list[workbook.Table]) -> list[Row]:
    return tables[0].rows if tables else []


def read_records(data: bytes, columns: Columns) -> Records:
    """The rows bound to their columns, with every fault of the header and of unreadable cells."""
    try:
        rows = read_rows(data)
    except Unreadable as refused:
        return Records((), (file_fault(refused),))
    header, body = headings.find(rows, columns)
    if any_error(header.faults):
        return Records((), header.faults)
    if not body:
        return Records((), (*header.faults, cell_fault(0, None, "no_rows")))
    faults = list(header.faults)
    for row in body:
        faults.extend(_cell_faults(row, header.columns))
    records = tuple(Record(row.number, _named(row, header.columns)) for row in body)
    found = Records(records, as_written=header.as_written)
    return replace(found, faults=tuple(found.in_its_words(faults)))


def plain_code(text: str) -> str:
    """A code as it was meant: full-width letters, digits and marks of a Chinese keyboard made plain."""
    return unicodedata.normalize("NFKC", text).strip()


def plain_name(text: str) -> str:
    """A name without the blanks that line up two characters with three: 李　四 is 李四."""
    return _BETWEEN_CHINESE.sub("", text)


def _under(fault: Fault, as_written: Mapping[str, str]) -> Fault:
    heading = as_written.get(fault.params.get("header", ""))
    return replace(fault, params={**fault.params, "header": heading}) if heading else fault


def _cell_faults(row: Row, names: tuple[str | None, ...]) -> Iterator[Fault]:
    for index, why in row.unreadable.items():
        if index < len(names) and names[index]:
            yield cell_fault(row.number, names[index], why)
    if any(row.cells[len(names) :]):
        yield cell_fault(row.number, None, "more_cells_than_columns")


def _named(row: Row, names: tuple[str | None, ...]) -> dict[str, str]:
    cells = row.cells + ("",) * (len(names) - len(row.cells))
    return {name: cells[index] for index, name in enumerate(names) if name}
