"""Reads: small dataclasses out, nothing written."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.garbage import uncollected
from studyhub.kernel.points import Points
from studyhub.organization.actor import Actor
from studyhub.questions import bank as values
from studyhub.questions.chosen import head_of
from studyhub.questions.models import (
    Bank,
    BankPlan,
    BankPlanFile,
    BankUpload,
    Question,
    QuestionRevision,
    admitted,
    current,
    in_force,
)
from studyhub.questions.plan import NOTHING, InForce
from studyhub.questions.shown_plan import ShownPlan


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that a paper may be drawn from, in the revision that is in force; a passage with its own."""

    bank: str
    slug: str
    revision_id: int
    type: str
    facility: int
    """in ten-thousandths"""
    points: Points
    tags: tuple[str, ...]
    parts: tuple[Drawable, ...] = ()


def drawable(session: Session, bank_slugs: Collection[str]) -> list[Drawable]:
    """The questions of these banks, at their current versions, that are not retired and, where the bank
    asks for that, released; in the banks' order.

    One statement, and one for all passages. The result changes only with a bank's `version`: keep it by that.
    """
    offered = _DRAWABLE.where(Bank.slug.in_(sorted(bank_slugs)), ~QuestionRevision.retired)
    rows = session.execute(offered.where(in_force(Bank.version), admitted())).all()
    parts: dict[int, list[Drawable]] = {}
    if any(row.type == values.PASSAGE for row in rows):
        within = offered.where(current(Bank.version), QuestionRevision.passage_id.is_not(None))
        for row in session.execute(within):
            parts.setdefault(row.passage_id, []).append(_drawable(row))
    return [_drawable(row, parts.get(row.question_id, ())) for row in rows]


def drawable_by_type(session: Session, bank_slugs: Collection[str]) -> dict[str, dict[str, int]]:
    """How many questions of each type these banks offer to a draw; a passage is one. One statement."""
    counted = (
        select(Bank.slug, QuestionRevision.type, func.count().label("count"))
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .where(Bank.slug.in_(sorted(bank_slugs)), ~QuestionRevision.retired)
        .where(in_force(Bank.version), admitted())
        .group_by(Bank.slug, QuestionRevision.type)
    )
    held: dict[str, dict[str, int]] = {}
    for slug, kind, count in session.execute(counted):
        held.setdefault(slug, {})[kind] = count
    return held


def _drawable(row: Any, parts: Sequence[Drawable] = ()) -> Drawable:
    return Drawable(
        row.bank,
        row.slug,
        row.id,
        row.type,
        row.facility,
        row.points,
        tuple(row.tags),
        tuple(parts),
    )


_DRAWABLE: Any = (
    select(
        Bank.slug.label("bank"),
        Question.slug,
        QuestionRevision.question_id,
        QuestionRevision.id,
        QuestionRevision.type,
        QuestionRevision.facility,
        QuestionRevision.points,
        QuestionRevision.tags,
        QuestionRevision.passage_id,
    )
    .join(Bank, Bank.id == QuestionRevision.bank_id)
    .join(Question, Question.id == QuestionRevision.question_id)
    .order_by(Bank.slug, QuestionRevision.place, QuestionRevision.question_id)
)


def bank_in_force(session: Session, slug: str) -> InForce:
    """What an import of this bank is compared with."""
    row = session.execute(select(Bank).where(Bank.slug == slug, Bank.version > 0)).scalar_one_or_none()
    if row is None:
        return NOTHING
    rows = session.execute(
        select(
            Question.slug,
            QuestionRevision.digest,
            QuestionRevision.key_digest,
            QuestionRevision.review_digest,
        )
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(QuestionRevision.bank_id == row.id, in_force(row.version))
    ).all()
    ever = session.scalars(
        select(Question.slug)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(QuestionRevision.bank_id == row.id, QuestionRevision.until_version <= row.version)
        .distinct()
    )
    digests = {each.slug: each.digest for each in rows}
    keys = {each.slug: each.key_digest for each in rows}
    reviewed = {each.slug: each.review_digest for each in rows}
    left = frozenset(ever) - digests.keys()
    return InForce(row.version, head_of(row).head, digests, keys, reviewed, left)


