"""Word (.docx) in the usual Chinese layout: its paragraphs and tables become lines; `layout/` reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import LARGEST, Package, is_zip
from studyhub.questions.formats import decoding, pictures
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import (
    Carried,
    Draft,
    Format,
    Note,
    Place,
    Reading,
    Source,
    Writing,
    merged,
)
from studyhub.questions.formats.layout.line import Held, Line
from studyhub.questions.formats.layout.paper import Paper
from studyhub.questions.formats.layout.reading import CARRIES, gathered, read_lines
from studyhub.questions.formats.layout.writing import lay_out
from studyhub.questions.formats.word import tables, writing
from studyhub.questions.formats.word.document import Document
from studyhub.questions.formats.word.runs import LONGEST_QUOTE, Runs
from studyhub.questions.formats.word.texts import Texts, packable

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
    for title in dict.fromkeys(runs.columns):
        reading.note("column_ignored", column=title[:LONGEST_QUOTE])
    margins, unread = document.margins()
    if margins:
        reading.note("margins_left", count=len(margins), text=margins[0][:LONGEST_QUOTE])
    if unread:
        reading.note("margins_unread", count=unread)
    if runs.hidden:
        reading.note("hidden_left", count=len(runs.hidden), text=runs.hidden[0][:LONGEST_QUOTE])
    return reading


def _lines(document: Document, runs: Runs) -> Iterator[Line]:
    for number, block in enumerate(document.blocks(), 1):
        yield from _block(block, runs, number, 0)
    yield from runs.rest()


def _block(block: Element, runs: Runs, number: int, depth: int) -> Iterator[Line]:
    if block.tag == "p":
        yield from runs.lines(block, number)
    elif block.tag == "tbl" and depth < _DEEPEST_TABLE:
        yield from runs.rest()
        rows = [[_cell(cell, runs, number, depth + 1) for cell in row.all("tc")] for row in _rows(block)]
        table = [row for row in rows if row]
        runs.columns += tables.left_out(table)
        yield from tables.lines_of(table)
    elif block.tag in ("sdt", "sdtContent", "customXml", "ins"):
        yield from _inner(block, runs, number, depth)


def _cell(cell: Element, runs: Runs, number: int, depth: int) -> list[Line]:
    return [*_inner(cell, runs, number, depth), *runs.rest()]


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


def write(draft: Draft) -> Writing:
    """The bank as a paper with its answers."""
    named = packable(draft)
    texts = Texts(named.assets)
    paper, made = lay_out(named, PICTURED, texts.plain, texts.read)
    main = writing.document(paper, texts.inline)
    made.data = writing.file(str(draft.head["title"]), main, texts.pictures)
    made.suffix = ".docx"
    left_out = {one.place.name for one in made.skipped}
    unshown = tuple(
        Place.named(question["id"])
        for question in named.questions
        if question["id"] not in left_out and not all(map(texts.shows, pictures.named(question)))
    )
    told = [Note("images_lost", {}, unshown)] if unshown else []
    made.notes = merged([*made.notes, *told, *_size(paper, made)])
    return made


def _size(paper: Paper, made: Writing) -> Iterator[Note]:
    """What is longer than is read here does not come back as a whole."""
    text = "\n".join(paper.lines)
    if decoding.is_too_long(text):
        most = {"most": decoding.MOST_CHARACTERS, "lines": decoding.MOST_LINES}
        yield Note("longer_than_read", {"characters": len(text)} | most)
    if len(made.data) > LARGEST:
        yield Note("larger_than_read", {"bytes": len(made.data), "largest": LARGEST})


MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMAT = Format("docx", ".docx", PICTURED, recognises, read, write, media_types=(MEDIA_TYPE,))
