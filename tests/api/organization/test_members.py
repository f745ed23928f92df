"""Members of a branch over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.factories.organization import branch, grant, member

Headers = Callable[[str], dict[str, str]]


@pytest.fixture
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        city = branch(session, "city", now)
        home = branch(session, "home", now, parent=city)
        other = branch(session, "other", now, parent=city)
        leader = member(session, "leader", home, now)
        grant(session, leader, Role.LEADER, now, over=home)
        member(session, "plain", other, now)
        for number in range(5):
            member(session, f"m{number}", home, now)


def test_a_list_goes_on_where_its_cursor_says(client: FlaskClient, people: None, bearer: Headers) -> None:
    headers, seen, cursor = bearer("leader"), [], None
    for _ in range(10):
        query = {"limit": 2, **({"after": cursor} if cursor else {})}
        answer = client.get("/api/v1/branches/home/members", query_string=query, headers=headers).get_json()
        seen += [item["member_no"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == ["leader", "m0", "m1", "m2", "m3", "m4"]


def test_anonymous_without_permission_out_of_scope_and_missing(
    client: FlaskClient, people: None, bearer: Headers
) -> None:
    address = "/api/v1/branches/{}/members"
    assert client.get(address.format("home")).status_code == 401
    assert client.get(address.format("home"), headers=bearer("plain")).status_code == 403
    headers = bearer("leader")
    outside = client.get(address.format("other"), headers=headers)
    missing = client.get(address.format("nowhere"), headers=headers)
    assert outside.status_code == missing.status_code == 404
    assert outside.get_json() == missing.get_json()


@pytest.mark.parametrize(
    "cursor", ["rubbish", "W10", "WzFd", "eyJhIjoxfQ", "WyJcdTAwMDAiXQ", "WyJcdWQ4MDAiXQ"]
)
def test_a_cursor_that_was_never_given_out_is_refused(
    client: FlaskClient, people: None, bearer: Headers, cursor: str
) -> None:
    answer = client.get(f"/api/v1/branches/home/members?after={cursor}", headers=bearer("leader"))
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "bad_cursor"
