"""Where revisions are on their way into papers: kept, taken back, given back, and carried over.

A review belongs to a revision: what is changed is a draft again, unless only its tags or its being kept out
of papers changed, however that came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session, aliased

from studyhub.db.inserting import insert_into
from studyhub.organization.models import Member
from studyhub.questions.models import Bank, QuestionReview, QuestionRevision, SupersededDocument
from studyhub.questions.states import ReviewState


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Where a revision is, with the names of those who brought it there."""

    state: ReviewState = ReviewState.DRAFT
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    released_by: str = ""
    released_at: datetime | None = None


def take_back(session: Session, revision_ids: Collection[int]) -> None:
    """These revisions are drafts again."""
    session.execute(delete(QuestionReview).where(QuestionReview.revision_id.in_(revision_ids)))


CARRIED = ("state", "reviewed_by", "reviewed_at", "released_by", "released_at")
TAKEN = ("revision_id", *CARRIED)
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


def carry(session: Session, bank_id: int) -> None:
    """Let the revisions that just took effect stand where those stood that they replaced, as far as they say
    the same."""
    version = select(Bank.version).where(Bank.id == bank_id).scalar_subquery()
    old, new = aliased(QuestionRevision), aliased(QuestionRevision)
    kept = (
        select(new.id, *(getattr(QuestionReview, column) for column in CARRIED))
        .join(old, old.question_id == new.question_id)
        .join(QuestionReview, QuestionReview.revision_id == old.id)
        .where(old.bank_id == bank_id, old.until_version == version)
        .where(new.since_version == version, new.review_digest == old.review_digest)
    )
    session.execute(insert(QuestionReview).from_select(["revision_id", *CARRIED], kept))


def bring_back(session: Session, bank_id: int) -> None:
    """Let questions that just came back stand where they stood when they left, as far as they say the same
    and their document holds as it did then."""
    version, source = session.execute(select(Bank.version, Bank.source).where(Bank.id == bank_id)).one()
    old, new, ended = (aliased(QuestionRevision) for _ in range(3))
    last = (
        select(func.max(ended.until_version))
        .where(ended.question_id == new.question_id, ended.until_version <= version)
        .scalar_subquery()
    )
    document = func.coalesce(old.document, source.get("document", ""))
    superseded = exists().where(
        SupersededDocument.document == document, SupersededDocument.marked_at > QuestionReview.reviewed_at
    )
    kept = (
        select(new.id, *(getattr(QuestionReview, column) for column in CARRIED))
        .join(old, old.question_id == new.question_id)
        .join(QuestionReview, QuestionReview.revision_id == old.id)
        .where(new.bank_id == bank_id, new.since_version == version)
        .where(old.until_version == last, old.until_version < version)
        .where(new.review_digest == old.review_digest, ~superseded)
    )
    session.execute(insert(QuestionReview).from_select(["revision_id", *CARRIED], kept))


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
