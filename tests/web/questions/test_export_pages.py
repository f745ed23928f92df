"""The desk: a bank leaves in any format, and what of it comes along is said first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.organization.models import AuditEntry
from studyhub.questions.exporting import views
from studyhub.questions.exporting.views import PURPOSES
from studyhub.questions.formats import FORMATS, WRITTEN, detect
from studyhub.questions.formats.conversion import admit
from studyhub.questions.formats.exchange import Source
from tests.factories.questions import file_text, import_bank, singles

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
    page = editor.get("/admin/banks/cyber/export?to=docx").get_data(as_text=True)
    assert "写入文件" in page
    assert "未保留或有改动的内容" in page
    assert "题库的“标识”没有保留。" in page
    assert 'href="/admin/banks/cyber/export.docx"' in page
    whole = editor.get("/admin/banks/cyber/export?to=yaml").get_data(as_text=True)
    assert "全部内容都会带出。" in whole
    assert "写入文件" not in editor.get("/admin/banks/cyber/export?to=pdf").get_data(as_text=True)


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
    page = browse("editor").get("/admin/banks/cyber/export?to=gift").get_data(as_text=True)
    assert "该格式不能表示“排序题”类型的试题。" in page
    assert "计分规则由“选对但不全得一半”变为“按选对的项数得分，有错选不得分”。" in page


@pytest.mark.parametrize("name", WRITTEN)
def test_the_file_is_one_of_that_format_with_every_question(editor: Browser, name: str) -> None:
    answer = editor.get(f"/admin/banks/cyber/export.{name}")
    source = Source(answer.data, f"cyber{FORMATS[name].suffix}")
    assert detect(source).name == name
    assert admit(source, FORMATS[name]).taken == 3


def test_a_large_bank_is_put_into_other_formats_by_the_command_line_alone(
    editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST", 2)
    page = editor.get("/admin/banks/cyber/export?to=docx").get_data(as_text=True)
    assert "超过 2 题的题库" in page
    assert 'href="/admin/banks/cyber/export.docx"' not in page
    refused = editor.get("/admin/banks/cyber/export.docx")
    assert refused.status_code == 422
    assert "studyhub banks export" in refused.get_data(as_text=True)
    assert editor.get("/admin/banks/cyber/export.yaml").status_code == 200


def test_a_paper_is_called_by_the_title_and_is_in_the_trail(editor: Browser, database: Database) -> None:
    answer = editor.get("/admin/banks/cyber/export.docx")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote(TITLE)}.docx")
    with database.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.act, last.detail) == ("bank_exported", {"form": "docx"})


def test_a_format_that_is_not_written_and_a_bank_that_is_not_there_are_not_found(editor: Browser) -> None:
    assert editor.get("/admin/banks/cyber/export.xls").status_code == 404
    assert editor.get("/admin/banks/nothing/export?to=docx").status_code == 404
    assert editor.get("/admin/banks/nothing/export.docx").status_code == 404


def test_who_may_not_manage_banks_downloads_none(browse: Callable[[str], Browser], editor: Browser) -> None:
    for path in ("/admin/banks/cyber/export", "/admin/banks/cyber/export.docx"):
        assert browse("member").get(path).status_code == 403
