"""A filled-in form as the tree that the exam file's reader takes, and its faults back at their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from studyhub.exams.file.reading import UNLIMITED
from studyhub.exams.states import ExamState
from studyhub.kernel.faults import Fault
from studyhub.questions.document import Mapping as MappingNode
from studyhub.questions.document import Node, Scalar, Sequence

COMMAS = re.compile(r"[,，、;；\s]+")
_BARE_NUMBER = re.compile(r"\d+(\.\d+)?")

# The field of a key that the form calls otherwise, or shows in parts.
_FIELDS = {
    "pass": "pass_line", "for": "branches", "from": "banks", "type": "types", "difficulty": "difficulties",
    "mix": "easy", "tags": "any_tags", "questions": "shuffle_questions", "options": "shuffle_options",
}  # fmt: skip

# Where a fault of the whole exam is put right.
_PLACES = {"needs_minutes_or_closes": "minutes"}


class FormTree:
    """Builds the tree. Each field gets a line of its own; `field_at` leads back from a fault."""

    def __init__(self, data: Mapping[str, Any], state: ExamState, without_end: str = UNLIMITED) -> None:
        self._without_end = without_end
        self._fields: list[str] = [""]
        self.root = self._exam(data, state)

    def field_at(self, fault: Fault) -> str:
        """The name of the field that a fault belongs to; "" for the form as a whole."""
        if fault.code in _PLACES:
            return _PLACES[fault.code]
        name = self._fields[fault.line] if fault.line < len(self._fields) else ""
        if name and not name.endswith("-"):
            return name
        key = str(fault.params.get("key", ""))
        return f"{name}{_FIELDS.get(key, key)}" if key else (f"{name}title" if name else "")

    def _line(self, field: str) -> int:
        self._fields.append(field)
        return len(self._fields) - 1

    def _scalar(self, field: str, text: str) -> Scalar:
        return Scalar(self._line(field), 1, text, False, 0)

    def _list(self, field: str, texts: Iterable[str]) -> Sequence:
        line = self._line(field)
        return Sequence(line, 1, False, [Scalar(line, 1, text, False, 0) for text in texts])

    def _mapping(self, prefix: str, pairs: Iterable[tuple[str, Node | None]]) -> MappingNode:
        line = self._line(prefix)
        kept = [(Scalar(line, 1, key, False, 0), node) for key, node in pairs if node is not None]
        return MappingNode(line, 1, False, list(kept))

    def _text(self, data: Mapping[str, Any], field: str, prefix: str = "") -> Scalar | None:
        text = str(data.get(field) or "").strip()
        return self._scalar(prefix + field, text) if text else None

    def _percent(self, data: Mapping[str, Any], field: str, prefix: str = "") -> Scalar | None:
        """Whoever writes 60 into a field that says percent means 60 %."""
        node = self._text(data, field, prefix)
        if node is not None and _BARE_NUMBER.fullmatch(node.value):
            node.value += "%"
        return node

    def _words(self, data: Mapping[str, Any], field: str, prefix: str = "") -> Sequence | None:
        """Texts that were written with commas between them, or ticked."""
        given = data.get(field) or ()
        texts = COMMAS.split(given.strip()) if isinstance(given, str) else given
        texts = [text for text in texts if text]
        return self._list(prefix + field, texts) if texts else None

    def _exam(self, data: Mapping[str, Any], state: ExamState) -> MappingNode:
        sections = [self._section(section, f"sections-{at}-") for at, section in enumerate(data["sections"])]
        return self._mapping(
            "",
            [
                ("exam", self._text(data, "exam")),
                ("title", self._text(data, "title")),
                ("opens", self._text(data, "opens")),
                ("closes", self._text(data, "closes")),
                ("minutes", self._text(data, "minutes")),
                ("attempts", self._attempts(data)),
                ("keep", self._text(data, "keep")),
                ("pass", self._percent(data, "pass_line")),
                ("for", self._words(data, "branches")),
                ("state", self._scalar("", state.value)),
                ("sections", Sequence(self._line(""), 1, False, list(sections))),
                ("shuffle", self._shuffle(data)),
                ("review", self._review(data)),
            ],
        )

    def _attempts(self, data: Mapping[str, Any]) -> Scalar | None:
        """A number; `without_end` is how the form's language says the file's `unlimited`."""
        node = self._text(data, "attempts")
        if node is not None and node.value == self._without_end:
            node.value = UNLIMITED
        return node

    def _shuffle(self, data: Mapping[str, Any]) -> MappingNode:
        return self._mapping(
            "shuffle_",
            [
                (key, self._scalar(f"shuffle_{key}", "true" if data.get(f"shuffle_{key}") else "false"))
                for key in ("questions", "options")
            ],
        )

    def _review(self, data: Mapping[str, Any]) -> MappingNode:
        return self._mapping(
            "", [(key, self._text(data, key)) for key in ("score", "answers", "explanations")]
        )

    def _section(self, data: Mapping[str, Any], prefix: str) -> MappingNode:
        return self._mapping(
            prefix,
            [
                ("title", self._text(data, "title", prefix)),
                ("draw", self._text(data, "draw", prefix)),
                ("from", self._words(data, "banks", prefix)),
                ("where", self._where(data, prefix)),
                ("points", self._text(data, "points", prefix)),
                ("mix", self._mix(data, prefix)),
                ("must", self._words(data, "must", prefix)),
            ],
        )

    def _where(self, data: Mapping[str, Any], prefix: str) -> MappingNode:
        tags = [(key, self._words(data, f"{key}_tags", prefix)) for key in ("all", "any")]
        tags.append(("none", self._words(data, "no_tags", prefix)))
        return self._mapping(
            prefix,
            [
                ("type", self._words(data, "types", prefix)),
                ("difficulty", self._words(data, "difficulties", prefix)),
                ("tags", self._mapping(prefix, tags)),
            ],
        )

    def _mix(self, data: Mapping[str, Any], prefix: str) -> MappingNode | None:
        shares = [(band, self._percent(data, band, prefix)) for band in ("easy", "medium", "hard")]
        if all(node is None for _, node in shares):
            return None
        mix = self._mapping(prefix, shares)
        self._fields[mix.line] = f"{prefix}easy"
        return mix
