"""Whoever started long work sees how far it is, and where it led."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.tasks import operations
from studyhub.tasks.models import Task
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
