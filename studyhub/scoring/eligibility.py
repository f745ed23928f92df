"""Whom an exam is assigned to, as conditions of a query.

The members, active or probationary, of the branches that the exam is for (each with its subtree; none is
everyone), who are cleared for its level; and whoever has an attempt that is not void, wherever they have
moved since.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from studyhub.exams.models import Attempt, Exam, ExamBranch
from studyhub.exams.states import AttemptState, ExamState
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level, MemberStatus

COUNTED_MEMBERS = (MemberStatus.ACTIVE, MemberStatus.PROBATIONARY)

_RANKS = {level: rank for rank, level in enumerate((Level.PUBLIC, Level.INTERNAL, Level.RESTRICTED))}


def is_not_over(now: datetime) -> ColumnElement[bool]:
    """Until an exam closes its standings follow the members; from then on they stay where they are."""
    return or_(Exam.closes_at.is_(None), Exam.closes_at > now)


def is_member() -> ColumnElement[bool]:
    """Somebody who has left is in nobody's figures."""
    return Member.status.in_(COUNTED_MEMBERS)


def is_assigned() -> ColumnElement[bool]:
    """Among rows of exam, member and the member's branch: whether this exam is this member's."""
    return or_(and_(Exam.state == ExamState.PUBLISHED, _is_cleared(), _is_for_branch()), has_begun())


def has_begun() -> ColumnElement[bool]:
    """Whether the member has an attempt at the exam that is not void."""
    return exists(
        select(Attempt.id).where(
            Attempt.exam_id == Exam.id, Attempt.member_id == Member.id, Attempt.state != AttemptState.VOID
        )
    ).correlate(Exam, Member)


def _is_cleared() -> ColumnElement[bool]:
    # The columns hold the enum's values, so these are comparisons of small numbers.
    return case(_RANKS, value=Member.clearance) >= case(_RANKS, value=Exam.level)


def _is_for_branch() -> ColumnElement[bool]:
    meant = aliased(Branch)
    named = select(ExamBranch.branch_id).where(ExamBranch.exam_id == Exam.id)
    covering = named.join(meant, meant.id == ExamBranch.branch_id).where(
        Branch.path >= meant.path, Branch.path < meant.path.concat("{")
    )
    return or_(~exists(named.correlate(Exam)), exists(covering.correlate(Exam, Branch)))
