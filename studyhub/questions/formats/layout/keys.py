"""Lists of answers away from their questions: `1-5 ABCDA`, `1.A 2.B`, one a line, or a table under 题号."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.line import Line

_VERDICT = r"正确|错误|[√×✓✗✔✘✕对错]"
_ONE = rf"(?:[A-Z](?:[,、]?[A-Z]){{0,11}}|{_VERDICT})"
_PAIR = re.compile(
    rf"\s*[(\[]?(\d{{1,5}})[)\]]?\s*[.、:)\-—]*\s*[(\[]?({_ONE})[)\]]?(?=[\s,;、。|.(\[]|\d|$)[\s,;、。|.]*"
)
_RANGE = re.compile(r"(\d{1,5})\s*(?:[-—–~―至到]{1,2})\s*(\d{1,5})\s*题?\s*[.、:)]*\s*")
_DIGIT = re.compile(r"\d")
_COMPACT = re.compile(rf"(?:[A-Z]|{_VERDICT})")
_SEPARATORS = re.compile(r"[\s,、;|/.]+")
_TABLE_HEAD = re.compile(r"\s*(?:题号|题目|序号)\s*[:|\s]")
_NUMBERS_ALONE = re.compile(r"\s*\d{1,5}(?:[\s|]+\d{1,5})+\s*")
_COLUMN_HEAD = re.compile(r"\s*(?:题号|序号)[\s|]+(?:参考|正确)?答案\s*")
_OF_KIND = re.compile(r"\s*[(\[【]?([^\s:()\[\]【】\d]{2,8}题)的?(?:参考|正确|标准)?答案[)\]】]?\s*:\s*")
_TABLE_ROW = re.compile(r"\s*(?:参考|正确)?答案\s*[:|\s]")
_CELL = re.compile(r"[\t|]")
_BEGINS = re.compile(rf"\s*[(\[【]?(?:{_ONE})[)\]】]?(?=[\s,;、。.:(\[【]|$)")
_ORDINAL = re.compile(rf"\s*(?:\(?([{signs.HAN}]{{1,3}})\)?)\s*[、.: ]*")
_KIND = re.compile(r"\s*[(【]?([^\s:()\d]{2,8}?题?)[)】]?\s*(?:\([^)]*\))?\s*(?::|$|(?=\d))")
_LETTERS_ONLY = re.compile(rf"(?:{_ONE}[\s,、;]*){{2,}}")


@dataclass(frozen=True, slots=True)
class Group:
    """Below which heading of the list of answers one stands."""

    kind: str = ""
    ordinal: int = 0
    place: int = 0

    @property
    def named(self) -> bool:
        return bool(self.kind or self.ordinal)


@dataclass(slots=True)
class Keyed:
    """The answer of the question with this number (`by_place`: of the one at this place in its section)."""

    number: int
    lines: list[Line]
    group: Group
    source: list[Line] = field(default_factory=list)
    by_place: bool = False


def is_list(line: Line) -> bool:
    """Whether the line holds nothing but several answers with their numbers."""
    half = line.half.strip()
    if not half or (not half[0].isdigit() and half[0] not in "(["):
        return False
    return len(_entries(half)) > 1


def is_table_head(line: Line) -> bool:
    if _NUMBERS_ALONE.fullmatch(line.half):
        return True
    return _TABLE_HEAD.match(line.half) is not None and sum(c.isdigit() for c in line.half) > 0


def of_kind(line: Line) -> tuple[str, int]:
    """The kind that `单选题答案：1、A 2、B` is the key of, and where its answers begin; else ""."""
    found = _OF_KIND.match(line.half)
    kind = signs.kind_word(found[1])[0] if found else ""
    return (kind, found.end()) if found and kind and is_list(line.part(found.end())) else ("", 0)


def is_column_head(line: Line) -> bool:
    """`题号 答案`, above one answer a line."""
    return _COLUMN_HEAD.fullmatch(line.half) is not None


def begins_with_answer(line: Line) -> bool:
    """Whether what follows a number is an answer and no stem: letters, a verdict, a label."""
    label = signs.label_at(line.half, 0)
    return _BEGINS.match(line.half) is not None or (
        label is not None and label.name in ("answer", "explanation")
    )


def read(lines: Sequence[Line]) -> list[Keyed]:
    return list(_Reader(lines).read())


class _Reader:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._group = Group()
        self._last: Keyed | None = None
        self._groups = 0

    def read(self) -> Iterator[Keyed]:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if is_column_head(line):
                at += 1
                continue
            if is_table_head(line) and at + 1 < len(self._lines):
                yield from self._table(line, self._lines[at + 1])
                at += 2
                continue
            yield from self._line(line)
            at += 1

    def _line(self, line: Line) -> Iterator[Keyed]:
        line = self._without_heading(line)
        if line.blank:
            return
        label = signs.label_at(line.half, 0)
        if label and label.name == "answer":
            line = line.part(label.end) if is_list(line.part(label.end)) else line
        if is_list(line):
            yield from self._listed(line)
            return
        if self._group.named and _LETTERS_ONLY.fullmatch(line.half) and self._last is None:
            yield from self._in_order(line)
            return
        number = signs.number(line)
        if number and self._continues(number.value, line, number.end):
            yield from self._textual(line, number.value, number.end)
        elif self._last is not None:
            self._last.lines.append(line)
            self._last.source.append(line)

    def _continues(self, value: int, line: Line, end: int) -> bool:
        """Whether a number begins the next answer, and is not one of a list within the last."""
        if self._last is None or value == self._last.number + 1:
            return True
        return begins_with_answer(line.part(end))

    def _without_heading(self, line: Line) -> Line:
        """The rest of the line behind 一、单选题： or the like, which begins a group."""
        own, start = of_kind(line)
        if own:
            self._begin(own, 0)
            return line.part(start)
        ordinal = _ORDINAL.match(line.half)
        start = ordinal.end() if ordinal else 0
        named = _KIND.match(line.half, start)
        kind = signs.kind_word(named[1])[0] if named else ""
        if not ordinal and not kind:
            found = signs.heading(line)
            if not found:
                return line
            self._begin(
                found.kind,
                signs.han_value(found.ordinal[0]) if found.ordinal[:1] in signs.HAN and found.ordinal else 0,
            )
            return line.part(len(line.half))
        self._begin(kind, signs.han_value(ordinal[1]) if ordinal else 0)
        if kind and named:
            return line.part(named.end())
        return line.part(len(line.half) if signs.heading(line) else start)

    def _begin(self, kind: str, ordinal: int) -> None:
        self._groups += 1
        self._group, self._last = Group(kind, ordinal, self._groups), None

    def _made(self, number: int, answer: Line, source: Line, *, by_place: bool = False) -> Keyed:
        self._last = Keyed(number, [answer], self._group, [source], by_place)
        return self._last

    def _listed(self, line: Line) -> Iterator[Keyed]:
        for number, answer in _entries(line.half.strip()):
            yield self._made(number, Line(answer, line.number), line)

    def _in_order(self, line: Line) -> Iterator[Keyed]:
        tokens = _tokens(line.half)
        for at, token in enumerate(tokens, 1):
            yield self._made(at, Line(token, line.number), line, by_place=True)

    def _textual(self, line: Line, value: int, end: int) -> Iterator[Keyed]:
        """`1. 北京 2. 上海`: one or several answers in words."""
        while True:
            following = re.compile(rf"\s{value + 1}\s*[.、:)]\s*(?=\D)").search(line.half, end)
            yield self._made(value, line.part(end, following.start() if following else None), line)
            if not following:
                return
            value, end = value + 1, following.end()

    def _table(self, head: Line, row: Line) -> Iterator[Keyed]:
        numbers, answers = (_cells(line) for line in (head, row))
        if _TABLE_ROW.match(row.half):
            numbers, answers = numbers[1:], answers[1:]
        for number, answer in zip(numbers, answers, strict=False):
            if number.isdigit() and answer:
                yield self._made(int(number), Line(answer, row.number), row)


def _cells(line: Line) -> list[str]:
    parts = _CELL.split(line.text) if _CELL.search(line.text) else line.half.split()
    return [part.strip() for part in parts]


def _entries(half: str) -> list[tuple[int, str]]:
    """Number and answer, one by one (`6.B`) or of a range (`1-5 ABCDA`); none when anything else is there."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(half):
        part = _of_range(half, at) or _of_one(half, at)
        if part is None:
            return []
        found += part[0]
        at = part[1]
    return found


