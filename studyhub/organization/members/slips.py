"""Making activation slips: who of a branch gets one, and their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, Forbidden
from studyhub.organization import tree
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.members import granting
from studyhub.organization.models import Branch, Member
from studyhub.organization.sign_in import activation_code, operations
from studyhub.organization.states import MemberStatus

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one member. The code is nowhere else: its digest alone is stored."""

    member_no: str
    name: str
    branch_name: str
    code: str
    expires_at: datetime


def make_for_branch(session: Session, actor: Actor, branch: Branch, now: datetime) -> list[Slip]:
    """A slip for everybody at home in the branch or below it who has no password yet.

    Whoever has more rights than the actor is left out: a slip opens the account. Raises Conflict when there
    are more than MOST.
    """
    rows = session.execute(_without_password(branch).limit(MOST + 1)).all()
    if len(rows) > MOST:
        raise Conflict("too_many_slips", limit=MOST)
    held = granting.held_below(session, branch, now)
    rows = [row for row in rows if granting.outranks(actor, held.get(row.Member.id, ()))]
    # Five statements for all of them together: on SQLite everybody else who writes waits meanwhile.
    codes = operations.make_codes(session, actor, [row.Member.id for row in rows], now)
    slips = [
        Slip(row.Member.member_no, row.Member.name, row.branch_name, code, now + activation_code.LIFETIME)
        for row, code in zip(rows, codes, strict=True)
    ]
    detail = {"members": [slip.member_no for slip in slips]}
    record(session, actor, Act.SLIPS_MADE, f"branch:{branch.code}", detail, now=now)
    return slips


def waiting(session: Session, branch: Branch) -> int:
    """How many members of the branch and below it have no password yet."""
    without = _without_password(branch).order_by(None).subquery()
    return session.execute(select(func.count()).select_from(without)).scalar_one()


def make_for_reset(session: Session, actor: Actor, member: Member, now: datetime) -> Slip:
    """Take the member's password away and make a slip for a new one."""
    if member.id == actor.member_id:
        raise Conflict("not_oneself")
    if member.status is MemberStatus.LEFT:
        raise Conflict("member_left")
    if not granting.outranks(actor, granting.held_by(session, member.id, now)):
        raise Forbidden("outranked")
    code = operations.reset_password(session, actor, member, now)
    branch = session.get_one(Branch, member.branch_id)
    return Slip(member.member_no, member.name, branch.name, code, now + activation_code.LIFETIME)


def _without_password(branch: Branch) -> Select[*tuple[Any, ...]]:
    return (
        select(Member, Branch.name.label("branch_name"))
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            tree.subtree(Branch.path, branch.path),
            Member.password_hash.is_(None),
            Member.status != MemberStatus.LEFT,
        )
        .order_by(Branch.path, Member.name, Member.id)
    )
