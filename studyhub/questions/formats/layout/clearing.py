"""Before a document is divided: what is no part of any question goes aside, and a bracket in front of a
number goes where other papers have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from studyhub.questions.formats.layout import boxes, cells, signs
from studyhub.questions.formats.layout.line import PLAIN, Line

_VERDICT = r"[√✓✔×✗✘✕对错]|正确|错误"
_LEADING = re.compile(
    rf"\s*[(\[【]\s*(?:{_VERDICT}|[A-Z]{{1,8}})?\s*[)\]】]\s*(?=(\d{{1,5}})\s*[.、:]\s*[^\s\d])"
)
_PAGE = re.compile(r"\s*(?:第\s*\d+\s*页[\s,/(]*(?:共\s*\d+\s*页)?\s*\)?|[-—–]\s*\d{1,3}\s*[-—–])\s*")
_SCORES = re.compile(
    r"[\s|]*(?:题\s*号|大题)(?:[\s|]+(?:[一二三四五六七八九十]{1,3}|总\s*分|合\s*计|核分人|复核人))+[\s|]*|"
    r"[\s|]*(?:得\s*分|评\s*卷\s*人|阅\s*卷\s*人|评\s*分\s*人|复\s*核\s*人)"
    r"(?:[\s|]+(?:得\s*分|评\s*卷\s*人|阅\s*卷\s*人|评\s*分\s*人|复\s*核\s*人))*[\s|:_]*"
)
"""The boxes in which somebody writes the marks of a section."""
_BULLET = re.compile(r"\s*[•●▪■◆◇○➢\uf06c\uf0b7\uf0d8]\s*")
_GIVEN = re.compile(
    r"\s*[【\[]?(?:我|你|您|学生|考生|本人)的?(?:答案|作答|选择)[】\]]?\s*:\s*[^\s:]{0,20}\s*"
    r"(?=$|[【\[]?(?:正确|参考|标准)?答案)|\s*(?:本题)?得分\s*:\s*[\d.]+\s*分?\s*$"
)


def cleared(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that questions stand in, and those that went aside: page numbers, and what somebody answered
    or scored where the paper was sat."""
    kept: list[Line] = []
    aside: list[Line] = []
    for line in lines:
        given = _GIVEN.match(line.half)
        if (
            _PAGE.fullmatch(line.half)
            or _SCORES.fullmatch(line.half)
            or (given and given.end() == len(line.half))
        ):
            aside.append(line)
        elif given:
            aside.append(line.part(0, given.end()))
            kept.append(line.part(given.end()))
        else:
            kept.append(line)
    return _turned(boxes.read(cells.joined([_without_bullet(line) for line in kept]))), aside


def _without_bullet(line: Line) -> Line:
    """`• A. …`, as lists of options are written to a text, without the bullet."""
    found = _BULLET.match(line.half)
    if not found or not signs.letter(line.part(found.end())):
        return line
    bare = line.replaced(0, found.end(), "")
    return Line(bare.text, line.number, bare.marks, line.remarks)


def _turned(lines: Sequence[Line]) -> list[Line]:
    """`（√）1. …` as `1. …（√）`, where several have it so, or the number before stands above."""
    leading = [_LEADING.match(line.half) for line in lines]
    those = [at for at, found in enumerate(leading) if found]
    if not those or (len(those) == 1 and not _is_due(lines, those[0], leading[those[0]])):
        return list(lines)
    return [
        _with_bracket_last(line, found.end()) if found else line
        for line, found in zip(lines, leading, strict=True)
    ]


def _is_due(lines: Sequence[Line], at: int, found: re.Match[str] | None) -> bool:
    """Whether its number comes next. A letter in front may be an option's: then options must follow."""
    before = int(found[1]) - 1 if found else 0
    if signs.letter(lines[at]):
        below = next((signs.letter(line) for line in lines[at + 1 : at + 4] if not line.blank), None)
        if below is None or below.letter != "A":
            return False
    return any((number := signs.number(line)) and number.value == before for line in lines[:at])


def _with_bracket_last(line: Line, at: int) -> Line:
    bracket, rest = line.part(0, at), line.part(at)
    marks = rest.marks and rest.marks + PLAIN + bracket.marks
    return Line(f"{rest.text} {bracket.text}", line.number, marks, line.remarks)
