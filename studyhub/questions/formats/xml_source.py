"""XML of others → elements, without any of what makes XML dangerous: no DOCTYPE, no entities, no depth.

Expat's handlers build the tree; a document type is refused at its first character, before anything in it is
looked at, so that there is nothing to expand and nothing to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import decoding
from studyhub.questions.formats.element import Element

Ancestors = tuple[Element, ...]
"""What an element stands in, from the root."""

DEEPEST = 100
MOST_AT_ONCE = 200_000
"""Elements and texts that are in memory together."""

LONGEST_TAG = 1024 * 1024
"""Bytes of one tag or comment. Expat reads an unfinished one again with each chunk, from its beginning."""

_BYTES_AN_ELEMENT = 60
_CHUNK = 64 * 1024
_DECLARATION = re.compile(r"\s*<\?xml[^>]*?\?>")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "ms936"})


def parse(data: bytes, budget: Budget | None = None) -> Element:
    """The root with everything in it. Raises Unreadable. Files of one package share a budget."""
    builder = _Builder(budget=budget)
    for _ in builder.run(data):
        pass
    assert builder.root is not None
    return builder.root


def parts(
    data: bytes,
    opened: Callable[[Element], None] = lambda root: None,
    depth: int = 1,
    budget: Budget | None = None,
) -> Iterator[Element]:
    """The elements at this depth, one after the other, none kept: for files of many questions.

    At depth 1 they are the children of the root. `opened` is told the root, as it begins.
    """
    for part, _ in _Builder(lambda name, at: at == depth, opened, budget).run(data):
        yield part


def named(
    data: bytes,
    tag: str,
    opened: Callable[[Element], None] = lambda root: None,
    budget: Budget | None = None,
) -> Iterator[tuple[Element, Ancestors]]:
    """The outermost elements of this tag one after the other, none kept, each with what it stands in."""
    return _Builder(lambda name, depth: name == tag, opened, budget).run(data)


class Budget:
    """How many elements a source of questions may hold; what people write is short, or has fewer by far.

    Not for formats of other things: a tenth of a Word document is text.
    """

    def __init__(self) -> None:
        self.left = MOST_AT_ONCE

    def grow(self, size: int) -> None:
        """So many bytes more of the source are read."""
        self.left += size // _BYTES_AN_ELEMENT


class _Builder:
    """Builds elements; those that are `apart` by name and depth are handed out when they are complete."""

    def __init__(
        self,
        apart: Callable[[str, int], bool] = lambda name, depth: False,
        opened: Callable[[Element], None] = lambda root: None,
        budget: Budget | None = None,
    ) -> None:
        self._budget = budget
        self.root: Element | None = None
        self._opened = opened
        self._is_apart = apart
        self._apart: tuple[int, int] | None = None
        self._open: list[Element] = []
        self._ready: list[tuple[Element, Ancestors]] = []
        self._held = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def run(self, data: bytes) -> Iterator[tuple[Element, Ancestors]]:
        encoded = _as_utf8(data)
        try:
            for at in range(0, len(encoded), _CHUNK):
                chunk = encoded[at : at + _CHUNK]
                if self._budget:
                    self._budget.grow(
                        len(chunk)
                    )  # not by what is still to come: it is nothing but elements too
                self._parser.Parse(chunk, False)
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

    def _handed_out(self) -> Iterator[tuple[Element, Ancestors]]:
        ready, self._ready = self._ready, []
        yield from ready

    def _doctype(self, *_: object) -> None:
        raise Unreadable("xml_doctype", line=self._parser.CurrentLineNumber)

    def _hold(self) -> None:
        self._held += 1
        if self._held > MOST_AT_ONCE:
            raise Unreadable("too_many_items", most=MOST_AT_ONCE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._budget:
            self._budget.left -= 1
            if self._budget.left < 0:
                raise Unreadable("too_many_elements")
        self._hold()
        if len(self._open) >= DEEPEST:
            raise Unreadable("too_deep_file", deepest=DEEPEST)
        # Prefixes of tags are dropped unread: people's files forget to declare them.
        tag = name.rpartition(":")[2] if ":" in name else name
        element = Element(tag, attributes, line=self._parser.CurrentLineNumber)
        if not self._open:
            self.root = element
            self._opened(element)
        elif self._apart is None and self._is_apart(tag, len(self._open)):
            self._apart = len(self._open), self._held
        else:
            self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, name: str) -> None:
        element = self._open.pop()
        if self._apart and len(self._open) == self._apart[0]:
            self._ready.append((element, tuple(self._open)))
            # What was handed out is the reader's to keep or to forget.
            self._held, self._apart = self._apart[1], None

    def _characters(self, text: str) -> None:
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
