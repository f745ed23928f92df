"""The place of a fault in its line: the offending text, and a caret below it."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 80
BEFORE, SHOWN = 60, 110

_QUOTED = re.compile(r"""\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'""")
_KEY = re.compile(r"[^\s:：,\[\]{}]{1,40}(?=\s*(?:：|:(?:\s|$)))")
_IN_BRACKETS = re.compile(r"[^,\[\]{}]+")
_PLAIN = re.compile(r".*?(?=[ \t]+#|[ \t]*$)")
_OPENING = {"[": "]", "{": "}"}


def offending(line: str, column: int) -> str:
    """The text that a fault at this column (1-based) is about: a key, or a value to its end."""
    before, rest = line[: column - 1], line[column - 1 :]
    if not rest:
        return ""
    quoted = _QUOTED.match(rest)
    if quoted:
        return quoted[0]
    if rest[0] in _OPENING:
        return _bracketed(rest)
    depth = sum(before.count(sign) for sign in "[{") - sum(before.count(sign) for sign in "]}")
    if not before.strip(" \t-") or (depth > 0 and before.rstrip()[-1:] in "{,["):
        key = _KEY.match(rest)
        if key:
            return key[0]
    found = (_IN_BRACKETS if depth > 0 else _PLAIN).match(rest)
    return (found[0] if found else rest).rstrip()


def _bracketed(rest: str) -> str:
    depth = 0
    for at, sign in enumerate(rest):
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0:
            return rest[: at + 1]
    return rest.rstrip()


def shortened(text: str) -> str:
    """A text on one line, cut where it is too long to be quoted."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}…"


def pointed(line: str, column: int) -> tuple[str, str]:
    """A part of the line that fits a terminal, and the line below it: `^~~~` under the offending text."""
    start = max(0, column - 1 - BEFORE)
    text = line[start : start + SHOWN].replace("\t", " ")
    first = column - 1 - start
    marked = offending(line, column)[: SHOWN - first]
    width = max(1, _width(marked))
    dots = "…" if start else ""
    return f"{dots}{text}", " " * (_width(text[:first]) + len(dots)) + "^" + "~" * (width - 1)


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)
