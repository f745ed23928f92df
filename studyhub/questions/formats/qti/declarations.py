"""What an item of QTI 2.x declares (responses, mappings, outcomes), and what its rules come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from studyhub.questions.fields import NUMBER
from studyhub.questions.formats import weights
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Response:
    """A declared response. `mapping` gives points by value, `default` those of any other; `exact` where one
    of its texts wants its case, as it does unless it says otherwise."""

    name: str
    cardinality: str
    kind: str
    correct: Sequence[str] = ()
    mapping: Mapping[str, Decimal] = field(default_factory=dict)
    most: Decimal | None = None
    default: Decimal = NOTHING
    exact: bool = False

    def is_in(self, rule: Element) -> bool:
        """Whether a rule looks at it."""
        return any(variable.get("identifier") == self.name for variable in rule.descendants("variable"))

    @property
    def mapped(self) -> Decimal:
        """The most that its mapping gives."""
        right = [points for points in self.mapping.values() if points > 0]
        whole = sum(right, NOTHING) if self.cardinality == "multiple" else max(right, default=NOTHING)
        return min(whole, self.most) if self.most else whole

    @property
    def right(self) -> list[str]:
        """The right values: as declared, else those that give most."""
        if self.correct:
            return list(self.correct)
        best = max(self.mapping.values(), default=NOTHING)
        if best <= 0:
            return []
        wanted = (v for v, points in self.mapping.items() if points > 0)
        return (
            list(wanted)
            if self.cardinality != "single"
            else [value for value, points in self.mapping.items() if points == best]
        )


def responses(item: Element) -> dict[str, Response]:
    return {made.name: made for made in map(_response, item.all("responseDeclaration"))}


def _response(element: Element) -> Response:
    correct, mapping = element.first("correctResponse"), element.first("mapping")
    entries = mapping.all("mapEntry") if mapping else []
    return Response(
        element.get("identifier"),
        element.get("cardinality"),
        element.get("baseType"),
        [value.text.strip() for value in correct.all("value")] if correct else [],
        {entry.get("mapKey").strip(): number(entry.get("mappedValue")) or NOTHING for entry in entries},
        number(mapping.get("upperBound")) if mapping else None,
        number(mapping.get("defaultValue")) or NOTHING if mapping else NOTHING,
        any(entry.get("caseSensitive") != "false" for entry in entries),
    )


def number(text: str) -> Decimal | None:
    text = text.strip()
    return Decimal(text) if NUMBER.fullmatch(text) else None


class Scoring:
    """What the response processing of an item comes to."""

    def __init__(self, item: Element) -> None:
        self._item = item
        self._rules = item.first("responseProcessing")
        template = self._rules.get("template") if self._rules else ""
        self._template = template.rpartition("/")[2].removesuffix(".xml")

    @property
    def is_there(self) -> bool:
        return self._rules is not None

    def uses(self, *names: str) -> bool:
        """Whether a rule, or the template, is made of one of these."""
        if self._template:
            wanted = {"match_correct": "match", "map_response": "mapResponse"}
            return wanted.get(self._template, "") in names
        return any(True for _ in self.rules(*names))

    def rules(self, *names: str) -> Iterator[Element]:
        return self._rules.descendants(*names) if self._rules else iter(())

    def given(self) -> list[Decimal]:
        """The numbers of points that rules give by themselves, in their order."""
        found = []
        for rule in self.rules("setOutcomeValue"):
            value = rule.first("baseValue")
            points = number(value.text) if value and rule.get("identifier").upper() == "SCORE" else None
            if points is not None:
                found.append(points)
        return found

    @property
    def gives_parts(self) -> bool:
        """Whether some answer gets a part of the points by itself."""
        given = [points for points in self.given() if points > 0]
        return len(set(given)) > 1

    def is_exact(self, response: Response) -> bool:
        """Whether capital letters count in a text: where nothing else is said, they do."""
        if response.mapping and self.uses("mapResponse"):
            return response.exact
        tests = list(filter(response.is_in, self.rules("stringMatch")))
        return self.is_there and all(test.get("caseSensitive") != "false" for test in tests)

    def points(self, asked: Sequence[Response]) -> Decimal:
        """What the item that asks these is worth: as it says, else as its rules give, else 1."""
        outcomes = {one.get("identifier").upper(): one for one in self._item.all("outcomeDeclaration")}
        said = [outcomes["MAXSCORE"].text] if "MAXSCORE" in outcomes else []
        if "SCORE" in outcomes:
            said.append(outcomes["SCORE"].get("normalMaximum"))
        for text in said:
            points = number(text)
            if points is not None and points > 0:
                return points
        return self._by_rules(asked) or Decimal(1)

    def _by_rules(self, asked: Sequence[Response]) -> Decimal | None:
        if any(response.mapping for response in asked) and self.uses("mapResponse"):
            return sum((response.mapped for response in asked), NOTHING)
        return max(self.given(), default=None)

    def rewarded(self, response: Response) -> set[str]:
        """The values that the rules by themselves give most for; none where they ask what is declared, or in
        a way that is not known."""
        if self.uses("mapResponse"):
            given = {value: points for value, points in response.mapping.items() if points > 0}
            most = max(given.values(), default=NOTHING)
            single = response.cardinality == "single"
            return {value for value, points in given.items() if points == most or not single}
        by_points: dict[Decimal, set[str]] = {}
        for branch in self.rules("responseIf", "responseElseIf"):
            points = _points_of(branch)
            if points is None or any(branch.descendants("not")):
                continue
            if any(branch.descendants("correct")):
                return set()
            by_points.setdefault(points, set()).update(_compared(branch, response.name))
        most = max(by_points, default=NOTHING)
        return by_points[most] if most > 0 else set()

    def marking(self, response: Response, options: Sequence[str], tell: Tell) -> dict[str, str]:
        """`{"marking": …}` of a choice of several, where it is not the default rule."""
        mapped, matched = self.uses("mapResponse"), self.uses("match")
        if mapped and matched and self._is_half():
            return {"marking": "under_half"}
        if matched and not mapped:
            return {"marking": "exact"}
        if not mapped or not response.mapping:
            tell("marking_unread")
            return {}
        whole = sum((points for points in response.mapping.values() if points > 0), NOTHING) or Decimal(1)
        shares = [weights.FULL * response.mapping.get(key, response.default) / whole for key in options]
        return weights.marking_of(shares, tell)

    def _is_half(self) -> bool:
        given = [points for points in self.given() if points > 0]
        return len(given) == 2 and given[0] == 2 * given[1]


def _points_of(branch: Element) -> Decimal | None:
    """The number of points that a branch sets by itself."""
    for rule in branch.all("setOutcomeValue"):
        value = rule.first("baseValue")
        if value and rule.get("identifier").upper() == "SCORE":
            return number(value.text)
    return None


def _compared(branch: Element, name: str) -> set[str]:
    """The values that a branch compares the response with."""
    return {
        value.text.strip()
        for test in branch.descendants("match", "member", "contains")
        if any(variable.get("identifier") == name for variable in test.all("variable"))
        for value in test.descendants("baseValue")
    }
