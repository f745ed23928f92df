"""Writes of signing in: failures counted, codes made and spent, passwords set, sessions ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, insert, select, update
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.kernel.errors import NotFound, NotSignedIn
from studyhub.organization import sessions
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.organization.models import Activation, Member, SignInSession, Throttle
from studyhub.organization.sign_in import activation_code
from studyhub.organization.sign_in.queries import ValidCode
from studyhub.organization.sign_in.throttling import Allowance, Tally
from studyhub.organization.states import MemberStatus


def count_try(session: Session, key: str, allowance: Allowance, now: datetime) -> Tally:
    """Count one try under the key, before it is known whether it fails; a window that is over begins anew."""
    over = Throttle.window_began_at <= now - allowance.window
    counted = session.execute(
        insert_into(session, Throttle)
        .values(key=key, window_began_at=now, failures=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "failures": case((over, 1), else_=Throttle.failures + 1),
                "window_began_at": case((over, now), else_=Throttle.window_began_at),
            },
        )
        .returning(Throttle.failures, Throttle.window_began_at)
    ).one()
    return Tally(counted.failures, counted.window_began_at)


def take_back_try(session: Session, key: str) -> None:
    """It was no failure: count it no longer."""
    counted = update(Throttle).where(Throttle.key == key, Throttle.failures > 0)
    session.execute(counted.values(failures=Throttle.failures - 1))


def forget_failures(session: Session, key: str) -> None:
    """The right password came: what failed before no longer counts."""
    session.execute(delete(Throttle).where(Throttle.key == key))


def make_code(session: Session, actor: Actor, member_id: int, now: datetime) -> str:
    """A fresh one-time code for the member; an older one that was not used stops working."""
    return make_codes(session, actor, [member_id], now)[0]


def make_codes(session: Session, actor: Actor, member_ids: Sequence[int], now: datetime) -> list[str]:
    """A fresh one-time code for each of the members, in their order, in two statements."""
    unused = Activation.used_at.is_(None)
    session.execute(delete(Activation).where(Activation.member_id.in_(member_ids), unused))
    codes = [activation_code.new_code() for _ in member_ids]
    rows = [
        {
            "code_digest": activation_code.digest(code),
            "member_id": member_id,
            "made_by": actor.member_id,
            "created_at": now,
            "expires_at": now + activation_code.LIFETIME,
        }
        for member_id, code in zip(member_ids, codes, strict=True)
    ]
    if rows:
        session.execute(insert(Activation), rows)
    return codes


def spend_code(session: Session, code: ValidCode, now: datetime) -> bool:
    """Use the code up. False when it was used or had expired: of two who try at once, one succeeds.

    The member's row is locked first, as by whoever resets their password: so the two wait for each other
    and not crosswise, and what the code opens is there to be ended by the one that comes second.
    """
    theirs = select(Member.id).where(Member.id == code.member_id)
    session.execute(theirs.with_for_update(key_share=True))
    spent = session.execute(
        update(Activation)
        .where(Activation.id == code.activation_id, Activation.used_at.is_(None), Activation.expires_at > now)
        .values(used_at=now)
        .returning(Activation.id)
    )
    return spent.first() is not None


def still_opens(session: Session, member_id: int, password_hash: str) -> bool:
    """Whether this is still the member's password, and they have not left; it stays so until the transaction
    ends. Whoever takes the password away meanwhile waits, and then ends also the session that is opened now.
    """
    same = select(Member.id).where(
        Member.id == member_id, Member.password_hash == password_hash, Member.status != MemberStatus.LEFT
    )
    return session.execute(same.with_for_update(key_share=True)).first() is not None


def set_password(
    session: Session, actor: Actor, password_hash: str, now: datetime, *, keep: int | None
) -> None:
    """Store the hash of the actor's own password. Every session but `keep` ends,
    and every unused code: they belong to the past.

    Raises NotSignedIn when `keep` itself was ended meanwhile: a reset by a leader, say, has the last word.
    """
    assert actor.member_id is not None
    member_id = actor.member_id
    session.execute(
        update(Member).where(Member.id == member_id).values(password_hash=password_hash, password_set_at=now)
    )
    sessions.close_all(session, member_id, but=keep)
    mine = update(SignInSession).where(SignInSession.member_id == member_id).values(must_set_password=False)
    kept = session.execute(mine.returning(SignInSession.id)).first()
    if keep is not None and kept is None:
        raise NotSignedIn
    session.execute(delete(Activation).where(Activation.member_id == member_id, Activation.used_at.is_(None)))
    record(session, actor, Act.PASSWORD_SET, f"member:{actor.member_no}", now=now)


def reset_password(session: Session, actor: Actor, member: Member, now: datetime) -> str:
    """Take the password away, sign the member out everywhere, and return a new one-time code."""
    session.execute(
        update(Member).where(Member.id == member.id).values(password_hash=None, password_set_at=None)
    )
    closed = sessions.close_all(session, member.id)
    record(
        session, actor, Act.PASSWORD_RESET, f"member:{member.member_no}", {"sessions_closed": closed}, now=now
    )
    return make_code(session, actor, member.id, now)


def replace_hash(session: Session, member_id: int, old: str, new: str) -> None:
    """The same password hashed with today's costs, unless it was changed meanwhile."""
    session.execute(
        update(Member).where(Member.id == member_id, Member.password_hash == old).values(password_hash=new)
    )


def close_own_session(session: Session, actor: Actor, session_id: int, now: datetime) -> None:
    """Sign one of the actor's own sessions out. Raises NotFound for anybody else's."""
    mine = and_(SignInSession.id == session_id, SignInSession.member_id == actor.member_id)
    closed = session.execute(delete(SignInSession).where(mine).returning(SignInSession.id))
    if closed.first() is None:
        raise NotFound
    record(session, actor, Act.SIGNED_OUT, f"member:{actor.member_no}", now=now)


def close_every_session(session: Session, actor: Actor, now: datetime) -> int:
    """Sign the actor out everywhere, here too. Returns how many sessions ended."""
    assert actor.member_id is not None
    closed = sessions.close_all(session, actor.member_id)
    record(session, actor, Act.SESSIONS_CLOSED, f"member:{actor.member_no}", {"sessions": closed}, now=now)
    return closed


def finish_welcome(session: Session, actor: Actor, *, large_type: bool, now: datetime) -> None:
    """The member has read what is recorded and why, and chosen a type size."""
    session.execute(
        update(Member).where(Member.id == actor.member_id).values(welcomed_at=now, large_type=large_type)
    )


def remember_choice(session: Session, actor: Any, /, *, locale: str | None, large_type: bool | None) -> None:
    """Keep a member's language or type size. None leaves that one as it is."""
    chosen = {"locale": locale, "large_type": large_type}
    values = {name: value for name, value in chosen.items() if value is not None}
    if values:
        session.execute(update(Member).where(Member.id == actor.member_id).values(**values))
