"""`banks check --fix`: what can be put right without asking, as edits of single lines.

Comments, layout, line ends and a byte-order mark stay as they are: an edit replaces some characters of one
line and nothing else. An edit is made only where its line says exactly what the fault is about, and never
where it would decide what is right: a letter is written anew only when it can mean one option alone.
Each round checks the file as it then is, so that what one mistake had hidden is put right as well.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import yaml

from studyhub.kernel.faults import Fault
from studyhub.questions import source
from studyhub.questions.bank_file import Checked, check
from studyhub.questions.bank_keys import GRAMMAR, SPOKEN_VALUES
from studyhub.questions.document import Node, Scalar, Unreadable, compose, nodes
from studyhub.questions.excerpt import offending
from studyhub.questions.mending import BLANKS, quoted, rest_to_quote
from studyhub.questions.spelling import is_slip

MOST_ROUNDS = 20
TAB_WIDTHS = (2, 4, 8)

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` at this place (1-based, in characters) becomes `new`; `code` is the fault that it answers."""

    line: int
    column: int
    old: str
    new: str
    code: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Repaired:
    """The file as it became, the rounds of edits that made it so, and what the check still says of it."""

    data: bytes
    rounds: tuple[tuple[Edit, ...], ...]
    checked: Checked

    @property
    def edits(self) -> list[Edit]:
        return [edit for edits in self.rounds for edit in edits]


def repair(data: bytes) -> Repaired:
    """Put right what is mechanical. Doing it again changes nothing."""
    rounds: list[tuple[Edit, ...]] = []
    checked = check(data)
    while len(rounds) < MOST_ROUNDS and (edits := _edits(checked, data)):
        data = apply(data, edits)
        rounds.append(tuple(edits))
        checked = check(data)
    return Repaired(data, tuple(rounds), checked)


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The file with these edits made; they do not overlap. Raises ValueError where a line says otherwise."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    rows = [list(match.groups()) for match in _LINE.finditer(data[len(mark) :].decode())]
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column), reverse=True):
        row, at = rows[edit.line - 1], edit.column - 1
        if not row[0].startswith(edit.old, at):
            raise ValueError(edit)
        row[0] = row[0][:at] + edit.new + row[0][at + len(edit.old) :]
    return mark + "".join(part for row in rows for part in row).encode()


def _edits(checked: Checked, data: bytes) -> list[Edit]:
    """The edits of one round: at most one for each piece of a line, the structure before what it holds."""
    lines = source.lines(checked.text)
    found = [edit for fault in checked.faults if (edit := _answer(fault, lines))]
    structural = {edit.line for edit in found if edit.code in _STRUCTURE}
    wanted = [edit for edit in found if edit.code in _STRUCTURE or edit.line not in structural]
    edits = _without_overlaps([*wanted, *_trimmed(checked.text, lines)])
    if edits or all(fault.code != "tab_indent" for fault in checked.faults):
        return edits
    return _untabbed(checked, lines, data)


def _answer(fault: Fault, lines: list[str]) -> Edit | None:
    """The edit that a fault asks for, if there is one and its line is as the fault says."""
    remedy = _REMEDIES.get(fault.code)
    if remedy is None or not 0 < fault.line <= len(lines):
        return None
    line = lines[fault.line - 1]
    change = remedy(fault, line, lines)
    if change is None or change[0] == change[1] or not line.startswith(change[0], fault.column - 1):
        return None
    return Edit(fault.line, fault.column, *change, fault.code, fault.subject)


def _without_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column)):
        last = kept[-1] if kept else None
        if last is None or last.line != edit.line or last.column + len(last.old) <= edit.column:
            kept.append(edit)
    return kept


# Remedies: what stands at the fault, and what is to stand there.

Change = tuple[str, str] | None


def _rename(fault: Fault, line: str, lines: list[str]) -> Change:
    """A key in Chinese, in another case or width, or with a slip of the finger."""
    word, meant = fault.params["key"], fault.params["meant"]
    if not meant or fault.params["taken"] or not (fault.code == "chinese_key" or is_slip(word, meant)):
        return None
    return _whole(line, fault.column, word, meant)


def _respell(fault: Fault, line: str, lines: list[str]) -> Change:
    """A word such as 单选 or `esay`."""
    word, meant = fault.params["value"], fault.params["meant"]
    spoken = SPOKEN_VALUES.get(fault.params["key"], {})
    if not meant or not (spoken.get(word) == meant or is_slip(word, meant)):
        return None
    return _whole(line, fault.column, word, meant)


