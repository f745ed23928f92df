"""What an edit on the desk does to the exams and papers that hold the question: told before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams.attempts import starting
from studyhub.organization.models import Branch, Member
from studyhub.questions.commands import banks as commands
from tests.factories import exams, organization
from tests.factories.questions import import_bank

from .conftest import Browser
from .editing import EDIT, Q1, QUESTION, TWO, filled

Browse = Callable[[str], Browser]


@pytest.fixture
def bank(database: Database, now: datetime) -> None:
    import_bank(database, TWO, now)


@pytest.fixture
def weekly(bank: None, database: Database, now: datetime) -> None:
    """An exam that needs both questions, and may have an essay for one of them."""
    with database.write() as session:
        sections = [{"title": "全部", "draw": 2, "from": ["cyber"], "where": {"difficulty": "medium"}}]
        exams.exam(session, now, exam="weekly", title="每周一测", sections=sections)


def test_an_essay_names_the_exams_that_could_draw_it_and_then_wait_for_a_person(
    browse: Browse, weekly: None
) -> None:
    editor, essay = browse("editor"), filled(exams.essay("why"))
    preview = editor.post("/admin/banks/cyber/question-preview", **essay).get_json()["preview"]
    assert "每周一测" in preview
    saved = editor.post("/admin/banks/cyber/new-question", save="1", **essay)
    assert "可能抽到它的考试：每周一测。" in saved.get_data(as_text=True)
    for unlike in ({"difficulty": "hard"}, {"retired": "1"}):
        shown = editor.post("/admin/banks/cyber/question-preview", **{**essay, "id": "two", **unlike})
        assert "每周一测" not in shown.get_json()["preview"]


def test_a_change_that_stops_an_exam_names_it_in_the_editor(browse: Browse, weekly: None) -> None:
    editor = browse("editor")
    shown = editor.post("/admin/banks/cyber/question-preview", name="q1", **filled(Q1, explanation="新"))
    assert "每周一测" not in shown.get_json()["preview"]
    hard = filled(Q1, difficulty="hard")
    shown = editor.post("/admin/banks/cyber/question-preview", name="q1", **hard)
    assert "以下考试将无法组卷，任何人都不能开始作答：每周一测。" in shown.get_json()["preview"]
    saved = editor.post(EDIT, seen="1", **hard).get_data(as_text=True)
    assert "以下考试将无法组卷，任何人都不能开始作答：每周一测。" in saved


def test_where_a_release_is_asked_for_a_new_wording_stops_an_exam_and_a_tag_does_not(
    browse: Browse, weekly: None
) -> None:
    editor = browse("editor")
    for act in ("review", "release"):
        editor.post("/admin/banks/cyber/bulk", names=["q1", "q2"], act=act)
    editor.post("/admin/banks/cyber/release-required", required="1")
    live = "/admin/banks/cyber/question-preview"
    tagged = editor.post(live, name="q1", **filled(Q1, tags="安全")).get_json()["preview"]
    assert "每周一测" not in tagged
    assert "每周一测" in editor.post(live, name="q1", **filled(Q1, explanation="新")).get_json()["preview"]


def test_a_key_that_papers_have_is_changed_only_by_who_is_told_of_them_and_agrees(
    browse: Browse,
    weekly: None,
    database: Database,
    now: datetime,
    app: Flask,
    client: FlaskClient,
    bearer: Callable[[str], dict[str, str]],
) -> None:
    with database.write() as session:
        taker = session.scalars(select(Member).where(Member.member_no == "member")).one()
        home = session.scalars(select(Branch).where(Branch.code == "b1")).one()
        starting.start(session, organization.actor(taker, home), "weekly", seed=7, now=now)
    editor, turned = browse("editor"), filled(Q1, answer="A")
    assert editor.post(EDIT, seen="1", **filled(Q1, prompt="换个说法")).request.path == QUESTION
    told = editor.post(EDIT, seen="2", **turned)
    asked = told.get_data(as_text=True)
    assert told.request.path == EDIT
    assert "1 份进行中的答卷" in asked
    agreed = re.search(r'name="new-key" value="([^"]+)"', asked)
    assert agreed
    other = editor.post(EDIT, seen="2", **{"new-key": agreed[1]}, **filled(Q1, answer="C"))
    assert other.request.path == EDIT, "agreed to was another key"
    assert editor.post(EDIT, seen="2", **{"new-key": agreed[1]}, **turned).request.path == QUESTION
    back = editor.post(f"{QUESTION}/restore", number="2", seen="3")
    assert "1 份进行中的答卷" in back.get_data(as_text=True)
    assert back.request.path.endswith("/restore"), "nothing is restored yet"
    assert "<del>A</del><ins>B</ins>" in back.get_data(as_text=True)
    done = editor.post(f"{QUESTION}/restore", number="2", seen="3", confirmed="1")
    assert "第 2 版" in done.get_data(as_text=True)
    assert "1 份进行中的答卷" in editor.get("/admin/banks/cyber/changes/4/undo").get_data(as_text=True)
    asked = client.post(
        "/api/v1/banks/cyber/questions/q1/restore", json={"number": 3, "seen": 4}, headers=bearer("editor")
    )
    one_open = {"key_changed": {"open_attempts": 1, "past_attempts": 0, "results": 0}}
    assert asked.get_json()["touches"] == one_open
    run = CliRunner().invoke(commands, ["restore", "cyber", "q1", "2"], obj=lambda: app)
    assert "1 份进行中的答卷" in run.output
