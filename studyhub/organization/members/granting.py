"""Giving and ending roles. Pure rules first, then the writes.

An admin grants what they like where they administer. A leader delegates: a deputy's or group leader's role,
within the leader's own branches, with an end.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.organization import holding, tree
from studyhub.organization.actor import Actor, RoleHeld
from studyhub.organization.audit import Act, record
from studyhub.organization.members import queries
from studyhub.organization.members.ending import end_grants
from studyhub.organization.members.queries import HeldGrant
from studyhub.organization.models import Activation, Branch, Grant, Member, SignInSession
from studyhub.organization.roles import ORGANISATION_WIDE, PERMISSIONS, Role
from studyhub.organization.sign_in.queries import is_opened_by_slip
from studyhub.organization.states import MemberStatus

DELEGABLE = frozenset({Role.DEPUTY, Role.GROUP_LEADER})
LONGEST_DELEGATION = timedelta(days=366)
ABOUT_THE_END = frozenset(
    {"delegation_needs_end", "delegation_outlasts", "delegation_too_long", "ends_in_the_past"}
)
"""Refusals that the last day is the reason of."""


def outranks(actor: Actor, held: tuple[RoleHeld, ...]) -> bool:
    """Whether the actor may do everything that these roles may, so that acting for them gains nothing."""
    return all(
        actor.covers(permission, role.branch_path) for role in held for permission in PERMISSIONS[role.role]
    )


def grantable(actor: Actor, path: str) -> frozenset[Role]:
    """The roles that the actor may give over the branch at `path` ("": the whole organisation)."""
    if actor.covers(Permission.MANAGE_GRANTS, path):
        return frozenset(Role)
    return DELEGABLE if path and actor.covers(Permission.DELEGATE, path) else frozenset()


def refusal(actor: Actor, role: Role, path: str, until: datetime | None, now: datetime) -> str | None:
    """Why the grant may not be given, as a code; None when it may."""
    if until is not None and until <= now:
        return "ends_in_the_past"
    if actor.covers(Permission.MANAGE_GRANTS, path):
        return None
    if until is None:
        return "delegation_needs_end"
    return "delegation_too_long" if until > now + LONGEST_DELEGATION else None


def held_by(session: Session, member_id: int, now: datetime) -> tuple[RoleHeld, ...]:
    """The roles that the member holds now or will hold."""
    rows = session.execute(
        select(Grant.role, func.coalesce(Branch.path, "").label("path"), Grant.until)
        .outerjoin(Branch, Branch.id == Grant.branch_id)
        .where(Grant.member_id == member_id, or_(Grant.until.is_(None), Grant.until > now))
    ).all()
    return tuple(RoleHeld(row.role, row.path, row.until) for row in rows)


def require_roles(session: Session, actor: Actor, now: datetime) -> None:
    """Raise Forbidden when a role that the actor acts by has been ended since they were let in.

    Of two admins who end each other's role at the same moment one stays. To be asked with the actor held.
    A role that ends by itself holds until then: one that was ended ends sooner than it was to.
    """
    if actor.member_id is None:
        return
    held = held_by(session, actor.member_id, now)
    if not all(_still_held(role, held, now) for role in actor.roles):
        raise Forbidden


def _still_held(role: RoleHeld, held: tuple[RoleHeld, ...], now: datetime) -> bool:
    if role.until is not None and role.until <= now:
        return True  # nobody ended it
    same = [each.until for each in held if each == role]
    return any(until is None or (role.until is not None and until >= role.until) for until in same)


def held_below(session: Session, branch: Branch, now: datetime) -> dict[int, tuple[RoleHeld, ...]]:
    """As `held_by`, for everybody at home in the branch or below it who holds anything."""
    home = aliased(Branch)
    rows = session.execute(
        select(Grant.member_id, Grant.role, func.coalesce(Branch.path, "").label("path"))
        .join(Member, Member.id == Grant.member_id)
        .join(home, home.id == Member.branch_id)
        .outerjoin(Branch, Branch.id == Grant.branch_id)
        .where(tree.subtree(home.path, branch.path), or_(Grant.until.is_(None), Grant.until > now))
    ).all()
    held: dict[int, tuple[RoleHeld, ...]] = {}
    for row in rows:
        held[row.member_id] = (*held.get(row.member_id, ()), RoleHeld(row.role, row.path))
    return held


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role that a member is to have over a branch (None: the whole organisation), until a moment (None:
    without an end)."""

    member: Member
    role: Role
    over: Branch | None
    until: datetime | None = None

    @property
    def path(self) -> str:
        """The path of the branch that it covers."""
        return self.over.path if self.over else ""


def give(session: Session, actor: Actor, new: NewGrant, now: datetime) -> Grant:
    """Give the role. Raises what speaks against it."""
    if new.over is not None:
        holding.open_branch(session, new.over)
    holding.members(session, new.member.id, actor.member_id)
    require_roles(session, actor, now)
    source = _permitted(session, actor, new, now)
    if _already(session, new, now):
        raise Conflict("already_granted")
    grant = Grant(
        member_id=new.member.id,
        role=new.role,
        branch_id=new.over.id if new.over else None,
        granted_by=actor.member_id,
        source_id=source,
        since=now,
        until=new.until,
    )
    session.add(grant)
    session.flush()
    spoil_slips(session, (new.member.id,), now)
    subject = f"member:{new.member.member_no}"
    record(session, actor, Act.GRANT_GIVEN, subject, _detail(grant, new.over), now=now)
    return grant


