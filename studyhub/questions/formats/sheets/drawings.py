"""The pictures of a workbook: which lie on a cell of a sheet, and which stand within one (WPS's DISPIMG, and
what Excel calls “place in cell”)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string

from studyhub.kernel.package import Package, inside
from studyhub.organization.sheets.objects import BOOK
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.xml_source import Budget

WITHIN = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(\s*\"([^\"]{1,200})\"\s*,\s*\d+\s*\)", re.I)
"""What stands in a cell of WPS that shows a picture."""

_IN_CELLS = "xl/cellimages.xml"
_RICH = "xl/richData/"
_LOCAL = "_rvRel:LocalImageIdentifier"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ANCHORS = ("twoCellAnchor", "oneCellAnchor")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose upper left corner lies on a cell, or that is the cell's value (`placed`); `row` counts
    from 1, `column` from 0. `path` is its file in the workbook, `told` what is said of it."""

    row: int
    column: int
    path: str
    told: str
    placed: bool = False


class Drawings:
    """Reads the pictures of one workbook, which was looked through before."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self._budget = Budget()

    def on_cells(self) -> dict[str, list[Picture]]:
        """Those that lie on cells or are placed in them, by the name of their sheet."""
        book, related = self._part(BOOK), self._related(BOOK)
        sheets = book.first("sheets") if book else None
        values = self._values()
        paths = {
            sheet.get("name"): related.get(_reference(sheet, "id"), "")
            for sheet in (sheets.all("sheet") if sheets else ())
        }
        return {
            name: [*self._on(path), *(self._placed(path, values) if values else ())]
            for name, path in paths.items()
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

    def _placed(self, sheet: str, values: Sequence[str]) -> Iterator[Picture]:
        """Cells of the sheet whose value is a picture."""
        for row, _ in xml_source.named(self.package.read(sheet) or b"", "row"):
            for cell in row.all("c"):
                place, at = _CELL.fullmatch(cell.get("r")), _number(cell.get("vm")) - 1
                if place and 0 <= at < len(values) and values[at]:
                    column = column_index_from_string(place[1]) - 1
                    yield Picture(int(place[2]), column, values[at], "", placed=True)

    def _values(self) -> list[str]:
        """The file of each value that is more than a text or a number, in the order in which cells name them;
        "" for what is no picture of this workbook, such as one from the web."""
        kept = [self._part(path) for path in ("xl/metadata.xml", f"{_RICH}rdrichvalue.xml")]
        kept += [self._part(f"{_RICH}{name}.xml") for name in ("rdrichvaluestructure", "richValueRel")]
        if any(part is None for part in kept):
            return []
        metadata, rich, structures, listed = (part for part in kept if part is not None)
        related = self._related(f"{_RICH}richValueRel.xml")
        files = [related.get(_reference(rel, "id"), "") for rel in listed.all("rel")]
        keys = [[key.get("n") for key in each.all("k")] for each in structures.all("s")]
        shown = [_at(files, _local(value, keys)) for value in rich.all("rv")]
        future = next((f for f in metadata.all("futureMetadata") if f.get("name") == "XLRICHVALUE"), None)
        named = [_at(shown, _number(rvb.get("i"))) for rvb in (future.descendants("rvb") if future else ())]
        of_cells = metadata.first("valueMetadata")
        return [_at(named, _number(rc.get("v"))) for rc in (of_cells.descendants("rc") if of_cells else ())]

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


def _at(listed: Sequence[str], at: int) -> str:
    return listed[at] if 0 <= at < len(listed) else ""


def _local(value: Element, keys: Sequence[Sequence[str]]) -> int:
    """Which of the workbook's own pictures a value is; -1 when it is none."""
    named = keys[_number(value.get("s"))] if _number(value.get("s")) < len(keys) else ()
    texts = [one.text for one in value.all("v")]
    found = dict(zip(named, texts, strict=False)).get(_LOCAL, "")
    return int(found) if found.isdigit() and len(found) < 8 else -1


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,7}", text.strip()) else 0
