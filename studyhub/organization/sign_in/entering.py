"""Signing in, step by step: count the try, hash outside any transaction, then open a session or record the
failure.

A try counts before it is looked at: whoever sends a hundred at once gets no more answers than one by one.
When it was right it is taken back. An unknown account, a wrong password and a spent code get the same answer
after the same work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.kernel.errors import Forbidden, NotSignedIn, TooMany, Unprocessable
from studyhub.organization import sessions
from studyhub.organization.actor import Actor
from studyhub.organization.audit import NO_MEMBER, Act, record
from studyhub.organization.sessions import Device
from studyhub.organization.sign_in import activation_code, operations, passwords, queries, throttling
from studyhub.organization.sign_in.queries import Account, ValidCode
from studyhub.organization.sign_in.throttling import ACCOUNT, ADDRESS, CODES, HERE, PRESENT, Allowance


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: what they typed, from where, and whether they are to be kept signed in there.

    `large_type` is the size of type that they chose at the door; None leaves the account's as it is.
    """

    who: str
    password: str
    address: str
    agent: str
    keep: bool = True
    large_type: bool | None = None

    def keys(self, account: Account | None) -> dict[str, Allowance]:
        """The throttle's keys that a try counts under: number and phone of one account are one."""
        who = account.member_no if account else self.who
        # In the one order in which counts are locked.
        return {
            throttling.key(ACCOUNT, who): ACCOUNT,
            throttling.key(ADDRESS, throttling.network(self.address)): ADDRESS,
            throttling.key(HERE, throttling.pair(self.address, who)): HERE,
        }


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that was opened. The token is kept nowhere else.

    `welcomed` is whether the member has been told what is recorded and why.
    """

    token: str
    expires_at: datetime
    member_no: str
    must_set_password: bool
    large_type: bool
    welcomed: bool


def enter(database: Database, attempt: Attempt, now: datetime) -> Entered:
    """Sign in with a password, or with a one-time code in its place (then a password must be set first).

    Raises TooMany while the account or the address must wait, and NotSignedIn for anything wrong.
    """
    code = activation_code.as_typed(attempt.password)
    with database.read() as session:
        account = queries.account(session, attempt.who)
        activation = queries.valid_code(session, code, now) if code else None
    tries = _try(database, attempt.keys(account), now)
    right = _password_is_right(account, attempt.password)
    if account and activation and activation.member_id == account.member_id:
        return _enter_with_code(database, attempt, activation, now)
    if account and right and (entered := _enter_with_password(database, attempt, account, now)):
        return entered
    with database.write() as session:
        _fail(
            session, tries, Failure(attempt.address, "password", account.member_no if account else None), now
        )
    raise NotSignedIn("wrong_credentials")


def look_at_code(database: Database, typed: str, address: str, now: datetime) -> ValidCode:
    """Whose one-time code this is; it is not spent by looking. Raises as `enter`."""
    key = throttling.key(CODES, throttling.network(address))
    code = activation_code.as_typed(typed)
    with database.read() as session:
        found = queries.valid_code(session, code, now) if code else None
    tries = _try(database, {key: CODES}, now)
    with database.write() as session:
        if found is None:
            _fail(session, tries, Failure(address, "code", None), now)
        else:
            operations.take_back_try(session, key)
    if found is None:
        raise NotSignedIn("wrong_code")
    return found


def activate(database: Database, code: ValidCode, password: str, attempt: Attempt, now: datetime) -> Entered:
    """Spend the code, set the first password, and sign in. Raises NotSignedIn when another was faster."""
    password_hash = passwords.hash_password(password)
    with database.write() as session:
        if not operations.spend_code(session, code, now):
            raise NotSignedIn("wrong_code")
        actor = Actor(code.member_id, code.member_no, code.name)
        operations.set_password(session, actor, password_hash, now, keep=None)
        account = Account(code.member_id, code.member_no, None)
        _forget(session, attempt, account)
        return _open(session, attempt, account, now)


def change_password(
    database: Database, actor: Actor, password: str, current: str | None, now: datetime
) -> None:
    """Set the actor's own password; the present one is needed unless it must be set anyway.

    Raises Unprocessable for a weak one, counts a wrong present one like a failed sign-in, and raises
    NotSignedIn when the session was ended meanwhile: whoever ended it has the last word.
    """
    assert actor.member_id is not None
    key = throttling.key(PRESENT, actor.member_no)
    with database.read() as session:
        account = queries.account(session, actor.member_no)
        phone = queries.phone(session, actor.member_id)
    if not actor.must_set_password:
        if not current:
            raise Unprocessable("current_password_required")
        tries = _try(database, {key: PRESENT}, now)
        right = _password_is_right(account, current)
        with database.write() as session:
            if right:
                operations.take_back_try(session, key)
            else:
                _fail(session, tries, Failure("", "present", actor.member_no), now)
        if not right:
            raise Forbidden("wrong_current_password")
    if code := passwords.weakness(password, actor.member_no, actor.name, phone):
        raise Unprocessable(code)
    password_hash = passwords.hash_password(password)
    with database.write() as session:
        operations.set_password(session, actor, password_hash, now, keep=actor.session_id)


Tries = dict[str, tuple[Allowance, int]]
"""How often was tried under each key, this time included."""


def _try(database: Database, keys: dict[str, Allowance], now: datetime) -> Tries:
    """Count a try under each key. Raises TooMany, and counts nothing, when one of them has no try left."""
    with database.read() as session:  # whoever hammers on the door takes no turn to write
        _refuse_long_wait(queries.wait(session, keys, now))
    with database.write() as session:
        tallies = {key: operations.count_try(session, key, keys[key], now) for key in keys}
        waits = [throttling.wait_after(keys[key], tally, now) for key, tally in tallies.items()]
        _refuse_long_wait(max((wait for wait in waits if wait), default=None))
    return {key: (keys[key], tally.failures) for key, tally in tallies.items()}


def _refuse_long_wait(wait: timedelta | None) -> None:
    if wait:
        seconds = math.ceil(wait.total_seconds())
        raise TooMany("sign_in_throttled", retry_after_s=seconds, minutes=-(-seconds // 60))


def _password_is_right(account: Account | None, password: str) -> bool:
    if len(password) > passwords.LONGEST:
        password = ""  # nobody has it, and hashing it would be the attack
    return passwords.matches(account.password_hash if account else None, password)


def _enter_with_code(database: Database, attempt: Attempt, code: ValidCode, now: datetime) -> Entered:
    with database.write() as session:
        if not operations.spend_code(session, code, now):
            raise NotSignedIn("wrong_credentials")
        account = Account(code.member_id, code.member_no, None)
        _forget(session, attempt, account)
        operations.take_back_try(session, throttling.key(ADDRESS, throttling.network(attempt.address)))
        return _open(session, attempt, account, now, must_set_password=True)


def _enter_with_password(
    database: Database, attempt: Attempt, account: Account, now: datetime
) -> Entered | None:
    """None when the password was taken away or changed while it was being hashed: it opens nothing then."""
    stored = account.password_hash or ""
    fresh = passwords.hash_password(attempt.password) if passwords.outdated(stored) else None
    with database.write() as session:
        if not operations.still_opens(session, account.member_id, stored):
            return None
        if fresh:
            operations.replace_hash(session, account.member_id, stored, fresh)
        _count_right(session, attempt, account)
        return _open(session, attempt, account, now)


def _count_right(session: Session, attempt: Attempt, account: Account) -> None:
    """What failed here before was the member; what failed elsewhere may be somebody else and still counts."""
    for key, allowance in attempt.keys(account).items():
        if allowance is HERE:
            operations.forget_failures(session, key)
        else:
            operations.take_back_try(session, key)


def _forget(session: Session, attempt: Attempt, account: Account) -> None:
    """A slip came: nothing that was tried at the account counts any more, wherever it was."""
    for key, allowance in attempt.keys(account).items():
        if allowance is not ADDRESS:
            operations.forget_failures(session, key)


def _open(
    session: Session,
    attempt: Attempt,
    account: Account,
    now: datetime,
    *,
    must_set_password: bool = False,
) -> Entered:
    # Whoever enters by a code has no password, or has just got the first.
    by = "password" if account.password_hash else "code"
    token, expires_at = sessions.open_session(
        session,
        account.member_id,
        now,
        Device(attempt.agent, attempt.address, attempt.keep),
        must_set_password=must_set_password,
    )
    actor = Actor(account.member_id, account.member_no, "")
    detail = {"address": attempt.address, "by": by}
    record(session, actor, Act.SIGNED_IN, f"member:{account.member_no}", detail, now=now)
    if attempt.large_type is not None:
        operations.remember_choice(session, actor, locale=None, large_type=attempt.large_type)
    large, welcomed = queries.manners(session, account.member_id)
    return Entered(token, expires_at, account.member_no, must_set_password, large, welcomed)


@dataclass(frozen=True, slots=True)
class Failure:
    """What was refused: a `password`, a `code`, or the `present` password of somebody signed in; whose, where
    that is known.

    What was typed as an unknown account is not kept: it is often a password in the wrong field.
    """

    address: str
    what: str
    member_no: str | None


def _fail(session: Session, tries: Tries, failure: Failure, now: datetime) -> None:
    subject = f"member:{failure.member_no}" if failure.member_no else NO_MEMBER
    where = {"address": failure.address} if failure.address else {}
    record(session, None, Act.SIGN_IN_FAILED, subject, {"refused": failure.what, **where}, now=now)
    for allowance, count in tries.values():
        if count == allowance.failures:
            detail = {"refused": failure.what, "counted": allowance.prefix, **where}
            record(session, None, Act.SIGN_IN_THROTTLED, subject, detail, now=now)
