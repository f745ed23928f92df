"""Several texts in one cell, so that people can type them and none is ever misread.

Lines, or texts between signs such as `;`. One that holds such a sign itself, begins with a quotation mark or
ends in a blank stands in quotation marks, as in JSON: `"a; b"`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

LINES = "\n"
LISTED = "\n;；,，、"
ALTERNATIVES = "|｜"
LABEL = re.compile(r"\s*[A-Za-z][.．、:：)）]\s*")
_YES = {"true", "yes", "y", "1", "是", "√", "对"}
_QUOTED = r'"(?:[^"\\\n]|\\.)*"'


def joined(texts: Iterable[str], signs: str, between: str) -> str:
    """The texts as one cell; `signs` are those that part texts when it is read again."""
    return between.join(quoted(text, signs) for text in texts)


def quoted(text: str, signs: str) -> str:
    """The text, in quotation marks where it would be misread without."""
    bare = text and text == text.strip() and not text.startswith('"') and set(text).isdisjoint({*signs, "\n"})
    return text if bare else json.dumps(text, ensure_ascii=False)


def split(cell: str, signs: str) -> list[str]:
    """The texts of a cell, as they were typed: blank ones left out, quotation marks still around."""
    sign = re.escape(signs)
    pieces = re.findall(rf"\s*({_QUOTED}(?=\s*(?:[{sign}]|\Z))|[^{sign}]*)", cell)
    return [piece for piece in map(str.strip, pieces) if piece]


def parted(cell: str, signs: str) -> list[str]:
    """The texts of a cell."""
    return [unquoted(piece) for piece in split(cell, signs)]


def unquoted(piece: str) -> str:
    if re.fullmatch(_QUOTED, piece):
        try:
            return str(json.loads(piece))
        except ValueError:
            return piece
    return piece


def unlabelled(options: Mapping[str, str]) -> Mapping[str, str] | None:
    """The options without their letters, where each of them has its own once more (选项A: `A. 甲`), else
    None. What is written so gets another letter: one is taken off when it is read."""
    found = {key: LABEL.match(text) for key, text in options.items()}
    if not all(label and label[0].strip()[0].upper() == key for key, label in found.items()):
        return None
    return {key: text[label.end() :] for key, text in options.items() if (label := found[key])}


def said_yes(cell: str) -> bool:
    return cell.casefold() in _YES


def halves(line: str, arrows: Sequence[str]) -> tuple[str, str] | None:
    """What stands left and right of the first of `arrows` that the line has; None without one."""
    found = re.match(rf"\s*({_QUOTED})\s*(?=\S)", line)
    begin = found.end() if found else 0
    for arrow in arrows:
        at = line.find(arrow, begin)
        if at >= 0:
            return unquoted(line[:at].strip()), unquoted(line[at + len(arrow) :].strip())
    return None
