"""Attempts as leaders see them: marks of the members whom they lead, never papers; and voiding."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.exams.models import Attempt
from studyhub.exams.states import AttemptState
from tests.conftest import SettableClock
from tests.factories import exams

from .conftest import Bearer, text


@pytest.fixture
def attempt_id(client: FlaskClient, bearer: Bearer, hall: None) -> int:
    started: int = client.post("/api/v1/exams/quiz/attempts", headers=bearer("m1")).get_json()["id"]
    return started


class TestLeader:
    """Marks of the members one leads, never their papers; and voiding with a reason."""

    def test_a_leader_lists_the_attempts_of_the_own_branch_only(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int
    ) -> None:
        assert "陈玉梅" in text(client.get("/exams/quiz/attempts", headers=bearer("boss")))
        assert "陈玉梅" not in text(client.get("/exams/quiz/attempts", headers=bearer("other")))
        assert client.get("/exams/quiz/attempts", headers=bearer("m1")).status_code == 403

    def test_an_exam_that_is_for_others_does_not_exist(
        self, client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock, hall: None
    ) -> None:
        with database.write() as session:
            exams.exam(session, clock.now, exam="ours", for_=["home"])
            exams.exam(session, clock.now, exam="everybodys", for_=["root"])
        for slug, known in (("ours", False), ("everybodys", True), ("quiz", True)):
            status = client.get(f"/exams/{slug}/attempts", headers=bearer("other")).status_code
            assert status == (200 if known else 404)

    def test_voiding_asks_for_the_reason_and_takes_the_attempt_out(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int, database: Database
    ) -> None:
        path, leader = f"/attempts/{attempt_id}/void", bearer("boss")
        assert "原因" in text(client.get(path, headers=leader))
        assert "请写明原因" in text(client.post(path, data={"reason": " "}, headers=leader), 422)
        assert client.post(path, data={"reason": "停电"}, headers=leader).status_code == 302
        with database.read() as session:
            assert session.get_one(Attempt, attempt_id).state is AttemptState.VOID
        assert "停电" in text(client.get("/exams/quiz/attempts", headers=leader))
        assert "停电" in text(client.get("/exams/quiz", headers=bearer("m1")))

    def test_a_marked_attempt_that_was_voided_is_no_longer_called_passed_or_failed(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int
    ) -> None:
        verdicts = re.compile(r">\s*(已作废|合格|不合格)\s*<")
        client.post(f"/api/v1/attempts/{attempt_id}/submit", headers=bearer("m1"))
        assert verdicts.findall(text(client.get("/exams/quiz", headers=bearer("m1")))) == ["不合格"]
        client.post(f"/attempts/{attempt_id}/void", data={"reason": "停电"}, headers=bearer("boss"))
        assert verdicts.findall(text(client.get("/exams/quiz", headers=bearer("m1")))) == ["已作废"]

    def test_another_branch_s_attempt_is_not_found(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int
    ) -> None:
        answer = client.post(f"/attempts/{attempt_id}/void", data={"reason": "停电"}, headers=bearer("other"))
        assert answer.status_code == 404
