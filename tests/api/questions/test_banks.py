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
    none = {"open_attempts": 0, "past_attempts": 0, "results": 0}
    assert plan["touches"] == {"key_changed": none, "retired": none, "essays": 0, "essays_drawn_by": [],
        "exams_stopped": [],
    }  # fmt: skip
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


AIKEN = "哪一个？\nA. 甲\nB. 乙\nANSWER: B\n\n哪一个？\nA. 甲\nB. 乙\nANSWER: Z\n".encode("gb18030")


def test_another_format_is_found_by_its_content_and_reported(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    plain = headers | {"Content-Type": "text/plain"}
    report = client.post("/api/v1/banks/check", data=AIKEN, headers=plain).get_json()
    conversion = report["conversion"]
    assert (conversion["read"], conversion["written"]) == (2, 1)
    assert [one["item"] for one in conversion["skipped"]] == ["question 2"]
    assert {(fault["line"], fault["column"]) for fault in report["faults"]} == {(0, 0)}


SHEET = "题型,题干,选项A,选项B,答案\n单选题,甲是什么？,一,二,A\n单选题,乙又是什么？,三,四,{}\n"


def test_a_row_that_cannot_be_read_is_an_error_of_a_check(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    sheet = headers | {"Content-Type": "text/csv"}
    report = client.post("/api/v1/banks/check", data=SHEET.format("E").encode(), headers=sheet).get_json()
    assert report["errors"] == 1
    [fault] = [one for one in report["faults"] if one["severity"] == "error"]
    assert (fault["line"], fault["column"], fault["code"], fault["text"]) == (3, 5, "cell_no_option", "E")


def test_a_row_that_cannot_be_read_retires_no_question_until_that_is_confirmed(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    sheet, path = headers | {"Content-Type": "text/csv"}, "/api/v1/banks/plans"

    def planned(answer: str) -> int:
        plan = client.post(f"{path}?bank=rows", data=SHEET.format(answer).encode(), headers=sheet).get_json()
        return int(plan["id"])

    assert client.post(f"{path}/{planned('B')}/apply", headers=headers).status_code == 200
    faulty = planned("E")
    refused = client.post(f"{path}/{faulty}/apply", headers=headers)
    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (409, "unread_would_retire")
    assert (problem["unread"], problem["retired"]) == (1, 1)
    meant = client.post(f"{path}/{faulty}/apply?confirmed=true", headers=headers)
    assert (meant.status_code, meant.get_json()["retired"]) == (200, 1)


def test_a_warning_about_a_sheet_names_its_row_beside_the_id(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    sheet = "题干,选项A,选项B,答案\n哪一个口令最安全？,123456,长口令,B\n".encode()
    typed = headers | {"Content-Type": "text/csv"}
    report = client.post("/api/v1/banks/check", data=sheet, headers=typed).get_json()
    planned = client.post("/api/v1/banks/plans?bank=rows&title=行", data=sheet, headers=typed).get_json()
    for warned in (report["faults"][0], planned["warnings"][0]):
        assert warned["item"].startswith("row 2")
        assert warned["question"]


def test_a_plan_of_another_format_becomes_the_bank_that_is_named(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    plain = headers | {"Content-Type": "text/plain"}
    path = "/api/v1/banks/plans?bank=colours&title=颜色&level=public"
    planned = client.post(path, data=AIKEN, headers=plain)
    assert planned.status_code == 201
    plan = planned.get_json()
    assert (plan["bank"], plan["created"], plan["conversion"]["written"]) == ("colours", 1, 1)
    assert client.post(f"/api/v1/banks/plans/{plan['id']}/apply", headers=headers).status_code == 200


def test_a_file_that_names_no_bank_is_refused_until_the_query_does(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    plain = headers | {"Content-Type": "text/plain"}
    answer = client.post("/api/v1/banks/plans", data=AIKEN, headers=plain)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bank_unnamed")
    named = client.post("/api/v1/banks/plans?name=colours.txt", data=AIKEN, headers=plain)
    assert named.get_json()["bank"] == "colours"


def test_a_file_that_cannot_be_read_is_a_problem_with_its_reason(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    broken = headers | {"Content-Type": "application/json"}
    for call in ("check", "plans"):
        answer = client.post(f"/api/v1/banks/{call}", data=b"[", headers=broken)
        problem = answer.get_json()
        assert (answer.status_code, problem["code"], problem["cause"]) == (
            422,
            "unreadable_file",
            "broken_json",
        )


def test_the_document_says_that_files_of_these_types_are_taken(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    for call in ("check", "plans"):
        content = document["paths"][f"/api/v1/banks/{call}"]["post"]["requestBody"]["content"]
        assert {"application/yaml", "application/json", "text/plain"} <= content.keys()


def test_questions_without_ids_are_recognised_unless_the_query_says_otherwise(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    plain = headers | {"Content-Type": "text/plain"}
    path = "/api/v1/banks/plans?bank=colours"
    one = "下列哪一个颜色是最暖的颜色？\nA. 红\nB. 蓝\nANSWER: A\n"
    first = client.post(path, data=one.encode(), headers=plain).get_json()
    client.post(f"/api/v1/banks/plans/{first['id']}/apply", headers=headers)
    changed = one.replace("下列哪一个", "下列的哪一个").encode()
    plan = client.post(path, data=changed, headers=plain).get_json()
    assert (plan["created"], plan["changed"], plan["retired"]) == (0, 1, 0)
    assert [match["question"] for match in plan["matches"]] == first["changes"]["created"]
    apart = client.post(f"{path}&match=false", data=changed, headers=plain).get_json()
    assert (apart["created"], apart["changed"], apart["retired"]) == (1, 0, 1)
