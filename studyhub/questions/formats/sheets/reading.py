"""A workbook or a CSV file → questions, each from one row below the header of its sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from openpyxl.utils import get_column_letter

from studyhub.questions.formats.exchange import Cell, Item, Place, Reading, Source, Unreadable, skip
from studyhub.questions.formats.sheets.columns import Binding, bind, holding
from studyhub.questions.formats.sheets.rows import Line
from studyhub.questions.formats.sheets.tables import Row, Table

HEADER_WITHIN = 10
"""Rows from the top among which the header is looked for: titles and remarks may stand above it."""

Tables = Callable[[bytes], list[Table]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its header and what its columns hold; `body` are the rows below."""

    table: Table
    header: Row
    binding: Binding
    body: list[Row]


def read(source: Source, tables_of: Tables) -> Reading:
    """Every sheet with a column for the question. Raises Unreadable when there is none."""
    reading = Reading()
    sheets = found(tables_of(source.data), source.columns)
    readable = [sheet for sheet in sheets if sheet.binding.can_be_read]
    if not readable:
        headers = tuple(text for sheet in sheets[:1] for text in sheet.header.cells if text)
        raise Unreadable("no_prompt_column", headers=headers[:20])
    for sheet in sheets:
        if sheet not in readable:
            reading.note("sheet_ignored", sheet=sheet.table.name)
    for sheet in readable:
        for text in sheet.binding.strange.values():
            reading.note("column_ignored", column=text[:80])
        for row in sheet.body:
            name = sheet.table.name if len(readable) > 1 else ""
            place = Place.row(row.number, name, partial(_cell, sheet, row))
            reading.add(place, partial(_item, sheet, row, reading))
    return reading


def headers(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """The words over the columns of a workbook's sheets, each once."""
    return tuple(dict.fromkeys(text for sheet in sheets for text in sheet.header.cells if text))


def found(listed: list[Table], chosen: Mapping[str, str]) -> list[Sheet]:
    """The sheets that hold anything, each with the row that looks most like a header."""
    return [_with_header(table, chosen) for table in listed if table.rows]


def _with_header(table: Table, chosen: Mapping[str, str]) -> Sheet:
    top = table.rows[:HEADER_WITHIN]
    bindings = [bind(row.cells, chosen) for row in top]
    best = max(range(len(top)), key=lambda at: (_fit(bindings[at]), -at))
    return Sheet(table, top[best], bindings[best], table.rows[best + 1 :])


def _fit(binding: Binding) -> tuple[bool, int]:
    return binding.can_be_read, len(binding.bound)


def _cell(sheet: Sheet, row: Row, keys: Sequence[str]) -> Cell | None:
    """The cell of a row that says what these keys of the question lead to."""
    columns = {name: at for at, name in sheet.binding.bound.items()}
    at = next((columns[name] for name in holding(keys) if name in columns), None)
    if at is None:
        return None
    text = row.cells[at] if at < len(row.cells) else ""
    return Cell(get_column_letter(at + 1), sheet.header.cells[at], text)


def _item(sheet: Sheet, row: Row, reading: Reading) -> Item:
    bound = sheet.binding.bound
    headers = {name: sheet.header.cells[at] for at, name in bound.items()}
    for at, why in row.unreadable.items():
        if at in bound:
            skip(f"cell_{why}", at=(bound[at],), column=headers[bound[at]])
    values = {name: row.cells[at] for at, name in bound.items() if at < len(row.cells) and row.cells[at]}
    if not values:
        skip("row_without_question")
    return Line(values, headers, reading.doubt).item()
