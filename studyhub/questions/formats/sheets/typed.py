"""Rows as text, a cell in each line (`题型：单选题`), as the fix-it desk shows them and reads them again.

What goes on in the next line of a cell is indented. A word that stood already begins the next row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from studyhub.organization.sheets.sheet import Row
from studyhub.questions.formats.sheets.columns import OPTION, meant, word_for

_ALWAYS = ("type", "prompt", "answer")
_CELL = re.compile(r"([^\s：:][^：:\n]{0,59})[：:][ \t]?(.*)")
_OPTION = re.compile(r"([A-Z])[.．、][ \t]?(.*)")
_INDENT = "  "


def shown(rows: Iterable[Row], bound: Mapping[int, str], header: Sequence[str]) -> str:
    """The rows under the words of their file, or under ours where those say nothing by themselves."""
    words = {at: _word(name, header[at] if at < len(header) else "") for at, name in bound.items()}
    return "\n\n".join(_block(row, bound, words) for row in rows)


def _block(row: Row, bound: Mapping[int, str], words: Mapping[int, str]) -> str:
    # The question is what people know a row by.
    order = sorted(bound, key=lambda at: bound[at] != "prompt")
    cells = {at: row.cells[at] if at < len(row.cells) else "" for at in order}
    return "\n".join(
        f"{words[at]}：" + cell.replace("\n", "\n" + _INDENT)
        for at, cell in cells.items()
        if cell or bound[at] in _ALWAYS
    )


def _word(name: str, header: str) -> str:
    plain = " ".join(header.split())
    fits = meant(plain) == name and not re.search("[：:]", plain) and len(plain) <= 60
    return plain if fits else word_for(name)


def read(text: str) -> tuple[Mapping[str, str], list[Row]]:
    """The columns that a text names, each with its word, and its rows in their order; none without a
    question."""
    words: dict[str, str] = {}
    cells: dict[str, str] = {}
    found = [cells]
    last, apart = "", False
    for line in text.replace("\r\n", "\n").split("\n"):
        name, word, value = _cell(line)
        if name in cells and (name != "tags" or apart):
            cells = {}
            found.append(cells)
        if name:
            # Tags alone may stand in several columns.
            cells[name], last = f"{cells[name]}\n{value}" if name in cells else value, name
            words.setdefault(name, word)
        elif last:
            cells[last] += "\n" + line.removeprefix(_INDENT)
        apart = not line.strip()
    kept = [[each.get(name, "").strip() for name in words] for each in found if "prompt" in each]
    return words, [Row(number, tuple(row)) for number, row in enumerate(kept, 1)]


def _cell(line: str) -> tuple[str, str, str]:
    """The column that a line begins, its word, and what stands there; "" for a line that goes on."""
    found = _CELL.match(line)
    if found and meant(found[1]):
        return meant(found[1]), found[1], found[2]
    found = _OPTION.match(line)
    return (OPTION + found[1], found[1], found[2]) if found else ("", "", line)
