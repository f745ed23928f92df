"""Plain text in the usual Chinese layout. What it says is in `layout/`; here are its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.kernel.garbage import uncollected
from studyhub.questions.formats import decoding, evidence
from studyhub.questions.formats.decoding import decode, prose
from studyhub.questions.formats.exchange import Draft, Format, Note, Reading, Source, Writing
from studyhub.questions.formats.from_markup import literal
from studyhub.questions.formats.layout.line import Held, Line, foreign_signs_shown
from studyhub.questions.formats.layout.reading import CARRIES, read_lines
from studyhub.questions.formats.layout.writing import Plain, lay_out
from studyhub.questions.formats.to_markup import plain_lines

_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]+\)")
_SUFFIXES = (".txt", ".text", ".md", "")
_LIKE_A_BANK_FILE = re.compile(r"^(?:bank|title|language|questions)[ \t]*[:：]", re.M)
_HEAD = 20_000


def read(source: Source) -> Reading:
    return _read_text(prose(source.data))


def _read_text(text: str) -> Reading:
    held = Held()
    text = held.formulas(foreign_signs_shown(text))
    with uncollected():  # hundreds of thousands of lines that hold no cycles
        return read_lines([Line(line, at) for at, line in enumerate(text.split("\n"), 1)], held)


def read_typed(text: str) -> Reading:
    """A question that was typed on a page, where pictures that came along are named as in a bank file."""
    held = Held()
    kept = _IMAGE.sub(lambda found: held.hold(found[0]), foreign_signs_shown(text.replace("\r\n", "\n")))
    kept = held.formulas(kept)
    return read_lines([Line(line, at) for at, line in enumerate(kept.split("\n"), 1)], held)


def recognises(source: Source) -> bool:
    name = source.name.lower()
    if not name.endswith(_SUFFIXES[:-1]) and "." in name:
        return False
    head = decode(source.data)[:_HEAD]
    return not _LIKE_A_BANK_FILE.search(head) and evidence.of(source).strongest == "text"


def write(draft: Draft) -> Writing:
    """The bank as a paper with its answers."""
    paper, writing = lay_out(draft, CARRIES, LAYOUT, _read_back)
    text = "\n".join(paper.lines)
    writing.data, writing.suffix = text.encode("utf-8-sig"), ".txt"
    if decoding.is_too_long(text):
        most = {"most": decoding.MOST_CHARACTERS, "lines": decoding.MOST_LINES}
        writing.notes.append(Note("longer_than_read", {"characters": len(text)} | most))
    return writing


def _read_back(lines: Sequence[str]) -> Reading:
    return _read_text("\n".join(lines))


def _said(markdown: str) -> str:
    """As plain text: what is plain already keeps its lines."""
    return markdown if _back_of(markdown) == markdown else plain_lines(markdown)


def _back(markdown: str) -> str:
    return _back_of(_said(markdown))


def _back_of(text: str) -> str:
    held = Held()
    lines = "\n".join(line.strip() for line in foreign_signs_shown(text).split("\n"))
    return held.released(literal(held.formulas(lines)))


LAYOUT = Plain(_said, _back)
FORMAT = Format("text", ".txt", CARRIES, recognises, read, write)
