"""A question as the fields of its editor, and back: as the tree that the checker reads.

Each field has a line of its own in that tree, so that every fault leads back to the field it is about. A
question with a key that the form does not show is edited as text, or the form would lose it in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from string import ascii_uppercase
from typing import Any

from studyhub.kernel.faults import Fault
from studyhub.questions.document import Mapping as MappingNode
from studyhub.questions.document import Node, Scalar, Sequence

Values = Mapping[str, list[str]]
"""The fields as a browser sends them."""

_COMMON = frozenset({
    "id", "type", "prompt", "explanation", "tags", "points", "difficulty", "source", "review_by", "retired",
})  # fmt: skip
SHOWN: dict[str, frozenset[str]] = {
    "single": frozenset({"options", "answer", "shuffle"}),
    "multiple": frozenset({"options", "answer", "shuffle", "marking"}),
    "truefalse": frozenset({"answer"}),
    "blank": frozenset({"answer", "order", "case"}),
    "number": frozenset({"answer", "tolerance", "unit"}),
    "match": frozenset({"pairs", "distractors", "shuffle"}),
    "order": frozenset({"items", "shuffle", "marking"}),
}
"""The types that have a form, with the keys of their own that it shows."""

_ITEMS = "\n"
_SOURCE = ("document", "article", "version")


def fits(written: Mapping[str, Any]) -> bool:
    """Whether the form shows all that this question says."""
    shown = SHOWN.get(written["type"])
    lines = [text for key in ("answer", "items", "distractors") for text in _listed(written.get(key))]
    return shown is not None and written.keys() <= _COMMON | shown and not any(_ITEMS in one for one in lines)


def values_of(written: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of a question, filled in."""
    values: dict[str, list[str]] = {}

    def fill(field: str, *texts: object) -> None:
        values[field] = [str(text) for text in texts]

    for key in (
        "id",
        "type",
        "prompt",
        "explanation",
        "points",
        "difficulty",
        "review_by",
        "tolerance",
        "unit",
    ):
        fill(key, written.get(key, ""))
    for key in ("marking", "order", "case"):
        fill(key, written.get(key, ""))
    fill("tags", ", ".join(written.get("tags", ())))
    for key in _SOURCE:
        fill(f"source-{key}", written.get("source", {}).get(key, ""))
    for key, ticked in (("retired", written.get("retired")), ("pinned", written.get("shuffle") is False)):
        fill(key, *(["1"] if ticked else []))
    _fill_own(written, fill)
    return values


def _fill_own(written: Mapping[str, Any], fill: Callable[..., None]) -> None:
    kind, answer = written["type"], written.get("answer")
    for letter, option in written.get("options", {}).items():
        parts = option if isinstance(option, dict) else {"text": option}
        fill(f"option-{letter}", parts["text"])
        fill(f"feedback-{letter}", parts.get("feedback", ""))
    for number, (left, right) in enumerate(written.get("pairs", {}).items(), 1):
        fill(f"left-{number}", left)
        fill(f"right-{number}", right)
    for key in ("distractors", "items"):
        fill(key, _ITEMS.join(written.get(key, ())))
    if kind == "blank":
        for number, texts in enumerate(answer or (), 1):
            fill(f"blank-{number}", _ITEMS.join(texts))
    elif kind == "truefalse":
        fill("answer", "true" if answer else "false")
    else:
        fill("answer", *([answer] if isinstance(answer, str) else answer or ()))


