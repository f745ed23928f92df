"""Signing in over the API, as the interface says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM
from studyhub.organization.models import AuditEntry, Member
from studyhub.organization.roles import Role
from studyhub.organization.sign_in import operations
from studyhub.organization.sign_in.throttling import HERE
from tests.conftest import SettableClock
from tests.factories.organization import PASSWORD, branch, grant, member

SESSIONS = "/api/v1/sessions"


@pytest.fixture
def li(database: Database, now: datetime) -> str:
    with database.write() as session:
        root = branch(session, "city", now)
        home = branch(session, "lib-3", now, parent=root, name="市图书馆第三党支部")
        leader = member(session, "10086", home, now, phone="13800138000")
        grant(session, leader, Role.LEADER, now, over=home)
    return "10086"


def sign_in(client: FlaskClient, who: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return client.post(SESSIONS, json={"member_no": who, "password": password})


def test_signing_in_answers_201_with_the_token_and_the_member_and_sets_no_cookie(
    client: FlaskClient, li: str
) -> None:
    answer = sign_in(client, li)
    assert answer.status_code == 201
    body = answer.get_json()
    assert set(body) == {"token", "expires_at", "member"}
    assert body["member"]["member_no"] == "10086"
    assert body["member"]["branch"] == {"code": "lib-3", "name": "市图书馆第三党支部"}
    assert body["member"]["roles"] == ["leader"]
    assert "Set-Cookie" not in answer.headers


def test_a_phone_number_will_do(client: FlaskClient, li: str) -> None:
    assert sign_in(client, "+86 138-0013-8000").status_code == 201


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(client: FlaskClient, li: str) -> None:
    unknown, wrong = sign_in(client, "nobody"), sign_in(client, li, "not the password")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.get_json() == wrong.get_json()
    assert unknown.get_json()["code"] == "wrong_credentials"


def test_what_was_typed_for_an_unknown_account_is_not_kept(
    client: FlaskClient, li: str, database: Database
) -> None:
    sign_in(client, "my secret password")
    with database.read() as session:
        entries = session.execute(select(AuditEntry)).scalars().all()
    assert [entry.act for entry in entries] == ["sign_in_failed"]
    assert "secret" not in repr([(entry.subject, entry.detail) for entry in entries])


def test_after_too_many_failures_even_the_right_password_waits(
    client: FlaskClient, li: str, clock: SettableClock
) -> None:
    for _ in range(HERE.failures):
        assert sign_in(client, li, "wrong password").status_code == 401
    refused = sign_in(client, li)
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "sign_in_throttled"
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    clock.advance(minutes=5)
    assert sign_in(client, li).status_code == 201


def test_unknown_accounts_wait_as_well_so_that_waiting_tells_nothing(client: FlaskClient, li: str) -> None:
    for _ in range(HERE.failures):
        sign_in(client, "nobody")
    assert sign_in(client, "nobody").status_code == 429


def test_signing_out_ends_the_session_at_once(
    client: FlaskClient, li: str, bearer: Callable[[str], dict[str, str]]
) -> None:
    headers = bearer(li)
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    ended = client.delete(f"{SESSIONS}/current", headers=headers)
    assert (ended.status_code, ended.data, ended.content_type) == (204, b"", None)
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_new_password_ends_every_other_session(
    client: FlaskClient, li: str, bearer: Callable[[str], dict[str, str]]
) -> None:
    here, elsewhere = bearer(li), bearer(li)
    body = {"password": "a much better one", "current_password": PASSWORD}
    assert client.put("/api/v1/me/password", json=body, headers=here).status_code == 204
    assert client.get("/api/v1/me", headers=here).status_code == 200
    assert client.get("/api/v1/me", headers=elsewhere).status_code == 401
    assert sign_in(client, li).status_code == 401
    assert sign_in(client, li, "a much better one").status_code == 201


@pytest.mark.parametrize(
    ("password", "current", "status", "code"),
    [
        ("a much better one", None, 422, "current_password_required"),
        ("a much better one", "wrong", 403, "wrong_current_password"),
        ("short", PASSWORD, 422, "password_too_short"),
        ("12345678", PASSWORD, 422, "password_too_common"),
        ("13800138000", PASSWORD, 422, "password_is_known"),
    ],
)
def test_a_bad_change_of_password_changes_nothing(
    client: FlaskClient,
    li: str,
    bearer: Callable[[str], dict[str, str]],
    password: str,
    current: str | None,
    status: int,
    code: str,
) -> None:
    body = {"password": password, "current_password": current}
    answer = client.put("/api/v1/me/password", json=body, headers=bearer(li))
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert sign_in(client, li).status_code == 201


def test_a_session_opened_with_a_code_must_set_its_password_first(
    client: FlaskClient, li: str, database: Database, now: datetime
) -> None:
    with database.write() as session:
        found = session.execute(select(Member).where(Member.member_no == li)).scalar_one()
        code = operations.make_code(session, SYSTEM, found.id, now)
    spaced = " ".join(code[at : at + 4] for at in range(0, 20, 4))
    opened = sign_in(client, li, spaced)
    assert opened.status_code == 201
    headers = {"Authorization": f"Bearer {opened.get_json()['token']}"}
    refused = client.get("/api/v1/me", headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "password_change_required")
    refused = client.delete("/api/v1/sessions/current", headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "password_change_required")
    answer = client.put("/api/v1/me/password", json={"password": "a much better one"}, headers=headers)
    assert answer.status_code == 204
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    assert sign_in(client, li, code).status_code == 401, "a code works once"


def test_a_code_of_another_member_does_not_open_an_account(
    client: FlaskClient, li: str, database: Database, now: datetime
) -> None:
    with database.write() as session:
        found = session.execute(select(Member)).scalar_one()
        home = branch(session, "other", now)
        other = member(session, "10010", home, now)
        code = operations.make_code(session, SYSTEM, other.id, now)
        assert found.member_no == li
    assert sign_in(client, li, code).status_code == 401


def test_missing_fields_are_told_all_at_once(client: FlaskClient, li: str) -> None:
    answer = client.post(SESSIONS, json={})
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.get_json()["faults"]} == {"member_no", "password"}


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
def test_characters_that_no_database_stores_are_refused(client: FlaskClient, li: str, text: str) -> None:
    for body in (
        f'{{"member_no": "{text}", "password": "x"}}',
        f'{{"member_no": "x", "password": "{text}"}}',
    ):
        answer = client.post(SESSIONS, data=body, content_type="application/json")
        assert answer.status_code in (400, 401, 422), answer.get_data(as_text=True)


def test_knowing_who_it_is_takes_one_statement(
    client: FlaskClient,
    li: str,
    bearer: Callable[[str], dict[str, str]],
    count_statements: Callable[[], object],
) -> None:
    headers = bearer(li)
    with count_statements() as statements:  # type: ignore[attr-defined]
        client.delete(f"{SESSIONS}/current", headers=headers)
    assert sum("sign_in_session" in text and text.startswith("SELECT") for text in statements.texts) == 1
