"""Variables as an item of QTI has them: template declarations, and rules that give them their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from studyhub.questions.expressions import Call, Name, Number, Tree, written
from studyhub.questions.formats.exchange import Item, skip
from studyhub.questions.formats.qti.names import RESPONSE, Version
from studyhub.questions.variables import MARKER, VARYING, Domain, Variables, each_text, expressions_in

VARIABLE, RESULT = "VAR_", "EXP_"
_TAGS = re.compile(r"(<[^>]*>)")
_OPERATIONS = {"+": "sum", "-": "subtract", "*": "product", "/": "divide", "**": "power"}
_WHOLE_OPERATIONS = {"//": "integerDivide", "%": "integerModulus"}
_MATHS = frozenset({"abs", "ceil", "floor"})


class Templates:
    """Writes the variables of one question: its texts hold markers until `placed` prints results there."""

    def __init__(self, version: Version, question: Item) -> None:
        self._tag = version.tag
        domains = {name: Domain.stored(domain) for name, domain in question["variables"].items()}
        self._variables = Variables(domains, expressions_in(question))
        varying = {
            key: each_text(question[key], self._variables.marked) for key in VARYING if key in question
        }
        self.question: Item = {**question, **varying}

    @property
    def declarations(self) -> list[str]:
        whole = {name: _is_whole(domain) for name, domain in self._variables.domains.items()}
        declared = [self._declaration(VARIABLE + name, whole=whole[name]) for name in whole]
        return declared + [
            self._declaration(f"{RESULT}{at}", whole=_comes_to_whole(tree, whole))
            for at, tree in enumerate(self._variables.trees)
        ]

    def _declaration(self, name: str, *, whole: bool) -> str:
        return self._tag(
            "templateDeclaration",
            identifier=name,
            cardinality="single",
            baseType="integer" if whole else "float",
            mathVariable="true",
            paramVariable="false",
        )

    @property
    def processing(self) -> str:
        """The values of the variables, the results, and the key of a number."""
        rules = [
            self._tag("setTemplateValue", self._drawn(domain), identifier=VARIABLE + name)
            for name, domain in self._variables.domains.items()
        ]
        whole = {name: _is_whole(domain) for name, domain in self._variables.domains.items()}
        rules += [
            self._tag("setTemplateValue", self._tree(tree, whole), identifier=f"{RESULT}{at}")
            for at, tree in enumerate(self._variables.trees)
        ]
        key = self.question.get("answer")
        found = MARKER.fullmatch(key) if isinstance(key, str) else None
        if found:
            rules.append(
                self._tag("setCorrectResponse", self._variable(RESULT + _place(found)), identifier=RESPONSE)
            )
        return self._tag("templateProcessing", *rules)

    def _drawn(self, domain: Domain) -> str:
        if domain.choices:
            values = (self._number(value, whole=_is_whole(domain)) for value in domain.choices)
            return self._tag("random", self._tag("multiple", *values))
        if _is_whole(domain):
            ends = {"min": written(domain.low), "max": written(domain.high), "step": written(domain.step)}
            return self._tag("randomInteger", **ends)
        steps = self._tag("randomInteger", min="0", max=str(domain.size - 1), step="1")
        stepped = self._tag("product", self._number(domain.step), steps)
        return self._tag("sum", self._number(domain.low), stepped)

    def _tree(self, tree: Tree, whole: Mapping[str, bool]) -> str:
        if isinstance(tree, Number):
            return self._number(tree.value)
        if isinstance(tree, Name):
            return self._variable(VARIABLE + tree.name)
        if isinstance(tree, Call):
            return self._call(tree, whole)
        left, right = self._tree(tree.left, whole), self._tree(tree.right, whole)
        if tree.sign in _OPERATIONS:
            return self._tag(_OPERATIONS[tree.sign], left, right)
        if _comes_to_whole(tree.left, whole) and _comes_to_whole(tree.right, whole):
            return self._tag(_WHOLE_OPERATIONS[tree.sign], left, right)
        floor = self._tag("mathOperator", self._tag("divide", left, right), name="floor")
        if tree.sign == "//":
            return floor
        return self._tag("subtract", left, self._tag("product", right, floor))

    def _call(self, tree: Call, whole: Mapping[str, bool]) -> str:
        first, *more = (self._tree(each, whole) for each in tree.arguments)
        if tree.function in _MATHS:
            return self._tag("mathOperator", first, name=tree.function)
        if tree.function != "round":
            return self._tag(tree.function, first, *more)
        if not more:
            return self._tag("round", first)
        places = tree.arguments[1]
        if not isinstance(places, Number):
            skip("variables_not_carried")
        return self._tag("roundTo", first, roundingMode="decimalPlaces", figures=written(places.value))

    def _variable(self, name: str) -> str:
        return self._tag("variable", identifier=name)

    def _number(self, value: int | Fraction, *, whole: bool = True) -> str:
        kind = "integer" if whole and value.denominator == 1 else "float"
        return self._tag("baseValue", written(value), baseType=kind)

    def placed(self, item: str) -> str:
        """The item with a printed variable in the place of each marker. Raises Skip where none can stand."""
        if not MARKER.search(item):
            return item
        made: list[str] = []
        within: list[str] = []
        for piece in _TAGS.split(item):
            if piece.startswith("<"):
                if MARKER.search(piece):
                    skip("variables_not_carried")
                _follow(within, piece)
                made.append(piece)
            else:
                made.append(self._printed(piece, within))
        return "".join(made).replace("<mn></mn>", "")

    def _printed(self, text: str, within: Sequence[str]) -> str:
        if "annotation" in within:
            return self._variables.unmarked(text)
        if "math" in within:
            # Of a variable that is a formula's, its identifier is replaced.
            return MARKER.sub(lambda found: f"</mn><mi>{RESULT}{_place(found)}</mi><mn>", text)
        return MARKER.sub(lambda found: self._tag("printedVariable", identifier=RESULT + _place(found)), text)


def _follow(within: list[str], piece: str) -> None:
    """Keep the names of the elements that are open."""
    name = re.match(r"</?([\w:.-]+)", piece)
    if name is None or piece.endswith("/>"):
        return
    if piece.startswith("</"):
        within.pop()
    else:
        within.append(name[1])


def _place(found: re.Match[str]) -> str:
    return str(int(found[1]))


def _is_whole(domain: Domain) -> bool:
    parts = domain.choices or (domain.low, domain.step, domain.high)
    return all(part.denominator == 1 for part in parts)


def _comes_to_whole(tree: Tree, whole: Mapping[str, bool]) -> bool:
    """Whether the result is a whole number for the types of QTI, whatever the values are."""
    if isinstance(tree, Number):
        return tree.value.denominator == 1
    if isinstance(tree, Name):
        return whole[tree.name]
    if isinstance(tree, Call):
        if tree.function in ("floor", "ceil") or (tree.function == "round" and len(tree.arguments) == 1):
            return True
        return tree.function != "round" and all(_comes_to_whole(each, whole) for each in tree.arguments)
    if tree.sign in ("/", "**"):
        return False
    return _comes_to_whole(tree.left, whole) and _comes_to_whole(tree.right, whole)
