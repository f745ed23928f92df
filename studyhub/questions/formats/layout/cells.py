"""Tables of answers in a text that has each cell on a line of its own → a line for each row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.questions.formats.layout.line import Line

_NUMBERS = re.compile(r"\s*(?:题号|序号)\s*")
_ANSWERS = re.compile(r"\s*(?:参考|正确|标准)?答案\s*")
_NUMBER = re.compile(r"\s*\d{1,5}\s*")
_ANSWER = re.compile(r"\s*(?:[A-Z](?:[,、]?[A-Z]){0,11}|正确|错误|[√×✓✗✔✘✕对错])\s*")


def joined(lines: Sequence[Line]) -> list[Line]:
    """The lines with such tables row by row."""
    made: list[Line] = []
    at = 0
    while at < len(lines):
        end = _across(lines, at, made) or _down(lines, at, made) if _NUMBERS.fullmatch(lines[at].half) else 0
        if not end:
            made.append(lines[at])
        at = end or at + 1
    return made


def _across(lines: Sequence[Line], at: int, made: list[Line]) -> int:
    """题号, numbers, 答案, and as many answers; where they end, 0 for anything else."""
    middle = _run(lines, at + 1, _NUMBER)
    count = middle - at
    if count < 2 or middle == len(lines) or not _ANSWERS.fullmatch(lines[middle].half):
        return 0
    if _run(lines, middle + 1, _ANSWER) < middle + count:
        return 0
    made += [_row(lines[at:middle]), _row(lines[middle : middle + count])]
    return middle + count


def _down(lines: Sequence[Line], at: int, made: list[Line]) -> int:
    """题号, 答案, then a number and its answer by turns."""
    if at + 1 == len(lines) or not _ANSWERS.fullmatch(lines[at + 1].half):
        return 0
    end = at + 2
    while (
        end + 1 < len(lines) and _NUMBER.fullmatch(lines[end].half) and _ANSWER.fullmatch(lines[end + 1].half)
    ):
        end += 2
    if end == at + 2:
        return 0
    made += [_row(lines[place : place + 2]) for place in range(at, end, 2)]
    return end


def _run(lines: Sequence[Line], at: int, cell: re.Pattern[str]) -> int:
    """Up to where such cells go on."""
    while at < len(lines) and cell.fullmatch(lines[at].half):
        at += 1
    return at


def _row(cells: Sequence[Line]) -> Line:
    return Line("\t".join(cell.text.strip() for cell in cells), cells[0].number)