Part = tuple[list[tuple[int, str]], int]
"""Answers with their numbers, and where in the line they end."""


def _of_range(half: str, at: int) -> Part | None:
    match = _RANGE.match(half, at)
    if not match:
        return None
    following = _DIGIT.search(half, match.end())
    end = following.start() if following else len(half)
    first, last = int(match[1]), int(match[2])
    tokens = _spread(first, last, half[match.end() : end])
    return None if tokens is None else (list(zip(range(first, last + 1), tokens, strict=True)), end)


def _of_one(half: str, at: int) -> Part | None:
    match = _PAIR.match(half, at)
    return ([(int(match[1]), match[2])], match.end()) if match else None


def _spread(first: int, last: int, text: str) -> list[str] | None:
    """One answer for each number of a range, or None when they do not come out."""
    count = last - first + 1
    if not 0 < count <= 500:
        return None
    groups = [part for part in _SEPARATORS.split(text) if part]
    if len(groups) == count and all(re.fullmatch(_ONE, group) for group in groups):
        return groups
    tokens = _COMPACT.findall(text)
    whole = "".join(tokens) == _SEPARATORS.sub("", text)
    return tokens if whole and len(tokens) == count else None


def _tokens(half: str) -> list[str]:
    groups = [part for part in _SEPARATORS.split(half.strip()) if part]
    return groups if len(groups) > 1 else _COMPACT.findall(half)
