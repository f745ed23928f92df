"""Banks for scripts: check, plan, apply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.factories import organization as make
from tests.factories.questions import file_text, import_bank, singles

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


@pytest.fixture
def headers(database: Database, now: datetime, bearer: Callable[[str], dict[str, str]]) -> dict[str, str]:
    with database.write() as session:
        home = make.branch(session, "city", now)
        for name in ("editor", "other"):
            make.grant(session, make.member(session, name, home, now), Role.EDITOR, now)
        make.member(session, "member", home, now)
    return bearer("editor") | {"Content-Type": "application/yaml", "Accept-Language": "en"}


def test_a_check_reports_every_fault(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/banks/check", data=THREE.replace("answer:", "anwser:"), headers=headers)
    report = answer.get_json()
    assert answer.status_code == 200
    assert (report["questions"], report["errors"]) == (3, 3)
    assert report["faults"] == report["files"][0]["faults"]
    first = report["faults"][0]
    assert (first["line"], first["column"], first["code"], first["question"]) == (9, 5, "unknown_key", "q1")
    assert first["hint"] == "Did you mean “answer”?"


def test_a_plan_is_made_and_applied(client: FlaskClient, headers: dict[str, str]) -> None:
    planned = client.post("/api/v1/banks/plans", data=THREE, headers=headers)
    assert planned.status_code == 201
    plan = planned.get_json()
    assert plan["changes"]["created"] == ["q1", "q2", "q3"]
    applied = client.post(f"/api/v1/banks/plans/{plan['id']}/apply", headers=headers)
    assert applied.status_code == 200
    assert applied.get_json() == {
        "bank": "cyber", "questions": 3, "created": 3, "changed": 0, "retired": 0, "unchanged": 0,
        "key_changed": 0, "brought_back": 0,
    }  # fmt: skip
    again = client.post(f"/api/v1/banks/plans/{plan['id']}/apply", headers=headers)
    assert (again.status_code, again.get_json()["code"]) == (409, "already_applied")


def test_a_stale_plan_is_refused(
    client: FlaskClient, headers: dict[str, str], database: Database, now: datetime
) -> None:
    plan = client.post("/api/v1/banks/plans", data=THREE, headers=headers).get_json()
    import_bank(database, file_text("cyber", singles(["z"])), now)
    answer = client.post(f"/api/v1/banks/plans/{plan['id']}/apply", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "plan_stale")


def test_a_faulty_file_has_no_plan(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/banks/plans", data="bank: X\n", headers=headers)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "faulty_file")
    assert {fault["code"] for fault in problem["faults"]} == {"bad_slug", "missing_key"}


def test_a_plan_belongs_to_who_made_it(
    client: FlaskClient, headers: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    plan = client.post("/api/v1/banks/plans", data=THREE, headers=headers).get_json()
    answer = client.post(f"/api/v1/banks/plans/{plan['id']}/apply", headers=bearer("other"))
    assert answer.status_code == 404


def test_members_have_no_banks(
    client: FlaskClient, headers: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    for path in ("check", "plans", "plans/1/apply"):
        assert client.post(f"/api/v1/banks/{path}", headers=bearer("member")).status_code == 403
        assert client.post(f"/api/v1/banks/{path}").status_code == 401
