"""The desk: an admin uploads a bank, sees every mistake or the plan, and applies that plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.questions import jobs, views
from studyhub.questions.formats.container import packed
from studyhub.tasks.context import WorkContext
from studyhub.tasks.models import Task
from tests.factories import organization as make
from tests.factories.items import PIXEL
from tests.factories.questions import file_text, import_bank, singles

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


@pytest.fixture(autouse=True)
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        root = make.branch(session, "city", now)
        home = make.branch(session, "b1", now, parent=root)
        for name, role in (("editor", Role.EDITOR), ("auditor", Role.AUDITOR)):
            make.grant(session, make.member(session, name, home, now), role, now)
        make.member(session, "member", home, now)


class Browser:
    """A signed-in person; forms carry the token of the page before."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, headers=self._headers)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self._client.post(path, headers=self._headers, data=fields, follow_redirects=True)

    def upload(self, text: str, name: str = "cyber.yaml") -> TestResponse:
        return self.post("/admin/banks/import", file=(BytesIO(text.encode()), name))


@pytest.fixture
def browse(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Callable[[str], Browser]:
    return lambda member_no: Browser(client, bearer(member_no))


def test_without_a_bank_the_page_says_what_to_do(browse: Callable[[str], Browser]) -> None:
    page = browse("editor").get("/admin/banks").get_data(as_text=True)
    assert "还没有题库" in page
    assert 'href="/admin/banks/import"' in page


def test_a_faulty_file_shows_each_mistake_beside_its_line(browse: Callable[[str], Browser]) -> None:
    answer = browse("editor").upload(THREE.replace("answer: B", "anwser: B", 1))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "不认识键名“anwser”" in page
    assert "是不是想写“answer”？" in page
    assert "<mark>anwser: B</mark>" in page


def test_a_good_file_leads_to_its_plan_and_the_plan_into_force(browse: Callable[[str], Browser]) -> None:
    editor = browse("editor")
    plan = editor.upload(THREE)
    assert plan.request.path.startswith("/admin/banks/plans/")
    assert "<code>q3</code>" in plan.get_data(as_text=True)
    bank = editor.post(plan.request.path)
    assert bank.request.path == "/admin/banks/cyber"
    assert "题库已更新。" in bank.get_data(as_text=True)
    assert "网络安全与保密常识" in editor.get("/admin/banks").get_data(as_text=True)


def test_a_plan_lists_each_question_once_under_what_becomes_of_it(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", singles(["q1", "q2", "q3"])), now)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    another = (
        singles(["q1", "q2", "q3", "q4"]).replace("answer: B", "answer: C", 1).replace("第q2条", "第二条")
    )
    page = browse("editor").upload(file_text("cyber", another)).get_data(as_text=True)
    headings = ("新增", "重新启用", "答案或计分有变", "有修改，答案不变")
    changes = page[page.index('id="changes"') :]
    places = [changes.index(f">{heading}<") for heading in headings]
    assert places == sorted(places)
    for name, heading in zip(("q4", "q3", "q1", "q2"), places, strict=True):
        assert changes.count(f"<code>{name}</code>") == 1
        assert heading < changes.index(f"<code>{name}</code>")


def test_a_stale_plan_is_refused(browse: Callable[[str], Browser], database: Database, now: datetime) -> None:
    editor = browse("editor")
    plan = editor.upload(THREE)
    import_bank(database, file_text("cyber", singles(["z"])), now)
    answer = editor.post(plan.request.path)
    assert answer.status_code == 409
    assert "请重新上传文件" in answer.get_data(as_text=True)


def test_a_large_plan_is_applied_as_a_task(
    browse: Callable[[str], Browser],
    database: Database,
    now: datetime,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    editor = browse("editor")
    task_page = editor.post(editor.upload(THREE).request.path)
    assert task_page.request.path.startswith("/tasks/")
    with database.read() as session:
        task = session.query(Task).one()
    context = WorkContext(settings, database, lambda: now, task.payload, task.created_by)
    assert jobs.import_bank(context)["created"] == 3
    assert editor.get("/admin/banks/cyber").status_code == 200


def test_only_who_manages_banks_sees_the_keys(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    assert 'class="right"' in browse("editor").get("/admin/banks/cyber").get_data(as_text=True)
    seen = browse("auditor").get("/admin/banks/cyber").get_data(as_text=True)
    assert "下列哪一项属于q1" in seen
    assert 'class="right"' not in seen
    assert "见第q1条" not in seen


def test_questions_are_found_by_two_chinese_characters(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    editor = browse("editor")
    page = editor.get("/admin/banks/cyber?q=项q2").get_data(as_text=True)
    assert "找到 1 道试题" in page
    assert "没有符合条件的试题" in editor.get("/admin/banks/cyber?q=%25").get_data(as_text=True)
    assert "没有符合条件的试题" in editor.get("/admin/banks/cyber?type=number").get_data(as_text=True)


def test_a_bank_above_ones_clearance_does_not_exist(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, file_text("secretive", singles(["a"]), more="level: restricted\n"), now)
    editor = browse("editor")
    assert editor.get("/admin/banks/secretive").status_code == 404
    assert "secretive" not in editor.get("/admin/banks").get_data(as_text=True)
    upload = editor.upload(file_text("secretive", singles(["b"])))
    assert upload.status_code == 403
    with database.write() as session:
        root = make.branch(session, "hq", now)
        cleared = make.member(session, "cleared", root, now, clearance=Level.RESTRICTED)
        make.grant(session, cleared, Role.EDITOR, now)
    assert browse("cleared").get("/admin/banks/secretive").status_code == 200


def test_a_bank_is_downloaded_as_the_file_that_it_is(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    editor = browse("editor")
    file = editor.get("/admin/banks/cyber/export.yaml")
    assert file.headers["Content-Disposition"] == 'attachment; filename="cyber.yaml"'
    again = editor.upload(file.get_data(as_text=True))
    assert "没有变化" in again.get_data(as_text=True)


def test_a_long_bank_costs_no_more_statements(
    browse: Callable[[str], Browser], database: Database, now: datetime, count_statements: Any
) -> None:
    import_bank(database, file_text("long", singles([f"q{n}" for n in range(60)])), now)
    editor = browse("editor")
    with count_statements() as statements:
        editor.get("/admin/banks/long")
    assert len(statements) <= 8


@pytest.mark.parametrize("path", ["/admin/banks", "/admin/banks/import", "/admin/banks/plans/1"])
def test_a_member_has_no_business_here(browse: Callable[[str], Browser], path: str) -> None:
    assert browse("member").get(path).status_code == 403


def test_an_auditor_reads_and_changes_nothing(browse: Callable[[str], Browser]) -> None:
    auditor = browse("auditor")
    assert auditor.get("/admin/banks").status_code == 200
    assert auditor.get("/admin/banks/import").status_code == 403


def test_a_zip_brings_pictures_that_those_who_are_cleared_may_fetch(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    with database.write() as session:
        root = make.branch(session, "hq", now)
        cleared = make.member(session, "cleared", root, now, clearance=Level.RESTRICTED)
        make.grant(session, cleared, Role.EDITOR, now)

    def uploaded(level: str) -> str:
        text = file_text("pictures", singles(["q1"]), more=f"level: {level}\n")
        data = packed({"bank.yaml": text.replace("哪一项", "![图](a.png)哪一项").encode(), "a.png": PIXEL})
        plan = editor.post("/admin/banks/import", file=(BytesIO(data), "pictures.zip"))
        page = editor.post(plan.request.path).get_data(as_text=True)
        return page.split('<img src="')[1].split('"')[0]

    editor, member = browse("cleared"), browse("member")
    address = uploaded("internal")
    answer = member.get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PIXEL, "image/png")
    assert uploaded("restricted") == address
    assert member.get(address).status_code == 404


def test_a_zip_that_is_none_is_refused_in_words(browse: Callable[[str], Browser]) -> None:
    answer = browse("editor").post("/admin/banks/import", file=(BytesIO(b"PK\x03\x04no"), "x.zip"))
    assert answer.status_code == 422
    assert 'name="file"' in answer.get_data(as_text=True)
