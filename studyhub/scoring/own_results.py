"""A member's own results: what the review policy of each exam lets them see of their standing now."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.exams import release
from studyhub.exams.models import Attempt, Exam, ExamRevision
from studyhub.exams.release import Release, ReviewPolicy
from studyhub.exams.states import AttemptState
from studyhub.organization.actor import Actor
from studyhub.scoring import standing_queries
from studyhub.scoring.hidden import NOTHING_HIDDEN, Hidden
from studyhub.scoring.rows import STANDING
from studyhub.scoring.standing import StandingState
from studyhub.scoring.standing_queries import StandingLine


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A standing as its own member may see it.

    Without `score_shown` nothing may be said but how far they have come; `available_at` is when the score
    will be shown, None: never, or not known yet.
    """

    line: StandingLine
    score_shown: bool
    available_at: datetime | None

    @property
    def is_finished(self) -> bool:
        return self.line.state is StandingState.FINISHED

    @property
    def visible_line(self) -> StandingLine:
        """The standing without what is not shown yet."""
        if self.score_shown:
            return self.line
        return replace(self.line, score=None, max_score=None, percent=None, passed=None)


def own_results(session: Session, member_id: int, now: datetime) -> list[OwnResult]:
    """The member's standings, the exam that ends last first. Two statements."""
    policies = {row.slug: row for row in session.execute(_policies(member_id))}
    lines = standing_queries.member_standings(session, member_id)
    # An exam that was published between the two statements is there with the next look.
    return [_own(line, policies[line.exam], now) for line in lines if line.exam in policies]


def hidden_from(session: Session, actor: Actor, now: datetime) -> Hidden:
    """What a list of members may not tell the actor of themselves, who may be on it. One statement."""
    if actor.member_id is None:
        return NOTHING_HIDDEN
    rows = session.execute(_policies(actor.member_id))
    return Hidden(actor.member_id, frozenset(row.id for row in rows if not _score_shown(row, now)[0]))


def _own(line: StandingLine, row: Any, now: datetime) -> OwnResult:
    return OwnResult(line, *_score_shown(row, now))


def _score_shown(row: Any, now: datetime) -> tuple[bool, datetime | None]:
    """Whether the score is shown now; if it is not, when it will be, as far as that is known."""
    policy = policy_of(row.definition)
    over_at = release.closed_at(row.closes_at, row.last_accept_until)
    shown = release.released(policy, is_open=False, over_at=over_at, now=now)
    waits = policy.score is Release.CLOSED and not shown.score
    return shown.score, over_at if waits else None


def policy_of(definition: str) -> ReviewPolicy:
    """The review policy of a stored definition; what it does not say is as by default."""
    said = json.loads(definition).get("review") or {}
    return ReviewPolicy(**{part: Release(when) for part, when in said.items()})


def _policies(member_id: int) -> Any:
    last_accept_until = (
        select(func.max(Attempt.accept_until))
        .where(Attempt.exam_id == Exam.id, Attempt.state == AttemptState.OPEN)
        .correlate(Exam)
        .scalar_subquery()
    )
    return (
        select(
            Exam.id,
            Exam.slug,
            Exam.closes_at,
            ExamRevision.definition,
            last_accept_until.label("last_accept_until"),
        )
        .join(STANDING, STANDING.c.exam_id == Exam.id)
        .join(ExamRevision, (ExamRevision.exam_id == Exam.id) & (ExamRevision.number == Exam.revision))
        .where(STANDING.c.member_id == member_id)
    )
