"""XML of others → elements, without any of what makes XML dangerous: no DOCTYPE, no entities, no depth.

Expat's handlers build the tree; a document type is refused at its first character, before anything in it is
looked at, so that there is nothing to expand and nothing to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from studyhub.questions.formats import decoding
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Unreadable

DEEPEST = 100
MOST_AT_ONCE = 200_000
"""Elements and texts that are in memory together."""

LONGEST_TAG = 1024 * 1024
"""Bytes of one tag or comment. Expat reads an unfinished one again with each chunk, from its beginning."""

_CHUNK = 64 * 1024
_DECLARATION = re.compile(r"\s*<\?xml[^>]*?\?>")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "ms936"})


def parse(data: bytes) -> Element:
    """The root with everything in it. Raises Unreadable."""
    builder = _Builder(apart=0)
    for _ in builder.run(data):
        pass
    assert builder.root is not None
    return builder.root


def parts(
    data: bytes, opened: Callable[[Element], None] = lambda root: None, depth: int = 1
) -> Iterator[Element]:
    """The elements at this depth, one after the other, none kept: for files of many questions.

    At depth 1 they are the children of the root. `opened` is told the root, as it begins.
    """
    return _Builder(apart=depth, opened=opened).run(data)


class _Builder:
    """Builds elements; those at the depth `apart` are handed out as soon as they are complete."""

    def __init__(self, apart: int, opened: Callable[[Element], None] = lambda root: None) -> None:
        self.root: Element | None = None
        self._opened = opened
        self._apart = apart
        self._open: list[Element] = []
        self._ready: list[Element] = []
        self._held = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def run(self, data: bytes) -> Iterator[Element]:
        encoded = _as_utf8(data)
        try:
            for at in range(0, len(encoded), _CHUNK):
                self._parser.Parse(encoded[at : at + _CHUNK], False)
                self._keep_up(at)
                yield from self._handed_out()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("broken_xml", line=error.lineno, column=error.offset + 1) from error
        yield from self._handed_out()

    def _keep_up(self, fed: int) -> None:
        """Refuse a tag that goes on and on."""
        if fed - max(0, self._parser.CurrentByteIndex) > LONGEST_TAG:
            line = self._parser.CurrentLineNumber
            raise Unreadable("xml_long_tag", line=line, longest=LONGEST_TAG)

    def _handed_out(self) -> Iterator[Element]:
        ready, self._ready = self._ready, []
        yield from ready

    def _doctype(self, *_: object) -> None:
        raise Unreadable("xml_doctype", line=self._parser.CurrentLineNumber)

    def _hold(self) -> None:
        self._held += 1
        if self._held > MOST_AT_ONCE:
            raise Unreadable("too_many_items", most=MOST_AT_ONCE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._hold()
        if len(self._open) >= DEEPEST:
            raise Unreadable("too_deep_file", deepest=DEEPEST)
        # Prefixes of tags are dropped unread: people's files forget to declare them.
        element = Element(name.rpartition(":")[2], attributes, line=self._parser.CurrentLineNumber)
        if self._open and len(self._open) != self._apart:
            self._open[-1].children.append(element)
        elif not self._open:
            self.root = element
            self._opened(element)
        self._open.append(element)

    def _end(self, name: str) -> None:
        element = self._open.pop()
        if self._apart and len(self._open) == self._apart:
            self._ready.append(element)
            self._held = 0

    def _characters(self, text: str) -> None:
        if len(self._open) > self._apart or not self._apart:
            self._hold()
            self._open[-1].children.append(text)


def _as_utf8(data: bytes) -> bytes:
    """The document in UTF-8, without its declaration, whatever it was declared to be in."""
    declared = _DECLARED.match(data.lstrip(b"\xef\xbb\xbf \t\r\n")[:300])
    name = declared[1].decode("ascii").lower() if declared else ""
    if name in _CHINESE:
        text = decoding.strictly(data, "gb18030")
    elif name in ("iso-8859-1", "latin-1", "us-ascii", "windows-1252"):
        text = decoding.strictly(data, "cp1252" if name == "windows-1252" else "latin-1")
    else:
        text = decoding.decode(data)
    text = text.removeprefix("\ufeff")
    declaration = _DECLARATION.match(text)
    if declaration:
        # Its line ends stay, so that a fault is found on its line.
        text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
    return text.encode("utf-8", "replace")
