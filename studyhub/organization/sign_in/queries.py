"""Reads of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.organization.identifiers import phone_number
from studyhub.organization.models import Activation, Branch, Member, SignInSession, Throttle
from studyhub.organization.sign_in import activation_code, throttling
from studyhub.organization.sign_in.throttling import Allowance, Tally
from studyhub.organization.states import MemberStatus


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a sign-in names."""

    member_id: int
    member_no: str
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class ValidCode:
    """A one-time code that still works, and whose it is."""

    activation_id: int
    member_id: int
    member_no: str
    name: str
    phone: str | None
    branch_name: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of a member's signed-in browsers or scripts."""

    id: int
    agent: str
    address: str
    created_at: datetime
    expires_at: datetime
    current: bool


def account(session: Session, who: str) -> Account | None:
    """The member whose number or phone this is; the number goes first. None for one who left."""
    who = who.strip()
    rows = session.execute(
        select(Member.id, Member.member_no, Member.password_hash).where(
            or_(Member.member_no == who, Member.phone == (phone_number(who) or who)),
            Member.status != MemberStatus.LEFT,
        )
    ).all()
    found = sorted(rows, key=lambda row: row.member_no != who)
    return Account(found[0].id, found[0].member_no, found[0].password_hash) if found else None


def wait(session: Session, tries: dict[str, Allowance], now: datetime) -> timedelta | None:
    """The longest wait that any of the keys (with its allowance) demands; None: try now."""
    rows = session.execute(
        select(Throttle.key, Throttle.failures, Throttle.window_began_at).where(Throttle.key.in_(tries))
    )
    waits = (
        throttling.wait(tries[row.key], Tally(row.failures, row.window_began_at), now) for row in rows.all()
    )
    return max((wait for wait in waits if wait), default=None)


def valid_code(session: Session, code: str, now: datetime) -> ValidCode | None:
    """Whose unused, unexpired code this is."""
    row = session.execute(
        select(
            Activation.id.label("activation_id"),
            Member.id.label("member_id"),
            Member.member_no,
            Member.name,
            Member.phone,
            Branch.name.label("branch_name"),
        )
        .join(Member, Member.id == Activation.member_id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Activation.code_digest == activation_code.digest(code),
            Activation.used_at.is_(None),
            Activation.expires_at > now,
            Member.status != MemberStatus.LEFT,
        )
    ).first()
    return ValidCode(**row._mapping) if row else None


def is_valid_slip(now: datetime) -> ColumnElement[bool]:
    """Among rows of activation and member: a code of this member's that still works."""
    unused = Activation.used_at.is_(None)
    return and_(Activation.member_id == Member.id, unused, Activation.expires_at > now)


def is_opened_by_slip() -> ColumnElement[bool]:
    """Among rows of activation: the code that was spent last, while no password is set in what it opened."""
    later = aliased(Activation)
    opened = and_(SignInSession.member_id == Activation.member_id, SignInSession.must_set_password)
    is_last = ~exists().where(later.member_id == Activation.member_id, later.used_at > Activation.used_at)
    return and_(Activation.used_at.is_not(None), is_last, exists().where(opened))


def has_slip(session: Session, member_id: int, now: datetime) -> bool:
    """Whether a slip that the member holds still works, or one was spent and no password is set yet."""
    works = or_(and_(Activation.used_at.is_(None), Activation.expires_at > now), is_opened_by_slip())
    return session.scalar(select(Activation.id).where(Activation.member_id == member_id, works)) is not None


def slip_made_at(session: Session, member_id: int, now: datetime) -> datetime | None:
    """When the slip was made that the member holds and that still works."""
    made = select(func.max(Activation.created_at)).join(Member, is_valid_slip(now))
    return session.execute(made.where(Member.id == member_id)).scalar_one()


def own_sessions(session: Session, member_id: int, current: int | None, now: datetime) -> list[OwnSession]:
    """Where the member is signed in, this session first, then the newest."""
    rows = session.execute(
        select(
            SignInSession.id,
            SignInSession.agent,
            SignInSession.address,
            SignInSession.created_at,
            SignInSession.expires_at,
        )
        .where(SignInSession.member_id == member_id, SignInSession.expires_at > now)
        .order_by(SignInSession.created_at.desc(), SignInSession.id.desc())
    ).all()
    found = [OwnSession(**row._mapping, current=row.id == current) for row in rows]
    return sorted(found, key=lambda one: not one.current)


def phone(session: Session, member_id: int) -> str | None:
    """The member's phone number, if there is one."""
    return session.execute(select(Member.phone).where(Member.id == member_id)).scalar_one_or_none()


def manners(session: Session, member_id: int) -> tuple[bool, bool]:
    """Whether the member has large type, and has been told what is recorded and why."""
    row = session.execute(select(Member.large_type, Member.welcomed_at).where(Member.id == member_id)).one()
    return row.large_type, row.welcomed_at is not None


def was_welcomed(session: Session, member_id: int) -> bool:
    """Whether the member has been told what is recorded and why."""
    told = select(Member.welcomed_at).where(Member.id == member_id)
    return session.execute(told).scalar_one_or_none() is not None
