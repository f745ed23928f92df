"""数值: a number below a heading that asks for one, with its unit and how far off an answer may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studyhub.questions.fields import NUMBER
from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout.guess import Guess
from studyhub.questions.formats.layout.line import Line
from studyhub.questions.formats.layout.parts import Parts

_SIZE = rf"(?:{NUMBER.pattern})"
_ANSWER = re.compile(
    rf"\s*(?P<answer>{_SIZE})\s*(?:(?:±|\+/-|\+-)\s*(?P<about>{_SIZE}\s*%?))?\s*(?P<unit>[^\d\s(。;,][^\n(]*?)?"
    rf"\s*(?:\(\s*(?:允许)?误差\s*(?:±|为|:|不超过)?\s*(?P<within>{_SIZE}\s*%?)\s*\))?\s*[。.;]?\s*",
    re.ASCII,
)


def item(parts: Parts, told: Sequence[Line]) -> tuple[Item, list[Guess]] | None:
    """The question, or None when what is told as its answer is no number."""
    bare: Item = {"type": "number", "prompt": parts.stem.text}
    if not told:
        return bare, [Guess("no_answer")]
    found = _ANSWER.fullmatch(told[0].half) if len(told) == 1 else None
    if found is None:
        return None
    tolerance = found["within"] or found["about"]
    unit = told[0].text[slice(*found.span("unit"))] if found["unit"] else ""
    given = {"answer": found["answer"], "tolerance": tolerance and re.sub(r"\s", "", tolerance), "unit": unit}
    return bare | {key: value for key, value in given.items() if value}, []


def written(item: Item) -> str:
    """The answer as a paper says it."""
    within = f"（误差 {item['tolerance']}）" if "tolerance" in item else ""
    return " ".join(filter(None, (item["answer"], item.get("unit", "")))) + within
