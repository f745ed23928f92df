"""Whom an exam is assigned to, as conditions of a query.

The members whom the exam is for (`exams.audience` says who that is), and whoever has an attempt that is not
void, wherever they have moved since.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from studyhub.exams.audience import is_for_member
from studyhub.exams.models import Attempt, Exam
from studyhub.exams.states import AttemptState, ExamState
from studyhub.organization.models import Member


def is_not_over(now: datetime) -> ColumnElement[bool]:
    """Until an exam closes its standings follow the members; from then on they stay where they are."""
    return or_(Exam.closes_at.is_(None), Exam.closes_at > now)


def is_assigned() -> ColumnElement[bool]:
    """Among rows of exam, member and the member's branch: whether this exam is this member's."""
    return or_(and_(Exam.state == ExamState.PUBLISHED, is_for_member()), has_begun())


def has_begun() -> ColumnElement[bool]:
    """Whether the member has an attempt at the exam that is not void."""
    return exists(
        select(Attempt.id).where(
            Attempt.exam_id == Exam.id, Attempt.member_id == Member.id, Attempt.state != AttemptState.VOID
        )
    ).correlate(Exam, Member)
