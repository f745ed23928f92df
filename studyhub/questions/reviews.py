"""Where revisions are on their way into papers: kept, taken back, given back, and carried over.

A review belongs to a revision: what is changed is a draft again, unless only its tags or its being kept out
of papers changed, however that came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select
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


def carry(
    session: Session, bank_id: int, version: int, question_ids: Collection[int], *, returning: bool = False
) -> None:
    """Let the revisions of these questions that are written for `version`, which is not in force yet, stand
    where those stand that they replace, as far as they say the same.

    `returning`: those of questions that come back as well, where they stood when they left, unless their
    document was superseded since. Nobody reviews a question of the bank meanwhile: it takes the same turn.
    """
    old, new = aliased(QuestionRevision), aliased(QuestionRevision)
    follows: ColumnElement[bool] = old.until_version.is_(None)
    if returning:
        follows = or_(follows, ~_superseded(session, bank_id, old))
    kept = (
        select(new.id, *(getattr(QuestionReview, column) for column in CARRIED))
        .join(old, _comes_before(old, new))
        .join(QuestionReview, QuestionReview.revision_id == old.id)
        .where(new.question_id.in_(question_ids), new.since_version == version)
        .where(new.review_digest == old.review_digest, follows)
    )
    session.execute(insert(QuestionReview).from_select(["revision_id", *CARRIED], kept))


def leave_superseded(session: Session, bank_id: int) -> None:
    """Of questions that come back with this version of the bank, let those be drafts whose document was
    superseded while they were written."""
    version = select(Bank.version).where(Bank.id == bank_id).scalar_subquery()
    old, new = aliased(QuestionRevision), aliased(QuestionRevision)
    found = (
        select(new.id)
        .join(old, _comes_before(old, new))
        .join(QuestionReview, QuestionReview.revision_id == new.id)
        .where(new.bank_id == bank_id, new.since_version == version, old.until_version < version)
        .where(_superseded(session, bank_id, old))
    )
    if session.scalar(select(SupersededDocument.document).limit(1)) is not None:
        session.execute(
            delete(QuestionReview)
            .where(QuestionReview.revision_id.in_(found))
            .execution_options(synchronize_session=False)
        )


def _comes_before(old: Any, new: Any) -> ColumnElement[bool]:
    """The condition that a revision is the last one of its question before another."""
    return and_(old.question_id == new.question_id, old.number == new.number - 1)


def _superseded(session: Session, bank_id: int, revision: Any) -> ColumnElement[bool]:
    """The condition that the document of a reviewed revision was superseded after its review."""
    source = session.scalars(select(Bank.source).where(Bank.id == bank_id)).one()
    document = func.coalesce(revision.document, source.get("document", ""))
    return exists().where(
        SupersededDocument.document == document, SupersededDocument.marked_at > QuestionReview.reviewed_at
    )


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
