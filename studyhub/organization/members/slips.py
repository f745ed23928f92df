"""Making activation slips: who of a branch gets one, and their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, Forbidden, Refused
from studyhub.organization import tree
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.members import granting
from studyhub.organization.models import Activation, Branch, Member
from studyhub.organization.sign_in import activation_code, operations
from studyhub.organization.sign_in.queries import is_valid_slip
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
    again: bool = False
    """the member had a password before: this is not their first sign-in"""


def make_for_branch(session: Session, actor: Actor, branch: Branch, now: datetime) -> list[Slip]:
    """A slip for everybody at home in the branch or below it who has no password yet.

    Whoever has more rights than the actor is left out: a slip opens the account. Raises Conflict when there
    are more than MOST.
    """
    locked = _locked_without_password(session, branch)
    if len(locked) > MOST:
        raise Conflict("too_many_slips", limit=MOST)
    rows = [row for row in session.execute(_without_password(branch)) if row.Member.id in locked]
    held = granting.held_below(session, branch, now)
    rows = [row for row in rows if granting.outranks(actor, held.get(row.Member.id, ()))]
    # Six statements for all of them together: on SQLite everybody else who writes waits meanwhile.
    codes = operations.make_codes(session, actor, [row.Member.id for row in rows], now)
    slips = [
        Slip(row.Member.member_no, row.Member.name, row.branch_name, code, now + activation_code.LIFETIME)
        for row, code in zip(rows, codes, strict=True)
    ]
    detail = {"members": [slip.member_no for slip in slips]}
    record(session, actor, Act.SLIPS_MADE, f"branch:{branch.code}", detail, now=now)
    return slips


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who of a branch has no password yet: how many get a slip, how many of these hold one that still works,
    and who gets none (name, member number), having rights that the actor has not."""

    people: int
    holding: int
    left_out: tuple[tuple[str, str], ...]


def waiting(session: Session, actor: Actor, branch: Branch, now: datetime) -> Waiting:
    """What `make_for_branch` would do."""
    held = granting.held_below(session, branch, now)
    valid = select(Activation.id).where(is_valid_slip(now))
    wanted = _without_password(branch).with_only_columns(
        Member.id, Member.name, Member.member_no, valid.exists().label("holds")
    )
    rows = session.execute(wanted).all()
    served = [row for row in rows if granting.outranks(actor, held.get(row.id, ()))]
    ids = {row.id for row in served}
    left_out = tuple((row.name, row.member_no) for row in rows if row.id not in ids)
    return Waiting(len(served), sum(row.holds for row in served), left_out)


def why_no_reset(session: Session, actor: Actor, member: Member, now: datetime) -> Refused | None:
    """Why the actor may not make a slip for just this member, over whose branch they have the permission."""
    if member.id == actor.member_id:
        return Conflict("not_oneself")
    if member.status is MemberStatus.LEFT:
        return Conflict("member_left")
    if not granting.outranks(actor, granting.held_by(session, member.id, now)):
        return Forbidden("outranked")
    return None


def make_for_reset(session: Session, actor: Actor, member: Member, now: datetime) -> Slip:
    """Take the member's password away and make a slip for a new one. Raises what speaks against it."""
    if refused := why_no_reset(session, actor, member, now):
        raise refused
    again = member.password_hash is not None
    code = operations.reset_password(session, actor, member, now)
    branch = session.get_one(Branch, member.branch_id)
    return Slip(member.member_no, member.name, branch.name, code, now + activation_code.LIFETIME, again)


def _locked_without_password(session: Session, branch: Branch) -> set[int]:
    """Who has no password yet, one more than MOST at the most. Locked in the order of their ids, as by
    everybody who locks several: whoever is just using a slip is waited for, and has a password then."""
    whom = _without_password(branch).with_only_columns(Member.id).order_by(None).order_by(Member.id)
    return set(session.scalars(whom.limit(MOST + 1).with_for_update(key_share=True, of=Member)))


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
