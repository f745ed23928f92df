"""Large files: a bank file is checked as a task; one of another format is read once, as a task, and what was
read is what its bank is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.questions import jobs, queries
from studyhub.questions.formats import FORMATS, sheet_formats
from studyhub.questions.uploads import reading
from studyhub.tasks import operations as tasks
from studyhub.tasks import running
from studyhub.tasks.context import WorkContext
from tests.web.questions.conftest import Browser

NEW = {"bank": "", "title": "安全常识", "slug": "safety", "language": "zh", "level": "internal"}
ROWS = "题干,选项A,选项B,答案\n哪一个口令最安全？,123456,长口令,B\n哪一个颜色最暖？,红,蓝,A\n"
STRANGE = ROWS.replace("题干", "乱七八糟")
DOUBTFUL = ROWS + "圆周率是多少？,,,3.14\n"

Browse = Callable[[str], Browser]


class Ticker:
    """Runs the task that waits, as the ticker's child does, and keeps the progress that it told of."""

    def __init__(self, database: Database, settings: Settings, now: datetime) -> None:
        self._database, self._settings, self._now = database, settings, now
        self.seen: list[tuple[int, int | None]] = []

    def run(self) -> bool:
        with self._database.write() as session:
            task = tasks.claim(session, self._now)
        assert task is not None
        context = WorkContext(
            self._settings, self._database, lambda: self._now, task.payload, task.created_by
        )

        def watched(context: WorkContext) -> dict[str, Any]:
            def progress(done: int, total: int | None) -> None:
                self.seen.append((done, total))

            return jobs.TASKS[task.kind](replace(context, progress=progress))

        return running.run_task(context, task.id, watched)

    @property
    def idle(self) -> bool:
        with self._database.write() as session:
            return tasks.claim(session, self._now) is None


