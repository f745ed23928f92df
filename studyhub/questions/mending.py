"""Mending an item that is not YAML, in memory, so that the rest of it can be read.

A mended line is longer than what was typed: the places of what was read are moved back.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from studyhub.kernel.faults import Fault
from studyhub.questions.document import Mapping, Node, Scalar, nodes
from studyhub.questions.grammar import KEY, Grammar, fullwidth_colon

BLANKS = " \t\N{IDEOGRAPHIC SPACE}"
QUOTABLE = frozenset({"must_quote", "colon_in_text", "text_after_quote"})

_BLOCK_SIGN = re.compile(r"[|>][-+0-9]{0,2}\s*(#.*)?")
_COMMENT = re.compile(r"(?: {2,}|[ ]*\t[ \t]*)#")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file: its text, its first line, and the index of its first character."""

    text: str
    line: int
    index: int


class Mended:
    """A piece as it would be without some mistakes. `shifts`: after which place (line, column) how many
    characters more stand there than in the file."""

    def __init__(self, piece: Piece, grammar: Grammar) -> None:
        self._first = piece
        self._grammar = grammar
        self._lines = piece.text.split("\n")
        self._shifts: list[tuple[int, int, int]] = []
        self._sums: list[int] = []
        self._colons: list[Fault] = []

    @property
    def piece(self) -> Piece:
        return replace(self._first, text="\n".join(self._lines))

    def colons(self) -> None:
        """Replace `：` after known keys."""
        for row, line in enumerate(self._lines):
            match = KEY.match(line)
            if match and match["colon"].startswith("：") and self._grammar.meant(match["key"]):
                column = match.start("key") + 1
                place = row + self._first.line
                self._colons.append(fullwidth_colon(match["key"], place, column, self._grammar))
                self._change(row, f"{match['before']}{match['key']}: {match['value']}", column)

    def quote(self, trouble: Fault) -> bool:
        """Put the text that a fault is about between quotation marks; False when that cannot be done."""
        row = trouble.line - self._first.line
        if trouble.code not in QUOTABLE:
            return False
        value = rest_to_quote(self._lines, row + 1, trouble.column, self._grammar)
        if not value:
            return False
        line = self._lines[row]
        end = trouble.column - 1 + len(value)
        self._change(row, line[: trouble.column - 1] + quoted(value) + line[end:], trouble.column)
        return True

    def placed(self, fault: Fault) -> Fault:
        """A fault of the mended piece, at its place in the file."""
        return replace(fault, column=fault.column - self._shifted(fault.line, fault.column)[0])

    def settle(self, root: Node | None) -> list[Fault]:
        """Move what was read of the mended piece back to its place in the file.

        The faults are those of the colons, without lines of a longer text that only look like keys.
        """
        keys: set[tuple[int, int]] = set()
        for node in nodes(root):
            if isinstance(node, Mapping):
                keys |= {(key.line, key.column) for key, _ in node.pairs}
            in_line, before = self._shifted(node.line, node.column)
            if isinstance(node, Scalar):
                node.end -= before
            node.column -= in_line
        return [fault for fault in self._colons if (fault.line, fault.column) in keys]

    def doubtful(self) -> list[Fault]:
        """The faults of the colons of a piece that could not be read: some may stand within a text."""
        return [replace(fault, params={**fault.params, "sure": False}) for fault in self._colons]

    def _change(self, row: int, line: str, column: int) -> None:
        insort(self._shifts, (row + self._first.line, column, len(line) - len(self._lines[row])))
        self._lines[row] = line

    def _shifted(self, line: int, column: int) -> tuple[int, int]:
        """How many characters more than in the file stand before a place: in its line, and in all."""
        if len(self._sums) <= len(self._shifts):
            self._sums = [0, *accumulate(more for _, _, more in self._shifts)]
        here = bisect_left(self._shifts, (line, column))
        begin = bisect_left(self._shifts, (line, 0), 0, here)
        return self._sums[here] - self._sums[begin], self._sums[here]


def rest_to_quote(lines: Sequence[str], row: int, column: int, grammar: Grammar) -> str:
    """The text of a key at this place (1-based) that goes to the end of its line, or to a comment that two
    blanks set off; "" when there is none, or when it goes on below."""
    line = lines[row - 1].rstrip("\r")
    match = KEY.match(line)
    if match is None or match.start("value") != column - 1 or not grammar.is_text(match["key"]):
        return ""
    comment = _COMMENT.search(match["value"])
    value = match["value"][: comment.start() if comment else None].rstrip(BLANKS)
    if _BLOCK_SIGN.fullmatch(value) or _goes_on(row, len(match["before"]), lines):
        return ""
    return value


def _goes_on(row: int, indent: int, lines: Sequence[str]) -> bool:
    """Whether the value on this line (1-based) goes on below it."""
    for at in range(row, len(lines)):
        line = lines[at]
        if line.strip() and not line.lstrip().startswith("#"):
            return len(line) - len(line.lstrip()) > indent
    return False


def quoted(text: str) -> str:
    """The text between quotation marks, as YAML reads it back."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'
