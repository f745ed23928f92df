"""Where a text leaves room: blanks to fill in, and brackets that hold or await an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studyhub.questions.formats.layout import answers
from studyhub.questions.formats.layout.line import UNDERLINE, Line

_UNDERSCORES = re.compile(r"_{2,}(?:\s*[(①-⑳\d][\d)]{0,3}\s*_{2,})?")
_FILLED = re.compile(r"_{1,}\s*([^_\n]{1,60}?)\s*_{1,}")
_EMPTY = re.compile(r"\(\s*\)|【\s*】|\[\s*\]|\{\s*\}|“\s*”|\"\s{2,}\"")
_IN_BRACKETS = re.compile(r"(?:(?<!_)_{2,60}\s{0,3})?\(\s*([^()\n]{1,40}?)\s*\)|【\s*([^【】\n]{1,40}?)\s*】")
_ANSWER = re.compile(
    r"[(【\[]\s*(?:答案|正确答案|参考答案)?\s*:?\s*([A-Z](?:[\s,、;/]*[A-Z]){0,11})\s*[)】\]]"
)
_BETWEEN_LINES = re.compile(r"(?<![A-Za-z])_{1,8}\s*([A-Z](?:[\s,、;/]*[A-Z]){0,7})\s*_{1,8}(?![A-Za-z])")
_VERDICT = re.compile(r"[(【\[]\s*(?:答案\s*:?)?\s*([√✓✔×✗✘✕对错TF]|正确|错误)\s*[)】\]]")
_TICKED = re.compile(r"(?:(?<![A-Za-z0-9])[(【\[]\s*([XxVvⅤ])\s*[)】\]]|\s([√×]))[\s。.]*$")
_END = re.compile(r"[\s。.?!,;:]*")
_ROOM = "（　　）"
_BLANK = 0x100000


@dataclass(frozen=True, slots=True)
class Gap:
    start: int
    end: int
    inside: str = ""


def sign(number: int) -> str:
    """The character that stands for blank `number` until the text is Markdown."""
    return chr(_BLANK + number)


def written(markdown: str) -> str:
    """The Markdown with `[[1]]` for each sign of a blank."""
    return re.sub("[\U00100000-\U001003ff]", lambda found: f"[[{ord(found[0]) - _BLANK}]]", markdown)


def blanks(line: Line) -> list[Gap]:
    """The blanks of a text: underscores and underlined room, or else empty brackets."""
    found = [Gap(*match.span()) for match in _UNDERSCORES.finditer(line.half)]
    found += [gap for gap in underlined(line) if not line.half[gap.start : gap.end].strip()]
    if not found:
        found = [Gap(*match.span()) for match in _EMPTY.finditer(line.half)]
    return sorted(found, key=lambda gap: gap.start)


def underlined(line: Line) -> list[Gap]:
    """Stretches that are underlined, blank or not."""
    return [Gap(start, end, line.text[start:end].strip()) for start, end in line.stretches(UNDERLINE)]


def filled(line: Line) -> list[Gap]:
    """Blanks that hold their answer: underlined words, words between underscores, words in brackets."""
    words = [gap for gap in underlined(line) if gap.inside]
    if not words:
        words = [Gap(*match.span(), match[1]) for match in _FILLED.finditer(line.text)]
    if not words:
        words = [
            Gap(*match.span(), line.text[slice(*match.span(match.lastindex or 0))])
            for match in _IN_BRACKETS.finditer(line.half)
        ]
    return words


def answer_behind(line: Line) -> Gap | None:
    """`…每____年举行一次。（五）`: the words in a bracket behind the end of the text."""
    for match in _IN_BRACKETS.finditer(line.half):
        if line.half[: match.start()].rstrip().endswith((".", "。", "?", "!")) and _END.fullmatch(
            line.half, match.end()
        ):
            return Gap(*match.span(), line.text[slice(*match.span(match.lastindex or 0))])
    return None


def with_blanks(line: Line, gaps: list[Gap]) -> str:
    text = line.text
    for number, gap in reversed(list(enumerate(gaps, 1))):
        text = text[: gap.start] + sign(number) + text[gap.end :]
    return text.strip()


def bracketed_letters(line: Line) -> list[Gap]:
    """Brackets in a stem, or lines to write on (`__B__`), with nothing but letters in them."""
    found = [*_ANSWER.finditer(line.half), *_BETWEEN_LINES.finditer(line.half)]
    return [
        Gap(*match.span(), answers.letters(match[1]) or "") for match in sorted(found, key=re.Match.start)
    ]


def small_letter(line: Line) -> list[Gap]:
    """`(b)` at the end of a stem."""
    found = re.search(r"\(\s*([a-z])\s*\)[\s。.?]*$", line.half)
    return [Gap(*found.span(), found[1].upper())] if found else []


def bracketed_verdict(line: Line) -> Gap | None:
    """`（√）` at the end of a statement, or before it."""
    found = [
        match
        for match in _VERDICT.finditer(line.half)
        if not line.half[: match.start()].strip() or _END.fullmatch(line.half, match.end())
    ]
    return Gap(*found[-1].span(), found[-1][1]) if found else None


def ticked(line: Line) -> Gap | None:
    """`（X）`, `（v）` or a bare `√` at the end of what is known to be a statement."""
    found = _TICKED.search(line.half)
    return Gap(*found.span(), "√" if (found[1] or found[2]) in "√VvⅤ" else "×") if found else None


def emptied(line: Line, gap: Gap) -> str:
    """The text with room in the place of the answer."""
    return (line.text[: gap.start] + _ROOM + line.text[gap.end :]).strip()


def without(text: str, half: str) -> str:
    """A statement without the bracket for its verdict, at the end or in front."""
    match = re.fullmatch(r"(.*?)\s*[(【\[]\s*[)】\]]([\s。.?!]*)", half, re.S)
    if match:
        tail = match[2].strip()
        head = text[: match.end(1)]
        return (
            head if not tail or head.endswith(tuple("。.?!？！")) else head + text[match.start(2) :].strip()
        )
    match = re.match(r"\s*[(【\[]\s*[)】\]]\s*", half)
    return text[match.end() :] if match else text
