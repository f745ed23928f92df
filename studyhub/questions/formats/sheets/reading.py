"""A workbook or a CSV file → questions, from the rows below the header of each sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from openpyxl.utils import get_column_letter

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets.sheet import Row
from studyhub.organization.sheets.workbook import Table
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats import text as usual
from studyhub.questions.formats.exchange import Cell, Item, Place, Reading, Skip, Source, skip
from studyhub.questions.formats.sheets import typed
from studyhub.questions.formats.sheets.columns import NAMES, Binding, bind, holding, legend
from studyhub.questions.formats.sheets.drawings import WITHIN, Drawings
from studyhub.questions.formats.sheets.kinds import kind_named
from studyhub.questions.formats.sheets.passages import COLUMN, Group, grouped
from studyhub.questions.formats.sheets.record import Doubt
from studyhub.questions.formats.sheets.rows import Line
from studyhub.questions.formats.sheets.showing import Pictures
from studyhub.questions.formats.sheets.tables import DAY

HEADER_WITHIN = 10
"""Rows from the top among which the header is looked for: titles and remarks may stand above it."""

_TEXTUAL = frozenset(NAMES) - {"review_by", "version", "document", "article"}
"""Columns where nobody means a date."""

Tables = Callable[[bytes], list[Table]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its header and what its columns hold; `body` are the rows below."""

    table: Table
    header: Row
    binding: Binding
    body: list[Row]

    levels: int = 0
    """the highest of its difficulties, where they count 1, 2, 3 …"""

    @property
    def columns(self) -> dict[str, int]:
        """Where each column stands; of several with tags the first."""
        return {name: at for at, name in reversed([*self.binding.bound.items()])}

    def word(self, column: str) -> str:
        """What stands over a column."""
        return self.header.cells[self.columns[column]]


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom a row tells its doubts, and the text it stands in."""

    doubt: Doubt
    source: str


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
        if sheet.levels:
            reading.note("difficulty_counted", column=sheet.word("difficulty"), highest=sheet.levels)
        _add(reading, sheet, sheet.table.name if len(readable) > 1 else "")
    return reading


def read_typed(text: str) -> Reading:
    """What was typed in the place of rows, in the lines of `typed`; else in the usual layout."""
    words, rows = typed.read(text)
    if not rows:
        return usual.read_typed(text)
    reading = Reading()
    header, binding = Row(0, tuple(words.values())), Binding(dict(enumerate(words)), {})
    _add(reading, Sheet(Table("", rows), header, binding, rows), "")
    return reading


def _add(reading: Reading, sheet: Sheet, named: str) -> None:
    """The questions of a sheet, which is called so in their places."""
    shown = typed.showing(sheet.binding.bound, sheet.header.cells)
    for group in grouped(sheet.body, sheet.columns):
        bare = Place.row(group.rows[0].number, named)
        place = replace(bare, locate=partial(_place, sheet, group, bare))
        source = shown(group.rows)
        reading.add(place, partial(_item, sheet, group, Telling(reading.doubt, source)), source)


def _says_something(sheet: Sheet, at: int) -> bool:
    """Whether something is lost with a column: pictures in it are shown with their questions."""
    return any(not WITHIN.fullmatch(cell) for cell in _below(sheet.body, at))


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
    body = table.rows[best + 1 :]
    bound = bind(top[best].cells, chosen, partial(_below, body))
    sheet = Sheet(table, top[best], bound, body)
    return replace(sheet, levels=_levels(sheet))


def _below(body: list[Row], at: int) -> Iterator[str]:
    return (row.cells[at] for row in body if at < len(row.cells) and row.cells[at])


def _levels(sheet: Sheet) -> int:
    """How far difficulties are counted: 1 to 5 at most, and beyond 1, which is a share as well."""
    at = sheet.columns.get("difficulty")
    if at is None or legend(sheet.header.cells[at]):
        return 0
    said = set(_below(sheet.body, at))
    return int(max(said)) if said and said <= set("12345") and said != {"1"} else 0


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


def _item(sheet: Sheet, group: Group, telling: Telling) -> Item:
    """The question of these rows. Raises Skip."""
    if not group.is_passage:
        return _line(sheet, group.rows[0], telling).item()
    head = _line(sheet, group.rows[0], telling)
    text = head.need("prompt" if group.head else COLUMN)
    own = {"id": head.get("id"), **head.shared()} if group.head else {}
    parts = [_part(sheet, row, at, telling) for at, row in enumerate(group.parts)]
    return {"type": PASSAGE, "prompt": text, **own, "questions": parts}


def _part(sheet: Sheet, row: Row, at: int, telling: Telling) -> Item:
    try:
        return _line(sheet, row, telling).item()
    except Skip as found:
        raise Skip(found.code, at=("questions", str(at), *found.at), **found.params) from found


def _line(sheet: Sheet, row: Row, telling: Telling) -> Line:
    bound = sheet.binding.bound
    headers = {name: sheet.header.cells[at] for name, at in sheet.columns.items()}
    for at, why in row.unreadable.items():
        if at in bound and why == DAY and bound[at] in _TEXTUAL:
            telling.doubt(f"cell_{why}", telling.source, column=sheet.header.cells[at], value=row.cells[at])
        elif at in bound and why != DAY:
            skip(f"cell_{why}", at=(bound[at],), column=sheet.header.cells[at])
    values: dict[str, str] = {}
    for at, name in bound.items():
        if at < len(row.cells) and row.cells[at]:
            values[name] = f"{values[name]}\n{row.cells[at]}" if name in values else row.cells[at]
    if not values:
        skip("row_without_question")
    if "type" not in bound.values() and kind_named(sheet.table.name):
        values["type"] = sheet.table.name
    return Line(values, headers, telling.source, telling.doubt, sheet.levels)
