"""A workbook or a CSV file → questions, from the rows below the header of each sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from openpyxl.utils import get_column_letter

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets.sheet import Row
from studyhub.organization.sheets.workbook import Table
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats.exchange import Cell, Item, Place, Reading, Skip, Source, skip
from studyhub.questions.formats.sheets.columns import Binding, bind, holding
from studyhub.questions.formats.sheets.drawings import WITHIN, Drawings
from studyhub.questions.formats.sheets.passages import COLUMN, Group, grouped
from studyhub.questions.formats.sheets.rows import Line, kind_named
from studyhub.questions.formats.sheets.showing import Pictures

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

    @property
    def columns(self) -> dict[str, int]:
        """Where each column stands."""
        return {name: at for at, name in self.binding.bound.items()}


def read(
    source: Source, tables_of: Tables, drawings_of: Callable[[bytes], Drawings] | None = None
) -> Reading:
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
    pictures = Pictures(drawings_of(source.data), reading) if drawings_of else None
    for plain in readable:
        for at, text in plain.binding.strange.items():
            if _says_something(plain, at):
                reading.note("column_ignored", column=text[:80])
        for at in sorted(_unnamed(plain)):
            reading.note("column_ignored", column=get_column_letter(at + 1))
        sheet = plain
        if pictures is not None:
            sheet = replace(plain, body=pictures.shown(plain.table.name, plain.body, plain.columns))
        named = sheet.table.name if len(readable) > 1 else ""
        for group in grouped(sheet.body, sheet.columns):
            bare = Place.row(group.rows[0].number, named)
            place = replace(bare, locate=partial(_place, sheet, group, bare))
            reading.add(place, partial(_item, sheet, group, reading))
    return reading


def _says_something(sheet: Sheet, at: int) -> bool:
    """Whether something is lost with a column: pictures in it are shown with their questions."""
    said = (row.cells[at] for row in sheet.body if at < len(row.cells) and row.cells[at])
    return any(not WITHIN.fullmatch(cell) for cell in said)


def _unnamed(sheet: Sheet) -> set[int]:
    """The columns without a word over them in which something stands."""
    named = {at for at, text in enumerate(sheet.header.cells) if text}
    return {at for row in sheet.body for at, cell in enumerate(row.cells) if cell and at not in named}


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


def _place(sheet: Sheet, group: Group, whole: Place, keys: Sequence[str]) -> Place:
    """The cell that says what these keys of the question lead to, else its row."""
    row, rest = group.rows[0], list(keys)
    if group.is_passage and rest[0] == "questions" and rest[1:]:
        row, rest = group.parts[int(rest[1])], rest[2:]
    elif group.is_passage and group.head is None and rest[0] == "prompt":
        rest = [COLUMN]
    return Place.row(row.number, whole.within, _cell(sheet, row, rest) if rest else None)


def _cell(sheet: Sheet, row: Row, keys: Sequence[str]) -> Cell | None:
    at = next((sheet.columns[name] for name in holding(keys) if name in sheet.columns), None)
    if at is None:
        return None
    text = row.cells[at] if at < len(row.cells) else ""
    return Cell(get_column_letter(at + 1), sheet.header.cells[at], text)


def _item(sheet: Sheet, group: Group, reading: Reading) -> Item:
    """The question of these rows. Raises Skip."""
    if not group.is_passage:
        return _line(sheet, group.rows[0], reading).item()
    head = _line(sheet, group.rows[0], reading)
    text = head.need("prompt" if group.head else COLUMN)
    own = {"id": head.get("id"), **head.shared()} if group.head else {}
    parts = [_part(sheet, row, at, reading) for at, row in enumerate(group.parts)]
    return {"type": PASSAGE, "prompt": text, **own, "questions": parts}


def _part(sheet: Sheet, row: Row, at: int, reading: Reading) -> Item:
    try:
        return _line(sheet, row, reading).item()
    except Skip as found:
        raise Skip(found.code, at=("questions", str(at), *found.at), **found.params) from found


def _line(sheet: Sheet, row: Row, reading: Reading) -> Line:
    bound = sheet.binding.bound
    headers = {name: sheet.header.cells[at] for at, name in bound.items()}
    for at, why in row.unreadable.items():
        if at in bound:
            skip(f"cell_{why}", at=(bound[at],), column=headers[bound[at]])
    values = {name: row.cells[at] for at, name in bound.items() if at < len(row.cells) and row.cells[at]}
    if not values:
        skip("row_without_question")
    if "type" not in bound.values() and kind_named(sheet.table.name):
        values["type"] = sheet.table.name
    return Line(values, headers, reading.doubt)
