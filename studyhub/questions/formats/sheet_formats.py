"""XLSX, XLS and CSV as exchange formats. sheets/ knows how a question stands in a row."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import openpyxl

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import is_zip
from studyhub.organization.sheets import workbook
from studyhub.organization.sheets.workbook import Table
from studyhub.questions.fields import SLUG
from studyhub.questions.formats.carrying import EVERYTHING
from studyhub.questions.formats.decoding import decode
from studyhub.questions.formats.exchange import Format, Reading, Source
from studyhub.questions.formats.sheets import reading, tables
from studyhub.questions.formats.sheets.columns import bind
from studyhub.questions.formats.sheets.drawings import Drawings
from studyhub.questions.formats.sheets.reading import Tables
from studyhub.questions.formats.sheets.writing import CARRIES, write_csv, write_xlsx

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 65_536


def read_xlsx(source: Source, tables_of: Tables = tables.of_xlsx) -> Reading:
    read = reading.read(source, tables_of, Drawings)
    book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True)
    told = book.properties
    if SLUG.fullmatch(told.subject or ""):
        read.head = {"bank": told.subject, "title": told.title, "language": told.keywords}
    return read


def is_xlsx(source: Source) -> bool:
    return is_zip(source.data) and workbook.is_xlsx(source.data)


def is_xls(source: Source) -> bool:
    return source.data.startswith(_OLD_CONTAINER)


def is_csv(source: Source) -> bool:
    """By its name, or by a first line that names the columns of questions."""
    if source.name.lower().endswith((".csv", ".tsv")):
        return True
    head = source.data[:_LOOKED_AT].replace(b"\r\n", b"\n")
    if is_zip(head) or head.startswith((b"{", b"<", _OLD_CONTAINER)):
        return False
    try:
        first = decode(head.rpartition(b"\n")[0] or head).lstrip("\n").split("\n", 1)[0]
        [table] = tables.of_csv(first.encode())
    except Unreadable:
        return False
    binding = bind(table.rows[0].cells, {}) if table.rows else None
    return binding is not None and binding.can_be_read and len(binding.bound) > 1


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX = Format("xlsx", ".xlsx", EVERYTHING, is_xlsx, read_xlsx, write_xlsx, (XLSX_TYPE,), reading.read_typed)
XLS = Format(
    "xls", ".xls", CARRIES, is_xls, partial(reading.read, tables_of=tables.of_xls), None,
    ("application/vnd.ms-excel",), reading.read_typed,
)  # fmt: skip
CSV = Format(
    "csv", ".csv", CARRIES, is_csv, partial(reading.read, tables_of=tables.of_csv), write_csv, ("text/csv",),
    reading.read_typed,
)  # fmt: skip
TABLES = {"xlsx": tables.of_xlsx, "xls": tables.of_xls, "csv": tables.of_csv}
"""By format: what reads its sheets."""
READERS: dict[str, Callable[..., Reading]] = {"xlsx": read_xlsx, "xls": reading.read, "csv": reading.read}


def read_tables(form: str, source: Source, listed: list[Table]) -> Reading:
    """What the format's own reader gives, of sheets that were opened already."""
    return READERS[form](source, tables_of=lambda _data: listed)
