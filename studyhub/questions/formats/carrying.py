"""What a format cannot carry of a draft: whole questions are skipped, keys become notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from studyhub.questions.formats import pictures
from studyhub.questions.formats.exchange import (
    Carried,
    Draft,
    Item,
    Note,
    Place,
    Skip,
    Skipped,
    Writing,
    merged,
)

T = TypeVar("T")

_ALWAYS = frozenset({"id", "type", "prompt"})
_OF_THE_BANK = frozenset({"bank", "title", "language", "level", "source"})
SHARED = frozenset({"explanation", "tags", "points", "difficulty", "source", "review_by", "retired"})
"""Keys that a question of any type may have."""

OWN: Mapping[str, frozenset[str]] = {
    "single": frozenset({"options", "answer", "shuffle", "feedback"}),
    "multiple": frozenset({"options", "answer", "marking", "shuffle", "feedback"}),
    "truefalse": frozenset({"answer"}),
    "blank": frozenset({"answer", "order", "case"}),
    "number": frozenset({"answer", "tolerance", "unit"}),
    "match": frozenset({"pairs", "distractors", "shuffle"}),
    "order": frozenset({"items", "marking", "shuffle"}),
    "essay": frozenset({"rubric", "model_answer", "max_chars"}),
    "passage": frozenset({"questions"}),
}
"""The keys of each type's own."""


def carried(shared: frozenset[str], *, but: Mapping[str, frozenset[str]] = MappingProxyType({})) -> Carried:
    """Of every type its own keys `but` these, and the `shared` ones."""
    return {kind: shared | (own - but.get(kind, frozenset())) for kind, own in OWN.items()}


EVERYTHING = carried(SHARED | {"variables", "images"})


class Tell(Protocol):
    """Notes of one question what of it a writer changes; to be called by writers."""

    def __call__(self, code: str, **params: Any) -> None: ...


def carry(
    draft: Draft,
    carries: Carried,
    write: Callable[[Item, Tell], T],
    head: frozenset[str] = _OF_THE_BANK,
) -> tuple[list[T], Writing]:
    """Each question as `write` makes it, and the report so far; `head` are the bank's keys that are kept."""
    report = Writing()
    made: list[T] = []
    for number, question in enumerate(draft.questions, 1):
        draft.passed(number)
        told: list[Note] = []
        place = Place.named(question["id"])
        try:
            _refuse(question, carries)
            made.append(write(question, _teller(told, place)))
        except Skip as skip:
            report.skipped.append(Skipped(place, skip.code, skip.params))
            continue
        report.notes += [*_lost(question, carries), *told]
    report.notes += (Note("bank_key_lost", {"key": key}) for key in draft.head if key not in head)
    report.notes = merged(report.notes)
    report.written = len(made)
    return made, report


def _teller(told: list[Note], place: Place) -> Tell:
    def tell(code: str, **params: Any) -> None:
        told.append(Note(code, params, (place,)))

    return tell


def _refuse(question: Mapping[str, Any], carries: Carried) -> None:
    kind = question["type"]
    if kind not in carries:
        raise Skip("type_not_carried", type=kind)
    if question.get("variables") and "variables" not in carries[kind]:
        raise Skip("variables_not_carried")
    for part in question.get("questions", ()):
        _refuse(part, carries)


def _lost(question: Item, carries: Carried) -> Iterator[Note]:
    place = (Place.named(question["id"]),)
    for part in (question, *question.get("questions", ())):
        kept = carries[part["type"]]
        for key in part.keys() - _ALWAYS - kept:
            yield Note("key_lost", {"key": key}, place)
        if "feedback" not in kept and any(isinstance(o, dict) for o in part.get("options", {}).values()):
            yield Note("key_lost", {"key": "feedback"}, place)
    if "images" not in carries[question["type"]] and any(pictures.named(question)):
        yield Note("images_lost", {}, place)
