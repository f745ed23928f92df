"""The answer of a question in the bracket of its own prompt, as papers have it: `（√）`, `（B）`."""

from __future__ import annotations

from collections.abc import Container

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.layout import gaps
from studyhub.questions.formats.layout.gaps import Gap
from studyhub.questions.formats.layout.line import Line as Text

COLUMN = "verbatim"
"""Says of a row that such a bracket is a part of the prompt."""


def verdict_in(prompt: str) -> Gap | None:
    """The bracket that says whether a statement is true."""
    return gaps.bracketed_verdict(Text(prompt))


def letters_in(prompt: str, options: Container[str]) -> Gap | None:
    """The last bracket that holds letters of options."""
    found = gaps.bracketed_letters(Text(prompt))
    return next(
        (gap for gap in reversed(found) if gap.inside and all(map(options.__contains__, gap.inside))), None
    )


def holds_answer(item: Item) -> bool:
    """Whether a bracket of its prompt would be taken for the answer."""
    if item["type"] == "truefalse":
        return verdict_in(item["prompt"]) is not None
    return "options" in item and letters_in(item["prompt"], item["options"]) is not None
