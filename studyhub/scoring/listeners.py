"""What scoring does when a lower room tells it that something happened. The list is in `app.py`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from studyhub.kernel.events import (
    AttemptMarked,
    AttemptStarted,
    AttemptVoided,
    BranchMoved,
    ExamChanged,
    ExamPublished,
    MemberJoined,
    MemberLeft,
    MemberMoved,
    MemberReturned,
    MembersChanged,
)
from studyhub.scoring import assigning, operations


def begin_standing(session: Session, event: AttemptStarted) -> None:
    """The member is no longer somebody who has not begun."""
    operations.begin(session, event.exam_id, event.member_id, event.now)


def refold_standing(session: Session, event: AttemptMarked | AttemptVoided) -> None:
    """Another attempt counts, or one no longer does."""
    operations.refold(session, event.exam_id, event.member_id)


def settle_member(session: Session, event: MemberJoined | MemberMoved | MemberLeft | MemberReturned) -> None:
    """Exams that are not over follow the member."""
    operations.settle_members(session, [event.member_id], event.now)


def settle_members(session: Session, event: MembersChanged) -> None:
    """The same, of many at once."""
    operations.settle_members(session, event.member_ids, event.now)


def settle_exam(session: Session, event: ExamPublished | ExamChanged) -> None:
    """Everybody whom the exam is for has a standing from now on, by the rules that it has now."""
    assigning.settle_exam(session, event.exam_id, event.now)


def settle_branch(session: Session, event: BranchMoved) -> None:
    """A branch under another parent may be in, or out of, what an exam is for."""
    assigning.settle_branch(session, event.new_path, event.now)
