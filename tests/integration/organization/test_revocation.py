"""Whoever takes a password away or ends a session has the last word, also over what was under way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.kernel.errors import NotSignedIn
from studyhub.organization import sessions
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.jobs import clear_expired
from studyhub.organization.members import slips
from studyhub.organization.models import Activation, Branch, Member, SignInSession, Throttle
from studyhub.organization.sign_in import entering, operations, passwords
from studyhub.organization.sign_in.entering import Attempt
from studyhub.organization.sign_in.throttling import HERE
from studyhub.tasks.context import WorkContext
from tests.conftest import SettableClock
from tests.factories import organization as make
from tests.factories.organization import PASSWORD

Reset = Callable[[], None]


@pytest.fixture
def reset(database: Database, now: datetime) -> Reset:
    """What a leader does while Li's browser is at work."""
    with database.write() as session:
        make.member(session, "li", make.branch(session, "home", now), now)

    def resetting() -> None:
        with database.write() as session:
            li = session.execute(select(Member)).scalar_one()
            operations.reset_password(session, SYSTEM, li, now)

    return resetting


def signed_in(database: Database, now: datetime) -> Actor:
    token = entering.enter(database, Attempt("li", PASSWORD, "10.0.0.1", "test"), now).token
    with database.read() as session:
        actor = sessions.identify(session, token, now)
    assert actor is not None
    return actor


def open_sessions(database: Database) -> int:
    with database.read() as session:
        return session.execute(select(func.count()).select_from(SignInSession)).scalar_one()


