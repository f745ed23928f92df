"""The pictures of a workbook: which lie on a cell of a sheet, and which stand within one (WPS's DISPIMG)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studyhub.kernel.package import Package, inside
from studyhub.organization.sheets.workbook import BOOK
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.xml_source import Budget

WITHIN = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(\s*\"([^\"]{1,200})\"\s*,\s*\d+\s*\)", re.I)
"""What stands in a cell of WPS that shows a picture."""

_IN_CELLS = "xl/cellimages.xml"
_ANCHORS = ("twoCellAnchor", "oneCellAnchor")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose upper left corner lies on a cell; `row` counts from 1, `column` from 0. `path` is its
    file in the workbook, `told` what is said of it."""

    row: int
    column: int
    path: str
    told: str


class Drawings:
    """Reads the pictures of one workbook, which was looked through before."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self._budget = Budget()

    def on_cells(self) -> dict[str, list[Picture]]:
        """Those that lie on cells, by the name of their sheet."""
        book, related = self._part(BOOK), self._related(BOOK)
        sheets = book.first("sheets") if book else None
        return {
            sheet.get("name"): list(self._on(related.get(_reference(sheet, "id"), "")))
            for sheet in (sheets.all("sheet") if sheets else ())
        }

    def within_cells(self) -> dict[str, str]:
        """Those that stand within cells: the file of each by the name that DISPIMG gives."""
        part, related = self._part(_IN_CELLS), self._related(_IN_CELLS)
        return {
            said.get("name"): related[reference]
            for picture in (part.descendants("pic") if part else ())
            for said in picture.descendants("cNvPr")
            if (reference := _embedded(picture)) in related
        }

    def _on(self, sheet: str) -> Iterator[Picture]:
        for path in self._related(sheet, "drawing").values():
            drawing, related = self._part(path), self._related(path)
            for anchor in drawing.all(*_ANCHORS) if drawing else ():
                corner = anchor.first("from")
                for picture in anchor.descendants("pic"):
                    file = related.get(_embedded(picture))
                    if corner and file:
                        row, column = (_number(corner.text_of(name)) for name in ("row", "col"))
                        told = next((one.get("descr") for one in picture.descendants("cNvPr")), "")
                        yield Picture(row + 1, column, file, told)

    def _part(self, path: str) -> Element | None:
        data = self.package.read(path)
        return xml_source.parse(data, self._budget) if data else None

    def _related(self, path: str, kind: str = "") -> Mapping[str, str]:
        """The parts that a part names, by their references there; of one kind where it is given."""
        folder, name = posixpath.split(path)
        listed = self._part(f"{folder}/_rels/{name}.rels")
        return {
            one.get("Id"): _target(folder, one.get("Target"))
            for one in (listed.all("Relationship") if listed else ())
            if one.get("TargetMode") != "External" and one.get("Type").endswith(f"/{kind}" if kind else "")
        }


def _target(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else inside(folder, target)


def _embedded(picture: Element) -> str:
    blip = next(picture.descendants("blip"), None)
    return _reference(blip, "embed") if blip else ""


def _reference(element: Element, name: str) -> str:
    """An attribute of the namespace of relations, whatever its prefix is."""
    return next((value for key, value in element.attributes.items() if key.endswith(f":{name}")), "")


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,7}", text.strip()) else 0
