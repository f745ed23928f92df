"""The desk: an admin uploads a bank, sees every mistake or the plan, and applies that plan."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from studyhub.db.database import Database
from studyhub.kernel.package import packed
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.questions import bank_file
from tests.factories import organization as make
from tests.factories.items import PIXEL
from tests.factories.questions import file_text, import_bank, singles

from .conftest import Browser

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


def test_without_a_bank_the_page_says_what_to_do(browse: Callable[[str], Browser]) -> None:
    page = browse("editor").get("/admin/banks").get_data(as_text=True)
    assert "还没有题库" in page
    assert 'href="/admin/banks/import"' in page


def test_the_sample_of_a_bank_file_is_in_the_readers_language(browse: Callable[[str], Browser]) -> None:
    editor = browse("editor")
    for language, title in (
        ("zh", "title: 网络安全与保密常识"),
        ("en", "title: Passwords and confidentiality"),
    ):
        editor.post("/language", language=language)
        sample = editor.get("/admin/banks/import").get_data(as_text=True)
        (text,) = re.findall(r'<pre class="example"[^>]*><code>(.*?)</code>', sample, re.DOTALL)
        assert title in text
        assert not bank_file.check(html.unescape(text).encode()).faults


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


def test_lists_of_questions_show_a_line_to_fill_in_and_no_signs_of_the_file(
    browse: Callable[[str], Browser],
) -> None:
    blank = (
        "  - id: b1\n    type: blank\n    prompt: 每届任期**[[1]]**年。\n    answer: [[五]]\n"
        "    explanation: 五年。\n"
    )
    editor = browse("editor")
    plan = editor.upload(file_text("cyber", blank))
    assert "每届任期____年。" in plan.get_data(as_text=True)
    editor.post(plan.request.path)
    for page in ("/admin/banks/cyber/questions/b1/history", "/admin/banks/cyber/changes/1"):
        assert "[[1]]" not in editor.get(page).get_data(as_text=True).split("<pre")[0], page


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


def test_a_filtered_page_has_an_address_that_stays(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", singles([f"q{n}" for n in range(30)])), now)
    page = browse("editor").get("/admin/banks/cyber?q=乙项&type=single&sort=-points").get_data(as_text=True)
    assert "找到 30 道试题" in page
    [following] = re.findall('rel="next" href="([^"]*)"', page)
    assert {"type=single", "sort=-points", "page=2"} <= set(html.unescape(following).split("?")[1].split("&"))
    assert "这一页没有试题" in browse("editor").get("/admin/banks/cyber?page=9").get_data(as_text=True)


def test_a_question_is_shown_as_its_members_see_it_and_the_key_to_its_editors_only(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    path = "/admin/banks/cyber/questions/q1"
    for who in ("editor", "auditor"):
        preview = browse(who).get(path).get_data(as_text=True).split('id="preview"')[1].split("</section>")[0]
        assert 'type="radio"' in preview
        assert "甲项q1" in preview
        assert "见第q1条" not in preview
    assert "见第q1条" in browse("editor").get(path).get_data(as_text=True)
    assert "见第q1条" not in browse("auditor").get(path).get_data(as_text=True)
    assert browse("editor").get("/admin/banks/cyber/questions/none").status_code == 404
    assert browse("member").get(path).status_code == 403


def test_the_history_shows_what_changed_and_brings_an_older_revision_back(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    editor = browse("editor")
    editor.post(editor.upload(THREE.replace("见第q1条", "见第一条")).request.path)
    page = editor.get("/admin/banks/cyber/questions/q1/history").get_data(as_text=True)
    assert "见第<del>q1</del><ins>一</ins>条" in page
    assert "cyber.yaml" in page
    assert "李秀兰 · 导入 · " in page
    shown = editor.post("/admin/banks/cyber/questions/q1/restore", number="1", seen="2")
    assert shown.request.path == "/admin/banks/cyber/questions/q1"
    assert "见第q1条" in shown.get_data(as_text=True)
    assert editor.post("/admin/banks/cyber/questions/q1/restore", number="2", seen="2").status_code == 409
    assert editor.post("/admin/banks/cyber/questions/q1/restore", number="9", seen="3").status_code == 404


def test_the_changes_of_a_bank_lead_to_what_they_touched(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    editor = browse("editor")
    assert 'href="/admin/banks/cyber/changes/2"' in editor.get("/admin/banks/cyber/changes").get_data(
        as_text=True
    )
    page = editor.get("/admin/banks/cyber/changes/2").get_data(as_text=True)
    assert "/admin/banks/cyber/questions/q3/history" in page
    assert "已移出题库" in editor.get("/admin/banks/cyber/questions/q3/history").get_data(as_text=True)
    assert browse("auditor").get("/admin/banks/cyber/questions/q3/history").status_code == 403


def test_a_bank_above_ones_clearance_does_not_exist(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, file_text("secretive", singles(["a"]), more="level: restricted\n"), now)
    editor = browse("editor")
    assert editor.get("/admin/banks/secretive").status_code == 404
    assert editor.get("/admin/banks/secretive/questions/a").status_code == 404
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
    file = editor.export("cyber", "yaml")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=cyber.yaml;")
    again = editor.upload(file.get_data(as_text=True))
    assert "没有变化" in again.get_data(as_text=True)


def test_a_long_bank_costs_no_more_statements(
    browse: Callable[[str], Browser], database: Database, now: datetime, count_statements: Any
) -> None:
    import_bank(database, file_text("long", singles([f"q{n}" for n in range(60)])), now)
    editor = browse("editor")
    with count_statements() as statements:
        editor.get("/admin/banks/long")
    assert len(statements) <= 9


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
