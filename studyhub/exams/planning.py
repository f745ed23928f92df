"""What an exam file would do, shown before it is done: which keys it sets anew, and to what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.exams import queries
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.file.writing import as_written, to_json
from studyhub.exams.models import Exam
from studyhub.organization.actor import Actor


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key of the file, with its values as lines, a moment as itself; no lines where it is not there."""

    key: str
    before: tuple[str | datetime, ...]
    after: tuple[str | datetime, ...]


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """`definition` is what would be stored, as text of an exam file.

    `digest` tells this plan from any other; it becomes another as soon as somebody else changes the exam.
    """

    slug: str
    title: str
    is_new: bool
    changes: tuple[KeyChange, ...]
    definition: str
    digest: str


def plan_exam(session: Session, actor: Actor, blueprint: Blueprint) -> ExamPlan:
    """Raises NotFound where the exam of this name is not the actor's to set."""
    there = session.scalars(select(Exam.id).where(Exam.slug == blueprint.slug)).first() is not None
    exam = queries.exam_to_manage(session, actor, blueprint.slug) if there else None
    before = _values(queries.blueprint_of(session, exam)) if exam else {}
    definition = to_json(blueprint)
    since = exam.revision if exam else 0
    return ExamPlan(
        slug=blueprint.slug,
        title=blueprint.title,
        is_new=exam is None,
        changes=tuple(differing(before, _values(blueprint))),
        definition=definition,
        digest=hashlib.sha256(f"{since}\n{definition}".encode()).hexdigest(),
    )


def _values(blueprint: Blueprint) -> dict[str, Any]:
    """What the file would say; when it opens and closes as moments, which a page shows as its clock does."""
    window = blueprint.window
    moments = {"opens": window.opens_at, "closes": window.closes_at}
    return {key: moments.get(key, value) for key, value in as_written(blueprint).items()}


def differing(before: dict[str, Any], after: dict[str, Any]) -> Iterator[KeyChange]:
    """The keys of two definitions whose values differ, in the order of the file."""
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            yield KeyChange(key, tuple(_lines(before.get(key))), tuple(_lines(after.get(key))))


def _lines(value: Any) -> Iterator[str | datetime]:
    """A value as the file would say it, an item of a list on each line."""
    if isinstance(value, list):
        for item in value:
            yield _inline(item)
    elif isinstance(value, datetime):
        yield value
    elif value is not None:
        yield _inline(value)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_nested(inner)}" for key, inner in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_inline(each) for each in value)}]"
    return f"{{{_inline(value)}}}" if isinstance(value, dict) else _inline(value)
