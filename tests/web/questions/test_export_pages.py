"""The desk: a bank leaves in any format, and what of it comes along is said first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from studyhub.app import TASKS
from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.organization.models import AuditEntry, Branch, Grant
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.questions import jobs, queries
from studyhub.questions.exporting import views
from studyhub.questions.exporting.models import BankDownload
from studyhub.questions.exporting.views import PURPOSES
from studyhub.questions.formats import FORMATS, WRITTEN, detect
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.exchange import Source
from studyhub.questions.models import Bank
from studyhub.tasks import running
from studyhub.tasks.context import WorkContext
from tests.factories import organization as make
from tests.factories.questions import file_text, import_bank, singles
from tests.factories.tasks import do_waiting

from .conftest import Browser

TITLE = "网络安全与保密常识"
THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


@pytest.fixture
def editor(browse: Callable[[str], Browser], database: Database, now: datetime) -> Browser:
    import_bank(database, THREE, now)
    return browse("editor")


def test_every_format_that_is_written_is_offered_once() -> None:
    assert sorted(name for names in PURPOSES.values() for name in names) == sorted(WRITTEN)


def test_the_bank_leads_to_its_formats(editor: Browser) -> None:
    assert 'href="/admin/banks/cyber/export"' in editor.get("/admin/banks/cyber").get_data(as_text=True)
    page = editor.get("/admin/banks/cyber/export").get_data(as_text=True)
    assert '<option value="docx" >Word 文档</option>' in page
    assert "写入文件" not in page


def test_what_does_not_come_along_is_said_before_the_file_is_taken(editor: Browser) -> None:
    answer = editor.post("/admin/banks/cyber/export", to="docx")
    page = answer.get_data(as_text=True)
    assert "写入文件" in page
    assert "未保留或有改动的内容" in page
    assert "题库的“标识”没有保留。" in page
    assert f'href="{answer.request.path}/file"' in page
    assert "全部内容都会带出。" in editor.post("/admin/banks/cyber/export", to="yaml").get_data(as_text=True)


def test_the_file_is_made_once(editor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    made = editor.post("/admin/banks/cyber/export", to="yaml").request.path
    monkeypatch.delattr(queries, "whole_bank")
    assert "写入文件" in editor.get(made).get_data(as_text=True)
    assert "id: q3" in editor.get(f"{made}/file").get_data(as_text=True)


def test_types_and_marking_rules_are_called_by_their_words(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    asked = """
  - id: several
    type: multiple
    prompt: 哪些是偶数？
    options: {A: "2", B: "3", C: "4"}
    answer: [A, C]
    marking: under_half
  - id: sorted
    type: order
    prompt: 从小到大排列。
    items: ["1", "2", "3"]
"""
    import_bank(database, file_text("cyber", asked), now)
    page = browse("editor").post("/admin/banks/cyber/export", to="gift").get_data(as_text=True)
    assert "该格式不能表示“排序题”类型的试题。" in page
    assert "计分规则由“选对但不全得一半”变为“按选对的项数得分，有错选不得分”。" in page


@pytest.mark.parametrize("name", WRITTEN)
def test_the_file_is_one_of_that_format_with_every_question(editor: Browser, name: str) -> None:
    answer = editor.export("cyber", name)
    source = Source(answer.data, f"cyber{FORMATS[name].suffix}")
    assert detect(source).name == name
    assert admit(source, FORMATS[name]).taken == 3


@pytest.mark.parametrize("name", WRITTEN)
def test_a_large_bank_is_written_as_a_task_that_counts_its_questions(
    editor: Browser,
    database: Database,
    settings: Settings,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    monkeypatch.setattr(running, "REPORT_EVERY_S", 0.0)
    task = editor.post("/admin/banks/cyber/export", to=name).request.path
    assert task.startswith("/tasks/")
    assert do_waiting(database, settings, now, TASKS) == [(1, 3), (2, 3), (3, 3)]
    made = editor.get(task).headers["Location"]
    assert "写入文件" in editor.get(made).get_data(as_text=True)
    taken = editor.get(f"{made}/file").data
    assert admit(Source(taken, f"cyber{FORMATS[name].suffix}"), FORMATS[name]).taken == 3


def test_what_is_in_the_file_is_the_bank_as_it_was_when_it_was_made(
    editor: Browser, database: Database, now: datetime
) -> None:
    made = editor.post("/admin/banks/cyber/export", to="yaml").request.path
    assert "之后题库有改动" not in editor.get(made).get_data(as_text=True)
    import_bank(database, file_text("cyber", singles(["q1"])), now)
    assert "之后题库有改动" in editor.get(made).get_data(as_text=True)
    assert "id: q3" in editor.get(f"{made}/file").get_data(as_text=True)


@pytest.mark.parametrize("above", [Bank, BankDownload])
def test_a_file_of_a_bank_above_ones_clearance_is_not_there(
    editor: Browser, database: Database, above: type[Bank | BankDownload]
) -> None:
    made = editor.post("/admin/banks/cyber/export", to="yaml").request.path
    with database.write() as session:
        session.execute(update(above).values(level=Level.RESTRICTED))
    for path in (made, f"{made}/file"):
        assert editor.get(path).status_code == 404


def test_a_file_is_for_whoever_had_it_made_and_as_long_as_they_manage_banks(
    browse: Callable[[str], Browser], editor: Browser, database: Database, now: datetime
) -> None:
    made = editor.post("/admin/banks/cyber/export", to="yaml").request.path
    with database.write() as session:
        home = session.scalars(select(Branch).where(Branch.code == "b1")).one()
        make.grant(session, make.member(session, "editor2", home, now), Role.EDITOR, now)
    assert browse("editor2").get(f"{made}/file").status_code == 404
    with database.write() as session:
        session.execute(update(Grant).values(until=now - timedelta(seconds=1), since=now - timedelta(days=1)))
    assert editor.get(f"{made}/file").status_code == 403


def test_files_that_were_made_are_forgotten_after_a_day(
    editor: Browser, database: Database, settings: Settings, now: datetime
) -> None:
    made = editor.post("/admin/banks/cyber/export", to="yaml").request.path
    jobs.forget_downloads(WorkContext(settings, database, lambda: now + timedelta(hours=23)))
    assert editor.get(made).status_code == 200
    jobs.forget_downloads(WorkContext(settings, database, lambda: now + timedelta(hours=25)))
    assert editor.get(made).status_code == 404


def test_a_paper_is_called_by_the_title_and_is_in_the_trail(editor: Browser, database: Database) -> None:
    answer = editor.export("cyber", "docx")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote(TITLE)}.docx")
    with database.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.act, last.detail) == ("bank_exported", {"form": "docx"})


def test_a_format_that_is_not_written_and_a_bank_that_is_not_there_are_refused(editor: Browser) -> None:
    assert editor.post("/admin/banks/cyber/export", to="xls").status_code == 422
    assert editor.post("/admin/banks/nothing/export", to="docx").status_code == 404
    assert editor.get("/admin/banks/cyber/exports/77/file").status_code == 404


def test_who_may_not_manage_banks_downloads_none(browse: Callable[[str], Browser], editor: Browser) -> None:
    for path in ("/admin/banks/cyber/export", "/admin/banks/cyber/exports/1/file"):
        assert browse("member").get(path).status_code == 403
