"""No answer of any endpoint or page tells a key before the review policy releases it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.exams import release
from studyhub.exams.release import Released
from tests.conftest import SettableClock
from tests.factories import exams, organization

SECRETS = ("解析q", "丁的反馈", '"accepted"', '"parts"', '"mark"', '"explanation', '"feedback"')
"""Texts of the bank that only an explanation or feedback holds, and the names of what tells a key."""


@pytest.fixture
def attempt_id(
    client: FlaskClient, database: Database, clock: SettableClock, bearer: Callable[[str], dict[str, str]]
) -> int:
    with database.write() as session:
        root = organization.branch(session, "root", clock.now)
        home = organization.branch(session, "home", clock.now, parent=root)
        organization.member(session, "m1", home, clock.now)
        exams.bank(session, "bank", exams.singles(12), clock.now)
        exams.exam(session, clock.now, closes="2026-11-12 10:00", shuffle={"options": False})
    headers = bearer("m1")
    client.environ_base["HTTP_AUTHORIZATION"] = headers["Authorization"]
    started: int = client.post("/api/v1/exams/quiz/attempts").get_json()["id"]
    return started


def leaks(client: FlaskClient, attempt_id: int) -> list[tuple[str, str]]:
    """Every secret that any answer about the attempt tells."""
    api, page = f"/api/v1/attempts/{attempt_id}", f"/attempts/{attempt_id}"
    given: dict[str, Any] = {"answer": "D", "epoch": 1, "seq": 1}
    calls = [
        ("GET", api, None),
        ("PUT", f"{api}/answers/1", given),
        ("GET", f"{api}/review", None),
        ("GET", page, None),
        ("GET", f"{page}/sheet", None),
        ("GET", f"{page}/review", None),
        ("GET", "/exams/quiz", None),
        ("GET", "/api/v1/exams", None),
        ("GET", "/api/v1/me/dashboard", None),
        ("POST", f"{api}/submit", None),
        ("GET", api, None),
        ("GET", f"{api}/review", None),
        ("GET", f"{page}/review", None),
        ("GET", "/exams/quiz", None),
    ]
    found = []
    for method, path, body in calls:
        text = client.open(path, method=method, json=body).get_data(as_text=True).replace(" ", "")
        found += [(path, secret) for secret in SECRETS if secret in text]
    return found


def test_nothing_tells_the_key_before_the_exam_is_over(client: FlaskClient, attempt_id: int) -> None:
    assert leaks(client, attempt_id) == []


def test_a_release_that_is_planted_too_early_is_seen(
    client: FlaskClient, attempt_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: this suite sees the fault that the policy prevents."""
    monkeypatch.setattr(release, "released", lambda *_, **__: Released(True, True, True))
    secrets = {secret for _, secret in leaks(client, attempt_id)}
    assert {"解析q", '"accepted"', '"mark"'} <= secrets
