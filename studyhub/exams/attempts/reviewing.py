"""The review: the paper once more, with what the policy releases of key, marks and explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.exams import asking, papers
from studyhub.exams.attempts import closing, delivery, records
from studyhub.exams.attempts.delivery import ClosedAttempt, OpenAttempt
from studyhub.exams.models import Mark
from studyhub.exams.papers import Delivered
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Forbidden
from studyhub.kernel.points import Points
from studyhub.organization.actor import Actor
from studyhub.questions.types import Explanation


class NotReleased(Forbidden):
    """The review is not open (yet): `available_at` says when it will be, where that is known."""

    def __init__(self, available_at: datetime | None) -> None:
        super().__init__("not_released", available_at=available_at.isoformat() if available_at else None)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question of the review: what may be shown of `explanation` is said beside it."""

    asked: Delivered
    answer: Any
    mark: Points | None
    explanation: Explanation
    key_shown: bool
    explanation_shown: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A closed attempt and its paper."""

    attempt: ClosedAttempt
    sections: tuple[str, ...]
    questions: tuple[Reviewed, ...]


_MARKS = (
    select(Mark.position, Mark.points)
    .where(Mark.attempt_id == bindparam("attempt_id"))
    .order_by(Mark.position, Mark.n)
)


def mark_if_over(
    database: Database, actor: Actor, attempt_id: int, *, now: datetime
) -> OpenAttempt | ClosedAttempt:
    """The attempt as it stands now, marked where its time is over: who looks does not wait for the ticker.

    Only what is not marked yet takes a turn to write. When an exam has closed everybody looks at once.
    """
    with database.read() as session:
        attempt = delivery.attempt(session, actor, attempt_id, now=now)
    if isinstance(attempt, ClosedAttempt) and attempt.state is AttemptState.SUBMITTED:
        with database.write() as session:
            closing.close_expired(session, attempt_id, now=now)
    return attempt


def review(session: Session, actor: Actor, attempt_id: int, *, now: datetime) -> Review:
    """The member's own paper again. Raises NotReleased while neither key nor explanations are shown."""
    row = records.own(session, actor, attempt_id)
    over = delivery.closed(session, row, now)
    if not over.released.review:
        raise NotReleased(over.review_available_at)
    paper, answers = delivery.questions(session, attempt_id)
    marks = marks_of(session, attempt_id) if over.released.marks else {}
    plan = papers.blueprint(session, row.revision_id)
    given = {position: stored.answer for position, stored in answers.items()}
    return Review(
        over,
        tuple(section.title for section in plan.sections),
        tuple(_reviewed(asked, given.get(asked.position), marks, over) for asked in paper),
    )


def marks_of(session: Session, attempt_id: int) -> dict[int, Points]:
    """The mark that counts, by position: the newest."""
    return {row.position: row.points for row in session.execute(_MARKS, {"attempt_id": attempt_id})}


def _reviewed(asked: Delivered, answer: Any, marks: Mapping[int, Points], over: ClosedAttempt) -> Reviewed:
    released = over.released
    return Reviewed(
        asked=asked,
        answer=answer,
        mark=marks.get(asked.position),
        explanation=asking.explain(asked.revision, asked.order, answer),
        key_shown=released.answers,
        explanation_shown=released.explanations,
    )
