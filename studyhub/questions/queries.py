"""Reads: small dataclasses out, nothing written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.points import Points
from studyhub.questions.models import Bank, Question, QuestionRevision, in_force


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that a paper may be drawn from, in the revision that is in force."""

    bank: str
    slug: str
    question_id: int
    revision_id: int
    type: str
    facility: int
    """in ten-thousandths"""
    points: Points
    tags: tuple[str, ...]


def drawable(session: Session, bank_slugs: Collection[str]) -> list[Drawable]:
    """The questions of these banks, at their current versions, that are not retired; in the banks' order.

    One statement. The result changes only with a bank's `version`: keep it by that.
    """
    rows = session.execute(
        select(
            Bank.slug.label("bank"),
            Question.slug,
            QuestionRevision.question_id,
            QuestionRevision.id,
            QuestionRevision.type,
            QuestionRevision.facility,
            QuestionRevision.points,
            QuestionRevision.tags,
        )
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .join(Question, Question.id == QuestionRevision.question_id)
        .where(Bank.slug.in_(sorted(bank_slugs)), in_force(Bank.version), ~QuestionRevision.retired)
        .order_by(Bank.slug, QuestionRevision.place, QuestionRevision.question_id)
    )
    return [Drawable(*row[:7], tags=tuple(row[7])) for row in rows]
