"""A `.docx` as a package: the parts that a reader needs, and where the pictures are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, inside
from studyhub.questions.formats import pictures, xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.word.numbering import Numbering
from studyhub.questions.formats.word.properties import value
from studyhub.questions.formats.word.styles import Styles

_DOCUMENT, _STYLES, _NUMBERING = "/officeDocument", "/styles", "/numbering"
_MAIN = "word/document.xml"


@dataclass(slots=True)
class Related:
    """What a part refers to by its `r:id`: name in the package by id, and by kind."""

    by_id: dict[str, str] = field(default_factory=dict)
    by_kind: dict[str, str] = field(default_factory=dict)


class Document:
    """Raises Unreadable for what is no Word document."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        main = _related(self._package, "").by_kind.get(_DOCUMENT, _MAIN)
        body = self._package.read(main)
        if body is None:
            raise Unreadable("no_word_document")
        self._body = body
        self._related = _related(self._package, main)
        self.styles = Styles(self._part(_STYLES))
        self.numbering = Numbering(self._part(_NUMBERING), self.styles)
        self.assets: dict[str, bytes] = {}

    def blocks(self) -> Iterator[Element]:
        """The paragraphs and tables of the document, one after the other."""
        return xml_source.parts(self._body, depth=2)

    def picture(self, reference: str) -> str | None:
        """The path under which a picture comes along, byte for byte; None when it is not in the package."""
        name = self._related.by_id.get(reference, "")
        data = self._package.read(name) if name else None
        if data is None:
            return None
        path = pictures.free_name(name, data, self.assets)
        self.assets[path] = data
        return path

    def _part(self, kind: str) -> Element | None:
        name = self._related.by_kind.get(kind, "")
        data = self._package.read(name) if name else None
        return None if data is None else xml_source.parse(data)


def _related(package: Package, part: str) -> Related:
    """The relations of a part ("" for the package itself), those that lead out of it left out."""
    folder, name = posixpath.split(part)
    data = package.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    found = Related()
    for relation in xml_source.parse(data).elements if data else ():
        if value(relation, "TargetMode") == "External":
            continue
        target = value(relation, "Target")
        path = target[1:] if target.startswith("/") else inside(folder, target)
        found.by_id[value(relation, "Id")] = path
        found.by_kind.setdefault("/" + value(relation, "Type").rpartition("/")[2], path)
    return found
