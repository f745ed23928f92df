"""The questions in force that others are compared with: what they ask, and no more of them is kept."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from studyhub.organization.states import Level
from studyhub.questions import bank as values
from studyhub.questions.across import Known
from studyhub.questions.models import Bank, Question, QuestionRevision, in_force
from studyhub.questions.sameness import CHOICES, options_asked_of, speaks_of_options

AT_ONCE = 1000
"""Rows in memory with all that they say."""


def asked() -> Select[Any]:
    """Rows for `of_row`, of every bank; of a question that has no options not more than its prompt."""
    options = case((QuestionRevision.type.in_(CHOICES), QuestionRevision.content), else_="")
    return (
        select(Bank.slug, Question.slug.label("name"), QuestionRevision.prompt, options.label("content"))
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .join(Question, Question.id == QuestionRevision.question_id)
        .where(in_force(Bank.version))
    )


def of_row(row: Any) -> Known:
    """What is compared of a row; its options only where the prompt speaks of them."""
    speaks = bool(row.content) and speaks_of_options(row.prompt)
    question = values.Question.stored(json.loads(row.content)) if speaks else None
    return Known(row.slug, row.name, row.prompt, options_asked_of(question) if question else frozenset())


def of_bank(session: Session, slug: str) -> list[Known]:
    """A whole bank, in its order."""
    return _all(session, asked().where(Bank.slug == slug))


def of_others(session: Session, levels: Collection[Level], without: Collection[str]) -> list[Known]:
    """Every bank on these levels but those named; retired questions ask nothing."""
    visible = Bank.level.in_(list(levels)), Bank.slug.not_in(list(without))
    return _all(session, asked().where(*visible, ~QuestionRevision.retired))


def _all(session: Session, query: Select[Any]) -> list[Known]:
    ordered = query.order_by(Bank.slug, QuestionRevision.place, QuestionRevision.question_id)
    return [of_row(row) for row in session.execute(ordered.execution_options(yield_per=AT_ONCE))]
