"""A question as the fields of its editor; question_tree.py makes of them what the checker reads.

A question with a key that the form does not show is edited as text, or the form would lose it in silence.
The fields of a passage's questions have names of their own: those of the second begin with `p2-`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Values = Mapping[str, list[str]]
"""The fields as a browser sends them."""

_SHARED = frozenset({"id", "type", "prompt", "explanation", "points", "difficulty", "variables"})
_COMMON = _SHARED | {"tags", "source", "review_by", "retired"}
SHOWN: dict[str, frozenset[str]] = {
    "single": frozenset({"options", "answer", "shuffle"}),
    "multiple": frozenset({"options", "answer", "shuffle", "marking"}),
    "truefalse": frozenset({"answer"}),
    "blank": frozenset({"answer", "order", "case"}),
    "number": frozenset({"answer", "tolerance", "unit"}),
    "match": frozenset({"pairs", "distractors", "shuffle"}),
    "order": frozenset({"items", "shuffle", "marking"}),
    "essay": frozenset({"rubric", "model_answer", "max_chars"}),
    "passage": frozenset({"questions"}),
}
"""The types that have a form, with the keys of their own that it shows."""

LINE_END = "\n"
SOURCE = ("document", "article", "version")
DOMAIN = ("from", "to", "step", "choose")
_PLAIN = (
    "id", "type", "prompt", "explanation", "points", "difficulty", "review_by", "tolerance", "unit",
    "marking", "order", "case", "model_answer", "max_chars",
)  # fmt: skip


def fits(written: Mapping[str, Any], common: frozenset[str] = _COMMON) -> bool:
    """Whether the form shows all that this question says."""
    shown = SHOWN.get(written["type"])
    return (
        shown is not None
        and written.keys() <= common | shown
        and not any(LINE_END in line for line in _lines(written))
        and all(fits(part, _SHARED) for part in written.get("questions", ()))
    )


def _lines(written: Mapping[str, Any]) -> Iterable[str]:
    """What the form has on one line each, so that it cannot hold the end of one."""
    for key in ("answer", "items", "distractors"):
        yield from _listed(written.get(key))


def _listed(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [text for item in value for text in (_listed(item) if isinstance(item, list) else [str(item)])]


def part_prefix(number: int) -> str:
    """What the names of the fields of a passage's question begin with."""
    return f"p{number}-"


def values_of(written: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """The fields of a question, filled in."""
    values: dict[str, list[str]] = {}

    def fill(field: str, *texts: object) -> None:
        values[f"{prefix}{field}"] = [str(text) for text in texts]

    for key in _PLAIN:
        fill(key, written.get(key, ""))
    fill("tags", ", ".join(written.get("tags", ())))
    for key in SOURCE:
        fill(f"source-{key}", written.get("source", {}).get(key, ""))
    for key, ticked in (("retired", written.get("retired")), ("pinned", written.get("shuffle") is False)):
        fill(key, *(["1"] if ticked else []))
    _fill_own(written, fill)
    _fill_lists(written, fill)
    for number, part in enumerate(written.get("questions", ()), 1):
        values |= values_of(part, part_prefix(number))
    return values


def _fill_own(written: Mapping[str, Any], fill: Callable[..., None]) -> None:
    kind, answer = written["type"], written.get("answer")
    for letter, option in written.get("options", {}).items():
        parts = option if isinstance(option, dict) else {"text": option}
        fill(f"option-{letter}", parts["text"])
        fill(f"feedback-{letter}", parts.get("feedback", ""))
    if kind == "blank":
        for number, texts in enumerate(answer or (), 1):
            fill(f"blank-{number}", LINE_END.join(texts))
    elif kind == "truefalse":
        if answer is not None:  # of a new one nothing is right until somebody says so
            fill("answer", "true" if answer else "false")
    else:
        fill("answer", *([answer] if isinstance(answer, str) else answer or ()))


def _fill_lists(written: Mapping[str, Any], fill: Callable[..., None]) -> None:
    for number, (left, right) in enumerate(written.get("pairs", {}).items(), 1):
        fill(f"left-{number}", left)
        fill(f"right-{number}", right)
    for key in ("distractors", "items"):
        fill(key, LINE_END.join(written.get(key, ())))
    for number, each in enumerate(written.get("rubric", ()), 1):
        fill(f"for-{number}", each["for"])
        fill(f"worth-{number}", each["points"])
    for number, (name, domain) in enumerate(written.get("variables", {}).items(), 1):
        fill(f"var-{number}", name)
        for key in DOMAIN:
            given = domain.get(key, "")
            fill(f"{key}-{number}", given if isinstance(given, str) else ", ".join(given))
