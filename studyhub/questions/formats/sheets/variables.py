"""The variables of a question in one cell, a line each: `a = 2..9`, `b = 0..1 step 0.25`, `c = 10 | 20`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studyhub.questions.formats.sheets.cells import ALTERNATIVES, LINES, LISTED, parted, split

_ONE = re.compile(r"([^\W\d]\w*)\s*[=＝:：]\s*(.+)", re.S)
_RANGE = re.compile(
    r"(\S+?)\s*(?:\.\.|…|~|～|到|至)\s*(\S+?)(?:[\s,，]*(?:step|步长)\s*[=＝:：]?\s*(\S+))?", re.I
)


def spelt(variables: Mapping[str, Mapping[str, Any]]) -> str:
    return "\n".join(f"{name} = {_domain(domain)}" for name, domain in variables.items())


def _domain(domain: Mapping[str, Any]) -> str:
    if "choose" in domain:
        return " | ".join(map(str, domain["choose"]))
    step = f" step {domain['step']}" if "step" in domain else ""
    return f"{domain['from']}..{domain['to']}{step}"


def read(cell: str) -> dict[str, Any] | None:
    """The variables that a cell says; None where it cannot be read."""
    found: dict[str, Any] = {}
    for text in split(cell, LINES + ";；"):
        one = _ONE.fullmatch(text)
        if one is None or one[1] in found:
            return None
        found[one[1]] = _read_domain(one[2].strip())
    return found


def _read_domain(text: str) -> dict[str, Any]:
    ends = _RANGE.fullmatch(text)
    if ends is None:
        return {"choose": parted(text, LISTED + ALTERNATIVES)}
    domain = {"from": ends[1], "to": ends[2]}
    return domain | {"step": ends[3]} if ends[3] else domain
