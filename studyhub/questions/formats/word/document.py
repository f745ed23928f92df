"""A `.docx` as a package: the parts that a reader needs, and where the pictures are."""

from __future__ import annotations

import posixpath
import re
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
_MARGINS = frozenset({"/header", "/footer"})
_MOST_MARGINS, _LARGEST_MARGIN = 60, 256 * 1024
"""So many headers and footers are looked at, and none of more bytes."""
_OF_PAGES = re.compile(r"[第页共]|(?<![^\W\d_])(?:page|of)(?![^\W\d_])", re.I)
_SAYS = re.compile(r"[^\W\d_]")
"""What is left to say without the words of 第 1 页 共 2 页 or 1 of 2."""
MOST_RELATIONS = 20_000
"""Of one part: twice what a package has files, since links to pages count as well."""


@dataclass(slots=True)
class Related:
    """What a part refers to by its `r:id`: name in the package by id, and by kind."""

    by_id: dict[str, str] = field(default_factory=dict)
    by_kind: dict[str, str] = field(default_factory=dict)
    margins: list[str] = field(default_factory=list)
    """headers and footers"""


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

    def margins(self) -> tuple[list[str], int]:
        """What headers and footers say, each text once, without numbers of pages; how many are unread."""
        looked_at = self._related.margins[:_MOST_MARGINS]
        found = [_text(self._package.read(name) or b"") for name in looked_at]
        texts = dict.fromkeys(text for text in found if text is not None)
        unread = found.count(None) + len(self._related.margins) - len(looked_at)
        return [text for text in texts if _SAYS.search(_OF_PAGES.sub(" ", text))], unread

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


def _text(margin: bytes) -> str | None:
    """Of a header or footer; None for one that is broken, hostile or too large: no question is in it."""
    if not margin or len(margin) > _LARGEST_MARGIN:
        return None if margin else ""
    try:
        root = xml_source.parse(margin)
    except Unreadable:
        return None
    return " ".join("".join(one.text for one in root.descendants("t")).split())


def _related(package: Package, part: str) -> Related:
    """The relations of a part ("" for the package itself), those that lead out of it left out."""
    folder, name = posixpath.split(part)
    data = package.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    found = Related()
    for count, relation in enumerate(xml_source.parts(data) if data else ()):
        if count >= MOST_RELATIONS:
            raise Unreadable("too_many_elements")
        if value(relation, "TargetMode") == "External":
            continue
        target = value(relation, "Target")
        path = target[1:] if target.startswith("/") else inside(folder, target)
        found.by_id[value(relation, "Id")] = path
        kind = "/" + value(relation, "Type").rpartition("/")[2]
        found.by_kind.setdefault(kind, path)
        if kind in _MARGINS:
            found.margins.append(path)
    return found
