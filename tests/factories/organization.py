"""Branches and members for tests, made straight in the tables."""

from __future__ import annotations

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from studyhub.organization import tree
from studyhub.organization.actor import Actor, RoleHeld
from studyhub.organization.models import (
    Branch,
    BranchParent,
    Grant,
    Member,
    Membership,
)
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind, Level, MemberStatus

PASSWORD = "four unrelated words"
# Hashed once, cheaply: the cost of a real hash is tested where hashing is.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def branch(
    session: Session,
    code: str,
    now: datetime,
    *,
    parent: Branch | None = None,
    name: str | None = None,
    kind: BranchKind | None = None,
) -> Branch:
    """A branch under `parent`: a committee at the root, a home branch elsewhere, unless said."""
    made = Branch(
        code=code,
        name=name or f"{code} 党支部",
        kind=kind or (BranchKind.HOME_BRANCH if parent else BranchKind.COMMITTEE),
        parent_id=parent.id if parent else None,
        path=f"?{code}",
        created_at=now,
    )
    session.add(made)
    session.flush()
    made.path = (parent.path if parent else "") + tree.segment(made.id)
    session.add(BranchParent(branch_id=made.id, parent_id=made.parent_id, since=now))
    session.flush()
    return made


def member(
    session: Session,
    member_no: str,
    home: Branch,
    now: datetime,
    *,
    name: str = "李秀兰",
    status: MemberStatus = MemberStatus.ACTIVE,
    clearance: Level = Level.INTERNAL,
    phone: str | None = None,
) -> Member:
    """A member with PASSWORD, who has been welcomed."""
    made = Member(
        member_no=member_no,
        name=name,
        phone=phone,
        status=status,
        clearance=clearance,
        branch_id=home.id,
        password_hash=PASSWORD_HASH,
        password_set_at=now,
        welcomed_at=now,
        created_at=now,
    )
    session.add(made)
    session.flush()
    session.add(Membership(member_id=made.id, branch_id=home.id, since=now))
    session.flush()
    return made


def grant(
    session: Session,
    holder: Member,
    role: Role,
    now: datetime,
    *,
    over: Branch | None = None,
    until: datetime | None = None,
) -> Grant:
    """A role over a branch, or over the whole organisation."""
    made = Grant(member_id=holder.id, role=role, branch_id=over.id if over else None, since=now, until=until)
    session.add(made)
    session.flush()
    return made


def actor(holder: Member, home: Branch, *roles: tuple[Role, Branch | None]) -> Actor:
    """The member as the value that operations and queries take."""
    return Actor(
        member_id=holder.id,
        member_no=holder.member_no,
        name=holder.name,
        branch_id=home.id,
        branch_path=home.path,
        branch_code=home.code,
        branch_name=home.name,
        clearance=holder.clearance.value,
        status=holder.status.value,
        roles=tuple(RoleHeld(role, over.path if over else "") for role, over in roles),
    )
