"""Reads of some questions of a bank, by their ids: what a change of a few needs, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, aliased

from studyhub.questions import bank as values
from studyhub.questions.models import Bank, Question, QuestionRevision, current, in_force

AT_ONCE = 1000
"""Names in one statement: databases bound its parameters."""

MANY = 5000

T = TypeVar("T", str, int)


@dataclass(frozen=True, slots=True)
class Head:
    """A bank without its questions: what it says of itself, its version, and how many questions it has."""

    bank: values.Bank
    version: int
    questions: int
    release_required: bool = False


def head(session: Session, slug: str) -> Head | None:
    """The bank that is in force by this name."""
    row = session.scalars(select(Bank).where(Bank.slug == slug, Bank.version > 0)).one_or_none()
    return Head(head_of(row), row.version, row.question_count, row.release_required) if row else None


def head_of(row: Bank, questions: tuple[values.Question, ...] = ()) -> values.Bank:
    """The value of a row, with these questions."""
    return values.Bank(row.slug, row.title, row.language, questions, row.level.value, row.source)


@dataclass(frozen=True, slots=True)
class Standing:
    """The last revision of an id that took effect, and whether it is in force."""

    number: int
    place: int
    in_force: bool
    digest: str
    key_digest: str
    review_digest: str


def standing(session: Session, slug: str, names: Collection[str]) -> dict[str, Standing]:
    """Where these ids of the bank stand, those that left it too; without those that it never had."""
    query = (
        select(
            Question.slug,
            QuestionRevision.number,
            QuestionRevision.place,
            in_force(Bank.version).label("in_force"),
            QuestionRevision.digest,
            QuestionRevision.key_digest,
            QuestionRevision.review_digest,
        )
        .join(Question, Question.id == QuestionRevision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.slug == slug, QuestionRevision.since_version <= Bank.version)
        .order_by(QuestionRevision.number)
    )
    return {
        row.slug: Standing(
            row.number, row.place, bool(row.in_force), row.digest, row.key_digest, row.review_digest
        )
        for row in rows_of(session, query, names)
    }


def questions(
    session: Session, slug: str, names: Collection[str], read: Callable[[int], object] = lambda number: None
) -> dict[str, values.Question]:
    """Those of these questions that are in force, in the order of the bank; `read` hears how many names were
    looked for, time and again."""
    query = (
        select(
            QuestionRevision.content,
            QuestionRevision.digest,
            QuestionRevision.key_digest,
            QuestionRevision.place,
            QuestionRevision.question_id,
        )
        .join(Question, Question.id == QuestionRevision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.slug == slug, in_force(Bank.version))
    )
    found: list[tuple[int, int, values.Question]] = []
    for some in batches(names):
        for row in session.execute(query.where(Question.slug.in_(some))):
            question = values.Question.of_row(json.loads(row.content), row.digest, row.key_digest)
            found.append((row.place, row.question_id, question))
        read(len(some))
    found.sort(key=lambda one: one[:2])
    return {question.id: question for _place, _id, question in found}


def last_place(session: Session, slug: str) -> int:
    """Where the last question of the bank stands."""
    last = select(func.max(QuestionRevision.place)).join(Bank, Bank.id == QuestionRevision.bank_id)
    return session.scalar(last.where(Bank.slug == slug, QuestionRevision.until_version.is_(None))) or 0


@dataclass(frozen=True, slots=True)
class Identity:
    """What the bank's history knows of an id: its last revision number, and the revision that is in force."""

    question_id: int
    last_number: int
    revision_id: int | None


def identities(session: Session, bank_id: int, names: Collection[str] | None = None) -> dict[str, Identity]:
    """These ids, with those within passages as `reading/q1`; None: every id that the bank ever had."""
    every = aliased(QuestionRevision)
    number = select(func.max(every.number)).where(every.question_id == Question.id)
    query = (
        select(Question.slug, Question.id, number.scalar_subquery(), QuestionRevision.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(QuestionRevision, (QuestionRevision.question_id == Question.id) & current(Bank.version))
    )
    wanted = (
        [Question.bank_id == bank_id]
        if names is None
        else [Question.id.in_(_with_parts(bank_id, some)) for some in batches(names)]
    )
    return {
        slug: Identity(question_id, last or 0, revision)
        for condition in wanted
        for slug, question_id, last, revision in session.execute(query.where(condition))
    }


def question_ids(session: Session, slug: str, names: Collection[str]) -> list[int]:
    """The numbers of these questions, and of those that are or were a part of them."""
    bank_id = select(Bank.id).where(Bank.slug == slug).scalar_subquery()
    wanted = (select(_with_parts(bank_id, some).subquery().c.id) for some in batches(names))
    return [one for query in wanted for one in session.scalars(query)]


def _with_parts(bank_id: Any, names: Sequence[str]) -> Any:
    question, revision = aliased(Question), aliased(QuestionRevision)
    own = select(question.id).where(question.bank_id == bank_id, question.slug.in_(names))
    return union(own, select(revision.question_id).where(revision.passage_id.in_(own)))


def rows_of(session: Session, query: Any, names: Collection[str]) -> Iterator[Any]:
    """The rows of a query of a bank whose `slug` is among these. Of very many, the whole bank is read: that
    takes a fraction of looking each of them up."""
    if len(names) <= MANY:
        for some in batches(names):
            yield from session.execute(query.where(Question.slug.in_(some)))
        return
    wanted = frozenset(names)
    yield from (row for row in session.execute(query) if row.slug in wanted)


def batches(names: Collection[T]) -> Iterator[list[T]]:
    """The names or ids, as many at once as a statement takes."""
    listed = list(names)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
