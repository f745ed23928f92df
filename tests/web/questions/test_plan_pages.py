"""The pages of an import plan: what it says, how a long one is read, how it takes effect or is refused."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from studyhub.db.database import Database
from studyhub.questions import importing, jobs, similarity, views
from studyhub.questions.models import BankPlanFile
from studyhub.tasks import running
from studyhub.tasks.context import WorkContext
from studyhub.tasks.models import Task
from tests.factories.questions import file_text, import_bank, singles
from tests.factories.tasks import do_waiting

from .conftest import Browser

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


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


def test_a_plan_shows_old_and_new_of_what_changes_and_the_key_before_and_after(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, file_text("cyber", singles(["q1", "q2"])), now)
    another = singles(["q1", "q2"]).replace("answer: B", "answer: C", 1).replace("第q2条", "第二条")
    page = browse("editor").upload(file_text("cyber", another)).get_data(as_text=True)
    keyed, cosmetic = (
        page[page.index(f"<code>{name}</code>") :].split("</details>")[0] for name in ("q1", "q2")
    )
    assert "<del>B</del> → <ins>C</ins>" in keyed.split("</summary>")[0]
    assert "→" not in cosmetic
    assert "<del>q2</del><ins>二</ins>" in cosmetic


def test_a_new_question_of_a_plan_opens_to_its_type_its_options_and_the_answer(
    browse: Callable[[str], Browser],
) -> None:
    page = browse("editor").upload(THREE).get_data(as_text=True)
    opened = page[page.index("<code>q2</code>") :].split("</details>")[0]
    assert "单选题" in opened.split("</summary>")[0]
    right = opened[opened.index('<li class="right">') :].split("</li>")[0]
    assert '<span class="letter">B</span>' in right
    assert "乙项" in right


def test_a_large_plan_is_read_page_by_page_and_costs_no_more_statements(
    browse: Callable[[str], Browser], database: Database, now: datetime, count_statements: Any
) -> None:
    names = [f"q{number:03}" for number in range(250)]
    import_bank(database, file_text("cyber", singles(names)), now)
    another = file_text("cyber", singles(names).replace("answer: B", "answer: C"))
    editor = browse("editor")
    address = editor.upload(another).request.path
    with count_statements() as statements:
        page = editor.get(f"{address}?page=10").get_data(as_text=True)
    assert len(statements) <= 12
    assert "<code>q199</code>" in page
    assert page.count('<details class="becoming">') == 20
    assert "<code>q179</code>" not in page


def test_every_question_of_a_large_plan_is_looked_at_before_it_is_applied(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    names = [f"q{number:03}" for number in range(450)]
    import_bank(database, file_text("cyber", singles(names)), now)
    kept = singles(names[:430]).replace("answer: B", "answer: C").replace("第q429条", "第四二九条")
    another = kept + singles([f"new{number:03}" for number in range(230)])
    editor = browse("editor")
    address = editor.upload(file_text("cyber", another)).request.path
    last = editor.get(f"{address}?page=22").get_data(as_text=True)
    opened = last[last.index("<code>q429</code>") :].split("</details>")[0]
    assert "<del>B</del> → <ins>C</ins>" in opened
    assert "new229" not in last
    only = editor.get(f"{address}?kind=new&page=12").get_data(as_text=True)
    assert "<code>new229</code>" in only
    assert "<code>q" not in only[only.index('id="changes"') :]
    retired = editor.get(f"{address}?kind=retired").get_data(as_text=True)
    assert "下列哪一项属于q449" in retired
    for words, found in (("new021", "new021"), ("属于q429", "q429"), ("属于q444", "q444")):
        page = editor.get(f"{address}?q={words}").get_data(as_text=True)
        listed = page[page.index('id="changes"') :]
        assert listed.count(f"<code>{found}</code>") == 1
        assert listed.count("<code>") == 1
    assert "没有" in editor.get(f"{address}?q=nowhere").get_data(as_text=True)


@pytest.mark.parametrize("name", ["paper.txt", "cyber.yaml"])
def test_a_warning_about_many_questions_is_told_once_with_all_its_places(
    browse: Callable[[str], Browser], name: str
) -> None:
    paper = "一、判断题\n" + "".join(f"{at}. 第{at}条是对的。（ √ ）\n" for at in range(1, 16))
    bank = re.sub(" *explanation: .*\n", "", file_text("cyber", singles([f"q{at}" for at in range(1, 16)])))
    editor = browse("editor")
    page = editor.upload(paper if name == "paper.txt" else bank, name)
    if name == "paper.txt":
        page = editor.post(
            page.request.path, bank="", slug="paper", title="卷", language="zh", level="internal"
        )
    warnings = page.get_data(as_text=True).split('id="warnings"')[1]
    assert warnings.count("没有解析") == 1
    told = next(part for part in warnings.split('<li class="fault">') if "没有解析" in part)
    summary = re.sub(r"\s+", " ", told[told.index("<summary>") : told.index("</summary>")])
    places = re.findall(r"第 \d+ 行", summary)
    assert len(places) == 3
    assert "等 15 处" in summary
    opened = told[told.index("</summary>") : told.index("</details>")]
    assert len(re.findall(r"第 \d+ 行", opened)) == 15
    assert opened.count('class="source"') == (0 if name == "paper.txt" else 15)


def test_a_stale_plan_is_refused(browse: Callable[[str], Browser], database: Database, now: datetime) -> None:
    editor = browse("editor")
    plan = editor.upload(THREE)
    import_bank(database, file_text("cyber", singles(["z"])), now)
    answer = editor.post(plan.request.path)
    assert answer.status_code == 409
    assert "请重新上传文件" in answer.get_data(as_text=True)


def test_other_banks_are_searched_when_the_plan_is_made_and_not_at_each_look_at_it(
    browse: Callable[[str], Browser], database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bank(database, file_text("older", singles(["q1"])), now)
    editor = browse("editor")
    plan = editor.upload(THREE)
    monkeypatch.setattr(similarity, "pairs", lambda prompts, scope=None: [] if scope is None else 1 / 0)
    for page in (plan, editor.get(plan.request.path)):
        assert "题干与题库“older”中的“q1”相同" in page.get_data(as_text=True)


def without_tokens(page: str) -> str:
    """What the page says: the tokens of its forms say the second in which they were made."""
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', "", page.split("<main")[1])


def test_a_look_at_a_plan_reads_no_file_and_another_plan_than_the_one_shown_is_not_applied(
    browse: Callable[[str], Browser], database: Database
) -> None:
    editor = browse("editor")
    plan = editor.upload(THREE.replace("explanation: 见第q2条。", "tags: [x]"))
    before = plan.get_data(as_text=True)
    assert "没有解析" in before
    with database.write() as session:
        other = zlib.compress(THREE.replace("乙项", "别的").encode())
        session.execute(update(BankPlanFile).values(packed=other))
    again = editor.get(plan.request.path)
    assert without_tokens(again.get_data(as_text=True)) == without_tokens(before)
    assert editor.post(plan.request.path).status_code == 409
    assert editor.get("/admin/banks/cyber").status_code == 404


def test_a_large_plan_is_applied_as_a_task(
    browse: Callable[[str], Browser],
    database: Database,
    now: datetime,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    editor = browse("editor")
    plan = editor.upload(THREE).request.path
    with monkeypatch.context() as patched:  # nobody waits for a large file to be read once more
        patched.setattr(importing, "prepare", lambda doors, plan_id: 1 / 0)
        task_page = editor.post(plan)
    assert task_page.request.path.startswith("/tasks/")
    with database.read() as session:
        task = session.query(Task).one()
    context = WorkContext(settings, database, lambda: now, task.payload, task.created_by)
    assert jobs.import_bank(context)["created"] == 3
    assert editor.get("/admin/banks/cyber").status_code == 200


def test_a_large_upload_goes_from_its_page_to_its_finished_task_and_is_seen_on_its_way(
    browse: Callable[[str], Browser],
    database: Database,
    now: datetime,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "REPORT_EVERY_S", 0)
    editor, many = browse("editor"), 600
    plan = editor.upload(file_text("cyber", singles([f"q{n}" for n in range(many)])))
    assert "第 1–20 条，共 600 条" in plan.get_data(as_text=True)
    editor.post(plan.request.path)
    seen = do_waiting(database, settings, now, jobs.TASKS)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) > 3
    assert seen[-1] == (many, many)
    assert "600" in editor.get("/admin/banks/cyber").get_data(as_text=True)


def test_a_large_plan_that_was_overtaken_is_refused_before_it_becomes_a_task(
    browse: Callable[[str], Browser], database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    editor = browse("editor")
    plan = editor.upload(THREE).request.path
    import_bank(database, file_text("cyber", singles(["z"])), now)
    assert editor.post(plan).status_code == 409
    assert editor.post(plan).status_code == 409


def test_the_address_of_an_applied_plan_leads_to_its_bank(browse: Callable[[str], Browser]) -> None:
    editor = browse("editor")
    plan = editor.upload(THREE).request.path
    editor.post(plan)
    answer = editor.get(plan)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/banks/cyber")


def test_a_plan_names_what_changes_of_the_bank_itself_in_the_readers_language(
    browse: Callable[[str], Browser], database: Database, now: datetime
) -> None:
    import_bank(database, THREE, now)
    other = re.sub("^title: .*$", "title: 另一个名称\\nlevel: public", THREE, flags=re.MULTILINE)
    assert "题库本身：名称 · 级别。" in browse("editor").upload(other).get_data(as_text=True)
