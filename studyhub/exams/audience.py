"""For whom an exam is, before it is published and after: its branches' members, cleared for what it draws on.

The one definition: the page of an exam counts with it, and the scoring room assigns with it.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.exams.models import Exam, ExamBranch
from studyhub.organization.actor import WHOLE_TREE
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import Level, MemberStatus
from studyhub.organization.tree import within
from studyhub.questions.models import Bank

COUNTED_MEMBERS = (MemberStatus.ACTIVE, MemberStatus.PROBATIONARY)

_RANKS = {level: rank for rank, level in enumerate(Level)}


def is_member() -> ColumnElement[bool]:
    """Somebody who has left is in nobody's figures."""
    return Member.status.in_(COUNTED_MEMBERS)


def is_cleared(rank: ColumnElement[int] | int) -> ColumnElement[bool]:
    """Whether the member may see content of the level with this rank."""
    # The columns hold the enum's values, so these are comparisons of small numbers.
    return case(_RANKS, value=Member.clearance) >= rank


def is_for_member() -> ColumnElement[bool]:
    """Among rows of exam, member and the member's branch: whether the exam, once published, is theirs."""
    return is_cleared(case(_RANKS, value=Exam.level)) & _is_for_branch()


def people(session: Session, branches: Collection[str], banks: Collection[str]) -> int:
    """Who is at home in these branches (codes; none: anywhere) and cleared for all of these banks (slugs)."""
    paths: tuple[str, ...] = (WHOLE_TREE,)
    if branches:
        paths = tuple(session.scalars(select(Branch.path).where(Branch.code.in_(branches))))
    levels = session.scalars(select(Bank.level).where(Bank.slug.in_(banks)))
    highest = max((_RANKS[level] for level in levels), default=0)
    counted = (
        select(func.count())
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(is_member(), is_cleared(highest), within(Branch.path, paths))
    )
    return session.scalar(counted) or 0


def _is_for_branch() -> ColumnElement[bool]:
    meant = aliased(Branch)
    named = select(ExamBranch.branch_id).where(ExamBranch.exam_id == Exam.id)
    covering = named.join(meant, meant.id == ExamBranch.branch_id).where(
        Branch.path >= meant.path, Branch.path < meant.path.concat("{")
    )
    return or_(~exists(named.correlate(Exam)), exists(covering.correlate(Exam, Branch)))
