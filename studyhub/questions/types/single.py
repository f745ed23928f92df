"""单选: one of the options is right."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from studyhub.questions.fields import Fields
from studyhub.questions.types import choice
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, Parts, QuestionType
from studyhub.questions.types.choice import Choice


class Single(QuestionType[Choice]):
    name = "single"
    keys = frozenset({"options"})

    def check(self, fields: Fields, prompt: str) -> Choice | None:
        options = choice.read_options(fields)
        right = choice.read_right(fields, options, several=False)
        return Choice(options, right, fields.boolean("shuffle", True)) if right else None

    def lay_out(self, content: Choice, seed: bytes | None) -> Order:
        return choice.lay_out(content, seed)

    def accept(self, content: Choice, order: Order, answer: Answer) -> Answer:
        if answer is None or answer == "":
            return None
        if not isinstance(answer, str):
            raise BadAnswer
        choice.chosen(order, [answer])
        return answer

    def mark(self, content: Choice, order: Order, answer: Answer) -> Fraction:
        right = answer is not None and choice.chosen(order, [answer]) == content.right
        return Fraction(int(right))

    def explain(self, content: Choice, order: Order, answer: Answer) -> Explanation:
        given = choice.chosen(order, [answer] if answer else [])
        return Explanation(
            key=choice.in_letters(order, content.right)[0],
            parts=tuple(key in content.right for key in given),
            feedback=choice.feedback(content, order, given | content.right),
        )

    def as_written(self, content: Choice) -> dict[str, Any]:
        return choice.as_written(content) | {"answer": next(iter(content.right))}

    def stored(self, written: Mapping[str, Any]) -> Choice:
        right = frozenset({written["answer"]})
        return Choice(choice.stored_options(written), right, written.get("shuffle", True))

    def of_key(self, content: Choice, prompt: str) -> dict[str, Any]:
        return choice.of_key(content)

    def parts(self, content: Choice, order: Order) -> Parts:
        return choice.parts(order)

    def texts(self, content: Choice) -> dict[str, str]:
        return choice.texts(content)
