"""Plain text in the usual Chinese layout. What it says is in `layout/`; here are its lines."""

from __future__ import annotations

import re

from studyhub.kernel.garbage import uncollected
from studyhub.questions.formats.decoding import decode, prose
from studyhub.questions.formats.exchange import Format, Reading, Source
from studyhub.questions.formats.layout.line import Held, Line, foreign_signs_shown
from studyhub.questions.formats.layout.reading import CARRIES, read_lines

_FORMULA = re.compile(r"\$\$?(?=[^$\n]*[\\^_{])[^$\s](?:[^$\n]*[^$\s])?\$\$?")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]+\)")
_SUFFIXES = (".txt", ".text", ".md", "")
_LIKE_QUESTIONS = re.compile(
    r"^\s*(?:[（(]?[AＡ][)）]?\s*[.．、:：)）]|.*(?:答案|解析)\s*[:：】\]]|[一二三四五]、.{0,6}(?:选择|判断|填空|简答)|"
    r"\s*\d{1,4}\s*[.．、].*[（(]\s*(?:[A-Z]{0,6}|[√×对错])\s*[)）])",
    re.M,
)

_LIKE_A_BANK_FILE = re.compile(r"^(?:bank|title|language|questions)[ \t]*[:：]", re.M)


def read(source: Source) -> Reading:
    held = Held()
    text = foreign_signs_shown(prose(source.data))
    text = _FORMULA.sub(lambda found: held.hold(found[0]), text)
    with uncollected():  # hundreds of thousands of lines that hold no cycles
        return read_lines([Line(line, at) for at, line in enumerate(text.split("\n"), 1)], held)


def read_typed(text: str) -> Reading:
    """A question that was typed on a page, where pictures that came along are named as in a bank file."""
    held = Held()
    kept = _IMAGE.sub(lambda found: held.hold(found[0]), foreign_signs_shown(text.replace("\r\n", "\n")))
    kept = _FORMULA.sub(lambda found: held.hold(found[0]), kept)
    return read_lines([Line(line, at) for at, line in enumerate(kept.split("\n"), 1)], held)


def recognises(source: Source) -> bool:
    name = source.name.lower()
    if not name.endswith(_SUFFIXES[:-1]) and "." in name:
        return False
    head = decode(source.data)[:20_000]
    return _LIKE_QUESTIONS.search(head) is not None and not _LIKE_A_BANK_FILE.search(head)


FORMAT = Format("text", ".txt", CARRIES, recognises, read)
