"""A blueprint as the exam file writes it, and such a document as the tree that the reader takes."""

from __future__ import annotations

import json
from collections.abc import Mapping as Table
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from studyhub.exams.blueprint import Blueprint, Section, Where
from studyhub.exams.file.reading import UNLIMITED, ExamText, interpret
from studyhub.exams.release import Release, ReviewPolicy
from studyhub.kernel.points import to_text
from studyhub.questions.difficulty import Band
from studyhub.questions.document import Mapping, Node, Scalar, Sequence

_UTC = ZoneInfo("UTC")


def as_written(blueprint: Blueprint) -> dict[str, Any]:
    """The keys and values of the file, in its order, without what is empty. Every moment names its zone."""
    window = blueprint.window
    written = {
        "exam": blueprint.slug,
        "title": blueprint.title,
        "opens": moment_text(window.opens_at),
        "closes": moment_text(window.closes_at),
        "minutes": window.minutes,
        "attempts": UNLIMITED if blueprint.attempts is None else blueprint.attempts,
        "keep": blueprint.keep.value,
        "pass": percent_text(blueprint.pass_share),
        "for": list(blueprint.branches),
        "state": blueprint.state.value,
        "sections": [_section(section) for section in blueprint.sections],
        "shuffle": {"questions": blueprint.shuffle.questions, "options": blueprint.shuffle.options},
        "review": _review(blueprint.review, ends=window.closes_at is not None),
    }
    return _without_empty(written)


def to_json(blueprint: Blueprint) -> str:
    """The definition as it is stored with a revision."""
    return json.dumps(as_written(blueprint), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Blueprint:
    """The blueprint that was stored. Raises ValueError for what this release cannot read."""
    read = interpret(nodes(json.loads(text)), _UTC)
    if read.blueprint is None:
        raise ValueError(f"a stored definition cannot be read: {read.faults[0].code}")
    return read.blueprint


def as_stored(blueprint: Blueprint) -> ExamText:
    """A definition that was read before, read again: with what there is to warn of."""
    return interpret(nodes(as_written(blueprint)), _UTC)


def nodes(value: Any) -> Node:
    """A JSON value as the reader's tree, every node at line 0."""
    if isinstance(value, Table):
        pairs = [(_scalar(str(key)), nodes(inner)) for key, inner in value.items()]
        return Mapping(0, 0, False, list(pairs))
    if isinstance(value, list):
        return Sequence(0, 0, False, [nodes(inner) for inner in value])
    if isinstance(value, bool):
        return _scalar("true" if value else "false")
    return _scalar(str(value))


def _scalar(text: str) -> Scalar:
    return Scalar(0, 0, text, False, 0)


def percent_text(share: Fraction | None) -> str | None:
    """`40%`, `33.33%`."""
    return None if share is None else f"{(Decimal(int(share * 10_000)) / 100).normalize():f}%"


def moment_text(moment: datetime | None) -> str | None:
    """`2026-11-01 08:00+08:00`, with seconds where there are any."""
    if moment is None:
        return None
    exact = "minutes" if moment.second == moment.microsecond == 0 else "auto"
    return moment.isoformat(sep=" ", timespec=exact)


def _review(review: ReviewPolicy, *, ends: bool) -> dict[str, str]:
    """What is released when the exam closes is the default, and may not be written where it never does."""
    when = {"score": review.score, "answers": review.answers, "explanations": review.explanations}
    return {key: value.value for key, value in when.items() if ends or value is not Release.CLOSED}


def _section(section: Section) -> dict[str, Any]:
    return _without_empty(
        {
            "title": section.title,
            "draw": section.draw,
            "from": list(section.banks),
            "where": _where(section.where),
            "points": None if section.points is None else to_text(section.points),
            "mix": {band.value: percent_text(share) for band, share in section.mix},
            "must": [str(ref) for ref in section.must],
        }
    )


def _where(where: Where) -> dict[str, Any]:
    tags = {"all": where.all_tags, "any": where.any_tags, "none": where.no_tags}
    return _without_empty(
        {
            "type": sorted(where.types),
            "difficulty": [band.value for band in Band if band in where.difficulties],
            "tags": _without_empty({key: sorted(words) for key, words in tags.items()}),
        }
    )


def _without_empty(written: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if value not in (None, [], {})}
