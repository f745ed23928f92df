"""Exam files on the desk: their mistakes, then their plan, then just that."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from .conftest import Headers, text

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
