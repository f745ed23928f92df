"""What the response processing of QTI 1.2 comes to: which responses give which points and which feedback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.qti.declarations import NOTHING, number

_BOUNDS = ("vargte", "vargt", "varlte", "varlt")


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison with a response; `wanted` is false within a `not`."""

    kind: str
    response: str
    value: str
    wanted: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition. `points` are what it gives, None when it gives none; `feedback` what it shows."""

    tests: Sequence[Test]
    points: Decimal | None
    feedback: Sequence[str]

    @property
    def equals(self) -> list[Test]:
        """The values that it wants."""
        return [test for test in self.tests if test.kind == "varequal" and test.wanted]

    @property
    def is_right(self) -> bool:
        return self.points is not None and self.points > 0

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The least and the greatest number that it takes."""
        found = {test.kind[:5]: number(test.value) for test in self.tests if test.kind in _BOUNDS}
        return found.get("vargt"), found.get("varlt")


def rules_of(item: Element) -> list[Rule]:
    return [_rule(condition) for condition in item.descendants("respcondition")]


def worth(item: Element) -> Decimal | None:
    """The most that the item declares to give."""
    for outcome in item.descendants("decvar"):
        most = number(outcome.get("maxvalue"))
        if most is not None and outcome.get("varname", "SCORE").upper() in ("SCORE", "QUE_SCORE"):
            return most
    return None


def _rule(condition: Element) -> Rule:
    holder = condition.first("conditionvar")
    given = [
        points
        for change in condition.all("setvar")
        if change.get("action", "Set").lower() in ("set", "add", "subtract")
        and (points := _points(change)) is not None
    ]
    shown = [one.get("linkrefid") for one in condition.all("displayfeedback")]
    return Rule(list(_tests(holder, True)) if holder else [], given[-1] if given else None, shown)


def _points(change: Element) -> Decimal | None:
    points = number(change.text)
    return -points if points is not None and change.get("action").lower() == "subtract" else points


def _tests(holder: Element, wanted: bool) -> Iterator[Test]:
    for element in holder.elements:
        if element.tag == "not":
            yield from _tests(element, not wanted)
        elif element.tag.startswith("var"):
            name = element.get("respident")
            yield Test(element.tag, name, element.text.strip(), wanted, element.attributes)
        else:
            yield from _tests(element, wanted)


def weights_of(rules: Sequence[Rule], response: str, options: Sequence[str]) -> dict[str, Decimal]:
    """What each option gives by itself, where rules look at one option at a time."""
    found = dict.fromkeys(options, NOTHING)
    for rule in rules:
        values = [test.value for test in rule.equals if test.response == response]
        if rule.points is not None:
            found |= {value: found[value] + rule.points for value in values if value in found}
    return found
