"""The desk's pages for many questions at once, for undoing, for release and for source documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from studyhub.db.database import Database
from studyhub.exams.models import Exam
from studyhub.organization.states import Level
from studyhub.questions import jobs, offering
from studyhub.questions.bank import Question
from studyhub.questions.bulk import views as bulk_views
from studyhub.questions.models import Bank
from studyhub.tasks.context import WorkContext
from studyhub.tasks.models import Task
from tests.conftest import SettableClock
from tests.factories import exams
from tests.factories.questions import file_text, import_bank, singles

from .conftest import Browser

Browse = Callable[[str], Browser]
MARK = "/admin/source-documents/mark"
BULK = "/admin/banks/cyber/bulk"


@pytest.fixture(autouse=True)
def bank(database: Database, now: datetime) -> None:
    more = 'source: {document: 某法, version: "2016"}\n'
    import_bank(database, file_text("cyber", singles(["q1", "q2", "q3"]), more=more), now)


def test_ticked_questions_get_a_tag_and_the_page_that_follows_undoes_it(browse: Browse) -> None:
    editor = browse("editor")
    done = editor.post(BULK, names=["q1", "q3"], act="tag", value="安全")
    assert done.request.path == "/admin/banks/cyber/changes/2"
    assert "已修改 2 道试题。" in done.get_data(as_text=True)
    assert "找到 2 道试题" in editor.get("/admin/banks/cyber?tag=安全").get_data(as_text=True)
    assert "要撤销这次变更吗" in editor.get("/admin/banks/cyber/changes/2/undo").get_data(as_text=True)
    undone = editor.post("/admin/banks/cyber/changes/2/undo", confirmed="1")
    assert "已撤销 2 道试题的变更。" in undone.get_data(as_text=True)
    assert "没有符合条件的试题" in editor.get("/admin/banks/cyber?tag=安全").get_data(as_text=True)


def test_a_tag_that_was_not_written_is_asked_for_and_the_ticks_are_kept(browse: Browse) -> None:
    editor = browse("editor")
    asked = editor.post(BULK, names=["q1", "q3"], act="tag", value=" ").get_data(as_text=True)
    assert re.findall(r'name="names" value="([^"]*)"', asked) == ["q1", "q3"]
    assert re.findall(r'<input[^>]* name="value"[^>]*>', asked) == [
        '<input class="form-control" type="text" id="tag-value" name="value" maxlength="100" required>'
    ]
    done = editor.post(BULK, names=["q1", "q3"], act="tag", value="安全", confirmed="1")
    assert "已修改 2 道试题。" in done.get_data(as_text=True)


def test_all_that_the_list_found_are_meant_and_not_the_ticked_ones(browse: Browse) -> None:
    editor = browse("editor")
    editor.post(BULK, all="1", q="项q2", names=["q1"], act="keep_out")
    page = editor.get("/admin/banks/cyber/changes/2").get_data(as_text=True)
    assert [name for name in ("q1", "q2", "q3") if f"<code>{name}</code>" in page] == ["q2"]


def test_a_move_is_asked_for_twice(browse: Browse, database: Database, now: datetime) -> None:
    import_bank(database, file_text("other", singles(["z"]), title="另一题库"), now)
    editor = browse("editor")
    asked = editor.post(BULK, names=["q1"], act="move").get_data(as_text=True)
    assert "另一题库" in asked
    assert editor.get("/admin/banks/cyber/questions/q1").status_code == 200
    assert "<h1>移到其他题库</h1>" in asked
    done = editor.post(BULK, names=["q1"], act="move", value="other", confirmed="1")
    assert "已将 1 道试题移到其他题库。" in done.get_data(as_text=True)
    assert editor.get("/admin/banks/cyber/questions/q1").status_code == 404
    assert editor.get("/admin/banks/other/questions/q1").status_code == 200
    left = editor.get("/admin/banks/cyber/changes/2").get_data(as_text=True)
    assert "已移至：" in left
    assert 'href="/admin/banks/other/changes/2"' in left
    came = editor.get("/admin/banks/other/changes/2").get_data(as_text=True)
    assert "从以下题库移入：" in came
    with database.write() as session:
        session.execute(update(Bank).where(Bank.slug == "cyber").values(level=Level.RESTRICTED))
    assert "从以下题库移入：" not in editor.get("/admin/banks/other/changes/2").get_data(as_text=True)


def test_what_undoing_touches_is_said_without_reading_what_the_questions_say(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = browse("editor")
    editor.post(BULK, names=["q1", "q3"], act="tag", value="安全")
    for reading in ("stored", "of_row"):
        monkeypatch.delattr(Question, reading)
    assert editor.get("/admin/banks/cyber/changes/2/undo").status_code == 200


def test_where_no_exam_could_see_it_no_question_is_read_to_begin_an_act_or_to_undo_it(
    browse: Browse, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 50,000 it took seconds, which somebody waited for."""
    section = {"title": "单选", "draw": 1, "from": ["cyber"], "where": {"tags": {"none": ["制度"]}}}
    with database.write() as session:
        exams.exam(session, now, sections=[section])
    editor, read = browse("editor"), []
    rows_of = offering.rows_of

    def noted(*asked: Any) -> Any:
        read.append(asked)
        return rows_of(*asked)

    monkeypatch.setattr(offering, "rows_of", noted)
    editor.post(BULK, names=["q1"], act="tag", value="安全")
    assert not read, "the exam chooses by another tag"
    editor.post(BULK, names=["q1"], act="tag", value="制度")
    assert read, "the exam chooses by this tag"
    with database.write() as session:
        session.execute(update(Exam).values(closes_at=now))
    read.clear()
    assert editor.get("/admin/banks/cyber/changes/3/undo").status_code == 200
    assert not read, "the exam is over"


