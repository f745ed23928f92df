"""Word (.docx) in the usual Chinese layout: its paragraphs and tables become lines; `layout/` reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, is_zip
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Carried, Format, Place, Reading, Source
from studyhub.questions.formats.layout.line import Held, Line
from studyhub.questions.formats.layout.reading import CARRIES, gathered, read_lines
from studyhub.questions.formats.word import tables
from studyhub.questions.formats.word.document import Document
from studyhub.questions.formats.word.runs import Runs

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DEEPEST_TABLE = 3
PICTURED: Carried = {kind: keys | {"images"} for kind, keys in CARRIES.items()}


def read(source: Source) -> Reading:
    if source.data.startswith(_OLD):
        # A locked .docx is such a file, too.
        raise Unreadable("old_office_file")
    document = Document(source.data)
    held = Held()
    runs = Runs(document, held)
    lines = gathered(_lines(document, runs))
    reading = read_lines(lines, held, lambda at, line: Place.question(at))
    reading.assets = document.assets
    for (code, text), count in Counter(runs.told).items():
        reading.note(code, count=count, **({"text": text} if text else {}))
    return reading


def _lines(document: Document, runs: Runs) -> Iterator[Line]:
    for number, block in enumerate(document.blocks(), 1):
        yield from _block(block, runs, number, 0)


def _block(block: Element, runs: Runs, number: int, depth: int) -> Iterator[Line]:
    if block.tag == "p":
        yield from runs.lines(block, number)
    elif block.tag == "tbl" and depth < _DEEPEST_TABLE:
        rows = [
            [list(_inner(cell, runs, number, depth + 1)) for cell in row.all("tc")] for row in _rows(block)
        ]
        yield from tables.lines_of([row for row in rows if row])
    elif block.tag in ("sdt", "sdtContent", "customXml", "ins"):
        yield from _inner(block, runs, number, depth)


def _inner(element: Element, runs: Runs, number: int, depth: int) -> Iterator[Line]:
    for part in element.elements:
        yield from _block(part, runs, number, depth)


def _rows(table: Element) -> Iterator[Element]:
    for part in table.elements:
        if part.tag == "tr":
            yield part
        elif part.tag in ("sdt", "sdtContent", "ins"):
            yield from _rows(part)


def recognises(source: Source) -> bool:
    if source.data.startswith(_OLD):
        return source.name.lower().endswith(".docx")
    return is_zip(source.data) and "word/document.xml" in Package(source.data)


MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMAT = Format("docx", ".docx", PICTURED, recognises, read, media_types=(MEDIA_TYPE,))
