"""A question as a paper shows it: the part of the interface's question object that depends on its type."""

from __future__ import annotations

from typing import Any

from studyhub.questions.revisions import Revision
from studyhub.questions.types import Order, choice
from studyhub.questions.types.blank import Blanks
from studyhub.questions.types.number import Number


def shown(revision: Revision, order: Order) -> dict[str, Any]:
    """`{"type", "prompt_html"}`, and by type `options`, `blanks` or `unit`. Never the key."""
    question, html = revision.question, revision.html
    part: dict[str, Any] = {"type": question.type, "prompt_html": html["prompt"]}
    if order:
        part["options"] = [
            {"key": letter, "html": html[f"options.{key}"]} for letter, key in choice.letters(order).items()
        ]
    if isinstance(question.content, Blanks):
        part["blanks"] = len(question.content.accepted)
    if isinstance(question.content, Number) and question.content.unit:
        part["unit"] = question.content.unit
    return part
