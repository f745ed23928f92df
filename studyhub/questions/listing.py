"""Reads for the desk: the banks, one bank, and its questions a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.organization.actor import Actor
from studyhub.organization.states import Level, readable
from studyhub.questions import models, revisions
from studyhub.questions.difficulty import Band, band_of
from studyhub.questions.models import QuestionRevision, in_force
from studyhub.questions.revisions import Revision

BANK_SORTS: Mapping[str, Any] = {
    "title": models.Bank.title,
    "questions": models.Bank.question_count,
    "changed": models.Bank.changed_at,
}
QUESTION_SORTS: Mapping[str, Any] = {
    "place": QuestionRevision.place,
    "points": QuestionRevision.points,
    "facility": QuestionRevision.facility,
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


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What is looked for in a bank: a type and a band of difficulty; "" is any."""

    type: str = ""
    band: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.type:
            found.append(QuestionRevision.type == self.type)
        if self.band:
            found.append(_in_band(Band(self.band)))
        return found


@dataclass(frozen=True, slots=True)
class Facets:
    """How many questions of each type a bank holds, and how many are kept out of new papers."""

    types: Mapping[str, int]
    retired: int


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


def bank(session: Session, actor: Actor, slug: str) -> BankRow:
    """One bank. Raises NotFound when there is none, or the actor is not cleared for it."""
    row = session.scalars(_visible(actor).where(models.Bank.slug == slug)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def facets(session: Session, shown: BankRow) -> Facets:
    """How many questions of each type the bank holds, and how many are kept out of new papers."""
    rows = session.execute(
        select(QuestionRevision.type, QuestionRevision.retired, func.count())
        .where(QuestionRevision.bank_id == shown.id, in_force(shown.version))
        .group_by(QuestionRevision.type, QuestionRevision.retired)
    ).all()
    types: dict[str, int] = {}
    for kind, _retired, count in rows:
        types[kind] = types.get(kind, 0) + count
    return Facets(types, sum(count for _kind, retired, count in rows if retired))


def questions(session: Session, shown: BankRow, asked: PageRequest, wanted: QuestionFilter) -> Page[Revision]:
    """The bank's questions whose id or any text holds what is searched for."""
    chosen = (
        select(QuestionRevision.id)
        .join(models.Question, models.Question.id == QuestionRevision.question_id)
        .where(QuestionRevision.bank_id == shown.id, in_force(shown.version), *wanted.conditions())
    )
    if asked.search:
        texts = QuestionRevision.content.icontains(asked.search, autoescape=True)
        chosen = chosen.where(or_(texts, models.Question.slug.icontains(asked.search, autoescape=True)))
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    column = QUESTION_SORTS[asked.sort]
    order = column.desc() if asked.descending else column.asc()
    page = chosen.order_by(order, QuestionRevision.place, QuestionRevision.id)
    ids = session.scalars(page.offset(asked.offset).limit(asked.size)).all()
    loaded = revisions.load(session, ids)
    return Page([loaded[one] for one in ids], total, asked)


def band_of_question(revision: Revision) -> Band:
    """The difficulty in words."""
    return band_of(revision.question.facility)


def _in_band(band: Band) -> ColumnElement[bool]:
    facility = QuestionRevision.facility
    # The borders are those of difficulty.band_of.
    if band is Band.EASY:
        return facility >= 7500
    return facility < 5000 if band is Band.HARD else facility.between(5000, 7499)


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
    )
