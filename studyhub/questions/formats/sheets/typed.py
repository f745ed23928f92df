"""Rows as text, a cell in each line (`题型：单选题`), as the fix-it desk shows them and reads them again.

What goes on in the next line of a cell is indented. A word that stood already begins the next row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studyhub.organization.sheets.sheet import Row
from studyhub.questions.formats.sheets.columns import OPTION, meant, word_for

_ALWAYS = ("type", "prompt", "answer")
_CELL = re.compile(r"([^\s：:][^：:\n]{0,59})[：:][ \t]?(.*)")
_OPTION = re.compile(r"([A-Z])[.．、][ \t]?(.*)")
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Showing:
    """What the rows of a sheet stand under: each column's place, its word, and whether it is shown empty."""

    columns: Sequence[tuple[int, str, bool]]

    def __call__(self, rows: Iterable[Row]) -> str:
        return "\n\n".join(map(self._block, rows))

    def _block(self, row: Row) -> str:
        lines, width = [], len(row.cells)
        for at, word, always in self.columns:
            cell = row.cells[at] if at < width else ""
            if cell or always:
                lines.append(f"{word}：" + cell.replace("\n", "\n" + _INDENT))
        return "\n".join(lines)


def showing(bound: Mapping[int, str], header: Sequence[str]) -> Showing:
    """How rows are shown: under the words of their file, or under ours where those say nothing by
    themselves. The question comes first: people know a row by it."""
    order = sorted(bound, key=lambda at: bound[at] != "prompt")
    return Showing([(at, _word(bound[at], header[at]), bound[at] in _ALWAYS) for at in order])


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
