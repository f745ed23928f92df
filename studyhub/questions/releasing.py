"""From draft over reviewed to released: where a bank asks for it, only that gets into new papers.

A review belongs to a revision: what is changed is a draft again, see reviews.py. Who wrote what a revision
says does not release it, whoever gave it a tag since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from studyhub.db.inserting import insert_into
from studyhub.kernel.errors import Conflict
from studyhub.organization import audit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act
from studyhub.questions import amending, reviews
from studyhub.questions.chosen import batches
from studyhub.questions.importing import Doors, Progress, silent
from studyhub.questions.models import Bank, BankChange, Question, QuestionReview, QuestionRevision, in_force
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind, ReviewState

TOLD = 50
AT_A_TURN = 1000
"""Questions of one turn: 50,000 held every save up for seconds."""

_ACTS = {
    ReviewState.DRAFT: Act.QUESTIONS_TAKEN_BACK,
    ReviewState.REVIEWED: Act.QUESTIONS_REVIEWED,
    ReviewState.RELEASED: Act.QUESTIONS_RELEASED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many questions moved on; how many are their author's own, or not where the step begins, or not in
    the bank."""

    done: int = 0
    own: int = 0
    elsewhere: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A revision in force, as far as a step must know it. No author: the command line."""

    revision_id: int
    author: int | None
    state: ReviewState


def may_step(waiting: Waiting, wanted: ReviewState, actor_id: int | None) -> str:
    """`done`, or why not: `own` or `elsewhere`."""
    begins = {
        ReviewState.DRAFT: (ReviewState.REVIEWED, ReviewState.RELEASED),
        ReviewState.REVIEWED: (ReviewState.DRAFT,),
        ReviewState.RELEASED: (ReviewState.REVIEWED,),
    }
    if waiting.state not in begins[wanted]:
        return "elsewhere"
    if wanted is ReviewState.RELEASED and actor_id is not None and waiting.author == actor_id:
        return "own"
    return "done"


def is_own(session: Session, actor: Actor, slug: str, name: str) -> bool:
    """Whether somebody else must release this question: the actor wrote what it says."""
    found = _waiting(session, slug, [name]).get(name)
    return found is not None and actor.member_id is not None and found.author == actor.member_id


def step(
    doors: Doors, slug: str, names: Collection[str], wanted: ReviewState, progress: Progress = silent
) -> Outcome:
    """Take these questions a step on, or back to draft: very many in several turns, each a version of the
    bank. Raises Conflict `bank_changed` when one of a turn's questions is not as it was looked at; those of
    the turns before have moved on then."""
    with doors.read() as session:
        version = _version(session, slug)  # first: who changes the bank meanwhile is seen by its version
        waiting = _waiting(session, slug, names)
    verdicts = {name: may_step(one, wanted, doors.actor.member_id) for name, one in waiting.items()}
    going = {name: waiting[name] for name, verdict in verdicts.items() if verdict == "done"}
    counts = list(verdicts.values())
    missing = len(set(names) - waiting.keys())
    outcome = Outcome(len(going), counts.count("own"), counts.count("elsewhere"), missing)
    for made, begin in enumerate(range(0, len(going), AT_A_TURN), version + 1):
        some = dict(list(going.items())[begin : begin + AT_A_TURN])
        amending.beside(doors, slug, Origin(ChangeKind.REVIEW), _turn(doors, slug, some, wanted, made))
        progress(begin + len(some), len(going))
    return outcome


def _turn(
    doors: Doors, slug: str, going: Mapping[str, Waiting], wanted: ReviewState, made: int
) -> Callable[[Session, int], None]:
    """What takes effect with the version `made` of the bank, when nobody else changed it."""

    def turn(session: Session, _bank_id: int) -> None:
        # In a bank that nobody else changed since, they are as they were looked at: looking again takes as
        # long as writing. What else changed in it is nobody's reason to refuse.
        if _version(session, slug) != made and _waiting(session, slug, going) != going:
            raise Conflict("bank_changed")
        ids = {name: one.revision_id for name, one in going.items()}
        _write(session, doors.actor, slug, ids, (wanted, doors.clock()))

    return turn


def _version(session: Session, slug: str) -> int:
    return session.scalar(select(Bank.version).where(Bank.slug == slug)) or 0


def _waiting(session: Session, slug: str, names: Collection[str]) -> dict[str, Waiting]:
    query = (
        select(Question.slug, QuestionRevision.id, BankChange.made_by, QuestionReview.state)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(BankChange, (BankChange.bank_id == Bank.id) & (BankChange.version == _written_in()))
        .outerjoin(QuestionReview, QuestionReview.revision_id == QuestionRevision.id)
        .where(Bank.slug == slug, in_force(Bank.version))
    )
    return {
        row.slug: Waiting(row.id, row.made_by, row.state or ReviewState.DRAFT)
        for some in batches(names)
        for row in session.execute(query.where(Question.slug.in_(some)))
    }


def _written_in() -> ColumnElement[int]:
    """The version in which the question said for the first time what the revision says."""
    first = aliased(QuestionRevision)
    return (
        select(func.min(first.since_version))
        .where(
            first.question_id == QuestionRevision.question_id,
            first.review_digest == QuestionRevision.review_digest,
        )
        .correlate(QuestionRevision)
        .scalar_subquery()
    )


def _write(
    session: Session,
    actor: Actor,
    slug: str,
    going: Mapping[str, int],
    step_at: tuple[ReviewState, datetime],
) -> None:
    wanted, now = step_at
    ids = list(going.values())
    if wanted is ReviewState.DRAFT:
        reviews.take_back(session, ids)
    elif wanted is ReviewState.REVIEWED:
        values = {"state": wanted, "reviewed_by": actor.member_id, "reviewed_at": now}
        statement = insert_into(session, QuestionReview).on_conflict_do_update(
            index_elements=["revision_id"], set_=values
        )
        session.execute(statement, [{"revision_id": one, **values} for one in ids])
    else:
        session.execute(
            update(QuestionReview)
            .where(QuestionReview.revision_id.in_(ids))
            .values(state=wanted, released_by=actor.member_id, released_at=now)
        )
    detail = {"questions": sorted(going)[:TOLD], "count": len(going)}
    audit.record(session, actor, _ACTS[wanted], f"bank:{slug}", detail, now=now)


def unreleased(session: Session, slug: str) -> list[str]:
    """The bank's questions in force that would not get into new papers if it asked for a release."""
    return list(
        session.scalars(
            select(Question.slug)
            .join(QuestionRevision, QuestionRevision.question_id == Question.id)
            .join(Bank, Bank.id == Question.bank_id)
            .outerjoin(QuestionReview, QuestionReview.revision_id == QuestionRevision.id)
            .where(
                Bank.slug == slug,
                in_force(Bank.version),
                ~QuestionRevision.retired,
                func.coalesce(QuestionReview.state, ReviewState.DRAFT) != ReviewState.RELEASED,
            )
        )
    )


def switch(doors: Doors, slug: str, required: bool) -> None:
    """Whether only released questions of the bank get into new papers. The trail says who decided so."""

    def turn(session: Session, bank_id: int) -> None:
        session.execute(update(Bank).where(Bank.id == bank_id).values(release_required=required))
        detail = {"required": required}
        audit.record(session, doors.actor, Act.RELEASE_SWITCHED, f"bank:{slug}", detail, now=doors.clock())

    amending.beside(doors, slug, Origin(ChangeKind.REVIEW), turn)
