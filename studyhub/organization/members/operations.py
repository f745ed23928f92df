"""Writes of members. Each tells the rooms above by an event, and the trail, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, literal, select, update
from sqlalchemy.orm import Session

from studyhub.db.types import UtcDateTime
from studyhub.kernel.errors import Conflict, Forbidden
from studyhub.kernel.events import (
    MemberJoined,
    MemberLeft,
    MemberMoved,
    MemberReturned,
    MembersChanged,
    emit,
)
from studyhub.organization import holding, sessions
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, Deed, record, record_all
from studyhub.organization.members import granting
from studyhub.organization.members.ending import end_grants
from studyhub.organization.models import Activation, Branch, Grant, Member, Membership
from studyhub.organization.states import Level, MemberStatus


@dataclass(frozen=True, slots=True)
class NewMember:
    """What is needed to know of somebody who joins."""

    member_no: str
    name: str
    phone: str | None = None
    status: MemberStatus = MemberStatus.ACTIVE
    clearance: Level = Level.INTERNAL


def create(session: Session, actor: Actor, new: NewMember, home: Branch, now: datetime) -> Member:
    """Add a member at home in `home`, without a password. Raises Conflict `branch_closed`."""
    holding.comings(session)
    holding.open_branch(session, home)
    member = Member(
        member_no=new.member_no,
        name=new.name,
        phone=new.phone,
        status=new.status,
        clearance=new.clearance,
        branch_id=home.id,
        created_at=now,
    )
    session.add(member)
    session.flush()
    subject = f"member:{member.member_no}"
    record(session, actor, Act.MEMBER_CREATED, subject, {"branch": home.code}, now=now)
    _open_stay(session, member.id, home.id, now)
    emit(session, MemberJoined(now=now, member_id=member.id, branch_id=home.id))
    return member


def transfer(session: Session, actor: Actor, member: Member, to: Branch, now: datetime) -> None:
    """Move the member to another branch from now on. What was before stays where it happened."""
    holding.comings(session)
    holding.open_branch(session, to)
    holding.members(session, member.id)
    if member.branch_id == to.id:
        raise Conflict("already_there")
    old_id = member.branch_id
    old = session.get_one(Branch, old_id)
    member.branch_id = to.id
    session.flush()
    subject = f"member:{member.member_no}"
    record(session, actor, Act.MEMBER_TRANSFERRED, subject, {"from": old.code, "to": to.code}, now=now)
    if member.status is MemberStatus.LEFT:
        return
    _close_stay(session, member.id, now)
    _open_stay(session, member.id, to.id, now)
    emit(session, MemberMoved(now=now, member_id=member.id, from_branch_id=old_id, to_branch_id=to.id))


def transfer_all(session: Session, actor: Actor, home: Branch, to: Branch, now: datetime) -> int:
    """Move everybody of `home` to another branch, in a handful of statements however many they are: on SQLite
    all others who write wait meanwhile. Returns how many moved."""
    here = and_(Member.branch_id == home.id, Member.status != MemberStatus.LEFT)
    wanted = select(Member.id, Member.member_no).where(here).order_by(Member.id)
    people = session.execute(wanted.with_for_update(key_share=True)).all()
    if not people:
        return 0
    leaving = Membership.member_id.in_(select(Member.id).where(here)), Membership.until.is_(None)
    session.execute(update(Membership).where(*leaving).values(until=now))
    stays = select(Member.id, literal(to.id), literal(now, UtcDateTime())).where(here)
    session.execute(insert(Membership).from_select(["member_id", "branch_id", "since"], stays))
    session.execute(update(Member).where(here).values(branch_id=to.id))
    detail = {"from": home.code, "to": to.code}
    deeds = (Deed(Act.MEMBER_TRANSFERRED, f"member:{row.member_no}", detail) for row in people)
    record_all(session, actor, deeds, now=now)
    emit(session, MembersChanged(now=now, member_ids=tuple(row.id for row in people)))
    return len(people)


def change_status(
    session: Session, actor: Actor, member: Member, status: MemberStatus, now: datetime
) -> None:
    """Make the member active, probationary or left. Who leaves loses sessions, codes and roles at once."""
    holding.comings(session)
    holding.members(session, member.id, actor.member_id)
    before = member.status
    if status is before:
        return
    if status is MemberStatus.LEFT:
        _may_see_off(session, actor, member, now)
    member.status = status
    session.flush()
    detail = {"from": before.value, "to": status.value}
    record(session, actor, Act.MEMBER_STATUS_CHANGED, f"member:{member.member_no}", detail, now=now)
    if status is MemberStatus.LEFT:
        _leave(session, actor, member, now)
    elif before is MemberStatus.LEFT:
        _open_stay(session, member.id, member.branch_id, now)
        emit(session, MemberReturned(now=now, member_id=member.id, branch_id=member.branch_id))


def change_details(session: Session, actor: Actor, member: Member, now: datetime, **values: Any) -> None:
    """Change name, phone or clearance. The trail says which, and keeps no phone number."""
    changed = {name: value for name, value in values.items() if getattr(member, name) != value}
    if not changed:
        return
    if "clearance" in changed:
        holding.comings(session)
    for name, value in changed.items():
        setattr(member, name, value)
    session.flush()
    fields = {"fields": sorted(changed)}
    record(session, actor, Act.MEMBER_CHANGED, f"member:{member.member_no}", fields, now=now)
    if "clearance" in changed:
        emit(session, MembersChanged(now=now, member_ids=(member.id,)))


def take_everything(session: Session, actor: Actor, member_id: int, now: datetime) -> None:
    """End the sessions, unused codes and roles of somebody who left, and what they delegated."""
    sessions.close_all(session, member_id)
    session.execute(delete(Activation).where(Activation.member_id == member_id, Activation.used_at.is_(None)))
    end_grants(session, actor, Grant.member_id == member_id, now)


def may_see_off(session: Session, actor: Actor, member: Member, now: datetime) -> bool:
    """Whether the actor may say that this member left."""
    held = granting.held_by(session, member.id, now)
    return member.id != actor.member_id and granting.outranks(actor, held)


def _may_see_off(session: Session, actor: Actor, member: Member, now: datetime) -> None:
    """Who leaves loses every role, so only who could end these roles may say that somebody left."""
    if member.id == actor.member_id:
        raise Conflict("not_oneself")
    granting.require_roles(session, actor, now)
    if not granting.outranks(actor, granting.held_by(session, member.id, now)):
        raise Forbidden("outranked")


def _leave(session: Session, actor: Actor, member: Member, now: datetime) -> None:
    _close_stay(session, member.id, now)
    take_everything(session, actor, member.id, now)
    emit(session, MemberLeft(now=now, member_id=member.id, branch_id=member.branch_id))


def _open_stay(session: Session, member_id: int, branch_id: int, now: datetime) -> None:
    session.execute(insert(Membership).values(member_id=member_id, branch_id=branch_id, since=now))


def _close_stay(session: Session, member_id: int, now: datetime) -> None:
    session.execute(
        update(Membership)
        .where(Membership.member_id == member_id, Membership.until.is_(None))
        .values(until=now)
    )
