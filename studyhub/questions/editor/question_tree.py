"""The filled-in form as the tree that the checker reads.

Each field has a line of its own in that tree, so that every fault leads back to the field it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from string import ascii_uppercase

from studyhub.kernel.faults import Fault
from studyhub.questions.document import Mapping as MappingNode
from studyhub.questions.document import Node, Scalar, Sequence
from studyhub.questions.editor import rows
from studyhub.questions.editor.question_form import DOMAIN, LINE_END, SOURCE, Values, part_prefix

Keyed = Iterable[tuple[str, Node | None]]

_PLAIN = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
"""Points as the sum takes them; what else is typed is the checker's to judge, and is never made longer."""

_FIRST = {
    "options": "option-A",
    "pairs": "left-1",
    "rubric": "for-1",
    "questions": "add",
    "variables": "var-1",
}
"""The first field of a key that has several."""

_ABOUT = {"no_explanation": "explanation", "no_rubric": "rubric"}
"""What is said of a question as a whole and is about one of its keys."""


class QuestionTree:
    """The tree of a file with this one question."""

    def __init__(self, head: Mapping[str, str], values: Values) -> None:
        self._places = _Places()
        question = _Writer(values, "", self._places).question()
        bank = [(key, Scalar(0, 1, text, False, 0)) for key, text in head.items()]
        self.root = _mapping(0, [*bank, ("questions", Sequence(0, 1, False, [question]))])

    def field_at(self, fault: Fault) -> str:
        """The name of the field that a fault is about; "" for the question as a whole."""
        key = str(fault.params["key"]) if fault.code == "missing_key" else _ABOUT.get(fault.code, "")
        return self._places.field(fault.line, key)


class _Places:
    """Which field stands in each line; and, of a mapping's line, in which field each of its keys would."""

    def __init__(self) -> None:
        self._fields = [""]
        self._keys: dict[int, Callable[[str], str]] = {}

    def add(self, field: str, keys: Callable[[str], str] | None = None) -> int:
        self._fields.append(field)
        line = len(self._fields) - 1
        if keys:
            self._keys[line] = keys
        return line

    def field(self, line: int, key: str) -> str:
        keys = self._keys.get(line)
        return keys(key) if keys and key else self._fields[line]