def test_all_that_were_found_are_asked_about_by_their_number_and_again_when_it_is_another(
    browse: Browse, database: Database, now: datetime
) -> None:
    editor, every = browse("editor"), {"all": "1", "act": "take_out", "type": "single"}
    asked = editor.post(BULK, **every).get_data(as_text=True)
    assert 'name="names"' not in asked  # a form of 50,000 is not taken
    assert 'name="count" value="3"' in asked
    import_bank(database, file_text("cyber", singles(["q1", "q2", "q3", "q4"])), now)
    again = editor.post(BULK, confirmed="1", count="3", **every).get_data(as_text=True)
    assert 'name="count" value="4"' in again
    editor.post(BULK, confirmed="1", count="4", **every)
    assert editor.get("/admin/banks/cyber/questions/q1").status_code == 404


def test_nothing_moves_above_ones_clearance(browse: Browse, database: Database, now: datetime) -> None:
    import_bank(database, file_text("secretive", singles(["z"]), more="level: restricted\n"), now)
    editor = browse("editor")
    assert "secretive" not in editor.post(BULK, names=["q1"], act="move").get_data(as_text=True)
    assert editor.post(BULK, names=["q1"], act="move", value="secretive", confirmed="1").status_code == 404


def test_what_cannot_be_done_is_said_on_the_list_as_it_was(browse: Browse) -> None:
    answer = browse("editor").post(BULK, act="tag", value="x", q="乙项", type="single")
    assert "请先勾选试题。" in answer.get_data(as_text=True)
    assert "type=single" in answer.request.query_string.decode()


def test_very_many_are_done_as_a_task(
    browse: Browse, database: Database, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_views, "AT_ONCE", 2)
    page = browse("editor").post(BULK, all="1", act="tag", value="安全")
    assert page.request.path.startswith("/tasks/")
    with database.read() as session:
        task = session.query(Task).one()
    assert task.kind == jobs.BULK_KIND
    seen: list[tuple[int, int | None]] = []
    context = WorkContext(settings, database, lambda: now, task.payload, task.created_by)
    watched = replace(context, progress=lambda done, total: seen.append((done, total)))
    done = jobs.act_on_many(watched)
    # Reading and changing take as long as writing does, and are seen to go on.
    assert seen == [(1, 3), (1, 3), (1, 3), (2, 3), (3, 3), (3, 3)]
    assert (done["bank"], done["changed"]) == ("cyber", 3)
    page = browse("editor").post(f"/admin/banks/cyber/changes/{done['version']}/undo", confirmed="1")
    assert page.request.path.startswith("/tasks/")
    with database.read() as session:
        task = session.query(Task).filter_by(kind=jobs.UNDO_KIND).one()
    undone = jobs.undo_change(WorkContext(settings, database, lambda: now, task.payload, task.created_by))
    assert undone == {"bank": "cyber", "done": 3, "kept": 0}


