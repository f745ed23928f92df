"""Writes of the tree. A branch keeps its id for ever; where it stood, and when, stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import BranchMoved, emit
from studyhub.organization import holding, tree
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.branches.branch_import import DEEPEST
from studyhub.organization.members import operations as members
from studyhub.organization.members.ending import end_grants
from studyhub.organization.models import Branch, BranchParent, Grant, Member
from studyhub.organization.states import BranchKind, MemberStatus


@dataclass(frozen=True, slots=True)
class Title:
    """What a branch is called, and of which kind it is."""

    name: str
    kind: BranchKind


@dataclass(frozen=True, slots=True)
class NewBranch:
    """A branch that is to be; without a parent it is a root."""

    code: str
    title: Title
    parent: Branch | None


def create(session: Session, actor: Actor, new: NewBranch, now: datetime) -> Branch:
    """Add a branch. Raises Conflict when the code is taken, the parent closed, or the tree too deep."""
    holding.tree(session)
    if session.execute(select(Branch.id).where(Branch.code == new.code)).first():
        raise Conflict("code_taken")
    branch = _insert(session, new, now)
    detail = {"parent": new.parent.code if new.parent else None}
    record(session, actor, Act.BRANCH_CREATED, f"branch:{new.code}", detail, now=now)
    return branch


def rename(session: Session, actor: Actor, branch: Branch, title: Title, now: datetime) -> None:
    """Give the branch another name or kind."""
    if (branch.name, branch.kind) == (title.name, title.kind):
        return
    detail = {"from": branch.name, "to": title.name, "kind": title.kind.value}
    branch.name, branch.kind = title.name, title.kind
    session.flush()
    record(session, actor, Act.BRANCH_RENAMED, f"branch:{branch.code}", detail, now=now)


def move(session: Session, actor: Actor, branch: Branch, parent: Branch | None, now: datetime) -> None:
    """Put the branch, with everything below it, under another parent from now on."""
    holding.tree(session)
    if branch.parent_id == (parent.id if parent else None):
        return
    if parent and parent.path.startswith(branch.path):
        raise Conflict("circle")
    if parent and parent.closed_at is not None:
        raise Conflict("branch_closed")
    old_path = branch.path
    new_path = (parent.path if parent else "") + tree.segment(branch.id)
    holding.below(session, old_path)
    _check_depth(session, old_path, new_path)
    _repath(session, old_path, new_path)
    session.execute(
        update(BranchParent)
        .where(BranchParent.branch_id == branch.id, BranchParent.until.is_(None))
        .values(until=now)
    )
    parent_id = parent.id if parent else None
    session.execute(insert(BranchParent).values(branch_id=branch.id, parent_id=parent_id, since=now))
    session.execute(update(Branch).where(Branch.id == branch.id).values(parent_id=parent_id))
    session.expire_all()
    detail = {"to": parent.code if parent else None}
    record(session, actor, Act.BRANCH_MOVED, f"branch:{branch.code}", detail, now=now)
    emit(session, BranchMoved(now=now, branch_id=branch.id, old_path=old_path, new_path=new_path))


def merge(session: Session, actor: Actor, branch: Branch, into: Branch, now: datetime) -> int:
    """Transfer everybody of `branch` to `into`, put its children below `into`, and close it.

    Nothing that happened before changes its place. Returns how many members moved.
    """
    holding.tree(session)
    holding.below(session, branch.path)
    if into.path.startswith(branch.path):
        raise Conflict("circle")
    if into.closed_at is not None:
        raise Conflict("branch_closed")
    children = session.execute(
        select(Branch).where(Branch.parent_id == branch.id, Branch.closed_at.is_(None))
    ).scalars()
    for child in children.all():
        move(session, actor, child, into, now)
    moved = members.transfer_all(session, actor, branch, into, now)
    detail = {"into": into.code, "members": moved}
    record(session, actor, Act.BRANCH_MERGED, f"branch:{branch.code}", detail, now=now)
    _close(session, actor, branch, now)
    return moved


def close(session: Session, actor: Actor, branch: Branch, now: datetime) -> None:
    """Close an empty branch. It stays for the history. Raises Conflict while anybody is at home below it."""
    holding.tree(session)
    holding.emptied(session, branch)
    _close(session, actor, branch, now)


def _close(session: Session, actor: Actor, branch: Branch, now: datetime) -> None:
    people = session.execute(
        select(func.count())
        .select_from(Member)
        .where(Member.branch_id == branch.id, Member.status != MemberStatus.LEFT)
    ).scalar_one()
    children = session.execute(
        select(func.count())
        .select_from(Branch)
        .where(Branch.parent_id == branch.id, Branch.closed_at.is_(None))
    ).scalar_one()
    if people or children:
        raise Conflict("branch_not_empty", members=people, children=children)
    branch.closed_at = now
    session.flush()
    end_grants(session, actor, Grant.branch_id == branch.id, now)
    record(session, actor, Act.BRANCH_CLOSED, f"branch:{branch.code}", now=now)


def _insert(session: Session, new: NewBranch, now: datetime) -> Branch:
    parent = new.parent
    if parent and parent.closed_at is not None:
        raise Conflict("branch_closed")
    if parent and len(parent.path) >= DEEPEST * tree.WIDTH:
        raise Conflict("too_deep")
    branch = Branch(
        code=new.code,
        name=new.title.name,
        kind=new.title.kind,
        parent_id=parent.id if parent else None,
        # The path holds the branch's own id, which is only known once the row is there.
        path=f"?{new.code}",
        created_at=now,
    )
    session.add(branch)
    session.flush()
    branch.path = (parent.path if parent else "") + tree.segment(branch.id)
    session.execute(insert(BranchParent).values(branch_id=branch.id, parent_id=branch.parent_id, since=now))
    session.flush()
    return branch


def _check_depth(session: Session, old_path: str, new_path: str) -> None:
    deepest = session.execute(
        select(func.max(func.length(Branch.path))).where(tree.subtree(Branch.path, old_path))
    ).scalar_one()
    if deepest - len(old_path) + len(new_path) > DEEPEST * tree.WIDTH:
        raise Conflict("too_deep")


def _repath(session: Session, old_path: str, new_path: str) -> None:
    session.execute(
        update(Branch)
        .where(tree.subtree(Branch.path, old_path))
        .values(path=new_path + func.substr(Branch.path, len(old_path) + 1))
        .execution_options(synchronize_session=False)
    )
