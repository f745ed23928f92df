"""Sign-in sessions: a random token in the browser, its digest in the table, one query to know who it is."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, insert, or_, select
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.db.types import UtcDateTime
from studyhub.organization.actor import WHOLE_TREE, Actor, RoleHeld
from studyhub.organization.models import Branch, Grant, Member, SignInSession
from studyhub.organization.states import MemberStatus

LIFETIME = timedelta(days=14)
LIFETIME_UNKEPT = timedelta(hours=12)
"""Of who did not ask to be kept signed in: a working day on a computer that others use too."""

# Core tables, not mapped classes: this statement is part of every request.
_session = SignInSession.__table__.c
_member = Member.__table__.c
_grant = Grant.__table__.c
_home = Branch.__table__.alias("home")
_covered = Branch.__table__.alias("covered")
_now = bindparam("now", type_=UtcDateTime())

# What is in force now is told by columns, not asked in conditions. What is measured: PostgreSQL found that a
# plan for each moment might be a little better, and planned the statement anew in every request (0.6 ms, to
# run it in 0.05); with nothing but the token to compare it keeps one plan.
_WHO = Direct(
    select(
        _session.id.label("session_id"),
        _session.must_set_password,
        _member.id.label("member_id"),
        _member.member_no,
        _member.name,
        _member.status,
        _member.clearance,
        _member.locale,
        _member.large_type,
        _member.branch_id,
        _home.c.path.label("branch_path"),
        _home.c.code.label("branch_code"),
        _home.c.name.label("branch_name"),
        _grant.role,
        _covered.c.path.label("covered_path"),
        _grant.until,
        and_(_grant.since <= _now, or_(_grant.until.is_(None), _grant.until > _now)).label("in_force"),
        (_session.expires_at <= _now).label("expired"),
    )
    .select_from(SignInSession.__table__)
    .join(Member.__table__, _member.id == _session.member_id)
    .join(_home, _home.c.id == _member.branch_id)
    .outerjoin(Grant.__table__, _grant.member_id == _member.id)
    .outerjoin(_covered, _covered.c.id == _grant.branch_id)
    .where(_session.token_digest == bindparam("token_digest"))
)


def digest(token: str) -> bytes:
    """What is stored of a token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in: what the browser or script says of itself, and its network address.
    On one of their own they are kept signed in."""

    agent: str = ""
    address: str = ""
    keep: bool = True


UNKNOWN_DEVICE = Device()


def open_session(
    session: Session,
    member_id: int,
    now: datetime,
    device: Device = UNKNOWN_DEVICE,
    *,
    must_set_password: bool = False,
) -> tuple[str, datetime]:
    """Sign a member in. Returns the token, which is kept nowhere else, and when it expires."""
    token = secrets.token_urlsafe(32)
    expires_at = now + (LIFETIME if device.keep else LIFETIME_UNKEPT)
    session.execute(
        insert(SignInSession).values(
            token_digest=digest(token),
            member_id=member_id,
            must_set_password=must_set_password,
            agent=device.agent[:200],
            address=device.address[:64],
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token, expires_at


def close_session(session: Session, session_id: int) -> None:
    """Sign one session out."""
    session.execute(delete(SignInSession).where(SignInSession.id == session_id))


def close_all(session: Session, member_id: int, *, but: int | None = None) -> int:
    """Sign a member out everywhere (but for one session). Returns how many sessions ended."""
    condition = SignInSession.member_id == member_id
    if but is not None:
        condition = and_(condition, SignInSession.id != but)
    closed = session.execute(delete(SignInSession).where(condition).returning(SignInSession.id))
    return len(closed.all())


def identify(session: Session, token: str, now: datetime) -> Actor | None:
    """Who holds this token now, with the roles in force; None when it is unknown, expired or revoked.

    One statement. Nothing is cached: a revoked session ends with the next request.
    """
    rows = _WHO.all(session, {"token_digest": digest(token), "now": now})
    if not rows or rows[0].expired or rows[0].status is MemberStatus.LEFT:
        return None
    first = rows[0]
    return Actor(
        member_id=first.member_id,
        member_no=first.member_no,
        name=first.name,
        branch_id=first.branch_id,
        branch_path=first.branch_path,
        branch_code=first.branch_code,
        branch_name=first.branch_name,
        clearance=first.clearance.value,
        status=first.status.value,
        session_id=first.session_id,
        must_set_password=first.must_set_password,
        locale=first.locale,
        large_type=first.large_type,
        roles=tuple(
            RoleHeld(row.role, row.covered_path or WHOLE_TREE, row.until) for row in rows if row.in_force
        ),
    )