def test_a_bank_that_asks_for_a_release_says_so_and_offers_the_steps(browse: Browse) -> None:
    editor = browse("editor")
    asked = editor.post("/admin/banks/cyber/release-required", required="1").get_data(as_text=True)
    assert "3 道试题尚未发布" in asked
    assert "要求先发布" in editor.get("/admin/banks/cyber").get_data(as_text=True)
    sure = {"required": "1", "confirmed": "1"}
    page = editor.post("/admin/banks/cyber/release-required", **sure).get_data(as_text=True)
    assert "只有已发布的试题才能用于新试卷。" in page
    for act, shown in (("review", "已复核"), ("release", "已发布"), ("draft", "草稿")):
        editor.post(BULK, names=["q1"], act=act)
        assert shown in editor.get("/admin/banks/cyber/questions/q1").get_data(as_text=True)
    assert "找到 3 道试题" in editor.get("/admin/banks/cyber?state=draft").get_data(as_text=True)
    # Such a version changed no words, and says so.
    assert "试题内容没有变化" in editor.get("/admin/banks/cyber/changes/2").get_data(as_text=True)


def test_what_is_done_on_a_questions_page_comes_back_to_it_with_the_way_back(
    browse: Browse, database: Database, now: datetime
) -> None:
    editor, page = browse("editor"), "/admin/banks/cyber/questions/q1"
    one = {"names": ["q1"], "question": "q1"}
    done = editor.post(BULK, act="keep_out", **one)
    assert done.request.path == page
    assert "/admin/banks/cyber/changes/2/undo" in done.get_data(as_text=True)
    for act, shown in (("let_in", "已修改 1 道试题。"), ("review", "1 道试题的状态已更新。")):
        done = editor.post(BULK, act=act, **one)
        assert (done.request.path, shown in done.get_data(as_text=True)) == (page, True)
    assert "撤销</button>" in done.get_data(as_text=True)
    assert editor.post(BULK, act="move", **one).get_data(as_text=True).count(f'href="{page}"') == 1


