"""Reads for the desk: the banks, and one bank. Its questions: see finding.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.organization.actor import Actor
from studyhub.organization.states import Level, readable
from studyhub.questions import models

BANK_SORTS: Mapping[str, Any] = {
    "title": models.Bank.title,
    "questions": models.Bank.question_count,
    "changed": models.Bank.changed_at,
}


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank as lists show it."""

    id: int
    slug: str
    title: str
    language: str
    level: Level
    source: Mapping[str, str]
    version: int
    questions: int
    changed_at: datetime
    release_required: bool = False


def banks(session: Session, actor: Actor, asked: PageRequest) -> Page[BankRow]:
    """The banks that the actor is cleared for, by title or slug."""
    visible = _visible(actor)
    if asked.search:
        title, slug = models.Bank.title, models.Bank.slug
        wanted = or_(
            title.icontains(asked.search, autoescape=True), slug.icontains(asked.search, autoescape=True)
        )
        visible = visible.where(wanted)
    total = session.scalar(select(func.count()).select_from(visible.subquery())) or 0
    column = BANK_SORTS[asked.sort]
    order = column.desc() if asked.descending else column.asc()
    rows = session.scalars(visible.order_by(order, models.Bank.slug).offset(asked.offset).limit(asked.size))
    return Page([_row(row) for row in rows], total, asked)


def choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Slug and title of every bank that the actor is cleared for, by title."""
    named = _visible(actor).with_only_columns(models.Bank.slug, models.Bank.title)
    return [(slug, title) for slug, title in session.execute(named.order_by(models.Bank.title))]


def bank(session: Session, actor: Actor, slug: str) -> BankRow:
    """One bank. Raises NotFound when there is none, or the actor is not cleared for it."""
    row = session.scalars(_visible(actor).where(models.Bank.slug == slug)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def _visible(actor: Actor) -> Select[models.Bank]:
    query = select(models.Bank).where(models.Bank.version > 0)
    if actor.member_id is None:
        return query
    return query.where(models.Bank.level.in_(readable(Level(actor.clearance))))


def _row(row: models.Bank) -> BankRow:
    return BankRow(
        row.id,
        row.slug,
        row.title,
        row.language,
        row.level,
        row.source,
        row.version,
        row.question_count,
        row.changed_at,
        row.release_required,
    )
