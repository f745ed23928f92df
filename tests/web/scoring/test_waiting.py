"""Who has handed in and waits for a person to mark has done what there was to do, and every page says so."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = Callable[[str], dict[str, str]]


@pytest.fixture
def waiting(client: FlaskClient, bearer: Headers, database: Database, clock: SettableClock) -> None:
    """A member has handed in an essay, and another of the branch is still writing."""
    now = clock.now
    with database.write() as session:
        home = organization.branch(session, "home", now)
        for name in ("m1", "m2"):
            organization.member(session, name, home, now)
        organization.grant(
            session, organization.member(session, "boss", home, now), Role.LEADER, now, over=home
        )
        exams.bank(session, "bank", [exams.essay("e")], now)
        sections = [{"title": "简答", "draw": 1, "from": ["bank"]}]
        exams.exam(session, now, sections=sections, closes="2026-11-12 10:00")
    for name in ("m1", "m2"):
        headers = bearer(name)
        attempt = client.post("/api/v1/exams/quiz/attempts", headers=headers).get_json()["id"]
        written = {"answer": "先核实，再报告。", "epoch": 1, "seq": 1}
        client.put(f"/api/v1/attempts/{attempt}/answers/1", json=written, headers=headers)
        if name == "m1":
            client.post(f"/api/v1/attempts/{attempt}/submit", headers=headers)


@pytest.mark.parametrize("days", [0, 20])
def test_it_is_handed_in_and_waits_also_when_the_exam_is_over(
    client: FlaskClient, bearer: Headers, waiting: None, clock: SettableClock, days: int
) -> None:
    clock.advance(days=days)
    leader = bearer("boss")
    progress = client.get("/members/m1/progress", headers=leader).text
    assert "已交卷，待评阅" in progress
    assert "有的作答要人工评阅" in progress
    for wrong in ("未交卷", "未参加"):
        assert wrong not in progress
        assert wrong not in client.get("/me", headers=bearer("m1")).text
    assert "已交卷，待评阅" in client.get("/me", headers=bearer("m1")).text
    assert "已交卷，待评阅" not in client.get("/members/m2/progress", headers=leader).text


def test_the_list_for_programs_and_the_workbook_tell_the_two_apart(
    client: FlaskClient, bearer: Headers, waiting: None
) -> None:
    leader = bearer("boss")
    told = client.get("/api/v1/branches/home/dashboard", headers=leader).get_json()["not_yet"]
    reasons = {each["member_no"]: each["reason"] for each in told}
    assert (reasons["m1"], reasons["m2"]) == ("waiting", "in_progress")
    answer = client.get("/branches/home/results.xlsx", headers=leader)
    rows = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[-1].iter_rows(values_only=True)
    said = [cell for row in rows for cell in row]
    assert (said.count("已交卷，待评阅"), said.count("已开考，未交卷")) == (1, 1)