def test_what_would_stop_an_exam_is_asked_about_by_its_name(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        sections = [{"title": "全部", "draw": 3, "from": ["cyber"]}]
        exams.exam(session, now, exam="weekly", title="每周一测", sections=sections)
    editor = browse("editor")
    ask_release = editor.post("/admin/banks/cyber/release-required", required="1")
    for asked in (
        ask_release,
        editor.post(BULK, names=["q1"], act="keep_out", q="项q1"),
        editor.post(BULK, names=["q1"], act="move"),
        editor.post(BULK, names=["q1"], act="take_out"),
    ):
        assert "每周一测" in asked.get_data(as_text=True)
    assert editor.post(BULK, names=["q1"], act="tag", value="x").request.path.endswith("/changes/2")
    editor.post(BULK, names=["q1"], act="keep_out", confirmed="1")
    assert "每周一测" not in editor.post(BULK, names=["q2"], act="keep_out").get_data(as_text=True)


def test_ones_own_question_is_left_to_somebody_else(browse: Browse) -> None:
    editor = browse("editor")
    text = "- {id: q1, type: truefalse, prompt: 甲, answer: true}"
    editor.post("/admin/banks/cyber/questions/q1/edit", text=text, seen="1", save="1")
    page = editor.post(BULK, names=["q1"], act="review", question="q1").get_data(as_text=True)
    assert 'value="release"' not in page
    assert "须由他人发布" in page
    told = editor.post(BULK, names=["q1"], act="release").get_data(as_text=True)
    assert "您自己编写、须由他人发布的：1 题。" in told
    assert "状态已更新" not in told


def test_a_superseded_document_lists_its_questions_for_review(browse: Browse) -> None:
    editor = browse("editor")
    assert "某法" in editor.get("/admin/source-documents").get_data(as_text=True)
    page = editor.get("/admin/source-documents/questions?document=某法&version=2016").get_data(as_text=True)
    assert "/admin/banks/cyber/questions/q1" in page
    editor.post(MARK, document="某法", version="2016", superseded="1", confirmed="1")
    found = editor.get("/admin/banks/cyber?health=superseded").get_data(as_text=True)
    assert "找到 3 道试题" in found
    assert "它的来源文件已失效" in found


def test_a_document_that_takes_an_exam_its_questions_is_marked_when_that_is_meant(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        sections = [{"title": "全部", "draw": 3, "from": ["cyber"]}]
        exams.exam(session, now, exam="weekly", title="每周一测", sections=sections)
    editor, mark = browse("editor"), {"document": "某法", "version": "2016", "superseded": "1"}
    editor.post(MARK, **mark, confirmed="1")
    editor.post(MARK, **mark | {"superseded": "0"})
    for act in ("review", "release"):
        editor.post(BULK, names=["q1", "q2", "q3"], act=act)
    editor.post("/admin/banks/cyber/release-required", required="1")
    asked = editor.post(MARK, **mark).get_data(as_text=True)
    assert "每周一测" in asked
    assert "已发布" in editor.get("/admin/banks/cyber/questions/q1").get_data(as_text=True)
    editor.post(MARK, **mark, confirmed="1")
    assert "找到 3 道试题" in editor.get("/admin/banks/cyber?state=draft").get_data(as_text=True)


def test_a_document_is_marked_only_after_saying_what_that_touches(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        sections = [{"title": "全部", "draw": 3, "from": ["cyber"]}]
        exams.exam(session, now, exam="weekly", title="每周一测", sections=sections)
    editor, mark = browse("editor"), {"document": "某法", "version": "2016", "superseded": "1"}
    editor.post(BULK, names=["q1", "q2"], act="review")
    listed = editor.get("/admin/source-documents").get_data(as_text=True)
    assert f"{MARK}?document=" in listed
    for asked in (editor.get(f"{MARK}?document=某法&version=2016"), editor.post(MARK, **mark)):
        page = asked.get_data(as_text=True)
        assert "3 题 · 其中 2 道已复核或已发布" in page
        assert "每周一测" in page
    assert "已复核" in editor.get("/admin/banks/cyber/questions/q1").get_data(as_text=True)
    editor.post(MARK, **mark, confirmed="1")
    assert "找到 3 道试题" in editor.get("/admin/banks/cyber?state=draft").get_data(as_text=True)
    assert editor.get(f"{MARK}?document=没有的&version=").status_code == 404


def test_documents_are_found_sorted_and_say_what_is_left_to_review(
    browse: Browse, clock: SettableClock
) -> None:
    editor, mark = browse("editor"), {"document": "某法", "version": "2016", "superseded": "1"}
    assert "没有名称含“别的”的文件" in editor.get("/admin/source-documents?q=别的").get_data(as_text=True)
    assert "2016" in editor.get("/admin/source-documents?q=某&sort=-questions").get_data(as_text=True)
    marked = editor.post(MARK, **mark, confirmed="1")
    assert marked.request.path == "/admin/source-documents/questions"
    assert marked.get_data(as_text=True).count("待复核") == 3
    clock.advance(minutes=1)
    editor.post(BULK, names=["q3"], act="review")
    page = editor.get("/admin/source-documents/questions?document=某法&version=2016").get_data(as_text=True)
    # What is left to do comes first.
    named = re.findall(r"/questions/(q\d)\b", page)
    assert (page.count("待复核"), named.index("q1") < named.index("q3")) == (2, True)
    held = editor.post(MARK, **mark | {"superseded": "0"})
    assert "待复核" not in held.get_data(as_text=True)


def test_only_who_manages_banks_does_any_of_this(browse: Browse) -> None:
    auditor = browse("auditor")
    assert auditor.get("/admin/source-documents").status_code == 200
    assert auditor.post(MARK, document="某法", superseded="1").status_code == 403
    assert auditor.post(BULK, names=["q1"], act="keep_out").status_code == 403
    assert auditor.get("/admin/banks/cyber/changes/1/undo").status_code == 403
    assert auditor.post("/admin/banks/cyber/release-required", required="1").status_code == 403
    assert 'name="names"' not in auditor.get("/admin/banks/cyber").get_data(as_text=True)
