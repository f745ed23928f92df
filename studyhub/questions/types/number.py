"""数值: a number, within a tolerance, compared in exact decimals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from studyhub.questions.document import Scalar
from studyhub.questions.fields import NUMBER, Fields
from studyhub.questions.types.base import Answer, BadAnswer, Explanation, Order, QuestionType, normal

LONGEST_ANSWER = 200
_SHARE = re.compile(r"(.+?)\s*%")


@dataclass(frozen=True, slots=True)
class Number:
    """`tolerance` as written: a number, or a percentage of the key's size. `key` as written, too."""

    key: str
    tolerance: str = "0"
    unit: str = ""

    @property
    def within(self) -> Fraction:
        """How far from the key an answer may be, inclusive."""
        share = _SHARE.fullmatch(self.tolerance)
        if share:
            return abs(Fraction(Decimal(self.key))) * Fraction(Decimal(share[1])) / 100
        return Fraction(Decimal(self.tolerance))


def read_number(text: str, unit: str) -> Fraction | None:
    """The number that a member typed, with or without its unit; None when it is none."""
    plain, unit = normal(text), normal(unit)
    if unit and plain.endswith(unit):
        plain = plain[: -len(unit)].rstrip()
    plain = plain.replace("\N{MINUS SIGN}", "-")
    return Fraction(Decimal(plain)) if NUMBER.fullmatch(plain) else None


class Numeric(QuestionType[Number]):
    name = "number"
    keys = frozenset({"tolerance", "unit"})

    def check(self, fields: Fields, prompt: str) -> Number | None:
        key = fields.number("answer", required=True, hint="unit_apart")
        tolerance = read_tolerance(fields)
        unit = fields.text("unit") or ""
        if unit and read_number(unit, "") is not None:
            fields.report.error("unit_is_number", fields.found["unit"][1], unit=unit)
        return None if key is None or tolerance is None else Number(_plain(key), tolerance, unit)

    def accept(self, content: Number, order: Order, answer: Answer) -> Answer:
        if answer is None or answer == "":
            return None
        if isinstance(answer, int | float) and not isinstance(answer, bool):
            answer = repr(answer)
        if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER:
            raise BadAnswer
        return answer

    def mark(self, content: Number, order: Order, answer: Answer) -> Fraction:
        value = None if answer is None else read_number(answer, content.unit)
        right = value is not None and abs(value - Fraction(Decimal(content.key))) <= content.within
        return Fraction(int(right))

    def explain(self, content: Number, order: Order, answer: Answer) -> Explanation:
        tolerance = "" if content.within == 0 else content.tolerance
        return Explanation(key=f"{content.key} {content.unit}".strip(), tolerance=tolerance)

    def rule(self, content: Number) -> str:
        return "number" if content.within == 0 else "number_within"

    def is_answered(self, answer: Answer) -> bool:
        return bool(answer) and bool(answer.strip())

    def as_written(self, content: Number) -> dict[str, Any]:
        written = {"answer": content.key}
        if content.tolerance != "0":
            written["tolerance"] = content.tolerance
        if content.unit:
            written["unit"] = content.unit
        return written

    def of_key(self, content: Number, prompt: str) -> dict[str, Any]:
        """`3` and `3.0` are one number, and so are 1% of 200 and 2."""
        shortest = format(Decimal(content.key).normalize(), "f")
        return {"answer": shortest, "tolerance": str(content.within) if content.within else None}

    def stored(self, written: Mapping[str, Any]) -> Number:
        return Number(written["answer"], written.get("tolerance", "0"), written.get("unit", ""))


def read_tolerance(fields: Fields) -> str | None:
    """The tolerance in one spelling; "0" when there is none, None after a fault."""
    node = fields.value("tolerance")
    if node is None:
        return "0"
    text = normal(node.value) if isinstance(node, Scalar) else ""
    share = _SHARE.fullmatch(text)
    number = share[1] if share else text
    if not NUMBER.fullmatch(number) or Decimal(number) < 0:
        fields.report.error("bad_tolerance", node, "tolerance_like", value=text)
        return None
    return _plain(Decimal(number)) + ("%" if share else "")


def _plain(number: Decimal) -> str:
    """Without exponent, as it is printed: `3.140` stays so, `1E+2` is 100."""
    return format(number, "f")
