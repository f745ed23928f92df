"""Reads of members, each within the actor's scope: whoever is outside it does not exist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization import tree
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.members.member_import import Known, KnownMember
from studyhub.organization.members.member_rows import HeldRole
from studyhub.organization.models import Activation, Branch, Grant, Member, Membership
from studyhub.organization.roles import Role
from studyhub.organization.sign_in.queries import is_valid_slip
from studyhub.organization.states import Entry, Level, MemberStatus

SORTS = {
    "name": (Member.name, Member.id),
    "member_no": (Member.member_no,),
    "branch": (Branch.path, Member.name, Member.id),
    "status": (Member.status, Member.name, Member.id),
}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member in a list."""

    id: int
    member_no: str
    name: str
    status: MemberStatus
    clearance: Level
    phone: str | None
    branch_code: str
    branch_name: str
    has_password: bool
    slip_made_at: datetime | None = None
    """when the slip was made that still works; None as well for who has a password"""

    @property
    def entry(self) -> Entry | None:
        """How the member gets in; None for somebody who left."""
        if self.status is MemberStatus.LEFT:
            return None
        if self.has_password:
            return Entry.PASSWORD
        return Entry.SLIP if self.slip_made_at else Entry.NO_SLIP


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A grant of a member, in force now or later. No branch: the whole organisation."""

    id: int
    role: Role
    branch_code: str | None
    branch_name: str | None
    branch_path: str
    since: datetime
    until: datetime | None
    granted_by: str | None


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody with a role over one branch, until a day or for good."""

    id: int
    member_no: str
    name: str
    role: Role
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A branch in which a member was at home; `until` is None for where they are."""

    branch_code: str
    branch_name: str
    since: datetime
    until: datetime | None


def member(session: Session, actor: Actor, permission: Permission, member_no: str) -> Member:
    """The member, if they are at home within the actor's scope for the permission. Raises NotFound."""
    found = session.execute(
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.member_no == member_no, tree.within(Branch.path, actor.scope(permission)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def members_page(
    session: Session,
    below: tuple[str, ...],
    wanted: PageRequest,
    now: datetime,
    entry: Entry | None = None,
) -> Page[MemberLine]:
    """A page of the members at home in the subtrees `below`, all or those who get in this way; those who
    left come only when searched for."""
    found = _lines().where(tree.within(Branch.path, below), _matching(wanted.search), _gets_in(entry, now))
    total = session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    made = select(func.max(Activation.created_at)).where(is_valid_slip(now), Member.password_hash.is_(None))
    found = found.add_columns(made.correlate(Member).scalar_subquery().label("slip_made_at"))
    columns = SORTS.get(wanted.sort or "", SORTS["branch"])
    order = [column.desc() if wanted.descending else column for column in columns]
    rows = session.execute(found.order_by(*order).limit(wanted.size).offset(wanted.offset)).all()
    return Page([MemberLine(**row._mapping) for row in rows], total, wanted)


def members_after(session: Session, path: str, after: str, limit: int) -> list[MemberLine]:
    """The members below a branch whose numbers follow `after`, in the order of their numbers."""
    rows = session.execute(
        _lines()
        .where(tree.subtree(Branch.path, path), Member.member_no > after, Member.status != MemberStatus.LEFT)
        .order_by(Member.member_no)
        .limit(limit)
    ).all()
    return [MemberLine(**row._mapping) for row in rows]


def grants(session: Session, member_id: int, now: datetime) -> list[HeldGrant]:
    """The grants that are in force or will be, the lasting ones first."""
    giver = Member.__table__.alias("giver")
    rows = session.execute(
        select(
            Grant.id,
            Grant.role,
            Branch.code.label("branch_code"),
            Branch.name.label("branch_name"),
            func.coalesce(Branch.path, "").label("branch_path"),
            Grant.since,
            Grant.until,
            giver.c.name.label("granted_by"),
        )
        .outerjoin(Branch, Branch.id == Grant.branch_id)
        .outerjoin(giver, giver.c.id == Grant.granted_by)
        .where(Grant.member_id == member_id, or_(Grant.until.is_(None), Grant.until > now))
        .order_by(Grant.until.is_not(None), Grant.role, Grant.id)
    ).all()
    return [HeldGrant(**row._mapping) for row in rows]


def leaders(session: Session, branch_id: int, now: datetime) -> list[Leader]:
    """Who holds a role over this very branch, the lasting ones first."""
    in_force = and_(Grant.since <= now, or_(Grant.until.is_(None), Grant.until > now))
    return _holders(session, and_(Grant.branch_id == branch_id, in_force))


def holders_of(session: Session, grant_ids: Collection[int]) -> list[Leader]:
    """Whose these grants are."""
    return _holders(session, Grant.id.in_(grant_ids)) if grant_ids else []


def _holders(session: Session, which: ColumnElement[bool]) -> list[Leader]:
    rows = session.execute(
        select(Grant.id, Member.member_no, Member.name, Grant.role, Grant.until)
        .join(Member, Member.id == Grant.member_id)
        .where(which)
        .order_by(Grant.until.is_not(None), Grant.role.desc(), Grant.id)
    ).all()
    return [Leader(**row._mapping) for row in rows]


def number_is_taken(session: Session, member_no: str) -> bool:
    """Whether any member has this number."""
    return session.execute(select(Member.id).where(Member.member_no == member_no)).first() is not None


def phone_is_taken(session: Session, phone: str, member_id: int | None) -> bool:
    """Whether a member other than this one has the phone number."""
    holder = session.execute(select(Member.id).where(Member.phone == phone)).scalar_one_or_none()
    return holder is not None and holder != member_id


def stays(session: Session, member_id: int) -> list[Stay]:
    """Where the member has been at home, the newest first."""
    rows = session.execute(
        select(
            Branch.code.label("branch_code"),
            Branch.name.label("branch_name"),
            Membership.since,
            Membership.until,
        )
        .join(Branch, Branch.id == Membership.branch_id)
        .where(Membership.member_id == member_id)
        .order_by(Membership.since.desc(), Membership.id.desc())
    ).all()
    return [Stay(**row._mapping) for row in rows]


def known(session: Session, actor: Actor, names_within: tuple[str, ...] | None = None) -> Known:
    """What a file of members is checked against; branches only within the actor's scope.

    `names_within`: the paths below which a branch may be meant by its name (None: the actor's scope).
    """
    columns = Branch.id, Branch.code, Branch.name, Branch.path, Branch.closed_at
    rows = session.execute(select(*columns)).all()
    codes = {row.id: row.code for row in rows}
    scope = actor.scope(Permission.IMPORT_MEMBERS)
    open_here = [row for row in rows if row.closed_at is None and row.path.startswith(scope or ("?",))]
    named = [row for row in open_here if names_within is None or row.path.startswith(names_within)]
    return Known(
        _known_members(session, codes),
        {row.code: row.name for row in open_here},
        everywhere=WHOLE_TREE in scope,
        levels=actor.clearances,
        named={row.code: row.name for row in named},
    )


def present(session: Session, numbers: Collection[str], beside: int | None) -> dict[str, KnownMember]:
    """Those of the members whom there are, locked until the transaction ends (where rows can be locked).
    `beside`: the id of one who is locked with them."""
    lock = (
        select(Member.id)
        .where(or_(Member.member_no.in_(numbers), Member.id == beside))
        .order_by(Member.id)
        .with_for_update(key_share=True)
    )
    ids = session.execute(lock).scalars().all()
    codes = {row.id: row.code for row in session.execute(select(Branch.id, Branch.code)).all()}
    return _known_members(session, codes, ids)


def open_codes(session: Session, codes: Collection[str]) -> set[str]:
    """Those of the codes that belong to a branch that is open, and that stays open until the
    transaction ends (where rows can be locked)."""
    rows = select(Branch.code).where(Branch.code.in_(codes), Branch.closed_at.is_(None))
    return set(session.execute(rows.order_by(Branch.id).with_for_update(read=True)).scalars())


def holders(session: Session, phones: Collection[str]) -> set[str]:
    """The numbers of the members who have one of these phone numbers."""
    return set(session.execute(select(Member.member_no).where(Member.phone.in_(phones))).scalars())


def _known_members(
    session: Session, codes: dict[int, str], only: Collection[int] | None = None
) -> dict[str, KnownMember]:
    held = _lasting_roles(session, codes, only)
    rows = session.execute(
        select(
            Member.id,
            Member.member_no,
            Member.name,
            Member.branch_id,
            Member.phone,
            Member.status,
            Member.clearance,
        ).where(true() if only is None else Member.id.in_(only))
    ).all()
    return {
        row.member_no: KnownMember(
            row.member_no,
            row.name,
            codes[row.branch_id],
            row.phone,
            row.status,
            row.clearance,
            frozenset(held.get(row.id, ())),
        )
        for row in rows
    }


def _lasting_roles(
    session: Session, codes: dict[int, str], only: Collection[int] | None
) -> dict[int, set[HeldRole]]:
    held: dict[int, set[HeldRole]] = {}
    whose = true() if only is None else Grant.member_id.in_(only)
    rows = session.execute(
        select(Grant.member_id, Grant.role, Grant.branch_id).where(Grant.until.is_(None), whose)
    )
    for row in rows.all():
        held.setdefault(row.member_id, set()).add((row.role, codes[row.branch_id] if row.branch_id else None))
    return held


def _lines() -> Select[*tuple[Any, ...]]:
    return select(
        Member.id,
        Member.member_no,
        Member.name,
        Member.status,
        Member.clearance,
        Member.phone,
        Branch.code.label("branch_code"),
        Branch.name.label("branch_name"),
        Member.password_hash.is_not(None).label("has_password"),
    ).join(Branch, Branch.id == Member.branch_id)


def _gets_in(entry: Entry | None, now: datetime) -> ColumnElement[bool]:
    if entry is None:
        return true()
    here = Member.status != MemberStatus.LEFT
    if entry is Entry.PASSWORD:
        return and_(here, Member.password_hash.is_not(None))
    holds = select(Activation.id).where(is_valid_slip(now)).correlate(Member).exists()
    return and_(here, Member.password_hash.is_(None), holds if entry is Entry.SLIP else ~holds)


def _matching(search: str) -> ColumnElement[bool]:
    """A part of the name, or the beginning of the number or phone. Without a search, who is here today."""
    words = search.split()
    if not words:
        return Member.status != MemberStatus.LEFT
    return and_(
        *(
            or_(
                Member.name.icontains(word, autoescape=True),
                Member.member_no.istartswith(word, autoescape=True),
                Member.phone.startswith(word, autoescape=True),
            )
            for word in words
        )
    )