def test_a_password_that_is_taken_away_while_it_is_checked_opens_nothing(
    database: Database, now: datetime, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = passwords.matches

    def slowly(stored: str | None, password: str) -> bool:
        right = matches(stored, password)
        reset()
        return right

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(NotSignedIn):
        entering.enter(database, Attempt("li", PASSWORD, "10.0.0.1", "test"), now)
    assert open_sessions(database) == 0


def test_a_session_that_was_ended_sets_no_password_any_more(
    database: Database, now: datetime, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = signed_in(database, now)
    hash_password = passwords.hash_password

    def slowly(password: str) -> str:
        reset()
        return hash_password(password)

    monkeypatch.setattr(passwords, "hash_password", slowly)
    with pytest.raises(NotSignedIn):
        entering.change_password(database, actor, "tidy green harbour", PASSWORD, now)
    with database.read() as session:
        assert session.execute(select(Member.password_hash)).scalar_one() is None
        unused = select(func.count()).select_from(Activation).where(Activation.used_at.is_(None))
        assert session.execute(unused).scalar_one() == 1, "the slip still works"


@pytest.fixture
def slip(database: Database, now: datetime, reset: Reset) -> str:
    """The code on a slip that Li has not used yet."""
    with database.write() as session:
        li = session.execute(select(Member)).scalar_one()
        return operations.make_code(session, SYSTEM, li.id, now)


@pytest.fixture
def halfway(monkeypatch: pytest.MonkeyPatch, slip: str) -> None:
    """Let both transactions take their first locks before either goes on, as far as the locks let them."""
    barrier = threading.Barrier(2)

    def meet_before(name: str) -> None:
        real = getattr(operations, name)

        def met(*arguments: Any, **more: Any) -> Any:
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=1)
            return real(*arguments, **more)

        monkeypatch.setattr(operations, name, met)

    meet_before("set_password")  # of the activation, which has spent its code by then
    meet_before("make_code")  # of the reset, which has taken the password away


@pytest.mark.usefixtures("halfway")
def test_a_reset_while_the_slip_is_used_waits_for_it_and_has_the_last_word(
    database: Database, now: datetime, slip: str, reset: Reset
) -> None:
    attempt = Attempt("li", "", "10.0.0.1", "test")
    code = entering.look_at_code(database, slip, "10.0.0.1", now)
    with ThreadPoolExecutor(2) as pool:
        activating = pool.submit(entering.activate, database, code, "tidy green harbour", attempt, now)
        resetting = pool.submit(reset)
        resetting.result(timeout=20)
        with suppress(NotSignedIn):  # the reset was first, and the slip worth nothing any more
            activating.result(timeout=20)
    with database.read() as session:
        has_password = session.execute(select(Member.password_hash)).scalar_one() is not None
        unused = select(func.count()).select_from(Activation).where(Activation.used_at.is_(None))
        assert session.execute(unused).scalar_one() == (0 if has_password else 1)
    assert open_sessions(database) == (1 if has_password else 0)


def test_a_session_opened_with_a_slip_does_not_outlive_a_reset_that_came_meanwhile(
    database: Database, now: datetime, slip: str, reset: Reset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the code's being spent and the session's being opened the reset may not slip through."""
    open_session = sessions.open_session
    began: list[Any] = []

    with ThreadPoolExecutor(1) as pool:

        def slowly(*arguments: Any, **more: Any) -> Any:
            began.append(pool.submit(reset))
            with suppress(TimeoutError):
                began[0].result(timeout=0.5)
            return open_session(*arguments, **more)

        monkeypatch.setattr(sessions, "open_session", slowly)
        entering.enter(database, Attempt("li", slip, "10.0.0.1", "test"), now)
        began[0].result(timeout=20)
    assert open_sessions(database) == 0


def test_printing_slips_while_one_is_used_leaves_no_spare_code(
    database: Database, now: datetime, slip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Printing begins when the code is spent and the password not stored yet."""
    with database.write() as session:
        session.execute(update(Member).values(password_hash=None))
    set_password = operations.set_password
    began: list[Any] = []

    def printing() -> int:
        with database.write() as session:
            home = session.execute(select(Branch)).scalar_one()
            return len(slips.make_for_branch(session, SYSTEM, home, now))

    code = entering.look_at_code(database, slip, "10.0.0.1", now)
    with ThreadPoolExecutor(1) as pool:

        def slowly(*arguments: Any, **more: Any) -> Any:
            began.append(pool.submit(printing))
            with suppress(TimeoutError):
                began[0].result(timeout=0.5)
            return set_password(*arguments, **more)

        monkeypatch.setattr(operations, "set_password", slowly)
        attempt = Attempt("li", "", "10.0.0.1", "test")
        entering.activate(database, code, "tidy green harbour", attempt, now)
        assert began[0].result(timeout=20) == 0
    with database.read() as session:
        unused = select(func.count()).select_from(Activation).where(Activation.used_at.is_(None))
        assert session.execute(unused).scalar_one() == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_clearing_up_waits_for_nobody_and_comes_back_for_what_was_busy(
    database: Database, settings: Settings, clock: SettableClock, reset: Reset
) -> None:
    """It has no order of members to keep to, so it holds no lock while it waits for another."""
    code = delete(Activation).where(Activation.member_id == select(Member.id).scalar_subquery())
    with database.write() as session:
        li = session.execute(select(Member)).scalar_one()
        operations.make_code(session, SYSTEM, li.id, clock())
        sessions.open_session(session, li.id, clock())
        operations.count_try(session, "here:li", HERE, clock())
    clock.advance(days=31)
    context = WorkContext(settings, database, clock)

    def left() -> list[int]:
        with database.read() as session:
            counts = (
                select(func.count()).select_from(each) for each in (Activation, SignInSession, Throttle)
            )
            return [session.execute(count).scalar_one() for count in counts]

    with ThreadPoolExecutor(1) as pool, suppress(ZeroDivisionError), database.write() as session:
        session.execute(code)
        pool.submit(clear_expired, context).result(timeout=20)
        assert left() == [1, 0, 0]
        raise ZeroDivisionError  # whoever held the code changes their mind
    clear_expired(context)
    assert left() == [0, 0, 0]