class _Writer:
    """Writes one question: the fields whose names begin with `prefix`."""

    def __init__(self, values: Values, prefix: str, places: _Places) -> None:
        self._values = values
        self._prefix = prefix
        self._places = places

    def question(self) -> MappingNode:
        line = self._places.add(
            self._prefix and f"{self._prefix}id", lambda key: self._prefix + _FIRST.get(key, key)
        )
        return _mapping(line, self._keys())

    def _keys(self) -> Keyed:
        kind = self._one("type")
        for key in ("id", "type", "prompt"):
            yield key, self._text(key)
        yield "variables", self._variables()
        yield from _OWN[kind](self) if kind in _OWN else ()
        yield "points", self._text("points") or self._rubric_points()
        for key in ("explanation", "difficulty", "review_by"):
            yield key, self._text(key)
        yield "tags", self._texts("tags", _parts(self._one("tags")))
        source = [(key, self._text(f"source-{key}")) for key in SOURCE]
        yield "source", _mapping(self._line("source-document"), source) if any(n for _, n in source) else None
        if self._one("retired"):
            yield "retired", self._scalar("retired", "true")

    def _choice(self) -> Keyed:
        options = [(letter, self._option(letter)) for letter in ascii_uppercase]
        filled = [(letter, node) for letter, node in options if node]
        yield "options", _mapping(self._line("option-A"), filled) if filled else None
        right = self._values.get(f"{self._prefix}answer", [])
        if self._one("type") == "multiple":
            yield "answer", self._texts("answer", right)
            yield "marking", self._text("marking")
        else:
            yield "answer", self._scalar("answer", right[0]) if right else None
        yield from self._order_kept()

    def _option(self, letter: str) -> Node | None:
        text, feedback = self._text(f"option-{letter}"), self._text(f"feedback-{letter}")
        if text is None or feedback is None:
            return text
        return _mapping(self._line(f"option-{letter}"), [("text", text), ("feedback", feedback)])

    def _truefalse(self) -> Keyed:
        yield "answer", self._text("answer")

    def _number(self) -> Keyed:
        for key in ("answer", "tolerance", "unit"):
            yield key, self._text(key)

    def _blank(self) -> Keyed:
        lists = [self._texts(f"blank-{n}", _lines(self._one(f"blank-{n}"))) for n in self._rows("blank")]
        yield "answer", self._list("blank-1", [node for node in lists if node])
        for key in ("order", "case"):
            yield key, self._text(key)

    def _match(self) -> Keyed:
        pairs: list[tuple[Node, Node]] = []
        for number in self._rows("left", "right"):
            left, right = self._one(f"left-{number}"), self._one(f"right-{number}")
            pairs.append((self._scalar(f"left-{number}", left), self._scalar(f"right-{number}", right)))
        yield "pairs", MappingNode(self._line("left-1"), 1, False, pairs) if pairs else None
        yield "distractors", self._texts("distractors", _lines(self._one("distractors")))
        yield from self._order_kept()

    def _order(self) -> Keyed:
        yield "items", self._texts("items", _lines(self._one("items")))
        yield "marking", self._text("marking")
        yield from self._order_kept()

    def _order_kept(self) -> Keyed:
        if self._one("pinned"):
            yield "shuffle", self._scalar("pinned", "false")

    def _essay(self) -> Keyed:
        yield "rubric", self._list("for-1", [self._criterion(n) for n in self._rows("for", "worth")])
        for key in ("model_answer", "max_chars"):
            yield key, self._text(key)

    def _rubric_points(self) -> Node | None:
        """What the lines of a rubric are worth together, as the form promises; None if one is no number."""
        worth = [text for n in self._rows("for", "worth") if (text := self._one(f"worth-{n}"))]
        if not worth or not all(map(_PLAIN.fullmatch, worth)):
            return None
        return self._scalar("points", f"{sum(map(Decimal, worth)):f}")

    def _criterion(self, number: int) -> Node:
        fields = {"for": f"for-{number}", "points": f"worth-{number}"}
        return self._row(fields, ((key, self._text(field)) for key, field in fields.items()))

    def _passage(self) -> Keyed:
        parts = [
            _Writer(self._values, self._prefix + part_prefix(number), self._places).question()
            for number in rows.part_numbers(self._values)
        ]
        yield "questions", self._list("add", parts)

    def _variables(self) -> Node | None:
        pairs: list[tuple[Node, Node]] = []
        for number in self._rows("var", *DOMAIN):
            fields = {key: f"{key}-{number}" for key in DOMAIN}
            domain = self._row(fields, self._domain(fields))
            pairs.append((self._scalar(f"var-{number}", self._one(f"var-{number}")), domain))
        return MappingNode(self._line("var-1"), 1, False, pairs) if pairs else None

    def _domain(self, fields: Mapping[str, str]) -> Keyed:
        for key in ("from", "to", "step"):
            yield key, self._text(fields[key])
        yield "choose", self._texts(fields["choose"], _parts(self._one(fields["choose"])))

    def _row(self, fields: Mapping[str, str], pairs: Keyed) -> MappingNode:
        """A mapping whose keys have a field each; what is said of it as a whole stands at the first."""
        first = next(iter(fields.values()))
        line = self._places.add(self._prefix + first, lambda key: self._prefix + fields.get(key, first))
        return _mapping(line, pairs)

    def _rows(self, *names: str) -> list[int]:
        return rows.filled(self._values, [self._prefix + name for name in names])

    def _one(self, field: str) -> str:
        return rows.text_in(self._values, self._prefix + field)

    def _line(self, field: str) -> int:
        return self._places.add(self._prefix + field)

    def _scalar(self, field: str, text: str) -> Scalar:
        return Scalar(self._line(field), 1, text, False, 0)

    def _text(self, field: str) -> Scalar | None:
        text = self._one(field)
        return self._scalar(field, text) if text else None

    def _texts(self, field: str, texts: list[str]) -> Sequence | None:
        line = self._line(field)
        items: list[Node] = [Scalar(line, 1, text, False, 0) for text in texts]
        return Sequence(line, 1, False, items) if items else None

    def _list(self, field: str, items: Iterable[Node]) -> Sequence | None:
        listed = list(items)
        return Sequence(self._line(field), 1, False, listed) if listed else None


_OWN: dict[str, Callable[[_Writer], Keyed]] = {
    "single": _Writer._choice,
    "multiple": _Writer._choice,
    "truefalse": _Writer._truefalse,
    "blank": _Writer._blank,
    "number": _Writer._number,
    "match": _Writer._match,
    "order": _Writer._order,
    "essay": _Writer._essay,
    "passage": _Writer._passage,
}


def _mapping(line: int, pairs: Keyed) -> MappingNode:
    kept: list[tuple[Node, Node]] = [
        (Scalar(node.line, 1, key, False, 0), node) for key, node in pairs if node is not None
    ]
    return MappingNode(line, 1, False, kept)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split(LINE_END) if line.strip()]


def _parts(text: str) -> list[str]:
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return [part.strip() for part in parts if part.strip()]
