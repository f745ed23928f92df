"""简答: an answer in a person's own words, marked by a person along a rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from studyhub.kernel.points import Points, exactly, to_text
from studyhub.questions.document import Node
from studyhub.questions.fields import Fields, read_mapping
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, QuestionType

LONGEST_ANSWER = 10_000
"""Characters of an answer where the question sets no limit."""

MOST_CRITERIA = 30


@dataclass(frozen=True, slots=True)
class Criterion:
    """What an answer gets points for."""

    text: str
    points: Points


@dataclass(frozen=True, slots=True)
class Essay:
    """`max_chars` 0: no limit but that of all answers."""

    rubric: tuple[Criterion, ...] = ()
    model_answer: str = ""
    max_chars: int = 0

    @property
    def longest(self) -> int:
        """How many characters an answer may have."""
        return self.max_chars or LONGEST_ANSWER


class Writing(QuestionType[Essay]):
    name = "essay"
    keys = frozenset({"rubric", "model_answer", "max_chars"})
    key_in = "model_answer"
    key_needed = False
    by_a_person = True

    def check(self, fields: Fields, prompt: str) -> Essay | None:
        rubric = read_rubric(fields)
        model = fields.text("model_answer") or ""
        longest = read_longest(fields)
        if rubric is None or longest is None:
            return None
        worth = fields.number("points") if "points" in fields else Decimal(1)
        total = Decimal(sum(criterion.points for criterion in rubric)).scaleb(-2)
        if rubric and worth is not None and total != worth:
            params = {"total": format(total.normalize(), "f"), "points": format(worth, "f")}
            fields.report.warn("rubric_sum", fields.found["rubric"][1], **params)
        if not rubric and not model:
            fields.report.warn("no_rubric", fields.node)
        return Essay(rubric, model, longest)

    def accept(self, content: Essay, order: Order, answer: Answer) -> Answer:
        if answer is None or answer == "":
            return None
        if not isinstance(answer, str):
            raise BadAnswer
        # Forms send line ends of two characters, scripts of one.
        text = answer.replace("\r\n", "\n")
        if len(text) > content.longest:
            raise BadAnswer
        return text

    def mark(self, content: Essay, order: Order, answer: Answer) -> Fraction | None:
        return None if self.is_answered(answer) else Fraction(0)

    def explain(self, content: Essay, order: Order, answer: Answer) -> Explanation:
        return Explanation(key=content.model_answer or None)

    def is_answered(self, answer: Answer) -> bool:
        return bool(answer) and bool(answer.strip())

    def as_written(self, content: Essay) -> dict[str, Any]:
        written: dict[str, Any] = {}
        if content.rubric:
            written["rubric"] = [
                {"for": each.text, "points": to_text(each.points)} for each in content.rubric
            ]
        if content.model_answer:
            written["model_answer"] = content.model_answer
        return written | ({"max_chars": content.max_chars} if content.max_chars else {})

    def stored(self, written: Mapping[str, Any]) -> Essay:
        rubric = tuple(Criterion(each["for"], exactly(each["points"])) for each in written.get("rubric", ()))
        return Essay(rubric, written.get("model_answer", ""), written.get("max_chars", 0))

    def texts(self, content: Essay) -> dict[str, str]:
        named = {f"rubric.{n}": criterion.text for n, criterion in enumerate(content.rubric, 1)}
        return named | ({"model_answer": content.model_answer} if content.model_answer else {})


def read_longest(fields: Fields) -> int | None:
    """The limit, 0 when there is none; None after a fault."""
    number = fields.number("max_chars")
    if number is None:
        return None if fields.value("max_chars") is not None else 0
    if number != int(number) or not 1 <= number <= LONGEST_ANSWER:
        fields.report.error("bad_max_chars", fields.found["max_chars"][1], most=LONGEST_ANSWER)
        return None
    return int(number)


def read_rubric(fields: Fields) -> tuple[Criterion, ...] | None:
    """What points are given for; None after a fault."""
    nodes = fields.items("rubric")
    if nodes is None:
        return None if fields.value("rubric") is not None else ()
    if not 0 < len(nodes) <= MOST_CRITERIA:
        fields.report.error("rubric_count", fields.found["rubric"][1], count=len(nodes), most=MOST_CRITERIA)
        return None
    read = [_criterion(fields, node) for node in nodes]
    return tuple(each for each in read if each) if all(read) else None


def _criterion(fields: Fields, node: Node) -> Criterion | None:
    report = fields.report
    inner = read_mapping(node, frozenset({"for", "points"}), report, "rubric")
    if inner is None:
        return None
    text, number = inner.text("for", required=True), inner.number("points", required=True)
    if number is None:
        return None
    try:
        points = exactly(number)
    except ValueError:
        points = Points(0)
    if points <= 0:
        report.error("bad_points", inner.found["points"][1], "points_like", most=1000)
        return None
    return Criterion(text, points) if text else None
