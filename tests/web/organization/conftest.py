"""The organisation of the web tests, and a browser that signs in as somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind
from tests.factories import organization as make

Browse = Callable[..., "Browser"]


class Browser:
    """A test client with a cookie, that sends the form token of the page it last read."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any):  # type: ignore[no-untyped-def]
        answer = self.client.get(path, headers={"Accept-Language": "zh"}, **options)
        if answer.mimetype == "text/html":
            found = re.search(r'name="csrf-token" content="([^"]+)"', answer.get_data(as_text=True))
            self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any):  # type: ignore[no-untyped-def]
        body = {"csrf_token": self.token, **(data or {})}
        return self.client.post(path, data=body, headers={"Accept-Language": "zh"}, **options)

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)


@pytest.fixture
def organisation(database: Database, now: datetime) -> None:
    """city > east > east-1 (leader, li), city > west-1 (wang); admin and auditor in the city."""
    with database.write() as session:
        city = make.branch(session, "city", now, name="市直机关工委")
        east = make.branch(
            session, "east", now, parent=city, name="东区党总支", kind=BranchKind.GENERAL_BRANCH
        )
        east_1 = make.branch(session, "east-1", now, parent=east, name="东区第一党支部")
        west_1 = make.branch(session, "west-1", now, parent=city, name="西区第一党支部")
        for number, home in (
            ("admin", city),
            ("auditor", city),
            ("leader", east_1),
            ("li", east_1),
            ("wang", west_1),
        ):
            member = make.member(session, number, home, now, name=f"{number} 同志")
            if number == "leader":
                make.grant(session, member, Role.LEADER, now, over=east)
            elif number in ("admin", "auditor"):
                make.grant(session, member, Role(number), now)


@pytest.fixture
def browse(app: Flask, organisation: None) -> Browse:
    """`browse(member_no)` signs in as somebody; `browse()` is a stranger."""

    def browsing(member_no: str | None = None, password: str = make.PASSWORD) -> Browser:
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        if member_no:
            answer = browser.post("/sign-in", {"member_no": member_no, "password": password})
            assert answer.status_code == 302, answer.get_data(as_text=True)
            browser.get("/account")
        return browser

    return browsing
