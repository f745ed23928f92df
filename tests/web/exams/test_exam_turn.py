"""What is stored of an exam, and in whose turn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams import checking, feasibility
from studyhub.exams.models import Exam
from studyhub.questions.models import Bank
from studyhub.web.transaction import open_session
from tests.conftest import SettableClock

from .conftest import FIELDS, PUBLISHED, Headers, confirmed, errors, hidden, text


@pytest.mark.usefixtures("hall")
class TestTurn:
    """An exam is checked outside the write turn, and stored only while what was checked still holds."""

    @pytest.fixture
    def turns(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        """For each matching that is done, whether a write turn was open."""
        seen: list[bool] = []
        assign = feasibility.assign

        def watched(*given: Any) -> Any:
            seen.append(open_session().info.get("can_begin_again") is not None)  # type: ignore[union-attr]
            return assign(*given)

        monkeypatch.setattr(feasibility, "assign", watched)
        return seen

    def test_it_is_matched_once_and_outside_the_turn(
        self, client: FlaskClient, admin: Headers, turns: list[bool]
    ) -> None:
        client.post("/admin/exams/new", data={**FIELDS, "draft": "1"}, headers=admin)
        assert turns == [False]

    @pytest.mark.parametrize("act", ["form", "state"])
    def test_a_bank_that_changed_after_the_check_is_said_and_nothing_is_stored(
        self,
        client: FlaskClient,
        admin: Headers,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
        act: str,
    ) -> None:
        form = {**FIELDS, "draft": "1"}
        client.post("/admin/exams/new", data=form, headers=admin)
        shown = hidden(text(client.get("/admin/exams/new-one/publish", headers=admin)))
        check = checking.check

        def overtaken(*given: Any) -> Any:
            checked = check(*given)
            monkeypatch.setattr(checking, "check", check)
            with database.write() as session:
                session.execute(update(Bank).values(version=Bank.version + 1))
            return checked

        monkeypatch.setattr(checking, "check", overtaken)
        if act == "form":
            edit = "/admin/exams/new-one/edit"
            changed = {**form, "title": "另一个标题"}
            page = text(client.post(edit, data=changed, headers=admin), 409)
            assert 'value="另一个标题"' in page, "what was typed is still there"
        else:
            client.post("/admin/exams/new-one/state", data=shown, headers=admin)
            page = text(client.get("/admin/exams/new-one", headers=admin))
        assert "题库" in re.findall(r'role="alert".*?</div>', page, re.S)[0]
        with database.read() as session:
            exam = session.scalars(select(Exam).where(Exam.slug == "new-one")).one()
            assert (exam.title, exam.state, exam.revision) == ("新考试", "draft", 1)

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        edit = "/admin/exams/new-one/edit"
        confirmed(client, "/admin/exams/new", {**FIELDS, **PUBLISHED}, admin)
        since = {
            "since": re.findall(r'name="since"[^>]* value="(\d+)"', text(client.get(edit, headers=admin)))[0]
        }
        first, second = ({**FIELDS, **since, "title": title, **PUBLISHED} for title in ("先到", "后到"))
        shown = text(client.post(edit, data=second, headers=admin))
        assert confirmed(client, edit, first, admin).status_code == 302
        page = text(client.post(edit, data=hidden(shown), headers=admin), 409)
        assert 'value="后到"' in page
        with database.read() as session:
            assert session.scalars(select(Exam.title).where(Exam.slug == "new-one")).one() == "先到"
        since = {"since": re.findall(r'name="since"[^>]* value="(\d+)"', page)[0]}
        again = {**FIELDS, **since, "title": "后到", **PUBLISHED}
        assert confirmed(client, edit, again, admin).status_code == 302

    def test_a_new_exam_never_takes_the_place_of_another(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        form = {**FIELDS, "since": "0", "exam": "quiz", **PUBLISHED}
        page = text(client.post("/admin/exams/new", data=form, headers=admin), 422)
        assert "已有" in errors(page)["exam"]
        with database.read() as session:
            assert session.scalars(select(Exam.title)).one() == "季度测试"
