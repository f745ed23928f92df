"""What somebody decides by must still be so when it is written: on PostgreSQL others write meanwhile.

Locks are taken in one order: who is where, branches and members in the order of their ids, then what is kept
of exams. SQLite has one writer.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.db import turns
from studyhub.kernel.errors import Conflict
from studyhub.organization.models import Branch, Member
from studyhub.organization.tree import subtree

WHEREABOUTS = "who is where"


def comings(session: Session) -> None:
    """To be called before anything else is locked by whoever lets somebody join, move, leave, or be cleared.

    They go on side by side. Whoever settles a whole exam, or changes the tree, waits for them and they wait
    for it: nothing else does, a password or a language is written meanwhile.
    """
    turns.take(session, WHEREABOUTS, shared=True)


def everybody(session: Session) -> None:
    """Nobody joins, moves, leaves or is cleared meanwhile. Whoever is just doing so is waited for: they do
    not see yet what is written here, and would be left out by both. To be called before anything is locked.
    """
    turns.take(session, WHEREABOUTS)


def tree(session: Session) -> None:
    """Let nobody else change the tree, and read the branches as they are now.

    A path is made of the paths above it: two moves at once would each go by a place that the other takes
    away. Exams follow who moves with a branch, so it is `everybody` at once. Who only refers to a branch
    waits for nothing.
    """
    everybody(session)
    for known in [each for each in session.identity_map.values() if isinstance(each, Branch)]:
        session.expire(known)


def below(session: Session, path: str) -> None:
    """Lock the branch at this path and all below it, in the order of their ids, before one is changed."""
    rows = select(Branch.id).where(subtree(Branch.path, path)).order_by(Branch.id)
    session.execute(rows.with_for_update()).all()


def open_branch(session: Session, branch: Branch) -> None:
    """Keep the branch from being closed. Raises Conflict `branch_closed` when it is."""
    closed_at = select(Branch.closed_at).where(Branch.id == branch.id).with_for_update(read=True)
    if session.scalar(closed_at) is not None:
        raise Conflict("branch_closed")


def emptied(session: Session, branch: Branch) -> None:
    """Keep everybody from coming into the branch: whoever is just coming in is waited for."""
    session.execute(select(Branch.id).where(Branch.id == branch.id).with_for_update(key_share=True))


def members(session: Session, *member_ids: int | None) -> None:
    """Keep others from changing these members and their roles, and read them as they are now."""
    wanted = select(Member).where(Member.id.in_([each for each in member_ids if each is not None]))
    locked = wanted.order_by(Member.id).with_for_update(key_share=True)
    session.scalars(locked.execution_options(populate_existing=True)).all()