@pytest.fixture
def ticker(database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Ticker:
    monkeypatch.setattr(reading, "LARGE", 0)
    return Ticker(database, settings, now)


def upload_page(editor: Browser, text: str) -> str:
    """Upload a sheet. Returns the address of its page, which sends on to its task."""
    asked = editor.upload(text, "题目.csv")
    assert asked.request.path.startswith("/tasks/")
    return str(asked.history[0].headers["Location"])


def test_a_large_file_becomes_a_bank_by_two_tasks_that_show_progress(
    browse: Browse, ticker: Ticker, database: Database
) -> None:
    editor = browse("editor")
    page = upload_page(editor, ROWS)
    assert ticker.run()
    assert ticker.seen == [(1, 3), (2, 3)]
    assert 'id="target"' in editor.get(page).get_data(as_text=True)
    planned = editor.post(page, **NEW)
    assert planned.request.path.startswith("/tasks/")
    assert ticker.run()
    editor.post(editor.get(planned.request.path).headers["Location"])
    with database.read() as session:
        whole = queries.whole_bank(session, "safety")
    assert whole is not None
    assert (whole.title, len(whole.questions)) == ("安全常识", 2)


def test_whoever_looks_again_while_it_is_read_begins_no_second_reading(
    browse: Browse, ticker: Ticker
) -> None:
    editor = browse("editor")
    page = upload_page(editor, ROWS)
    assert editor.get(page).headers["Location"].startswith("/tasks/")
    assert ticker.run()
    assert ticker.idle


def test_nothing_but_the_task_reads_the_file(
    browse: Browse, ticker: Ticker, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = browse("editor")
    page = upload_page(editor, DOUBTFUL)
    assert ticker.run()
    monkeypatch.setitem(sheet_formats.TABLES, "csv", lambda data: 1 / 0)
    monkeypatch.setitem(FORMATS, "csv", replace(FORMATS["csv"], read=lambda source: 1 / 0))
    assert editor.get(page).status_code == 200
    assert "圆周率是多少？" in editor.get(f"{page}/doubts").get_data(as_text=True)
    editor.post(page, **NEW)
    assert ticker.run()


def test_a_decision_and_a_word_about_columns_have_it_read_again_as_a_task(
    browse: Browse, ticker: Ticker
) -> None:
    editor = browse("editor")
    page = upload_page(editor, DOUBTFUL)
    assert ticker.run()
    desk = editor.get(f"{page}/doubts").get_data(as_text=True)
    item = desk.split('name="item" value="')[1].split('"')[0]
    left = editor.post(f"{page}/doubts", item=item, verdict="leave")
    assert left.status_code == 200
    assert left.request.path == f"{page}/doubts"
    assert editor.get(page).headers["Location"].startswith("/tasks/")
    assert ticker.run()
    assert "在处理存疑试题时已舍去" in editor.get(page).get_data(as_text=True)
    asked = editor.post(f"{page}/columns", header=["题干"], column=[""])
    assert asked.request.path.startswith("/tasks/")
    assert ticker.run()
    assert "没有找到题干所在的列" in editor.get(page).get_data(as_text=True)


def test_a_large_file_that_cannot_be_read_says_why_on_its_page(browse: Browse, ticker: Ticker) -> None:
    editor = browse("editor")
    page = upload_page(editor, STRANGE)
    assert ticker.run()
    shown = editor.get(page).get_data(as_text=True)
    assert "没有找到题干所在的列" in shown
    assert "乱七八糟" in shown


BANK = """bank: safety
title: 安全常识
language: zh
questions:
  - {id: one, type: truefalse, prompt: 口令可以告诉同事。, answer: false, explanation: 不可以。}
"""


def test_a_large_bank_file_is_checked_as_a_task_that_leads_to_its_plan(
    browse: Browse, ticker: Ticker, database: Database
) -> None:
    editor = browse("editor")
    asked = editor.upload(BANK, "safety.yaml")
    assert asked.request.path.startswith("/tasks/")
    assert ticker.run()
    assert ticker.seen == [(1, 3), (2, 3)]
    editor.post(editor.get(asked.request.path).headers["Location"])
    with database.read() as session:
        whole = queries.whole_bank(session, "safety")
    assert whole is not None
    assert len(whole.questions) == 1


def test_a_large_bank_file_with_mistakes_shows_each_beside_its_line(browse: Browse, ticker: Ticker) -> None:
    editor = browse("editor")
    asked = editor.upload(BANK.replace("answer: false", "answer: maybe"), "safety.yaml")
    assert ticker.run()
    onward = editor.get(asked.request.path).headers["Location"]
    shown = editor.get(onward).get_data(as_text=True)
    assert "safety.yaml" in shown
    assert "第 5 行" in shown
    assert "maybe" in shown


def test_the_mistakes_of_a_file_that_is_no_bank_file_are_nowhere(browse: Browse, ticker: Ticker) -> None:
    editor = browse("editor")
    page = upload_page(editor, ROWS)
    assert ticker.run()
    assert editor.get(page.replace("uploads", "import")).status_code == 404


def test_a_bank_file_has_no_page_of_what_was_read(browse: Browse, ticker: Ticker) -> None:
    editor = browse("editor")
    editor.upload(BANK.replace("answer: false", "answer: maybe"), "safety.yaml")
    assert ticker.run()
    for page in ("/admin/banks/uploads/1", "/admin/banks/uploads/1/doubts"):
        assert editor.get(page).status_code == 404
    assert ticker.idle


def test_a_plan_says_that_what_it_would_retire_may_be_what_could_not_be_read(browse: Browse) -> None:
    editor = browse("editor")
    page = editor.upload(ROWS, "题目.csv").request.path
    first = editor.post(page, **NEW)
    assert "无法读取" not in first.get_data(as_text=True)
    editor.post(first.request.path)
    page = editor.upload(ROWS.replace(",B\n", ",E\n"), "题目.csv").request.path
    again = editor.post(page, **NEW | {"bank": "safety", "title": "", "slug": ""}).get_data(as_text=True)
    assert "文件中有 1 道试题无法读取。如果它" in again


def test_a_name_that_no_bank_can_have_is_refused_before_any_task(browse: Browse, ticker: Ticker) -> None:
    editor = browse("editor")
    page = upload_page(editor, ROWS)
    assert ticker.run()
    refused = editor.post(page, **NEW | {"title": "机密★1年"})
    assert refused.status_code == 422
    assert "国家秘密标志" in refused.get_data(as_text=True)
    assert ticker.idle
