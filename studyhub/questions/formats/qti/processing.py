"""How an answer becomes a score, in the words of QTI: standard templates where they say it, else rules."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.qti.names import RESPONSE, Version

CHOSEN = "CHOSEN"
_FINEST = Decimal("0.00001")


def share(points: str, count: int, *, right: bool = True) -> str:
    """A `count`-th of the points. Rounded up, so that all together reach the upper bound."""
    part = (Decimal(points) / count).quantize(_FINEST, ROUND_CEILING)
    return plain(part if right else -part)


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


class Processing:
    """The rules of one item. With feedback they also say what was chosen, which no template does."""

    def __init__(self, version: Version, points: str, *, feedback: bool = False) -> None:
        self._tag = version.tag
        self._template = version.template
        self._points = points
        self._feedback = feedback

    def matched(self) -> str:
        """All points for the right response, else none."""
        if self._points == "1" and not self._feedback:
            return self._tag("responseProcessing", template=self._template("match_correct"))
        return self._rules(self._condition(self._is_right(), self._number(self._points)))

    def mapped(self) -> str:
        """What the mapping of the response gives."""
        if not self._feedback:
            return self._tag("responseProcessing", template=self._template("map_response"))
        return self._rules(
            self._condition(
                self._tag("isNull", self._response()), self._number("0"), otherwise=self._mapping(RESPONSE)
            )
        )

    def half(self) -> str:
        """All points for the right response, half for a part of it without anything wrong."""
        some = self._tag("gt", self._mapping(RESPONSE), self._number("0"))
        return self._rules(
            self._condition(
                self._is_right(),
                self._number(self._points),
                (some, self._number(plain(Decimal(self._points) / 2))),
            )
        )

    def equal(self, tolerance: str) -> str:
        """All points for a number within the tolerance: `0.01`, `1%`, or nothing."""
        size = tolerance.removesuffix("%")
        mode = "exact" if not Decimal(size) else "relative" if tolerance.endswith("%") else "absolute"
        within = {} if mode == "exact" else {"tolerance": f"{size} {size}"}
        same = self._tag("equal", self._response(), self._correct(), toleranceMode=mode, **within)
        return self._rules(self._condition(same, self._number(self._points)))

    def averaged(self, count: int) -> str:
        """The share of the points that the mapped responses RESPONSE1, … are of all."""
        total = self._tag("sum", *(self._mapping(f"{RESPONSE}{n}") for n in range(1, count + 1)))
        part = self._tag("divide", total, self._number(str(count)))
        return self._rules(self._set("SCORE", self._tag("product", self._number(self._points), part)))

    def _rules(self, *rules: str) -> str:
        more = [self._set(CHOSEN, self._response())] if self._feedback else []
        return self._tag("responseProcessing", *rules, *more)

    def _condition(self, test: str, value: str, *more: tuple[str, str], otherwise: str = "") -> str:
        return self._tag(
            "responseCondition",
            self._tag("responseIf", test, self._set("SCORE", value)),
            *(self._tag("responseElseIf", other, self._set("SCORE", given)) for other, given in more),
            self._tag("responseElse", self._set("SCORE", otherwise or self._number("0"))),
        )

    def _set(self, outcome: str, value: str) -> str:
        return self._tag("setOutcomeValue", value, identifier=outcome)

    def _is_right(self) -> str:
        return self._tag("match", self._response(), self._correct())

    def _response(self) -> str:
        return self._tag("variable", identifier=RESPONSE)

    def _correct(self) -> str:
        return self._tag("correct", identifier=RESPONSE)

    def _mapping(self, response: str) -> str:
        return self._tag("mapResponse", identifier=response)

    def _number(self, value: str) -> str:
        return self._tag("baseValue", value, baseType="float")


def of_multiple(processing: Processing, question: Item) -> str:
    marking = question.get("marking", "under_share")
    if marking == "exact":
        return processing.matched()
    return processing.half() if marking == "under_half" else processing.mapped()