def _reletter(fault: Fault, line: str, lines: list[str]) -> Change:
    """`b`, `Ｂ` or `A、C` for B and [A, C]: the same letters in the file's own spelling."""
    meant = fault.params["meant"]
    return _whole(line, fault.column, fault.params["key"], meant) if meant else None


def _whole(line: str, column: int, word: str, new: str) -> Change:
    """The word, with its quotation marks if it has some, when it is all that stands there."""
    token = offending(line, column)
    return (token, new) if token in (word, f'"{word}"', f"'{word}'") else None


def _colon(fault: Fault, line: str, lines: list[str]) -> Change:
    word, meant = fault.params["key"], fault.params["meant"]
    match = re.match(rf"({re.escape(word)}[ \t]*：[{BLANKS}]*)(.?)", line[fault.column - 1 :])
    if match is None or GRAMMAR.meant(word) != meant or not fault.params.get("sure", True):
        return None
    return match[1], f"{meant}: " if match[2] else f"{meant}:"


def _quote_scalar(fault: Fault, line: str, lines: list[str]) -> Change:
    text = fault.params["text"]
    return (text, quoted(text)) if offending(line, fault.column) == text else None


def _quote_rest(fault: Fault, line: str, lines: list[str]) -> Change:
    """The text of a key up to the end of its line, or to a comment that two blanks set off."""
    value = rest_to_quote(lines, fault.line, fault.column, GRAMMAR)
    return (value, quoted(value)) if value else None


def _quote_lost_tail(fault: Fault, line: str, lines: list[str]) -> Change:
    """`关于 C # 语言`: the tail belongs to the text. A comment set off by two blanks stays one."""
    return _quote_rest(fault, line, lines) if fault.is_error else None


_REMEDIES: dict[str, Callable[[Fault, str, list[str]], Change]] = {
    "chinese_key": _rename,
    "unknown_key": _rename,
    "unknown_word": _respell,
    "not_an_option": _reletter,
    "fullwidth_colon": _colon,
    "must_quote": _quote_rest,
    "colon_in_text": _quote_rest,
    "text_after_quote": _quote_rest,
    "comment_after_text": _quote_lost_tail,
    "look_alike": _quote_scalar,
}
_STRUCTURE = frozenset({"fullwidth_colon", "must_quote", "colon_in_text", "text_after_quote"})


# Blanks that nobody sees.


def _untabbed(checked: Checked, lines: list[str], data: bytes) -> list[Edit]:
    """Tabs of the indentation as blanks, at the width with which the file reads best; else none.

    What a tab had hidden is put right before it is counted: the file's other mistakes are, by now.
    """
    best: list[Edit] = []
    fewest = checked.errors
    for width in TAB_WIDTHS:
        edits = [
            Edit(row, 1, indent, indent.expandtabs(width), "tab_indent")
            for row, line in enumerate(lines, 1)
            if "\t" in (indent := line[: len(line) - len(line.lstrip(" \t"))]) and line.strip()
        ]
        without = apply(data, edits)
        if any(fault.code == "tab_indent" for fault in check(without).faults):
            continue
        errors = repair(without).checked.errors
        if errors < fewest:
            best, fewest = edits, errors
    return best


def _trimmed(text: str, lines: list[str]) -> Iterator[Edit]:
    """Blanks at the ends of lines, but within texts of several lines. Only in a file that can be read."""
    ends = [row for row, line in enumerate(lines, 1) if line and line[-1] in BLANKS]
    if not ends:
        return
    try:
        protected = _rows_of_long_texts(compose(text), text)
    except (Unreadable, yaml.YAMLError):
        return
    for row in ends:
        line = lines[row - 1]
        bare = line.rstrip(BLANKS)
        if row not in protected:
            yield Edit(row, len(bare) + 1, line[len(bare) :], "", "trailing_blanks")


def _rows_of_long_texts(root: Node | None, text: str) -> set[int]:
    """The lines that belong to a text of several lines."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    rows: set[int] = set()
    for node in nodes(root):
        if isinstance(node, Scalar) and (last := bisect(starts, max(node.end - 1, 0))) > node.line:
            rows.update(range(node.line, last + 1))
    return rows
