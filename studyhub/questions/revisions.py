"""Revisions by id, parsed and rendered. They never change, so the process keeps them for ever."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from studyhub.questions import models
from studyhub.questions.bank import Question

# About 5 kB each: what a busy site draws from fits; beyond that the oldest ones make room.
MOST_KEPT = 50_000

_LOAD = (
    select(
        models.QuestionRevision.id,
        models.QuestionRevision.question_id,
        models.QuestionRevision.number,
        models.QuestionRevision.content,
        models.QuestionRevision.html,
        models.Bank.slug.label("bank"),
    )
    .join(models.Bank, models.Bank.id == models.QuestionRevision.bank_id)
    .where(models.QuestionRevision.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """A question as it was at one time. `html` holds `prompt`, `explanation` and, for choices,
    `options.A` and `feedback.A` by the file's keys; a question of a passage has the passage's text as
    `material`. What is not there is empty."""

    id: int
    question_id: int
    bank: str
    number: int
    question: Question
    html: Mapping[str, str]

    @property
    def parts(self) -> list[Revision]:
        """The questions of a passage, as papers have them: with the passage's text as `material`."""
        return [
            Revision(
                self.id,
                self.question_id,
                self.bank,
                self.number,
                part,
                part_html(self.html, part.id),
            )
            for part in self.question.parts
        ]


def part_html(html: Mapping[str, str], part: str) -> dict[str, str]:
    """The texts of one question of a passage out of the passage's own, with the `material`."""
    own = f"questions.{part}."
    found = {path[len(own) :]: text for path, text in html.items() if path.startswith(own)}
    found["material"] = html["prompt"]
    return found | ({"material.explanation": html["explanation"]} if "explanation" in html else {})


AT_ONCE = 1000
"""How many are read by one statement: databases bound its parameters."""


def load_ahead(session: Session, ids: Sequence[int]) -> None:
    """Read these revisions before they are asked for, as far as they fit; some statements, and some time."""
    for start in range(0, min(len(ids), MOST_KEPT // 2), AT_ONCE):
        load(session, ids[start : start + AT_ONCE])


def load(session: Session, ids: Collection[int]) -> dict[int, Revision]:
    """The revisions with these ids. At most one statement; none when all were met before.

    Raises KeyError for an id that does not exist.
    """
    kept: dict[int, Revision] = session.info["memory"].setdefault("questions.revisions", {})
    missing = [revision_id for revision_id in ids if revision_id not in kept]
    if missing:
        fresh = {row.id: _revision(row) for row in session.connection().execute(_LOAD, {"ids": missing})}
        _make_room(kept, len(fresh))
        kept.update(fresh)
    return {revision_id: kept[revision_id] for revision_id in ids}


def _make_room(kept: dict[int, Revision], coming: int) -> None:
    for oldest in list(kept)[: max(0, len(kept) + coming - MOST_KEPT)]:
        kept.pop(oldest, None)


def _revision(row: Any) -> Revision:
    question = Question.stored(json.loads(row.content))
    return Revision(row.id, row.question_id, row.bank, row.number, question, row.html)
