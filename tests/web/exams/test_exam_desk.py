"""The desk on which exams are set: the list, one exam, its preview and its extra time."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams.models import Exam
from studyhub.questions.models import Bank, QuestionRevision
from tests.conftest import SettableClock
from tests.factories import exams

from .conftest import Bearer, Headers, confirmed, hidden, text


@pytest.mark.usefixtures("hall")
class TestDesk:
    """What an admin does with an exam that is there."""

    def test_members_and_leaders_do_not_set_exams(self, client: FlaskClient, bearer: Bearer) -> None:
        for path in ("/admin/exams", "/admin/exams/new", "/admin/exams/quiz", "/admin/exams/import"):
            assert client.get(path, headers=bearer("boss")).status_code == 403

    def test_the_list_is_searched_and_sorted(self, client: FlaskClient, admin: Headers) -> None:
        assert "季度测试" in text(client.get("/admin/exams?sort=-title", headers=admin))
        assert "没有找到考试" in text(client.get("/admin/exams?q=nothing", headers=admin))

    def test_each_exam_says_how_far_it_is_and_the_list_shows_those_at_one_stage(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        with database.write() as session:
            exams.exam(session, clock.now, exam="soon", title="下个月", opens="2026-12-01 08:00")
            exams.exam(session, clock.now, exam="past", title="上个月", closes="2026-10-01 08:00")
            exams.exam(session, clock.now, exam="rough", title="没写完", state="draft")
        stages = {"open": "quiz", "upcoming": "soon", "closed": "past", "draft": "rough"}
        words = {"quiz": "进行中", "soon": "未开始", "past": "已结束", "rough": "草稿"}
        for stage, only in stages.items():
            page = text(client.get(f"/admin/exams?stage={stage}", headers=admin))
            assert re.findall(r'<a href="/admin/exams/(\w+)">', page) == [only]
            assert f">{words[only]}</span>" in page
            assert f">{words[only]}</span>" in text(client.get(f"/admin/exams/{only}", headers=admin))
        whole = text(client.get("/admin/exams?stage=nonsense", headers=admin))
        assert len(re.findall(r'<a href="/admin/exams/(quiz|soon|past|rough)">', whole)) == 4
        assert '全部 <span class="count">4</span>' in whole
        assert "已发布" not in whole
        assert 'name="stage" value="closed"' in text(client.get("/admin/exams?stage=closed", headers=admin))

    @pytest.mark.parametrize("path", ["/admin/exams", "/admin/exams/quiz", "/exams", "/exams/quiz"])
    def test_a_title_says_its_language_where_it_is_not_the_pages(
        self, client: FlaskClient, admin: Headers, path: str
    ) -> None:
        english = {**admin, "Accept-Language": "en"}
        assert '<span lang="zh">季度测试</span>' in text(client.get(path, headers=english))
        assert '<span lang="zh">' not in text(client.get(path, headers=admin))

    def test_difficulties_stand_in_a_row_as_the_readers_language_has_them(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        section = {"title": "甲", "draw": 2, "from": ["graded"], "mix": {"easy": "50%", "hard": "50%"}}
        asked = [exams.single("e", difficulty="easy"), exams.single("h", difficulty="hard")]
        with database.write() as session:
            exams.bank(session, "graded", asked, clock.now)
            exams.exam(session, clock.now, exam="mixed", sections=[section])
        assert "易 50%、难 50%" in text(client.get("/admin/exams/mixed", headers=admin))

    def test_an_exam_that_can_no_longer_be_drawn_can_still_be_withdrawn_when_it_was_asked(
        self, client: FlaskClient, admin: Headers, bearer: Bearer, database: Database
    ) -> None:
        assert client.post("/api/v1/exams/quiz/attempts", headers=bearer("m1")).status_code == 201
        with database.write() as session:
            session.execute(update(QuestionRevision).values(retired=True))
            session.execute(update(Bank).values(version=Bank.version + 1))  # as every applied plan does
        state = "/admin/exams/quiz/state"
        asked = text(client.post(state, data={"state": "draft"}, headers=admin))
        assert "撤回考试？" in asked
        assert "<dt>正在作答</dt><dd>1 人</dd>" in asked
        assert "开放时间" not in asked, "nobody can start it by these rules"
        with database.read() as session:
            assert session.scalars(select(Exam.state)).one() == "published"
        client.post(state, data=hidden(asked), headers=admin)
        client.post(state, data={"state": "published"}, headers=admin)
        page = text(client.get("/admin/exams/quiz", headers=admin))
        assert "考试设置有错误，没有作任何更改" in page, "it is said why it is not published again"
        assert "需要 5 道，题库只有 0 道" in page
        with database.read() as session:
            assert session.scalars(select(Exam.state)).one() == "draft"

    def test_a_draft_is_published_and_withdrawn(
        self, client: FlaskClient, admin: Headers, bearer: Bearer
    ) -> None:
        asked = text(client.post("/admin/exams/quiz/state", data={"state": "draft"}, headers=admin))
        assert "撤回考试？" in asked
        assert 'name="back"' not in asked, "there is no form to go back to: it would withdraw"
        assert re.search(r'href="/admin/exams/quiz"[^>]*>\s*取消', asked)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 200
        confirmed(client, "/admin/exams/quiz/state", {"state": "draft"}, admin)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 404
        confirmed(client, "/admin/exams/quiz/state", {"state": "published"}, admin)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 200

    def test_the_preview_shows_a_paper_with_its_key(self, client: FlaskClient, admin: Headers) -> None:
        first = text(client.get("/admin/exams/quiz/preview?seed=5", headers=admin))
        assert first.count('class="right"') == 5
        assert "预计平均" in first
        assert "每个人拿到的试卷各不相同" in first

    def test_extra_time_is_given_and_shown(self, client: FlaskClient, admin: Headers) -> None:
        client.post("/admin/exams/quiz/extra-time", data={"member_no": "m1", "minutes": "15"}, headers=admin)
        assert "陈玉梅" in text(client.get("/admin/exams/quiz", headers=admin))
        unknown = {"member_no": "nobody", "minutes": "15"}
        client.post("/admin/exams/quiz/extra-time", data=unknown, headers=admin)
        assert "没有编号为“nobody”的党员" in text(client.get("/admin/exams/quiz", headers=admin))
