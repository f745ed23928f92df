"""判断: a statement is right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from studyhub.questions.document import Scalar
from studyhub.questions.fields import Fields
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, QuestionType, normal

_WORDS = {
    **dict.fromkeys(("true", "yes", "t", "对", "正确", "√", "✓", "✔", "是"), True),
    **dict.fromkeys(("false", "no", "f", "错", "错误", "×", "✗", "✘", "否"), False),
}


VERDICTS = tuple(_WORDS)


def read_verdict(word: str) -> bool | None:
    """What a person means by 对, ×, yes, F …; None for anything else."""
    return _WORDS.get(normal(word).casefold())


class TrueFalse(QuestionType[bool]):
    """The content is the verdict itself."""

    name = "truefalse"
    keys = frozenset[str]()

    def check(self, fields: Fields, prompt: str) -> bool | None:
        node = fields.value("answer", required=True)
        if node is None:
            return None
        verdict = read_verdict(node.value) if isinstance(node, Scalar) else None
        if verdict is None:
            fields.report.error("not_a_verdict", node, "one_of", known=("true", "false"))
        return verdict

    def accept(self, content: bool, order: Order, answer: Answer) -> Answer:
        if answer is None or answer == "":
            return None
        verdict = answer if isinstance(answer, bool) else None
        if isinstance(answer, str):
            verdict = read_verdict(answer)
        if verdict is None:
            raise BadAnswer
        return verdict

    def mark(self, content: bool, order: Order, answer: Answer) -> Fraction:
        return Fraction(int(answer is content))

    def explain(self, content: bool, order: Order, answer: Answer) -> Explanation:
        return Explanation(key=content)

    def as_written(self, content: bool) -> dict[str, Any]:
        return {"answer": content}

    def stored(self, written: Mapping[str, Any]) -> bool:
        return bool(written["answer"])
