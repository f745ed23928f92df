"""How many objects openpyxl would make of a workbook's parts, by what the package says that each part is.

Of a sheet it passes cells by, one after the other, and keeps anything else: merged cells, links, words that
it does not know. Of the book, its formats and a sheet with nothing but a chart it keeps every element. What a
part is called says nothing: the types and the relations of the package say which it is.
"""

from __future__ import annotations

import posixpath
import re
from html import unescape

from studyhub.kernel.package import Package

BOOK = "xl/workbook.xml"
_TYPES = "[Content_Types].xml"
_KEPT = frozenset({BOOK, "xl/styles.xml", _TYPES, "docProps/core.xml", "docProps/custom.xml"})
_KEPT_TYPE = re.compile(rb"main\+xml|styles\+xml|chartsheet|(?:core|custom)-properties")
_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:Override|Relationship)\s[^<]*")
_NAMED = re.compile(rb"\b(?:PartName|Target)\s*=\s*[\"']([^\"']*)[\"']")
_UNREAD = re.compile(rb"relationships/(?:externalLink|pivotCacheDefinition)\b")
"""What the book refers to and openpyxl does not read for us, unless a sheet is said to be there."""
_SHEET = re.compile(rb"<(?:\w{1,20}:)?sheet\s[^<]*")
_ID = re.compile(rb"\bId\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_VALUE = re.compile(rb"=\s*[\"']([^\"']*)[\"']")
_PASSED = (b"c ", b"c>", b"row ", b"row>", b"v>", b"v ", b"f>", b"f ", b"is>", b"t>", b"t ", b"r>", b"si>")
_ROOT = re.compile(rb"<(\w{1,20}:)?worksheet[\s>]")


class Objects:
    """Counts them, part by part."""

    def __init__(self, package: Package) -> None:
        self._kept: set[str] = set()
        self._sheets: set[str] = set()
        books = {BOOK}
        for name, tag in _named(package.read(_TYPES) or b""):
            if _KEPT_TYPE.search(tag):
                self._kept.add(name)
            if b"main+xml" in tag:
                books.add(name)
            if b"worksheet" in tag:
                self._sheets.add(posixpath.basename(name))
        for book in books:
            folder, name = posixpath.split(book)
            related = package.read(posixpath.join(folder, "_rels", f"{name}.rels")) or b""
            sheets = _values(package.read(book) or b"")
            for target, tag in _named(related):
                if b"sharedStrings" not in tag and (not _UNREAD.search(tag) or _values(tag, _ID) & sheets):
                    self._sheets.add(posixpath.basename(target))
                if b"chartsheet" in tag:
                    self._kept.add(posixpath.basename(target))

    def of(self, name: str, part: bytes) -> int:
        """Of this part; none of one that is not read, such as a drawing."""
        last = posixpath.basename(name)
        every = part.count(b"<") - part.count(b"</")
        if name in _KEPT or name.endswith(".rels") or name in self._kept or last in self._kept:
            return every
        if last not in self._sheets:
            return 0
        root = _ROOT.search(part, 0, 4096)
        prefix = b"<" + ((root[1] or b"") if root else b"")
        return max(0, every - sum(part.count(prefix + tag) for tag in _PASSED))


def _values(part: bytes, of: re.Pattern[bytes] = _SHEET) -> set[str]:
    """All values in the tags of sheets (or in what `of` finds), as a reader of XML takes them."""
    return {
        unescape(value.decode("utf-8", "replace"))
        for tag in of.finditer(part)
        for value in _VALUE.findall(tag[0])
    }


def _named(part: bytes) -> list[tuple[str, bytes]]:
    """The parts that the tags of a list name, each with its tag."""
    return [
        (unescape(name[1].decode("utf-8", "replace")).lstrip("/"), tag[0])
        for tag in _TAG.finditer(part)
        for name in _NAMED.finditer(tag[0])
    ]
