"""A change undone: each question that it concerned is again what it was before, as a new revision.

A question that was changed once more since then stays as it is: nobody's later work is undone by the way.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.kernel.events import OfferChange, PapersFound
from studyhub.questions import amending, chosen, importing, offering, reviews, touching
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.importing import Doors, Progress, silent
from studyhub.questions.models import Bank, BankChange, QuestionRevision
from studyhub.questions.models import Question as QuestionRow
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind


@dataclass(frozen=True, slots=True)
class Undone:
    """How many questions are again what they were, and how many were changed since and stay."""

    done: int
    kept: int


def undo(doors: Doors, slug: str, version: int, progress: Progress = silent) -> Undone:
    """Undo what made this version of the bank, with what was done to other banks in the same act.

    The actor must be cleared for all of them. Raises Conflict when a bank changes meanwhile.
    """
    with doors.read() as session:
        backs, kept = _backs(session, slug, version)
    # Of several banks it is one act again, so that it is undone as one.
    origin = Origin(ChangeKind.UNDO, together=uuid.uuid4().hex if len(backs) > 1 else None)
    prepared = [amending.plan(doors, bank, amendment, origin) for bank, amendment in backs.items()]
    going = [replace(item, also=reviews.bring_back) for item in prepared if item.plan.changes_anything]
    if going:
        importing.apply(doors, going, progress)
    return Undone(len({name for item in going for name in item.amended or ()}), len(kept))


def offers(doors: Doors, slug: str, version: int) -> list[OfferChange]:
    """What undoing it would make the banks offer otherwise."""
    with doors.read() as session:
        backs, _kept = _backs(session, slug, version)
        return [offering.amended(session, bank, amendment.questions) for bank, amendment in backs.items()]


def _backs(session: Session, slug: str, version: int) -> tuple[dict[str, Amendment], set[str]]:
    """What brings each bank back, and the questions that went on since: one that moved and went on stays
    where it is, or two banks would have it."""
    found = {bank: _back(session, bank, change) for bank, change in _acts(session, slug, version)}
    kept = {name for _amendment, later in found.values() for name in later}
    backs = {bank: amendment.without(kept) for bank, (amendment, _later) in found.items()}
    leaving = frozenset(
        (bank, name) for bank, back in backs.items() for name, was in back.questions.items() if was is None
    )
    return {bank: replace(back, leaving=leaving) for bank, back in backs.items()}, kept


def by_another_key(doors: Doors, slug: str, version: int) -> PapersFound:
    """The papers with a question that is marked otherwise once the change is undone."""
    with doors.read() as session:
        backs, _kept = _backs(session, slug, version)
        amended = {bank: back.questions for bank, back in backs.items()}
        return touching.turned(session, amended, doors.clock())


def banks_of(session: Session, slug: str, version: int) -> list[str]:
    """The banks that one act changed."""
    return [bank for bank, _ in _acts(session, slug, version)]


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


def _back(session: Session, slug: str, version: int) -> tuple[Amendment, set[str]]:
    """What brings the questions back to before this version, and which of them went on since."""
    rows = session.execute(
        select(
            QuestionRow.slug,
            QuestionRevision.number,
            QuestionRevision.since_version,
            QuestionRevision.content,
        )
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .join(Bank, Bank.id == QuestionRevision.bank_id)
        .where(
            Bank.slug == slug,
            QuestionRevision.passage_id.is_(None),
            or_(QuestionRevision.since_version == version, QuestionRevision.until_version == version),
        )
    ).all()
    standing = chosen.standing(session, slug, {row.slug for row in rows})
    before = {row.slug: row for row in rows if row.since_version != version}
    after = {row.slug: row.number for row in rows if row.since_version == version}
    questions: dict[str, Question | None] = {}
    seen: dict[str, int] = {}
    for name in {row.slug for row in rows}:
        now = standing[name]
        number = now.number if now.in_force else 0
        if number != after.get(name, 0) or (not number and now.number != before[name].number):
            continue
        questions[name] = Question.stored(json.loads(before[name].content)) if name in before else None
        seen[name] = number
    return Amendment(questions, seen), {row.slug for row in rows} - questions.keys()
