"""SQL statements of the hot path over HTTP, the session's look-up and the scores included (design §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from studyhub.db.database import Database
from tests.conftest import SettableClock
from tests.factories import exams, organization


def test_save_start_and_submit_keep_to_their_budget(
    client: FlaskClient,
    database: Database,
    clock: SettableClock,
    bearer: Callable[[str], dict[str, str]],
    count_statements: Callable[[], Any],
) -> None:
    with database.write() as session:
        root = organization.branch(session, "root", clock.now)
        home = organization.branch(session, "home", clock.now, parent=root)
        for number in ("m1", "m2"):
            organization.member(session, number, home, clock.now)
        exams.bank(session, "bank", exams.singles(40), clock.now)
        sections = [{"title": "单选", "draw": 20, "from": ["bank"]}]
        exams.exam(session, clock.now, sections=sections, closes="2026-11-12 10:00", pass_="60%")
    used: dict[str, int] = {}
    for number in ("m2", "m1"):  # the first one warms what a process keeps
        headers = bearer(number)

        def call(name: str, method: str, path: str, headers: dict[str, str] = headers, **given: Any) -> Any:
            with count_statements() as statements:
                answer = client.open(f"/api/v1{path}", method=method, headers=headers, **given)
            assert answer.status_code in (200, 201), answer.get_data(as_text=True)
            used[name] = len(statements)
            return answer.get_json()

        attempt = call("start", "POST", "/exams/quiz/attempts")
        path = f"/attempts/{attempt['id']}"
        call("save", "PUT", f"{path}/answers/1", json={"answer": "A", "epoch": 1, "seq": 1})
        call("show", "GET", path)
        answers = {"2": {"answer": "B", "seq": 1}}
        call("submit", "POST", f"{path}/submit", json={"epoch": 1, "answers": answers})
    assert used["save"] <= 4, used
    assert used["start"] <= 10, used
    assert used["submit"] <= 12, used
    assert used["show"] <= 4, used


def test_the_pages_button_starts_with_as_few_statements_as_a_program(
    client: FlaskClient,
    database: Database,
    clock: SettableClock,
    bearer: Callable[[str], dict[str, str]],
    count_statements: Callable[[], Any],
) -> None:
    with database.write() as session:
        home = organization.branch(session, "home", clock.now)
        for number in ("m1", "m2", "m3"):
            organization.member(session, number, home, clock.now)
        exams.bank(session, "bank", exams.singles(12), clock.now)
        exams.exam(session, clock.now)
    used = []
    for number, path in (
        ("m1", "/exams/quiz/start"),  # warms what a process keeps
        ("m2", "/api/v1/exams/quiz/attempts"),
        ("m3", "/exams/quiz/start"),
    ):
        headers = bearer(number)
        with count_statements() as statements:
            assert client.post(path, headers=headers).status_code in (201, 303)
        used.append(len(statements))
    assert used[2] == used[1]