class QuestionTree:
    """The filled-in form as the tree of a file with this one question."""

    def __init__(self, head: Mapping[str, str], values: Values) -> None:
        self._values = values
        self._fields = [""]
        question = self._mapping(self._question())
        bank = [(key, self._scalar("", text)) for key, text in head.items()]
        self.root = self._mapping([*bank, ("questions", Sequence(0, 1, False, [question]))])

    def field_at(self, fault: Fault) -> str:
        """The name of the field that a fault is about; "" for the question as a whole."""
        if fault.code == "no_explanation":
            return "explanation"
        if fault.code == "missing_key":
            key = str(fault.params["key"])
            return {"options": "option-A", "pairs": "left-1"}.get(key, key)
        return self._fields[fault.line]

    def _question(self) -> Iterable[tuple[str, Node | None]]:
        kind = self._one("type")
        for key in ("id", "type", "prompt"):
            yield key, self._text(key)
        yield from _OWN[kind](self) if kind in _OWN else ()
        for key in ("explanation", "points", "difficulty", "review_by"):
            yield key, self._text(key)
        yield "tags", self._texts("tags", _parts(self._one("tags")))
        source = [(key, self._text(f"source-{key}")) for key in _SOURCE]
        yield "source", self._mapping(source) if any(node for _, node in source) else None
        if self._one("retired"):
            yield "retired", self._scalar("retired", "true")

    def _choice(self) -> Iterable[tuple[str, Node | None]]:
        options = [(letter, self._option(letter)) for letter in self.letters()]
        yield "options", self._mapping(options) if options else None
        right = self._values.get("answer", [])
        if self._one("type") == "multiple":
            yield "answer", self._texts("answer", right)
            yield "marking", self._text("marking")
        else:
            yield "answer", self._scalar("answer", right[0]) if right else None
        yield from self._order_kept()

    def letters(self) -> list[str]:
        """The options that are filled in."""
        return [letter for letter in ascii_uppercase if self._one(f"option-{letter}")]

    def _option(self, letter: str) -> Node:
        text, feedback = self._text(f"option-{letter}"), self._text(f"feedback-{letter}")
        assert text is not None
        return self._mapping([("text", text), ("feedback", feedback)]) if feedback else text

    def _truefalse(self) -> Iterable[tuple[str, Node | None]]:
        yield "answer", self._text("answer")

    def _number(self) -> Iterable[tuple[str, Node | None]]:
        for key in ("answer", "tolerance", "unit"):
            yield key, self._text(key)

    def _blank(self) -> Iterable[tuple[str, Node | None]]:
        numbers = self._numbers("blank")
        lists = [self._texts(f"blank-{n}", _lines(self._one(f"blank-{n}"))) for n in numbers]
        filled = [node for node in lists if node is not None]
        yield "answer", Sequence(self._line("blank-1"), 1, False, list(filled)) if filled else None
        for key in ("order", "case"):
            yield key, self._text(key)

    def _match(self) -> Iterable[tuple[str, Node | None]]:
        pairs: list[tuple[Node, Node]] = []
        for number in self._numbers("left", "right"):
            left, right = self._one(f"left-{number}"), self._one(f"right-{number}")
            pairs.append((self._scalar(f"left-{number}", left), self._scalar(f"right-{number}", right)))
        yield "pairs", MappingNode(self._line("left-1"), 1, False, pairs) if pairs else None
        yield "distractors", self._texts("distractors", _lines(self._one("distractors")))
        yield from self._order_kept()

    def _order(self) -> Iterable[tuple[str, Node | None]]:
        yield "items", self._texts("items", _lines(self._one("items")))
        yield "marking", self._text("marking")
        yield from self._order_kept()

    def _order_kept(self) -> Iterable[tuple[str, Node | None]]:
        if self._one("pinned"):
            yield "shuffle", self._scalar("pinned", "false")

    def _numbers(self, *names: str) -> list[int]:
        """The numbered rows in which something is filled in."""
        numbered = (field.rpartition("-") for field in self._values)
        found = {int(n) for name, _, n in numbered if name in names and n.isdecimal() and len(n) < 4}
        return sorted(n for n in found if any(self._one(f"{name}-{n}") for name in names))

    def _one(self, field: str) -> str:
        given = self._values.get(field) or [""]
        return given[0].replace("\r\n", "\n").strip()

    def _line(self, field: str) -> int:
        self._fields.append(field)
        return len(self._fields) - 1

    def _scalar(self, field: str, text: str) -> Scalar:
        return Scalar(self._line(field), 1, text, False, 0)

    def _text(self, field: str) -> Scalar | None:
        text = self._one(field)
        return self._scalar(field, text) if text else None

    def _texts(self, field: str, texts: list[str]) -> Sequence | None:
        line = self._line(field)
        items: list[Node] = [Scalar(line, 1, text, False, 0) for text in texts]
        return Sequence(line, 1, False, items) if items else None

    def _mapping(self, pairs: Iterable[tuple[str, Node | None]]) -> MappingNode:
        kept: list[tuple[Node, Node]] = [
            (Scalar(node.line, 1, key, False, 0), node) for key, node in pairs if node is not None
        ]
        return MappingNode(kept[0][1].line if kept else 0, 1, False, kept)


_OWN: dict[str, Callable[[QuestionTree], Iterable[tuple[str, Node | None]]]] = {
    "single": QuestionTree._choice,
    "multiple": QuestionTree._choice,
    "truefalse": QuestionTree._truefalse,
    "blank": QuestionTree._blank,
    "number": QuestionTree._number,
    "match": QuestionTree._match,
    "order": QuestionTree._order,
}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split(_ITEMS) if line.strip()]


def _parts(text: str) -> list[str]:
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def _listed(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [text for item in value for text in (_listed(item) if isinstance(item, list) else [str(item)])]
