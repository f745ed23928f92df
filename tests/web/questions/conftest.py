"""People who work on banks, and their browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.factories import organization as make


@pytest.fixture(autouse=True)
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        root = make.branch(session, "city", now)
        home = make.branch(session, "b1", now, parent=root)
        for name, role in (("editor", Role.EDITOR), ("auditor", Role.AUDITOR)):
            make.grant(session, make.member(session, name, home, now), role, now)
        make.member(session, "member", home, now)


class Browser:
    """A signed-in person; forms carry the token of the page before."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, headers=self._headers)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self._client.post(path, headers=self._headers, data=fields, follow_redirects=True)

    def export(self, slug: str, form: str) -> TestResponse:
        """The bank as a file of this format, made and taken."""
        made = self.post(f"/admin/banks/{slug}/export", to=form)
        return self.get(f"{made.request.path}/file")

    def upload(self, text: str, name: str = "cyber.yaml") -> TestResponse:
        return self.post("/admin/banks/import", file=(BytesIO(text.encode()), name))


@pytest.fixture
def browse(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Callable[[str], Browser]:
    return lambda member_no: Browser(client, bearer(member_no))
