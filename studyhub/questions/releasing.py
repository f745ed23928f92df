"""From draft over reviewed to released: where a bank asks for it, only that gets into new papers.

A review belongs to a revision: what is changed is a draft again, unless only its tags or its being kept out
of papers changed. Who wrote a revision does not release it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from studyhub.db.inserting import insert_into
from studyhub.organization import audit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act
from studyhub.organization.models import Member
from studyhub.questions import amending
from studyhub.questions.chosen import batches
from studyhub.questions.importing import Doors
from studyhub.questions.models import Bank, BankChange, Question, QuestionReview, QuestionRevision, in_force
from studyhub.questions.plan import Origin
from studyhub.questions.states import ChangeKind, ReviewState

TOLD = 50
_ACTS = {
    ReviewState.DRAFT: Act.QUESTIONS_TAKEN_BACK,
    ReviewState.REVIEWED: Act.QUESTIONS_REVIEWED,
    ReviewState.RELEASED: Act.QUESTIONS_RELEASED,
}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Where a revision is, with the names of those who brought it there."""

    state: ReviewState = ReviewState.DRAFT
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    released_by: str = ""
    released_at: datetime | None = None


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


def step(doors: Doors, slug: str, names: Collection[str], wanted: ReviewState) -> Outcome:
    """Take these questions a step on, or back to draft. Raises Conflict when the bank changes meanwhile."""
    with doors.read() as session:
        waiting = _waiting(session, slug, names)
    verdicts = {name: may_step(one, wanted, doors.actor.member_id) for name, one in waiting.items()}
    going = {name: waiting[name].revision_id for name, verdict in verdicts.items() if verdict == "done"}
    counts = list(verdicts.values())
    missing = len(set(names) - waiting.keys())
    outcome = Outcome(len(going), counts.count("own"), counts.count("elsewhere"), missing)
    if going:
        amending.beside(
            doors,
            slug,
            Origin(ChangeKind.REVIEW),
            lambda session, _bank: _write(session, doors.actor, slug, going, (wanted, doors.clock())),
        )
    return outcome


def _waiting(session: Session, slug: str, names: Collection[str]) -> dict[str, Waiting]:
    query = (
        select(Question.slug, QuestionRevision.id, BankChange.made_by, QuestionReview.state)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(
            BankChange,
            (BankChange.bank_id == Bank.id) & (BankChange.version == QuestionRevision.since_version),
        )
        .outerjoin(QuestionReview, QuestionReview.revision_id == QuestionRevision.id)
        .where(Bank.slug == slug, in_force(Bank.version))
    )
    return {
        row.slug: Waiting(row.id, row.made_by, row.state or ReviewState.DRAFT)
        for some in batches(names)
        for row in session.execute(query.where(Question.slug.in_(some)))
    }


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
        take_back(session, ids)
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


def take_back(session: Session, revision_ids: Collection[int]) -> None:
    """These revisions are drafts again."""
    session.execute(delete(QuestionReview).where(QuestionReview.revision_id.in_(revision_ids)))


TAKEN = ("revision_id", "state", "reviewed_by", "reviewed_at", "released_by", "released_at")
"""What is kept of a review that is taken away: a list in this order, moments as ISO texts."""


def taken_from(session: Session, revision_ids: Collection[int]) -> list[list[Any]]:
    """The reviews of these revisions, as they can be given back."""
    rows = session.scalars(select(QuestionReview).where(QuestionReview.revision_id.in_(revision_ids)))
    return [[_kept(getattr(row, column)) for column in TAKEN] for row in rows]


def give_back(session: Session, taken: Collection[Sequence[Any]]) -> None:
    """Let revisions stand again where they stood; those that were reviewed anew since stay where they are."""
    for values in taken:
        row = {column: _restored(column, value) for column, value in zip(TAKEN, values, strict=True)}
        session.execute(
            insert_into(session, QuestionReview)
            .values(**row)
            .on_conflict_do_nothing(index_elements=["revision_id"])
        )


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _restored(column: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if column.endswith("_at") and value else value


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


def carry(session: Session, bank_id: int) -> None:
    """Let the revisions that just took effect stand where those stood that they replaced: for changes that
    need no new review."""
    version = select(Bank.version).where(Bank.id == bank_id).scalar_subquery()
    old, new = aliased(QuestionRevision), aliased(QuestionRevision)
    columns = ("state", "reviewed_by", "reviewed_at", "released_by", "released_at")
    kept = (
        select(new.id, *(getattr(QuestionReview, column) for column in columns))
        .join(old, old.question_id == new.question_id)
        .join(QuestionReview, QuestionReview.revision_id == old.id)
        .where(new.bank_id == bank_id, new.since_version == version, old.until_version == version)
    )
    session.execute(insert(QuestionReview).from_select(["revision_id", *columns], kept))


def of_revisions(session: Session, revision_ids: Collection[int]) -> dict[int, Reviewed]:
    """Where these revisions are; a draft is not among them."""
    reviewer, releaser = aliased(Member), aliased(Member)
    rows = session.execute(
        select(
            QuestionReview.revision_id,
            QuestionReview.state,
            reviewer.name.label("reviewer"),
            QuestionReview.reviewed_at,
            releaser.name.label("releaser"),
            QuestionReview.released_at,
        )
        .outerjoin(reviewer, reviewer.id == QuestionReview.reviewed_by)
        .outerjoin(releaser, releaser.id == QuestionReview.released_by)
        .where(QuestionReview.revision_id.in_(revision_ids))
    )
    return {row.revision_id: _reviewed(row) for row in rows}


def _reviewed(row: Any) -> Reviewed:
    return Reviewed(row.state, row.reviewer or "", row.reviewed_at, row.releaser or "", row.released_at)
