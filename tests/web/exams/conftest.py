"""A member, a leader, a leader elsewhere and an admin, and what their pages say."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = dict[str, str]
Bearer = Callable[[str], Headers]

FIELDS: dict[str, Any] = {
    "exam": "new-one",
    "title": "新考试",
    "minutes": "20",
    "attempts": "unlimited",
    "keep": "last",
    "pass_line": "60",
    "sections-0-title": "单选",
    "sections-0-draw": "6",
    "sections-0-points": "2.5",
    "sections-0-banks": ["bank"],
    "sections-0-types": ["single"],
    "sections-0-must": "q3，q4",
    "shuffle_questions": "y",
    "score": "submitted",
    "answers": "submitted",
    "explanations": "never",
}
"""The form of an exam, filled in."""
PUBLISHED = {"publish": "1"}


def hidden(page: str) -> dict[str, list[str]]:
    """What the page's form posts beside its token."""
    posted: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page):
        if name != "csrf_token":
            posted.setdefault(name, []).append(unescape(value))
    return posted


def confirmed(client: FlaskClient, path: str, form: dict[str, Any], headers: Headers) -> TestResponse:
    """Post the form, and then what the page posts that asks whether to do it."""
    page = text(client.post(path, data=form, headers=headers))
    return client.post(path, data=hidden(page), headers=headers)


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


def errors(page: str) -> dict[str, str]:
    """What stands under each field, by the field's name."""
    found = re.findall(r'class="field-error" id="([\w-]+)-error">.*?<span>(.*?)</span>', page, re.S)
    return {name: unescape(said) for name, said in found}
