"""A question as a paper shows it: the part of the interface's question object that depends on its type."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from studyhub.kernel.points import to_number
from studyhub.questions.revisions import Revision
from studyhub.questions.types import Order
from studyhub.questions.types.blank import Blanks
from studyhub.questions.types.essay import Essay
from studyhub.questions.types.number import Number


def shown(revision: Revision, order: Order) -> dict[str, Any]:
    """`{"type", "prompt_html"}`, and by type `options`, `left` and `right`, `items`, `blanks`, `unit`,
    `max_chars`.

    Never the key.
    """
    question, html = revision.question, revision.html
    part: dict[str, Any] = {"type": question.type, "prompt_html": html["prompt"]}
    for name, shown_keys in question.kind.parts(question.content, order).items():
        part[name] = [{"key": key, "html": html[path]} for key, path in shown_keys]
    if isinstance(question.content, Blanks):
        part["blanks"] = len(question.content.accepted)
    if isinstance(question.content, Number) and question.content.unit:
        part["unit"] = question.content.unit
    if isinstance(question.content, Essay):
        part["max_chars"] = question.content.longest
    return part


def group_of(revision: Revision) -> dict[str, str] | None:
    """The passage that the question belongs to: the same key for all of its questions, and its text."""
    question = revision.question
    if not question.passage:
        return None
    whole = f"{revision.bank}/{question.passage}".encode()
    return {"key": blake2b(whole, digest_size=6).hexdigest(), "html": revision.html["material"]}


def good_answer(revision: Revision) -> dict[str, Any]:
    """What a person marks an essay by: `{"model_answer_html", "rubric": [{"html", "points"}]}`."""
    content, html = revision.question.content, revision.html
    if not isinstance(content, Essay):
        return {}
    rubric = [
        {"html": html[f"rubric.{n}"], "points": to_number(criterion.points)}
        for n, criterion in enumerate(content.rubric, 1)
    ]
    return {"model_answer_html": html.get("model_answer", ""), "rubric": rubric}
