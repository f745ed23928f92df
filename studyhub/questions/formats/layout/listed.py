"""Things that a question lists with a sign before each (①, A., (1)), and answers made of such signs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.parts import Parts

_MARK = re.compile(
    r"(?:(?:^|(?<=[\s;,]))(?:\(\s*(?P<p>\d{1,2}|[A-Z])\s*\)|(?P<l>[A-Z])\s*[.、:)]|(?P<d>\d{1,2})\s*[.、:)](?!\d))"
    r"|(?P<c>[①-⑳]))\s*",
    re.M,
)
_SIGN = re.compile(r"[①-⑳]|[A-Z]|\d{1,2}")
_ONLY_SIGNS = re.compile(r"(?:[①-⑳]|[A-Z]|\d|[\s\-—–~→>:=+,、;。.()/]|[连对配与和])+")
_EDGES = " \t\n;；,，。、"
_CIRCLE = 0x245F

Sign = tuple[str, str]
"""Of which kind it is (`letter`, `number`, `circle`), and which one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands before the first sign, and the text behind each, by the kind of the signs and in order."""

    before: str
    texts: Mapping[str, Mapping[Sign, str]]


def whole(parts: Parts) -> Line:
    """The question without its labels, options and all."""
    options = [f"{option.sign.text} {option.line.text}" for option in parts.options]
    return Line("\n".join([parts.stem.text, *options]))


def listed(line: Line) -> Listed | None:
    """The lists of a question; None where there is none, or one that leaves out a sign or has one twice."""
    marks = list(_MARK.finditer(line.half))
    if not marks:
        return None
    texts: dict[str, dict[Sign, str]] = {}
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(line.text)
        sign = _sign(mark["p"] or mark["l"] or mark["d"] or mark["c"])
        of_kind = texts.setdefault(sign[0], {})
        if sign[1] != _expected(sign[0], len(of_kind)):
            return None
        of_kind[sign] = " ".join(line.text[mark.end() : end].split()).strip(_EDGES)
    complete = all(len(found) > 1 and all(found.values()) for found in texts.values())
    return Listed(line.text[: marks[0].start()].strip(), texts) if complete else None


def _expected(kind: str, place: int) -> str:
    return chr(ord("A") + place) if kind == "letter" else str(place + 1)


def _sign(text: str) -> Sign:
    if text.isdigit() and text.isascii():
        return "number", str(int(text))
    return ("letter", text) if text.isascii() else ("circle", str(ord(text) - _CIRCLE))


def signs_of(half: str) -> list[Sign]:
    """The signs of an answer that is made of nothing else: `②①③`, `A-2 B-1`; none of any other."""
    if not _ONLY_SIGNS.fullmatch(half.strip()):
        return []
    return [_sign(found) for found in _SIGN.findall(half)]


def single_digits(half: str) -> list[Sign]:
    """The same with each digit for itself: `2134`."""
    return [_sign(found) for found in re.findall(r"[①-⑳]|[A-Z]|\d", half)] if signs_of(half) else []


def prompt_around(line: Line, texts: Sequence[str]) -> str | None:
    """The lines that say what to do, where the others hold these texts and nothing else; else None."""
    first, *rest = line.text.split("\n")
    if any(each.strip() for each in rest) and not all(text in line.text for text in texts):
        return None
    for each in rest:
        left = each
        for text in sorted(texts, key=len, reverse=True):
            left = left.replace(text, "")
        if left.strip(_EDGES):
            return None
    return first.strip()
