"""A change undone: each question that it concerned is again what it was before, as a new revision.

A question that was changed once more since then stays as it is: nobody's later work is undone by the way.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.kernel.events import OfferChange, PapersFound
from studyhub.questions import amending, chosen, importing, offering, touching
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.importing import Doors, Progress, silent
from studyhub.questions.models import Bank, BankChange, QuestionRevision, current
from studyhub.questions.models import Question as QuestionRow
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind


@dataclass(frozen=True, slots=True)
class Undone:
    """How many questions are again what they were, and how many were changed since and stay."""

    done: int
    kept: int


@dataclass(frozen=True, slots=True)
class Was:
    """A question as it was before a change: what exams, reviews and marks tell it from others by. What it
    says is read only when it is brought back: there may be very many."""

    id: str
    revision_id: int
    sort: tuple[str, int, tuple[str, ...]]
    retired: bool
    review_digest: str


@dataclass(frozen=True, slots=True)
class Back:
    """What brings a bank back: its questions as they were, None: not in it; `seen` like an amendment's."""

    questions: Mapping[str, Was | None]
    seen: Mapping[str, int]

    def without(self, names: Collection[str]) -> Back:
        """The same, and these as they are."""
        return Back(
            {name: was for name, was in self.questions.items() if name not in names},
            {name: number for name, number in self.seen.items() if name not in names},
        )


@dataclass(frozen=True, slots=True)
class Touched:
    """What undoing touches: what banks would offer otherwise, and the papers with a question that is marked
    otherwise then."""

    offers: Sequence[OfferChange]
    papers: PapersFound


def undo(doors: Doors, slug: str, version: int, progress: Progress = silent) -> Undone:
    """Undo what made this version of the bank, with what was done to other banks in the same act.

    The actor must be cleared for all of them. Raises Conflict when a bank changes meanwhile.
    """
    with doors.read() as session:
        backs, kept = _backs(session, slug, version)
        amendments = _read(session, backs)
    # Of several banks it is one act again, so that it is undone as one.
    origin = Origin(ChangeKind.UNDO, together=uuid.uuid4().hex if len(backs) > 1 else None)
    prepared = [amending.plan(doors, bank, amendment, origin) for bank, amendment in amendments.items()]
    going = [replace(item, returning=True) for item in prepared if item.plan.changes_anything]
    if going:
        importing.apply(doors, going, progress)
    return Undone(len({name for item in going for name in item.amended or ()}), len(kept))


def touched(doors: Doors, slug: str, version: int) -> Touched:
    """What undoing it would touch at this moment."""
    now = doors.clock()
    with doors.read() as session:
        made = dict(_acts(session, slug, version))
        others = {bank: _by_another_key(session, bank, change) for bank, change in made.items()}
        papers = touching.of_banks(session, others, now)
        backs = _backs(session, slug, version)[0] if offering.matters(session, made, now) else {}
        return Touched(
            [offering.amended(session, bank, back.questions) for bank, back in backs.items()], papers
        )


def _by_another_key(session: Session, slug: str, version: int) -> list[str]:
    """The questions that this version gave another key, and that are what it made them."""
    new = aliased(QuestionRevision)
    query = (
        _of_bank(slug)
        .join(new, new.question_id == QuestionRevision.question_id)
        .where(QuestionRevision.until_version == version, new.key_digest != QuestionRevision.key_digest)
        .where(new.since_version == version, current(Bank.version, new))
    )
    return list(session.scalars(query))


def _backs(session: Session, slug: str, version: int) -> tuple[dict[str, Back], set[str]]:
    """What brings each bank back, and the questions that went on since: one that moved and went on stays
    where it is, or two banks would have it."""
    found = {bank: _back(session, bank, change) for bank, change in _acts(session, slug, version)}
    kept = {name for _back, later in found.values() for name in later}
    return {bank: back.without(kept) for bank, (back, _later) in found.items()}, kept


def _read(session: Session, backs: Mapping[str, Back]) -> dict[str, Amendment]:
    """What they bring back, with all that it says."""
    leaving = frozenset(
        (bank, name) for bank, back in backs.items() for name, was in back.questions.items() if was is None
    )
    return {bank: Amendment(_questions(session, back), back.seen, leaving) for bank, back in backs.items()}


def _questions(session: Session, back: Back) -> dict[str, Question | None]:
    revision = QuestionRevision
    said = select(revision.id, revision.content, revision.digest, revision.key_digest)
    read = {
        row.id: Question.of_row(json.loads(row.content), row.digest, row.key_digest)
        for ids in chosen.batches([was.revision_id for was in back.questions.values() if was])
        for row in session.execute(said.where(revision.id.in_(ids)))
    }
    return {name: read[was.revision_id] if was else None for name, was in back.questions.items()}


def banks_of(session: Session, slug: str, version: int) -> list[str]:
    """The banks that one act changed."""
    return [bank for bank, _ in _acts(session, slug, version)]


def beside(session: Session, slug: str, version: int) -> list[tuple[str, int]]:
    """The other banks that the same act changed, each with the version that it made there."""
    return [(bank, made) for bank, made in _acts(session, slug, version) if bank != slug]


def _acts(session: Session, slug: str, version: int) -> list[tuple[str, int]]:
    own = (
        select(BankChange.together)
        .join(Bank, Bank.id == BankChange.bank_id)
        .where(Bank.slug == slug, BankChange.version == version)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Bank.slug, BankChange.version)
        .join(Bank, Bank.id == BankChange.bank_id)
        .where(or_((Bank.slug == slug) & (BankChange.version == version), BankChange.together == own))
        .order_by(Bank.slug)
    )
    return [(row.slug, row.version) for row in rows]


def _back(session: Session, slug: str, version: int) -> tuple[Back, set[str]]:
    """What brings the questions back to before this version, and which of them went on since."""
    before, after = _ended(session, slug, version), _begun(session, slug, version)
    names = before.keys() | after.keys()
    standing = chosen.standing(session, slug, names)
    questions: dict[str, Was | None] = {}
    seen: dict[str, int] = {}
    for name in names:
        now = standing[name]
        number = now.number if now.in_force else 0
        if number != after.get(name, 0) or (not number and now.number != before[name].number):
            continue
        questions[name] = _was(before[name]) if name in before else None
        seen[name] = number
    return Back(questions, seen), names - questions.keys()


def _ended(session: Session, slug: str, version: int) -> dict[str, Any]:
    """The revisions that this version replaced or took out, by the id of their question."""
    revision = QuestionRevision
    wanted = (
        revision.id,
        revision.number,
        revision.type,
        revision.facility,
        revision.tags,
        revision.retired,
        revision.review_digest,
    )
    rows = session.execute(_of_bank(slug, *wanted).where(revision.until_version == version))
    return {row.slug: row for row in rows}


def _begun(session: Session, slug: str, version: int) -> dict[str, int]:
    """The numbers of the revisions that came with this version, by the id of their question."""
    query = _of_bank(slug, QuestionRevision.number).where(QuestionRevision.since_version == version)
    return {row.slug: row.number for row in session.execute(query)}


def _of_bank(slug: str, *wanted: Any) -> Select[Any]:
    return (
        select(QuestionRow.slug, *wanted)
        .select_from(QuestionRevision)
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .where(Bank.slug == slug, QuestionRevision.passage_id.is_(None))
    )


def _was(row: Any) -> Was:
    sort = row.type, row.facility, tuple(row.tags)
    return Was(row.slug, row.id, sort, row.retired, row.review_digest)
