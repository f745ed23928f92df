"""How many questions an exam has: every page says what the paper will have, a passage with all of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.exams import jobs
from studyhub.organization.roles import Role
from studyhub.tasks.context import WorkContext
from tests.conftest import SettableClock
from tests.factories import exams, organization
from tests.factories.questions import file_text, import_bank, singles

Bearer = Callable[[str], dict[str, str]]

MEMBERS = ("/exams", "/exams/mixed", "/me")
DESK = ("/admin/exams", "/admin/exams/mixed")


@pytest.fixture
def hall(database: Database, clock: SettableClock) -> None:
    """`mixed` draws the passage `text` (three questions) and three of six singles."""
    now = clock.now
    with database.write() as session:
        home = organization.branch(session, "home", now)
        organization.member(session, "m1", home, now)
        admin = organization.member(session, "admin", home, now)
        organization.grant(session, admin, Role.ADMIN, now)
    bank(database, clock, parts=3)
    with database.write() as session:
        exams.exam(session, now, exam="mixed", sections=[section(must=["text"], points="2")], attempts=2)


def section(**keys: Any) -> dict[str, Any]:
    return {"title": "综合", "draw": 4, "from": ["mixed"], **keys}


PASSAGE = """
  - id: text
    type: passage
    prompt: 一段材料。
    questions:
"""
PART = "      - {{id: part-{n}, type: truefalse, prompt: 说法{n}是否正确？, answer: true}}\n"


def bank(database: Database, clock: SettableClock, *, parts: int) -> None:
    text = PASSAGE + "".join(PART.format(n=n) for n in range(parts))
    import_bank(database, file_text("mixed", singles([f"q{n}" for n in range(6)]) + text), clock.now)


def said(client: FlaskClient, headers: dict[str, str], path: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.usefixtures("hall")
def test_every_page_says_as_many_questions_as_the_paper_has(client: FlaskClient, bearer: Bearer) -> None:
    member, admin = bearer("m1"), bearer("admin")
    pages = [said(client, member, path) for path in MEMBERS] + [said(client, admin, path) for path in DESK]
    paper = client.post("/api/v1/exams/mixed/attempts", headers=member).get_json()
    assert len(paper["questions"]) == 6
    for path, page in zip(MEMBERS + DESK, pages, strict=True):
        assert ">6<" in page or "6 题" in page, path
        assert "4 题" not in page, path
    for path in ("/exams/mixed", "/admin/exams/mixed"):
        assert "12 分" in said(client, member if path.startswith("/exams") else admin, path)
    assert "6 题" in said(client, admin, "/admin/exams/mixed/preview")


@pytest.mark.usefixtures("hall")
def test_papers_of_several_lengths_are_said_from_the_least_to_the_most(
    client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock
) -> None:
    with database.write() as session:
        exams.exam(session, clock.now, exam="mixed", sections=[section(points="2")])
    for path in MEMBERS:
        assert "4 至 6 题" in said(client, bearer("m1"), path)
    assert "8 至 12 分" in said(client, bearer("m1"), "/exams/mixed")
    assert "4–6" in said(client, bearer("admin"), "/admin/exams")


@pytest.mark.usefixtures("hall")
def test_a_passage_that_got_another_question_makes_the_exams_longer(
    client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock, settings: Settings
) -> None:
    bank(database, clock, parts=4)
    jobs.measure(WorkContext(settings, database, clock))
    assert "7 题" in said(client, bearer("m1"), "/exams")
    assert "14 分" in said(client, bearer("admin"), "/admin/exams/mixed")