def whole_bank(session: Session, slug: str) -> values.Bank | None:
    """The bank as it is in force, to be written as a file again."""
    row = session.execute(select(Bank).where(Bank.slug == slug, Bank.version > 0)).scalar_one_or_none()
    if row is None:
        return None
    rows = session.execute(
        select(QuestionRevision.content, QuestionRevision.digest, QuestionRevision.key_digest)
        .where(QuestionRevision.bank_id == row.id, in_force(row.version))
        .order_by(QuestionRevision.place, QuestionRevision.question_id)
    )
    with uncollected():  # thousands of values that hold no cycles: looking for some took half of the time
        return head_of(
            row, tuple(values.Question.of_row(json.loads(text), *digests) for text, *digests in rows)
        )


def all_slugs(session: Session) -> set[str]:
    """Of every bank, whoever may see it."""
    return set(session.scalars(select(Bank.slug).where(Bank.version > 0)))


def prompts(session: Session, slug: str, names: Collection[str]) -> dict[str, str]:
    """The prompts of these questions as they are in force."""
    rows = session.execute(
        select(Question.slug, QuestionRevision.prompt)
        .join(Bank, Bank.id == Question.bank_id)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(Bank.slug == slug, Question.slug.in_(names), in_force(Bank.version))
    )
    return {row.slug: row.prompt for row in rows}


def holding(session: Session, slug: str, words: str) -> set[str]:
    """The questions in force that have these words in their prompt."""
    rows = session.scalars(
        select(Question.slug)
        .join(Bank, Bank.id == Question.bank_id)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(Bank.slug == slug, in_force(Bank.version))
        .where(QuestionRevision.prompt.icontains(words, autoescape=True))
    )
    return set(rows)


def written(session: Session, slug: str, names: Collection[str]) -> dict[str, Any]:
    """These questions as the bank file writes them, as they are in force."""
    rows = session.execute(
        select(Question.slug, QuestionRevision.content)
        .join(Bank, Bank.id == Question.bank_id)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(Bank.slug == slug, Question.slug.in_(names), in_force(Bank.version))
    )
    return {row.slug: json.loads(row.content) for row in rows}


def kept_plan(session: Session, actor: Actor, plan_id: int) -> BankPlan:
    """The actor's own plan. Raises NotFound."""
    query = select(BankPlan).where(BankPlan.id == plan_id)
    if actor.member_id is not None:
        query = query.where(BankPlan.created_by == actor.member_id)
    plan = session.scalars(query).one_or_none()
    if plan is None:
        raise NotFound
    return plan


def is_overtaken(session: Session, plan: BankPlan) -> bool:
    """Whether the bank has changed since the plan was made; without reading the plan's file."""
    version = session.scalar(select(Bank.version).where(Bank.slug == plan.bank_slug)) or 0
    return version != plan.base_version


def file_of(session: Session, plan: BankPlan) -> BankPlanFile:
    """The file that the plan was made from, and what was found out about it."""
    return session.scalars(select(BankPlanFile).where(BankPlanFile.plan_id == plan.id)).one()


def shown_plan(session: Session, plan: BankPlan) -> ShownPlan:
    """What the plan's page shows; its file is not read."""
    packed = session.scalars(select(BankPlanFile.shown).where(BankPlanFile.plan_id == plan.id)).one()
    return ShownPlan.unpacked(packed)


def kept_upload(session: Session, actor: Actor, upload_id: int) -> BankUpload:
    """The actor's own upload. Raises NotFound."""
    query = select(BankUpload).where(BankUpload.id == upload_id, BankUpload.created_by == actor.member_id)
    upload = session.scalars(query).one_or_none()
    if upload is None:
        raise NotFound
    return upload
