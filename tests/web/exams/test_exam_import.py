"""Exam files on the desk: their mistakes, then their plan, then just that."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from .conftest import Headers, confirmed, text

FILE = "exam: f\ntitle: 文件\nminutes: 5\nsections:\n  - {title: 一, draw: 2, from: bank}\n"


def upload(client: FlaskClient, admin: Headers, content: str) -> TestResponse:
    data = {"file": (io.BytesIO(content.encode()), "exam.yaml")}
    return client.post("/admin/exams/import", data=data, headers=admin)


def apply_plan(client: FlaskClient, admin: Headers, page: str) -> TestResponse:
    """Send back what the page of a plan holds, as its button does."""
    hidden = re.findall(r'type="hidden" name="(definition|shown)" value="([^"]+)"', page)
    data = {name: unescape(value) for name, value in hidden}
    return client.post("/admin/exams/import", data=data, headers=admin)


@pytest.mark.usefixtures("hall")
class TestFile:
    """A file leads to its plan, and the plan into force."""

    def test_a_file_leads_to_its_plan_and_the_plan_into_force(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        page = text(upload(client, admin, FILE))
        assert "draw: 2, from: [bank]" in page
        assert client.get("/admin/exams/f", headers=admin).status_code == 404, "nothing is done before"
        assert apply_plan(client, admin, page).location == "/admin/exams/f"
        assert "没有变化" in text(upload(client, admin, FILE))
        page = text(upload(client, admin, FILE.replace("minutes: 5", "minutes: 7")))
        assert re.findall(r"<code>(\w+)</code>", page) == ["minutes"]
        apply_plan(client, admin, page)
        assert "<dd>7</dd>" in text(client.get("/admin/exams/f", headers=admin))

    def test_a_plan_says_moments_as_the_clock_here_shows_them(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        closing = FILE.replace("minutes: 5", "minutes: 5\ncloses: 2026-11-30 18:00")
        page = text(upload(client, admin, closing))
        assert ">11月30日 18:00</time>" in page
        apply_plan(client, admin, page)
        page = text(upload(client, admin, closing.replace("18:00", "08:30")))
        assert ">11月30日 18:00</time>" in page
        assert ">11月30日 08:30</time>" in page

    def test_an_exam_whose_answers_are_never_shown_says_how_to_change_that(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        page = text(upload(client, admin, FILE))
        assert "请写明 closes（结束时间）" in page
        apply_plan(client, admin, page)
        shown = text(client.get("/admin/exams/f", headers=admin))
        for act in ("draft", "published"):
            assert "党员将一直看不到" in shown
            assert "填写“结束时间”" in shown
            confirmed(client, "/admin/exams/f/state", {"state": act}, admin)
            shown = text(client.get("/admin/exams/f", headers=admin))

    def test_the_plan_that_was_shown_is_the_one_that_is_applied(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        first, second = (text(upload(client, admin, FILE.replace("5", minutes))) for minutes in "67")
        assert apply_plan(client, admin, first).status_code == 302
        refused = apply_plan(client, admin, second)
        assert refused.status_code == 409
        assert "请看新的计划" in refused.get_data(as_text=True)
        assert "<dd>6</dd>" in text(client.get("/admin/exams/f", headers=admin))

    def test_each_mistake_of_a_file_is_shown_with_its_line(self, client: FlaskClient, admin: Headers) -> None:
        faulty = FILE.replace("minutes", "minuets").replace("draw: 2", "draw: 99")
        page = text(upload(client, admin, faulty), 422)
        assert "第 3 行，第 1 列" in page
        assert "minutes" in page
        assert "minuets: 5" in page
