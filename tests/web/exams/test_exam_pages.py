"""What a member sees of exams before and after. Every page is written to be read without a script."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from tests.conftest import SettableClock
from tests.factories import exams

from .conftest import Bearer, text


@pytest.mark.usefixtures("hall")
class TestMember:
    """Before and after an exam."""

    def test_the_list_leads_to_the_exam_and_says_what_there_is_left(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        page = text(client.get("/exams", headers=bearer("m1")))
        assert 'href="/exams/quiz"' in page
        assert "还可考 2 次" in page

    def test_a_long_list_is_searched_and_what_has_ended_comes_in_pages(
        self, client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock
    ) -> None:
        assert 'name="q"' not in text(client.get("/exams", headers=bearer("m1")))
        with database.write() as session:
            for n in range(30):
                exams.exam(session, clock.now, exam=f"old-{n}", title=f"旧考试{n}", closes="2026-11-03 10:00")
        clock.advance(days=3)
        member = bearer("m1")
        first, second = (text(client.get(f"/exams?page={page}", headers=member)) for page in (1, 2))
        assert first.count("旧考试") == 25
        assert second.count("旧考试") == 5
        found = text(client.get("/exams?q=考试17", headers=member))
        assert "/exams/old-17" in found
        assert "/exams/quiz" not in found
        assert "没有找到考试" in text(client.get("/exams?q=nothing", headers=member))

    def test_the_exam_says_its_rules_and_offers_the_start(self, client: FlaskClient, bearer: Bearer) -> None:
        page = text(client.get("/exams/quiz", headers=bearer("m1")))
        for said in ("季度测试", "30 分钟", "60%", "共 2 次，还可考 2 次", "开始作答"):
            assert said in page

    def test_what_is_in_progress_is_continued(self, client: FlaskClient, bearer: Bearer) -> None:
        member = bearer("m1")
        client.post("/api/v1/exams/quiz/attempts", headers=member)
        assert "继续作答" in text(client.get("/exams/quiz", headers=member))

    def test_the_history_shows_what_the_policy_releases(
        self, client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock
    ) -> None:
        member = bearer("m1")
        attempt_id = client.post("/api/v1/exams/quiz/attempts", headers=member).get_json()["id"]
        client.post(f"/api/v1/attempts/{attempt_id}/submit", headers=member)
        assert "得分 0 / 5" in text(client.get("/exams/quiz", headers=member))
        with database.write() as session:
            exams.exam(session, clock.now, closes="2026-11-12 10:00", attempts=2, review={"score": "never"})
        page = text(client.get("/exams/quiz", headers=member))
        assert "得分 –" in page
        assert "合格" not in page.split("我的作答")[1]

    def test_why_it_cannot_be_started_stands_in_the_place_of_the_button(
        self, client: FlaskClient, bearer: Bearer, clock: SettableClock
    ) -> None:
        clock.advance(days=10)
        page = text(client.get("/exams/quiz", headers=bearer("m1")))
        assert "开始作答" not in page
        assert "考试已经结束" in page

    def test_of_an_exam_that_is_over_nothing_is_promised(
        self, client: FlaskClient, bearer: Bearer, clock: SettableClock
    ) -> None:
        clock.advance(days=10)
        page = text(client.get("/exams/quiz", headers=bearer("m1")))
        for promise in ("自动交卷", "公布", "还可考"):
            assert promise not in page
        assert "还可考" not in text(client.get("/exams", headers=bearer("m1")))

    def test_who_has_used_every_attempt_is_not_told_that_the_exam_can_be_taken(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        member = bearer("m1")
        for _ in range(2):
            attempt_id = client.post("/api/v1/exams/quiz/attempts", headers=member).get_json()["id"]
            client.post(f"/api/v1/attempts/{attempt_id}/submit", headers=member)
        for path in ("/exams", "/exams/quiz"):
            page = text(client.get(path, headers=member))
            assert "次数已用完" in page
            assert "可参加" not in page
            assert "还可考 0 次" not in page

    @pytest.mark.parametrize(("title", "english"), [("单选题", "Single choice"), ("第一部分", "第一部分")])
    def test_a_section_that_is_named_after_a_type_is_called_so_in_the_readers_language(
        self,
        client: FlaskClient,
        bearer: Bearer,
        database: Database,
        clock: SettableClock,
        title: str,
        english: str,
    ) -> None:
        with database.write() as session:
            exams.exam(session, clock.now, sections=[{"title": title, "draw": 2, "from": ["bank"]}])
        for language, said in (("zh", title), ("en", english)):
            page = text(client.get("/exams/quiz", headers={**bearer("m1"), "Accept-Language": language}))
            asked = page.split('id="asks"')[1]
            assert said in asked
            assert (title in asked) is (said == title)

    def test_an_exam_for_others_is_not_found(
        self, client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock
    ) -> None:
        with database.write() as session:
            exams.exam(session, clock.now, exam="theirs", for_=["away"])
        assert client.get("/exams/theirs", headers=bearer("m1")).status_code == 404
        assert "theirs" not in text(client.get("/exams", headers=bearer("m1")))

    def test_an_empty_list_says_what_to_expect(
        self, client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock
    ) -> None:
        with database.write() as session:
            exams.exam(session, clock.now, state="draft")
        assert "目前没有需要参加的考试" in text(client.get("/exams", headers=bearer("m1")))
