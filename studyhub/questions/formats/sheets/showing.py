"""Pictures of a workbook → the texts of the cells that they belong to, and their bytes among the assets."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace

from studyhub.organization.sheets.sheet import Row
from studyhub.questions import images
from studyhub.questions.formats.exchange import Reading
from studyhub.questions.formats.pictures import address, free_name, named
from studyhub.questions.formats.sheets.columns import FEEDBACK, OPTION
from studyhub.questions.formats.sheets.drawings import WITHIN, Drawings, Picture

_SHOWING = ("prompt", "explanation", "model_answer", "passage")
"""Columns whose texts can show a picture, as options and feedback can. Elsewhere it is the prompt's."""


class Pictures:
    """Puts the pictures of one workbook into the rows of its sheets."""

    def __init__(self, drawings: Drawings, reading: Reading) -> None:
        self._package = drawings.package
        self._on = drawings.on_cells()
        self._within = drawings.within_cells()
        self._reading = reading

    def shown(self, name: str, rows: list[Row], columns: Mapping[str, int]) -> list[Row]:
        """The rows of a sheet; what belongs to none of them is noted."""
        lying: dict[int, list[Picture]] = {}
        for picture in self._on.get(name, ()):
            lying.setdefault(picture.row, []).append(picture)
        made = [self._row(row, lying.pop(row.number, []), columns) for row in rows]
        left = sum(map(len, lying.values()))
        if left:
            self._reading.note("pictures_in_sheet", count=left)
        return made

    def _row(self, row: Row, lying: list[Picture], columns: Mapping[str, int]) -> Row:
        if not lying and not any("DISPIMG(" in cell.upper() for cell in row.cells):
            return row
        names = {at: column for column, at in columns.items()}
        cells = {at: cell for at, cell in enumerate(row.cells) if cell}
        more: list[tuple[int, str]] = []
        for at, cell in list(cells.items()):
            cells[at] = WITHIN.sub("", cell).strip()
            more += ((at, self._path(self._within.get(found[1], ""))) for found in WITHIN.finditer(cell))
        said = {path for cell in row.cells for path in named(cell)}
        for picture in lying:
            if picture.told in said and images.is_relative(picture.told):
                self._reading.assets[picture.told] = self._package.read(picture.path) or b""
            else:
                more.append((picture.column, self._path(picture.path)))
        for at, path in more:
            place = at if _shows(names.get(at, "")) else columns["prompt"]
            if path:
                cells[place] = _with(cells.get(place, ""), path, apart=names[place] in _SHOWING)
        placed = {picture.column for picture in lying if picture.placed}
        unreadable = {at: why for at, why in row.unreadable.items() if at not in placed}
        texts = tuple(cells.get(at, "") for at in range(max(cells, default=-1) + 1))
        return replace(row, cells=texts, unreadable=unreadable)

    def _path(self, file: str) -> str:
        """The path of a picture among the assets; "" for one that cannot be shown, which is noted."""
        data = self._package.read(file) if file else None
        kind = images.media_type(data) if data else None
        if data is None or kind is None:
            self._reading.note("file_not_shown", path=posixpath.basename(file) or "DISPIMG")
            return ""
        stem, _, suffix = posixpath.basename(file).rpartition(".")
        fitting = f".{suffix.lower()}" in images.SUFFIXES[kind]
        path = free_name(f"{stem}.{suffix.lower()}" if fitting else stem + images.SUFFIXES[kind][0], data,
                         self._reading.assets)  # fmt: skip
        self._reading.assets[path] = data
        return path


def _shows(column: str) -> bool:
    return column in _SHOWING or column.startswith((OPTION, FEEDBACK))


def _with(text: str, path: str, *, apart: bool) -> str:
    shown = f"![]({address(path)})"
    if not text:
        return shown
    return f"{text}\n\n{shown}" if apart else f"{text} {shown}"
