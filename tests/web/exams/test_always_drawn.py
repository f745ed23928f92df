"""Questions that are always drawn, in the form of an exam."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams.models import Exam, ExamRevision
from studyhub.questions.models import Bank
from tests.factories import exams

from .conftest import FIELDS, PUBLISHED, Headers, confirmed, errors, text


@pytest.mark.usefixtures("hall")
class TestAlwaysDrawn:
    """Questions that are always drawn are found by their words and called by their beginning."""

    def test_they_are_found_by_words_and_ticked(self, client: FlaskClient, admin: Headers) -> None:
        looking = {**FIELDS, "sections-0-must": "", "sections-0-look_for": "题目 q7", "find_question": "0"}
        page = text(client.post("/admin/exams/new", data=looking, headers=admin))
        found = re.findall(
            r'<input class[^>]*name="sections-0-must"[^>]*value="(.*?)">\s*<label[^>]*>(.*?)</label>', page
        )
        assert found == [("bank/q7", "题目 q7 <code>bank/q7</code>")]
        ticked = {**FIELDS, "sections-0-must": ["bank/q7"], **PUBLISHED}
        assert confirmed(client, "/admin/exams/new", ticked, admin).status_code == 302
        shown = text(client.get("/admin/exams/new-one", headers=admin))
        assert "题目 q7 <code>bank/q7</code>" in shown
        assert "题目 q7 <code>bank/q7</code>" in text(client.get("/admin/exams/new-one/edit", headers=admin))

    def test_ids_that_were_typed_and_not_ticked_count_as_well(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        typed = {**FIELDS, "sections-0-must": ["bank/q3"], "sections-0-look_for": "q4, q5", **PUBLISHED}
        assert confirmed(client, "/admin/exams/new", typed, admin).status_code == 302
        with database.read() as session:
            definition = session.scalars(
                select(ExamRevision.definition).order_by(ExamRevision.id.desc())
            ).first()
        assert '"must":["bank/q3","bank/q4","bank/q5"]' in str(definition)

    @pytest.mark.parametrize(("words", "said"), [("题目 q7", "请勾选"), ("没有这种题", "没有找到")])
    def test_what_was_only_looked_for_is_not_saved_unseen(
        self, client: FlaskClient, admin: Headers, database: Database, words: str, said: str
    ) -> None:
        looking = {**FIELDS, "sections-0-look_for": words, **PUBLISHED}
        page = text(client.post("/admin/exams/new", data=looking, headers=admin), 422)
        assert said in errors(page)["sections-0-look_for"]
        with database.read() as session:
            assert session.scalars(select(Exam.slug)).all() == ["quiz"]

    def test_nothing_is_found_in_banks_above_the_clearance(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        with database.write() as session:
            session.execute(update(Bank).values(level=exams.Level.RESTRICTED))
        looking = {**FIELDS, "sections-0-look_for": "题目 q7", "find_question": "0"}
        page = text(client.post("/admin/exams/new", data=looking, headers=admin), 422)
        assert "题目 q3" not in page
        assert "题目 q7 <code>" not in page
