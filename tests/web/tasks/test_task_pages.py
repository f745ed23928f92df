"""Whoever started long work sees how far it is, and where it led."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from studyhub.app import TASKS
from studyhub.db.database import Database
from studyhub.tasks import operations
from studyhub.tasks.models import Task
from studyhub.tasks.views import PAGES_KEY, TaskPage
from tests.factories import organization as make

Headers = Callable[[str], dict[str, str]]


@pytest.fixture
def task(app: Flask, database: Database, now: datetime) -> Task:
    """A queued task of member m1; m2 is somebody else."""
    with database.write() as session:
        root = make.branch(session, "city", now)
        home = make.branch(session, "b1", now, parent=root)
        owner = make.member(session, "m1", home, now)
        make.member(session, "m2", home, now)
        return operations.enqueue(session, "test", {}, created_by=owner.id, now=now)


def test_progress_is_shown_to_who_started_it(
    client: FlaskClient, bearer: Headers, task: Task, database: Database, now: datetime
) -> None:
    with database.write() as session:
        operations.claim(session, now)
        operations.report(session, task.id, 30, 40, now)
    page = client.get(f"/tasks/{task.id}", headers=bearer("m1")).get_data(as_text=True)
    assert "30 / 40" in page
    assert 'value="30"' in page
    assert 'max="40"' in page


def test_a_failure_says_what_to_do(
    client: FlaskClient, bearer: Headers, task: Task, database: Database, now: datetime
) -> None:
    with database.write() as session:
        operations.claim(session, now)
        operations.fail(session, task.id, {"code": "task_lost"}, now)
    page = client.get(f"/tasks/{task.id}", headers=bearer("m1")).get_data(as_text=True)
    assert "重新开始" in page


def test_another_members_task_is_not_there(client: FlaskClient, bearer: Headers, task: Task) -> None:
    headers = bearer("m2")
    assert client.get(f"/tasks/{task.id}", headers=headers).status_code == 404
    assert client.get(f"/api/v1/tasks/{task.id}", headers=headers).status_code == 404


def test_a_program_sees_state_and_progress(client: FlaskClient, bearer: Headers, task: Task) -> None:
    answer = client.get(f"/api/v1/tasks/{task.id}", headers=bearer("m1")).get_json()
    assert answer == {
        "id": task.id, "kind": "test", "state": "queued",
        "done": 0, "total": None, "result": None, "failure": None,
    }  # fmt: skip


@pytest.fixture
def every_kind(app: Flask) -> Mapping[str, TaskPage]:
    pages: Mapping[str, TaskPage] = app.extensions[PAGES_KEY]
    return pages


EXAMPLES = {
    "verify_trail": ({}, {"whole": True, "sealed": 12, "waiting": 0, "overdue": 0, "broken": None}),
    "bank_bulk": ({"slug": "cyber"}, {"bank": "cyber", "changed": 7, "version": 3}),
    "bank_undo": ({"slug": "cyber", "version": 3}, {"bank": "cyber", "done": 7, "kept": 0}),
    "bank_import": (
        {"plan_id": 5},
        {"bank": "cyber", "created": 1, "changed": 2, "retired": 3, "unchanged": 4, "questions": 7},
    ),
    "bank_checking": ({"upload_id": 7}, {"upload_id": 7, "errors": 3}),
    "bank_reading": ({"upload_id": 6}, {"upload_id": 6, "read": 120, "taken": 118}),
    "bank_planning": ({"upload_id": 6, "head": {}}, {"plan_id": 8}),
    "bank_export": ({"slug": "cyber", "form": "docx"}, {"bank": "cyber", "made_id": 9}),
    "courses.check_upload": ({}, {"task": 9, "faults": []}),
    "members_import": ({"kind": "members", "staged_id": 4}, {"rows": 1700, "left_out": [12, 15]}),
    "branches_import": ({"kind": "branches", "staged_id": 4}, {"rows": 9, "left_out": []}),
}
"""By kind: what it was asked to do, and what came of it."""

WAYS = {
    "verify_trail": ("/admin/audit", "/admin/audit", "12 条记录的封存均完好"),
    "bank_bulk": ("/admin/banks/cyber", "/admin/banks/cyber/changes/3", "已修改 7 道"),
    "bank_undo": ("/admin/banks/cyber", "/admin/banks/cyber/changes", "已撤销 7 道"),
    "bank_import": ("/admin/banks", "/admin/banks/cyber", "新增 1"),
    "bank_checking": ("/admin/banks/import", "/admin/banks/import/7", ""),
    "bank_reading": ("/admin/banks/import", "/admin/banks/uploads/6", ""),
    "bank_planning": ("/admin/banks/uploads/6", "/admin/banks/plans/8", ""),
    "bank_export": ("/admin/banks/cyber/export?to=docx", "/admin/banks/cyber/exports/9", ""),
    "courses.check_upload": ("/admin/courses", "/admin/courses/import/9", ""),
    "members_import": ("/admin/members", "/admin/members", "以下行未导入：12、15"),
    "branches_import": ("/admin/branches", "/admin/branches", "9 行已生效"),
}
"""By kind: where it was begun, where it leads on to, and what it says came of it."""


def test_every_kind_of_task_says_where_it_was_begun_and_what_comes_next(
    every_kind: Mapping[str, TaskPage],
) -> None:
    assert every_kind.keys() == WAYS.keys() == EXAMPLES.keys() == TASKS.keys()


@pytest.mark.parametrize("kind", WAYS)
def test_a_task_leads_back_while_it_runs_and_on_when_it_is_done(
    client: FlaskClient,
    bearer: Headers,
    task: Task,
    database: Database,
    now: datetime,
    kind: str,
    every_kind: Mapping[str, TaskPage],
) -> None:
    payload, result = EXAMPLES[kind]
    back, onward, told = WAYS[kind]
    with database.write() as session:
        assert task.created_by is not None
        begun = operations.enqueue(session, kind, payload, created_by=task.created_by, now=now)
        session.execute(delete(Task).where(Task.id == task.id))
        operations.claim(session, now)
    place = f"/tasks/{begun.id}"
    assert f'href="{back}"' in client.get(place, headers=bearer("m1")).get_data(as_text=True)
    with database.write() as session:
        operations.finish(session, begun.id, result, now)
    answer = client.get(place, headers=bearer("m1"))
    if every_kind[kind].goes_on:
        assert answer.headers["Location"] == onward
        return
    page = answer.get_data(as_text=True)
    assert f'href="{onward}"' in page
    assert f'href="{back}"' in page
    assert told in page


def test_what_only_prepares_goes_on_by_itself_and_what_changed_something_says_so(
    every_kind: Mapping[str, TaskPage],
) -> None:
    assert {kind for kind, page in every_kind.items() if page.goes_on} == {
        "bank_checking",
        "bank_export",
        "bank_planning",
        "bank_reading",
        "courses.check_upload",
    }


def test_without_a_script_a_waiting_page_asks_again(client: FlaskClient, bearer: Headers, task: Task) -> None:
    page = client.get(f"/tasks/{task.id}", headers=bearer("m1")).get_data(as_text=True)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_an_import_that_failed_leads_to_its_plan_again(
    client: FlaskClient, bearer: Headers, task: Task, database: Database, now: datetime
) -> None:
    with database.write() as session:
        by = task.created_by
        begun = operations.enqueue(session, "bank_import", {"plan_id": 5}, created_by=by, now=now)
        session.execute(delete(Task).where(Task.id == task.id))
        operations.claim(session, now)
        operations.fail(session, begun.id, {"code": "task_lost"}, now)
    page = client.get(f"/tasks/{begun.id}", headers=bearer("m1")).get_data(as_text=True)
    assert 'href="/admin/banks/plans/5"' in page


def test_a_trail_that_is_not_whole_is_said_at_once(
    client: FlaskClient, bearer: Headers, task: Task, database: Database, now: datetime
) -> None:
    broken = {"whole": False, "sealed": 3, "broken": {"sequence": 2, "entry": 2, "how": "changed"}}
    with database.write() as session:
        begun = operations.enqueue(session, "verify_trail", {}, created_by=task.created_by, now=now)
        session.execute(delete(Task).where(Task.id == task.id))
        operations.claim(session, now)
        operations.finish(session, begun.id, broken, now)
    assert "不完整" in client.get(f"/tasks/{begun.id}", headers=bearer("m1")).get_data(as_text=True)
