"""Which papers hold some questions: what a change of their keys touches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.exams.models import Attempt, PaperQuestion
from studyhub.exams.states import AttemptState
from studyhub.kernel.events import PapersAsked, PapersFound
from studyhub.questions.models import QuestionRevision

AT_ONCE = 1000
"""Questions of one statement: databases bound its parameters."""


def papers_with(session: Session, event: PapersAsked) -> PapersFound:
    """An open attempt past its time counts as closed, as everywhere."""
    attempts = {row.id: row for row in _attempts(session, event.question_ids)}.values()
    open_ones = [row for row in attempts if _is_open(row, event.now)]
    past = [row for row in attempts if not _is_open(row, event.now)]
    return PapersFound(len(open_ones), len(past), len({(row.exam_id, row.member_id) for row in past}))


def _is_open(row: Any, now: datetime) -> bool:
    return row.state is AttemptState.OPEN and now <= row.accept_until


def _attempts(session: Session, question_ids: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(question_ids), AT_ONCE):
        some = question_ids[start : start + AT_ONCE]
        revisions = select(QuestionRevision.id).where(QuestionRevision.question_id.in_(some))
        papers = select(PaperQuestion.attempt_id).where(PaperQuestion.revision_id.in_(revisions))
        yield from session.execute(
            select(Attempt.id, Attempt.state, Attempt.accept_until, Attempt.exam_id, Attempt.member_id).where(
                Attempt.id.in_(papers), Attempt.state != AttemptState.VOID
            )
        )
