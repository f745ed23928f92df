"""After a failed attempt: where the pass line was, and whether the member may try once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from studyhub.exams import papers, timing
from studyhub.exams.access import Tries, attempts_left, refusal
from studyhub.exams.attempts import records
from studyhub.exams.attempts.available import exam_and_attempts, window_of
from studyhub.exams.states import AttemptState, Keep
from studyhub.kernel.errors import NotFound
from studyhub.organization.actor import Actor


@dataclass(frozen=True, slots=True)
class Again:
    """`pass_share` is of the definition that the attempt began with; `left` None: no limit."""

    pass_share: Fraction | None
    keep: Keep
    left: int | None
    may_start: bool


def again(session: Session, actor: Actor, attempt_id: int, *, now: datetime) -> Again | None:
    """What there is to say after it; None when the exam is no longer there for the member.

    It tells that the attempt failed: only for one whose score is released.
    """
    row = records.own(session, actor, attempt_id)
    try:
        exam, attempts = exam_and_attempts(session, actor, row.slug)
    except NotFound:
        return None
    counted = sum(1 for each in attempts if each.state is not AttemptState.VOID)
    in_progress = any(timing.is_open(each.state, each.accept_until, now) for each in attempts)
    refused = refusal(window_of(exam), exam.attempts_allowed, Tries(counted, in_progress), now)
    return Again(
        pass_share=papers.blueprint(session, row.revision_id).pass_share,
        keep=exam.keep,
        left=attempts_left(exam.attempts_allowed, counted),
        may_start=refused is None and not in_progress,
    )
