"""The desk on which exams are set: the list, one exam, its preview and its extra time."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams.models import Exam
from studyhub.questions.models import Bank, QuestionRevision

from .conftest import Bearer, Headers, text


@pytest.mark.usefixtures("hall")
class TestDesk:
    """What an admin does with an exam that is there."""

    def test_members_and_leaders_do_not_set_exams(self, client: FlaskClient, bearer: Bearer) -> None:
        for path in ("/admin/exams", "/admin/exams/new", "/admin/exams/quiz", "/admin/exams/import"):
            assert client.get(path, headers=bearer("boss")).status_code == 403

    def test_the_list_is_searched_and_sorted(self, client: FlaskClient, admin: Headers) -> None:
        assert "季度测试" in text(client.get("/admin/exams?sort=-title", headers=admin))
        assert "没有找到考试" in text(client.get("/admin/exams?q=nothing", headers=admin))

    @pytest.mark.parametrize("path", ["/admin/exams", "/admin/exams/quiz", "/exams", "/exams/quiz"])
    def test_a_title_says_its_language_where_it_is_not_the_pages(
        self, client: FlaskClient, admin: Headers, path: str
    ) -> None:
        english = {**admin, "Accept-Language": "en"}
        assert '<span lang="zh">季度测试</span>' in text(client.get(path, headers=english))
        assert '<span lang="zh">' not in text(client.get(path, headers=admin))

    def test_an_exam_that_can_no_longer_be_drawn_can_still_be_withdrawn(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        with database.write() as session:
            session.execute(update(QuestionRevision).values(retired=True))
            session.execute(update(Bank).values(version=Bank.version + 1))  # as every applied plan does
        for wanted in ("draft", "published"):
            client.post("/admin/exams/quiz/state", data={"state": wanted}, headers=admin)
        page = text(client.get("/admin/exams/quiz", headers=admin))
        assert "考试设置有错误，没有作任何更改" in page, "it is said why it is not published again"
        assert "需要 5 道，题库只有 0 道" in page
        with database.read() as session:
            assert session.scalars(select(Exam.state)).one() == "draft"

    def test_a_draft_is_published_and_withdrawn(
        self, client: FlaskClient, admin: Headers, bearer: Bearer
    ) -> None:
        client.post("/admin/exams/quiz/state", data={"state": "draft"}, headers=admin)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 404
        client.post("/admin/exams/quiz/state", data={"state": "published"}, headers=admin)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 200

    def test_the_preview_shows_a_paper_with_its_key(self, client: FlaskClient, admin: Headers) -> None:
        first = text(client.get("/admin/exams/quiz/preview?seed=5", headers=admin))
        assert first.count('class="right"') == 5
        assert "预期得分" in first

    def test_extra_time_is_given_and_shown(self, client: FlaskClient, admin: Headers) -> None:
        client.post("/admin/exams/quiz/extra-time", data={"member_no": "m1", "minutes": "15"}, headers=admin)
        assert "陈玉梅" in text(client.get("/admin/exams/quiz", headers=admin))
        unknown = {"member_no": "nobody", "minutes": "15"}
        client.post("/admin/exams/quiz/extra-time", data=unknown, headers=admin)
        assert "没有编号为“nobody”的人员" in text(client.get("/admin/exams/quiz", headers=admin))
