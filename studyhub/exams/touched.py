"""Which papers hold some questions: what a change of their keys touches; and which exams could draw some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.exams import papers
from studyhub.exams.models import Attempt, Exam, ExamBank, ExamRevision, PaperQuestion
from studyhub.exams.states import AttemptState, ExamState
from studyhub.kernel.events import ExamsAsked, PapersAsked, PapersFound
from studyhub.questions.difficulty import band_of
from studyhub.questions.models import Bank, QuestionRevision

AT_ONCE = 1000
"""Questions of one statement: databases bound its parameters."""


def papers_with(session: Session, event: PapersAsked) -> PapersFound:
    """An open attempt past its time counts as closed, as everywhere."""
    attempts = {row.id: row for row in _attempts(session, event.question_ids)}.values()
    open_ones = [row for row in attempts if _is_open(row, event.now)]
    past = [row for row in attempts if not _is_open(row, event.now)]
    return PapersFound(len(open_ones), len(past), len({(row.exam_id, row.member_id) for row in past}))


def exams_drawing(session: Session, event: ExamsAsked) -> list[str]:
    """The titles of exams that are published and not over and have a section that offers such a question; who
    sees the bank may see them, unless they draw from one on a higher level as well."""
    rows = session.execute(
        select(Exam.title, ExamRevision.id)
        .join(ExamRevision, (ExamRevision.exam_id == Exam.id) & (ExamRevision.number == Exam.revision))
        .join(ExamBank, ExamBank.exam_id == Exam.id)
        .join(Bank, Bank.id == ExamBank.bank_id)
        .where(Bank.slug == event.bank, Exam.state == ExamState.PUBLISHED, Exam.level == Bank.level)
        .where(or_(Exam.closes_at.is_(None), Exam.closes_at > event.now))
        .order_by(Exam.title)
    )
    sorts = [(kind, band_of(facility), frozenset(tags)) for kind, facility, tags in event.sorts]
    return [
        title
        for title, revision_id in rows
        if any(
            section.offers(event.bank, *sort)
            for section in papers.blueprint(session, revision_id).sections
            for sort in sorts
        )
    ]


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
