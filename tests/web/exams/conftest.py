"""A member, a leader, a leader elsewhere and an admin, and what their pages say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = dict[str, str]
Bearer = Callable[[str], Headers]


@pytest.fixture
def hall(database: Database, clock: SettableClock) -> None:
    """A member, a leader, a leader elsewhere and an admin; `quiz` draws 5 of 12 singles."""
    now = clock.now
    with database.write() as session:
        root = organization.branch(session, "root", now)
        home = organization.branch(session, "home", now, parent=root)
        away = organization.branch(session, "away", now, parent=root)
        organization.member(session, "m1", home, now, name="陈玉梅")
        boss = organization.member(session, "boss", home, now, name="王书记")
        other = organization.member(session, "other", away, now)
        admin = organization.member(session, "admin", away, now)
        organization.grant(session, boss, Role.LEADER, now, over=home)
        organization.grant(session, other, Role.LEADER, now, over=away)
        organization.grant(session, admin, Role.ADMIN, now)
        exams.bank(session, "bank", exams.singles(12), now)
        exams.exam(session, now, closes="2026-11-12 10:00", attempts=2, pass_="60%")


def text(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.fixture
def admin(bearer: Bearer, hall: None) -> Headers:
    return bearer("admin")
