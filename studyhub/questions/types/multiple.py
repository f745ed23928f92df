"""多选: some of the options are right; four rules say what a part of them is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from studyhub.questions.fields import Fields
from studyhub.questions.types import choice
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, Parts, QuestionType
from studyhub.questions.types.choice import Choice
from studyhub.questions.types.shuffling import letters


def _exact(right: int, chosen_right: int, chosen_wrong: int) -> Fraction:
    return Fraction(int(chosen_right == right and not chosen_wrong))


def _under_half(right: int, chosen_right: int, chosen_wrong: int) -> Fraction:
    if chosen_wrong or not chosen_right:
        return Fraction(0)
    return Fraction(1) if chosen_right == right else Fraction(1, 2)


def _under_share(right: int, chosen_right: int, chosen_wrong: int) -> Fraction:
    return Fraction(0) if chosen_wrong else Fraction(chosen_right, right)


def _net(right: int, chosen_right: int, chosen_wrong: int) -> Fraction:
    return max(Fraction(0), Fraction(chosen_right - chosen_wrong, right))


MARKING: dict[str, Callable[[int, int, int], Fraction]] = {
    "exact": _exact,
    "under_half": _under_half,
    "under_share": _under_share,
    "net": _net,
}
"""Each rule takes c right options, t right chosen and w wrong chosen; gives the share of the points."""

DEFAULT_MARKING = "under_share"


class Multiple(QuestionType[Choice]):
    name = "multiple"
    keys = frozenset({"options", "marking"})
    markings = frozenset(MARKING)

    def check(self, fields: Fields, prompt: str) -> Choice | None:
        options = choice.read_options(fields)
        right = choice.read_right(fields, options, several=True)
        marking = fields.choice("marking", MARKING) or DEFAULT_MARKING
        if not right:
            return None
        node = fields.found["answer"][1]
        if len(right) == 1:
            fields.report.warn("one_right", node)
        elif len(right) == len(options):
            fields.report.warn("all_right", node)
        return Choice(options, right, fields.boolean("shuffle", True), marking)

    def lay_out(self, content: Choice, seed: bytes | None) -> Order:
        return choice.lay_out(content, seed)

    def accept(self, content: Choice, order: Order, answer: Answer) -> Answer:
        if answer is None:
            return None
        if not isinstance(answer, list) or len(answer) > len(order):
            raise BadAnswer
        choice.chosen(order, answer)
        if len(set(answer)) != len(answer):
            raise BadAnswer
        return sorted(answer)

    def mark(self, content: Choice, order: Order, answer: Answer) -> Fraction:
        given = choice.chosen(order, answer or [])
        chosen_right = len(given & content.right)
        return MARKING[content.marking](len(content.right), chosen_right, len(given) - chosen_right)

    def explain(self, content: Choice, order: Order, answer: Answer) -> Explanation:
        given = choice.chosen(order, answer or [])
        shown = letters(order)
        return Explanation(
            key=choice.in_letters(order, content.right),
            parts=tuple(shown[letter] in content.right for letter in answer or []),
            feedback=choice.feedback(content, order, given | content.right),
        )

    def rule(self, content: Choice) -> str:
        return f"multiple_{content.marking}"

    def as_written(self, content: Choice) -> dict[str, Any]:
        answer = [option.key for option in content.options if option.key in content.right]
        written = choice.as_written(content) | {"answer": answer}
        return written if content.marking == DEFAULT_MARKING else written | {"marking": content.marking}

    def stored(self, written: Mapping[str, Any]) -> Choice:
        return Choice(
            choice.stored_options(written),
            frozenset(written["answer"]),
            written.get("shuffle", True),
            written.get("marking", DEFAULT_MARKING),
        )

    def of_key(self, content: Choice, prompt: str) -> dict[str, Any]:
        return choice.of_key(content)

    def parts(self, content: Choice, order: Order) -> Parts:
        return choice.parts(order)

    def texts(self, content: Choice) -> dict[str, str]:
        return choice.texts(content)
