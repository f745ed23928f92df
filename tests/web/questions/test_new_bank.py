"""A bank begins on the desk, empty, and its first question is written there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from studyhub.db.database import Database
from studyhub.organization.states import Level
from studyhub.questions import models, operations
from studyhub.questions.editor import question_form
from tests.factories import exams
from tests.factories.questions import file_text, import_bank, plan, singles

from .conftest import Browser

Browse = Callable[[str], Browser]
NEW = "/admin/banks/new_bank"
SOUND = {"bank": "cyber", "title": "网络安全", "language": "zh", "level": "internal"}


def test_a_bank_begins_empty_and_its_first_question_is_written(browse: Browse) -> None:
    editor = browse("editor")
    assert NEW in editor.get("/admin/banks").get_data(as_text=True)
    begun = editor.post(NEW, **SOUND)
    assert begun.request.path == "/admin/banks/cyber/new-question"
    assert "题库里还没有试题" in editor.get("/admin/banks/cyber").get_data(as_text=True)
    values = question_form.values_of(exams.single("q1"))
    made = editor.post("/admin/banks/cyber/new-question", seen="0", **values)
    assert made.request.path == "/admin/banks/cyber/questions/q1"
    assert "李秀兰 · 在线新建" in editor.get("/admin/banks/cyber/changes").get_data(as_text=True)


def test_an_empty_bank_takes_a_file_and_its_pages_answer(browse: Browse) -> None:
    editor = browse("editor")
    editor.post(NEW, **SOUND)
    for path in ("", "/changes", "/changes/1", "/new-question"):
        assert editor.get(f"/admin/banks/cyber{path}").status_code == 200
    editor.post("/admin/banks/cyber/release-required", required="1")
    plan = editor.upload(file_text("cyber", singles(["q1"]), title="网络安全"))
    assert plan.status_code == 200
    editor.post(plan.request.path)
    assert "见第q1条" in editor.get("/admin/banks/cyber").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bank": "Cyber Bank"}, "cyber-bank"),
        ({"title": ""}, "请填写"),
        ({"level": "restricted"}, "超出了您的权限"),
        ({"level": "绝密"}, "绝密"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_begins(
    browse: Browse, changed: dict[str, Any], said: str
) -> None:
    editor = browse("editor")
    answer = editor.post(NEW, **{**SOUND, **changed})
    [name] = changed
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True).split(f'data-faults="{name}"')[1].split("</ul>")[0]
    assert editor.get("/admin/banks/cyber").status_code == 404


def test_a_name_that_is_taken_stays_what_it_was(browse: Browse, database: Database, now: datetime) -> None:
    import_bank(database, file_text("cyber", singles(["q1"])), now)
    editor = browse("editor")
    answer = editor.post(NEW, **SOUND)
    assert (answer.status_code, "已有题库“cyber”" in answer.get_data(as_text=True)) == (422, True)
    told = editor.post("/admin/banks/new-bank-check", **SOUND).get_json()
    assert [fault["error"] for fault in told["faults"]["bank"]] == [True]
    assert "见第q1条" in editor.get("/admin/banks/cyber").get_data(as_text=True)


def test_what_was_typed_stays_while_a_file_of_that_name_is_imported(
    browse: Browse, database: Database, now: datetime
) -> None:
    importing = plan(database, file_text("cyber", singles(["q1"])), now)
    with database.write() as session:
        operations.begin(session, importing.plan_id, importing.bank, now)
    answer = browse("editor").post(NEW, **SOUND)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="网络安全"' in page, 'value="cyber"' in page) == (409, True, True)
    assert "有人正在导入这个题库" in page


def test_what_a_failed_import_left_bars_no_name(browse: Browse, database: Database, now: datetime) -> None:
    left = {"language": "en", "source": {}, "version": 0, "question_count": 0, "created_at": now}
    with database.write() as session:
        session.execute(
            insert(models.Bank).values(slug="cyber", title="old", level=Level.PUBLIC, changed_at=now, **left)
        )
    browse("editor").post(NEW, **SOUND)
    with database.read() as session:
        bank = session.scalars(select(models.Bank)).one()
        assert (bank.title, bank.version, bank.level) == ("网络安全", 1, Level.INTERNAL)


def test_only_who_manages_banks_begins_one(browse: Browse) -> None:
    for who in ("auditor", "member"):
        assert browse(who).get(NEW).status_code == 403
        assert browse(who).post(NEW, **SOUND).status_code == 403
        assert browse(who).post("/admin/banks/new-bank-check", **SOUND).status_code == 403
