"""Which reader a file needs (by what is in it, not by its name), and its rows bound to named columns."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.faults import Fault, any_error
from studyhub.kernel.package import is_zip
from studyhub.organization.sheets import csv_text, workbook
from studyhub.organization.sheets.cell import cell_text
from studyhub.organization.sheets.sheet import MAX_BYTES, MAX_ROWS, Row, cell_fault, file_fault

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a file may have. `also_called` are names that people use instead (as a hint)."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    also_called: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One row below the header: `values` has a text for every column that the file has."""

    row: int
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        """The text, or "" when the cell is blank or the column is missing."""
        return self.values.get(column, "")


@dataclass(frozen=True, slots=True)
class Records:
    records: tuple[Record, ...]
    faults: tuple[Fault, ...] = field(default=())


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
        header, *body = read_rows(data)
    except Unreadable as refused:
        return Records((), (file_fault(refused),))
    names, faults = _bind_header(header, columns)
    if any_error(faults):
        return Records((), tuple(faults))
    if not body:
        return Records((), (*faults, cell_fault(0, None, "no_rows")))
    for row in body:
        faults.extend(_cell_faults(row, names))
    records = tuple(Record(row.number, _named(row, names)) for row in body)
    return Records(records, tuple(faults))


def plain_code(text: str) -> str:
    """A code as it was meant: full-width letters, digits and marks of a Chinese keyboard made plain."""
    return unicodedata.normalize("NFKC", text).strip()


def _bind_header(header: Row, columns: Columns) -> tuple[list[str | None], list[Fault]]:
    known = columns.required + columns.optional
    names: list[str | None] = []
    faults: list[Fault] = []
    for text in header.cells:
        name = plain_code(text).lower().replace(" ", "_")
        if name in known and name not in names:
            names.append(name)
            continue
        names.append(None)
        if name:
            faults.append(_strange_column(header.number, text, name, columns, name in names))
    suggested = {fault.params.get("meant") for fault in faults}
    faults.extend(
        cell_fault(header.number, name, "missing_column")
        for name in columns.required
        if name not in names and name not in suggested
    )
    return names, faults


def _strange_column(row: int, text: str, name: str, columns: Columns, twice: bool) -> Fault:
    if twice:
        return cell_fault(row, name, "column_twice")
    meant = columns.also_called.get(text) or columns.also_called.get(name)
    close = difflib.get_close_matches(name, columns.required + columns.optional, n=1, cutoff=0.8)
    meant = meant or (close[0] if close else None)
    if meant:
        return cell_fault(row, text, "column_called_otherwise", {"meant": meant})
    return cell_fault(row, text, "column_ignored", warning=True)


def _cell_faults(row: Row, names: list[str | None]) -> Iterator[Fault]:
    for index, why in row.unreadable.items():
        if index < len(names) and names[index]:
            yield cell_fault(row.number, names[index], why)
    if any(row.cells[len(names) :]):
        yield cell_fault(row.number, None, "more_cells_than_columns")


def _named(row: Row, names: list[str | None]) -> dict[str, str]:
    cells = row.cells + ("",) * (len(names) - len(row.cells))
    return {name: cells[index] for index, name in enumerate(names) if name}
