"""What a bank offers to new papers otherwise after an act, and the exams that could be drawn no more then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import DrawsAsked, ExamNamed, OfferChange, Offered, ask
from studyhub.questions import releasing
from studyhub.questions.bank import Question
from studyhub.questions.chosen import batches
from studyhub.questions.importing import Doors
from studyhub.questions.models import Bank, QuestionRevision, admitted, in_force
from studyhub.questions.models import Question as QuestionRow


def without(slug: str, names: Collection[str]) -> OfferChange:
    """Without these questions."""
    return OfferChange(slug, frozenset(names))


def amended(session: Session, slug: str, questions: Mapping[str, Question | None]) -> OfferChange:
    """With these questions, None: without the one of that id. Where the bank asks for a release, what says
    something else than what is offered now is a draft."""
    now, waits = _offered_now(session, slug, questions), _asks_for_release(session, slug)
    come = [
        one for name, one in questions.items() if one and (not waits or now.get(name) == one.review_digest)
    ]
    return OfferChange(slug, frozenset(now), as_offered(come))


def coming(session: Session, slug: str, questions: Iterable[Question]) -> OfferChange:
    """With these as drafts: a bank that asks for a release does not offer them yet."""
    waits = _asks_for_release(session, slug)
    return OfferChange(slug, frozenset(), () if waits else as_offered(questions))


def as_offered(questions: Iterable[Question]) -> tuple[Offered, ...]:
    """Those that are not kept out, as exams look at them."""
    return tuple(
        Offered(one.id, one.type, one.facility, tuple(one.tags)) for one in questions if not one.retired
    )


def stopped(doors: Doors, changes: Collection[OfferChange]) -> list[ExamNamed]:
    """The exams that are published, not over, and could be drawn no more after these changes; those above the
    actor's clearance do not exist."""
    wanted = tuple(change for change in changes if change.gone)
    if not wanted:
        return []
    with doors.read() as session:
        found = ask(session, DrawsAsked(doors.clock(), tuple(changes), doors.actor.levels))
    return [exam for exams in found for exam in exams]


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
    titles = ", ".join(exam.title for exam in exams) or "0"
    return {"exams": [{"slug": exam.slug, "title": exam.title} for exam in exams], "titles": titles}


def _asks_for_release(session: Session, slug: str) -> bool:
    return bool(session.scalar(select(Bank.release_required).where(Bank.slug == slug)))


def _offered_now(session: Session, slug: str, names: Collection[str]) -> dict[str, str]:
    """Those of these ids that new papers get, with what a review of them rests on."""
    query = (
        select(QuestionRow.slug, QuestionRevision.review_digest)
        .join(QuestionRevision, QuestionRevision.question_id == QuestionRow.id)
        .join(Bank, Bank.id == QuestionRow.bank_id)
        .where(Bank.slug == slug, in_force(Bank.version), admitted(), ~QuestionRevision.retired)
    )
    return {
        row.slug: row.review_digest
        for some in batches(names)
        for row in session.execute(query.where(QuestionRow.slug.in_(some)))
    }
