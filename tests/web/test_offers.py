"""What a page offers, the server grants: nobody is led to what is then refused to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.kernel.permissions import Permission
from studyhub.organization.roles import EVERY_MEMBER, PERMISSIONS, Role
from studyhub.web import guard
from tests.conftest import SettableClock
from tests.factories import courses, exams
from tests.factories import organization as make
from tests.web.organization.conftest import Browser

LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"')
FORM = re.compile(r'<form\b(?=[^>]*method="post")[^>]*>')
ACTION = re.compile(r'action="([^"]*)"')
# Their files are in no store here, and signing out would end the walk.
LEFT_OUT = ("/media/", "/static/", "/bootstrap/", "/sign-out")
MOST = 400

# By member number: the role, and over which branch (None: the whole organisation).
HOLDERS: dict[str, tuple[Role, str | None] | None] = {
    "member": None,
    "group-leader": (Role.GROUP_LEADER, "east"),
    "deputy": (Role.DEPUTY, "east"),
    "leader": (Role.LEADER, "east"),
    "admin-of-east": (Role.ADMIN, "east"),
    "editor": (Role.EDITOR, None),
    "auditor": (Role.AUDITOR, None),
    "admin": (Role.ADMIN, None),
    "admin-of-all-in-east": (Role.ADMIN, None),
}


@pytest.fixture
def organisation(database: Database, now: datetime) -> None:
    """Somebody of each role at home in east, and the leader of everything; a bank, two exams, a course."""
    with database.write() as session:
        city = make.branch(session, "city", now, name="市直机关工委")
        east = make.branch(session, "east", now, parent=city, name="东区党总支")
        make.branch(session, "east-1", now, parent=east, name="东区第一党支部")
        over = {"city": city, "east": east}
        for number, holds in HOLDERS.items():
            holder = make.member(session, number, east, now, name=f"{number} 同志")
            if holds:
                until = now + timedelta(days=30) if holds[0] is Role.DEPUTY else None
                make.grant(
                    session, holder, holds[0], now, over=over[holds[1]] if holds[1] else None, until=until
                )
        exams.bank(session, "bank", exams.singles(4), now)
        sections = [{"title": "单选题", "draw": 3, "from": ["bank"]}]
        exams.exam(session, now, exam="open", title="公开的考试", sections=sections)
        exams.exam(session, now, exam="draft", title="草稿", sections=sections, state="draft")
        courses.course(session, now)


@pytest.fixture
def browser(app: Flask, organisation: None, clock: SettableClock) -> Browser:
    return Browser(app.test_client())


def offered(client: FlaskClient, start: str) -> Iterator[tuple[str, str, int, str]]:
    """(page, what it leads to, status, text) of all that is reached by links; forms too, by their address."""
    waiting, seen = [("", start)], {start}
    while waiting and len(seen) < MOST:
        page, address = waiting.pop(0)
        answer = client.get(address, headers={"Accept-Language": "zh"})
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        yield page, address, answer.status_code, text
        links = [answer.headers["Location"]] if "Location" in answer.headers else LINK.findall(text)
        for link in links:
            parts = urlsplit(urljoin(f"http://localhost{address}", unescape(link)))
            to = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == "localhost" and not to.startswith(LEFT_OUT) and to not in seen:
                seen.add(to)
                waiting.append((address, to))


def may_post(app: Flask, address: str, role: Role | None) -> bool:
    endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")
    policy = getattr(app.view_functions[endpoint], guard._POLICY)
    granted = EVERY_MEMBER | (PERMISSIONS[role] if role else frozenset()) | {Permission.PUBLIC}
    return policy.permission in granted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", HOLDERS)
def test_every_link_and_form_is_granted_to_whom_it_is_offered(
    app: Flask, browser: Browser, number: str
) -> None:
    browser.get("/sign-in")
    browser.post("/sign-in", {"member_no": number, "password": make.PASSWORD})
    holds = HOLDERS[number]
    refused = []
    for page, address, status, text in offered(browser.client, "/me"):
        if status >= 400:
            refused.append(f"{page} offers {address}, which answers {status}")
        for form in FORM.findall(text):
            action = ACTION.search(form)
            to = urlsplit(urljoin(f"http://localhost{address}", unescape(action[1]) if action else "")).path
            if not may_post(app, to, holds[0] if holds else None):
                refused.append(f"{address} has a form for {to}")
    assert refused == [], "\n".join(refused)