def _permitted(session: Session, actor: Actor, new: NewGrant, now: datetime) -> int | None:
    """The actor's own grant on which this one rests, if it rests on one. Raises what speaks against it."""
    member, role, path = new.member, new.role, new.path
    if role not in grantable(actor, path):
        raise Forbidden("may_not_grant")
    if member.id == actor.member_id and not actor.covers(Permission.MANAGE_GRANTS, path):
        raise Conflict("not_to_oneself")
    if new.over is None and role not in ORGANISATION_WIDE:
        raise Unprocessable("role_needs_branch")
    if member.status is MemberStatus.LEFT:
        raise Conflict("member_left")
    if code := refusal(actor, role, path, new.until, now):
        raise Unprocessable(code)
    return _source(session, actor, path, new.until, now)


def spoil_slips(session: Session, members: Collection[int], now: datetime) -> None:
    """Of members who were just given a role: a slip opens the account, so one made before by somebody who may
    not do all that the account may by now works no more, nor does a session that one has opened and in which
    no password is set yet."""
    if not members:
        return
    theirs = and_(Activation.member_id.in_(members), Activation.made_by.is_not(None))
    works = or_(Activation.used_at.is_(None), is_opened_by_slip())
    for slip in session.scalars(select(Activation).where(theirs, works)).all():
        maker = Actor(slip.made_by, "", "", roles=held_by(session, slip.made_by or 0, now))
        if not outranks(maker, held_by(session, slip.member_id, now)):
            session.execute(delete(Activation).where(Activation.id == slip.id, Activation.used_at.is_(None)))
            session.execute(
                delete(SignInSession).where(
                    SignInSession.member_id == slip.member_id, SignInSession.must_set_password
                )
            )


def endable(session: Session, actor: Actor, grant_id: int, now: datetime) -> tuple[HeldGrant, Member]:
    """A grant that the actor may end, and whose it is.

    Raises NotFound for one they could not have given, and Conflict for one's own administration.
    """
    member_id = session.execute(select(Grant.member_id).where(Grant.id == grant_id)).scalar_one_or_none()
    held = queries.grants(session, member_id, now) if member_id else []
    for grant in held:
        if grant.id == grant_id and grant.role in grantable(actor, grant.branch_path):
            member = session.get_one(Member, member_id)
            if not may_end(actor, member.member_no, grant.role, grant.branch_path):
                raise Conflict("not_oneself")
            return grant, member
    raise NotFound


def may_end(actor: Actor, holder: str, role: Role, path: str) -> bool:
    """Whether the actor may end this role of the member with this number, over the branch at `path`."""
    is_own_office = role is Role.ADMIN and holder == actor.member_no
    return role in grantable(actor, path) and not is_own_office


def end(session: Session, actor: Actor, grant_id: int, now: datetime) -> Member:
    """End a grant now. Raises as `endable`."""
    holder = session.scalar(select(Grant.member_id).where(Grant.id == grant_id))
    holding.members(session, holder, actor.member_id)
    require_roles(session, actor, now)
    _, member = endable(session, actor, grant_id, now)
    end_grants(session, actor, Grant.id == grant_id, now)
    return member


def _source(session: Session, actor: Actor, path: str, until: datetime | None, now: datetime) -> int | None:
    """The actor's own grant that a delegation rests on; None for whoever may give any role.

    Raises Unprocessable when every such grant ends before the delegation would.
    """
    if actor.covers(Permission.MANAGE_GRANTS, path):
        return None
    roles = [role for role, permissions in PERMISSIONS.items() if Permission.DELEGATE in permissions]
    rows = session.execute(
        select(Grant.id, Grant.until)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(
            Grant.member_id == actor.member_id,
            Grant.role.in_(roles),
            Grant.since <= now,
            or_(Grant.until.is_(None), Grant.until > now),
            Branch.id.in_(tree.branch_ids(path)),
        )
        .order_by(Grant.until.is_not(None), Grant.until.desc(), Branch.path.desc())
    ).all()
    if not rows:
        raise Forbidden("may_not_grant")
    if rows[0].until is not None and (until is None or until > rows[0].until):
        raise Unprocessable("delegation_outlasts")
    source: int = rows[0].id
    return source


def _already(session: Session, new: NewGrant, now: datetime) -> bool:
    same_branch = Grant.branch_id.is_(None) if new.over is None else Grant.branch_id == new.over.id
    lasting = Grant.until.is_(None)
    covers = lasting if new.until is None else or_(lasting, Grant.until >= new.until)
    return (
        session.execute(
            select(Grant.id).where(
                Grant.member_id == new.member.id,
                Grant.role == new.role,
                same_branch,
                Grant.since <= now,
                covers,
            )
        ).first()
        is not None
    )


def _detail(grant: Grant, over: Branch | None) -> dict[str, str | None]:
    return {
        "role": grant.role.value,
        "branch": over.code if over else None,
        "until": grant.until.isoformat() if grant.until else None,
    }
