"""材料题: questions about one text, which are drawn together; each is answered and marked by itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from studyhub.questions.fields import Fields
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, QuestionType

MOST = 20

Parts = tuple[Any, ...]
"""The questions (`bank.Question`), which know the passage that they belong to."""


class Passage(QuestionType[Parts]):
    """On a paper there are only its questions: the passage itself takes no answer and is worth nothing."""

    name = "passage"
    keys = frozenset({"questions"})
    key_in = "questions"

    def check(self, fields: Fields, prompt: str) -> Parts | None:
        nodes = fields.items("questions", required=True)
        if nodes is None or fields.part is None:
            return None
        if not 0 < len(nodes) <= MOST:
            fields.report.error("part_count", fields.found["questions"][1], count=len(nodes), most=MOST)
        parts = [fields.part(node) for node in nodes]
        return tuple(parts) if parts and all(parts) else None

    def accept(self, content: Parts, order: Order, answer: Answer) -> Answer:
        raise BadAnswer

    def mark(self, content: Parts, order: Order, answer: Answer) -> Fraction:
        return Fraction(0)

    def explain(self, content: Parts, order: Order, answer: Answer) -> Explanation:
        return Explanation(key=None)

    def as_written(self, content: Parts) -> dict[str, Any]:
        return {"questions": [part.written for part in content]}

    def stored(self, written: Mapping[str, Any]) -> Parts:
        """The questions as they are written: `bank.py` makes questions of them."""
        return tuple(written["questions"])
