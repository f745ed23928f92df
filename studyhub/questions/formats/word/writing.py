"""The lines of a paper → a `.docx`: each a paragraph in the style of what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from studyhub.kernel.package import packed
from studyhub.questions.formats.layout.paper import Kind, Paper
from studyhub.questions.formats.word import stationery, tone
from studyhub.questions.formats.xml_writing import DECLARATION, escaped, tag

Inline = Callable[[str], str | None]
"""The XML of a character that stands for a picture or a formula; None of any other."""

_APART = re.compile(f"(\t|[\U000f0000-\U000ffffd]|[{tone.SIGNS}])")
_QUOTES = re.compile("[“”‘’…—·×÷±√]")
_HINT = tag("w:rFonts", w__hint="eastAsia")


def document(paper: Paper, inline: Inline) -> str:
    """The main part."""
    last = [*paper.kinds, Kind.SPACE][1:] if paper.kinds else []
    made = (
        (line[:1] == tone.ROW, _made(kind, line, inline, kept=kind == follows == Kind.KEY))
        for kind, line, follows in zip(paper.kinds, paper.lines, last, strict=True)
    )
    body = (
        stationery.table(list(parts)) if rows else "".join(parts)
        for rows, parts in ((rows, (xml for _, xml in group)) for rows, group in groupby(made, itemgetter(0)))
    )
    return DECLARATION + tag(
        "w:document",
        tag("w:body", *body, stationery.SECTION),
        xmlns__w=stationery.MAIN,
        xmlns__r=stationery.OFFICE,
        xmlns__m=stationery.MATHS,
    )


def file(title: str, main: str, pictures: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The package. `pictures` by relation: the path below `word/`, and the bytes."""
    related = [
        *((at, f"{stationery.OFFICE}/{kind}", name) for kind, name, _, at in stationery.FIXED_PARTS),
        *((at, f"{stationery.OFFICE}/image", path) for at, (path, _) in pictures.items()),
    ]
    parts = {
        "[Content_Types].xml": stationery.content_types(path for path, _ in pictures.values()),
        "_rels/.rels": stationery.package_relations(),
        "docProps/core.xml": stationery.core(title),
        "word/document.xml": main,
        "word/_rels/document.xml.rels": stationery.relations(related),
        "word/styles.xml": stationery.styles(),
        "word/settings.xml": stationery.settings(),
        "word/footer1.xml": stationery.footer(),
    }
    media = {f"word/{path}": data for path, data in pictures.values()}
    return packed({**{name: text.encode() for name, text in parts.items()}, **media})


def _made(kind: Kind, line: str, inline: Inline, *, kept: bool) -> str:
    """A paragraph, or the row of a table."""
    if line[:1] != tone.ROW:
        return _paragraph(kind, line, inline, kept=kept)
    return stationery.row(_paragraph(kind, cell, inline, kept=kept) for cell in line[1:].split("\t"))


def _paragraph(kind: Kind, line: str, inline: Inline, *, kept: bool) -> str:
    """`kept` on one page with the next: what is said of a question stays with it."""
    style = tag("w:pStyle", w__val=stationery.STYLES[kind])
    return tag("w:p", tag("w:pPr", style, *((tag("w:keepNext"),) if kept else ())), *_pieces(line, inline))


def _pieces(line: str, inline: Inline) -> Iterator[str]:
    tones = ""
    for piece in _APART.split(line):
        if piece == "\t":
            yield tag("w:r", tag("w:tab"))
        elif tone.is_sign(piece):
            tones = tone.changed(tones, piece)
        elif piece:
            yield inline(piece) or _run(piece, tone.properties(tones))


def _run(text: str, properties: str) -> str:
    """Signs that are as wide as Chinese ones in a Chinese text are told to be."""
    said = properties or (_HINT if _QUOTES.search(text) else "")
    return tag(
        "w:r",
        *((tag("w:rPr", said),) if said else ()),
        tag("w:t", escaped(text), xml__space="preserve"),
    )
