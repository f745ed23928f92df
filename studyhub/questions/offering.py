"""What a bank offers to new papers otherwise after an act, and the exams that could be drawn no more then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import DrawersAsked, DrawsAsked, ExamNamed, OfferChange, Offered, ask
from studyhub.organization.actor import Actor
from studyhub.questions import releasing
from studyhub.questions.bank import Question
from studyhub.questions.chosen import rows_of
from studyhub.questions.importing import Doors
from studyhub.questions.models import Bank, QuestionRevision, admitted, in_force
from studyhub.questions.models import Question as QuestionRow
from studyhub.questions.plan import Plan

Tags = tuple[str, ...]


class Choosable(Protocol):
    """A question as far as exams choose it, with what a review of it rests on."""

    @property
    def id(self) -> str: ...

    @property
    def sort(self) -> tuple[str, int, Tags]: ...

    @property
    def retired(self) -> bool: ...

    @property
    def review_digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Now:
    """What a bank offers now of some ids, with what a review of each rests on; whether drafts wait."""

    bank: str
    offered: Mapping[str, Offered]
    review_digests: Mapping[str, str]
    waits: bool

    def becomes(self, come: Iterable[Offered]) -> OfferChange:
        """The change to these; what exams see no difference in is none."""
        new = {one.id: one for one in come}
        gone = (name for name, one in self.offered.items() if new.get(name) != one)
        other = tuple(one for name, one in new.items() if self.offered.get(name) != one)
        return OfferChange(self.bank, frozenset(gone), other)


def without(slug: str, names: Collection[str]) -> OfferChange:
    """Without these questions."""
    return OfferChange(slug, frozenset(names))


def amended(session: Session, slug: str, questions: Mapping[str, Choosable | None]) -> OfferChange:
    """With these questions, None: without the one of that id. Where the bank asks for a release, what says
    something else than what is offered now is a draft."""
    now = _now(session, slug, questions)
    stays = (
        one
        for name, one in questions.items()
        if one and (not now.waits or now.review_digests.get(name) == one.review_digest)
    )
    return now.becomes(as_offered(stays))


def tagged(
    session: Session, slug: str, names: Collection[str], change: Callable[[Tags], Tags]
) -> OfferChange:
    """With the tags of these questions changed so. Their contents are not read: they may be very many."""
    now = _now(session, slug, names)
    return now.becomes(replace(one, tags=change(one.tags)) for one in now.offered.values())


def coming(session: Session, slug: str, questions: Iterable[Question]) -> OfferChange:
    """With these as well, which are drafts."""
    now = _now(session, slug, ())
    return now.becomes(() if now.waits else as_offered(questions))


def of_plan(session: Session, plan: Plan) -> OfferChange:
    """As the plan would make it. A bank that begins with it changes nothing for an exam."""
    if not plan.base_version:
        return without(plan.bank, ())
    now = _now(session, plan.bank, (*plan.changed, *plan.retired))
    drafts = set(plan.rewritten)
    return now.becomes(
        Offered(name, *sort)
        for sort, names in plan.offers
        for name in names
        if not now.waits or (name in now.offered and name not in drafts)
    )


def as_offered(questions: Iterable[Choosable]) -> list[Offered]:
    """Those that are not kept out, as exams look at them."""
    return [Offered(one.id, *one.sort) for one in questions if not one.retired]


def matters(session: Session, banks: Iterable[str], now: datetime, tag: str | None = None) -> bool:
    """Whether there are exams that what these banks offer matters to, or this tag in them: without any, none
    of their questions need be read."""
    return any(ask(session, DrawersAsked(now, tuple(banks), tag)))


def stopped_by(
    session: Session, actor: Actor, changes: Collection[OfferChange], now: datetime
) -> list[ExamNamed]:
    """The exams that are published, not over, and could be drawn no more after these changes; those above the
    actor's clearance do not exist."""
    if not any(change.gone for change in changes):
        return []
    found = ask(session, DrawsAsked(now, tuple(changes), actor.levels))
    return [exam for exams in found for exam in exams]


def stopped(doors: Doors, changes: Collection[OfferChange]) -> list[ExamNamed]:
    """The same, for who has no transaction open."""
    with doors.read() as session:
        return stopped_by(session, doors.actor, changes, doors.clock())


def check_confirmed(doors: Doors, changes: Collection[OfferChange], *, confirmed: bool) -> None:
    """Raise Conflict `exams_would_stop` when exams would stop and nobody has said that this is meant."""
    exams = [] if confirmed else stopped(doors, changes)
    if exams:
        raise Conflict("exams_would_stop", **told(exams))


def check_release(doors: Doors, slug: str, *, confirmed: bool) -> None:
    """Raise Conflict `release_leaves_out` when a bank that asks for a release would leave questions out, and
    nobody has said that this is meant."""
    if confirmed:
        return
    with doors.read() as session:
        left_out = releasing.unreleased(session, slug)
    if left_out:
        exams = stopped(doors, [without(slug, left_out)])
        raise Conflict("release_leaves_out", left_out=len(left_out), **told(exams))


def told(exams: Collection[ExamNamed]) -> dict[str, object]:
    """The exams as the parameters of a refusal: for programs, and in words."""
    titles = tuple(exam.title for exam in exams) or ("–",)
    return {"exams": [{"slug": exam.slug, "title": exam.title} for exam in exams], "titles": titles}


def _now(session: Session, slug: str, names: Collection[str]) -> _Now:
    query = (
        select(
            QuestionRow.slug,
            QuestionRevision.type,
            QuestionRevision.facility,
            QuestionRevision.tags,
            QuestionRevision.review_digest,
        )
        .join(QuestionRevision, QuestionRevision.question_id == QuestionRow.id)
        .join(Bank, Bank.id == QuestionRow.bank_id)
        .where(Bank.slug == slug, in_force(Bank.version), admitted(), ~QuestionRevision.retired)
    )
    rows = list(rows_of(session, query, names))
    return _Now(
        slug,
        {row.slug: Offered(row.slug, row.type, row.facility, tuple(row.tags)) for row in rows},
        {row.slug: row.review_digest for row in rows},
        bool(session.scalar(select(Bank.release_required).where(Bank.slug == slug))),
    )
