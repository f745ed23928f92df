"""An exam can be sat and handed in without JavaScript: the paper is one form, and only changes are saved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.exams.models import AnswerJournal, Attempt
from studyhub.exams.states import AttemptState
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = Callable[[str], dict[str, str]]
WHOLE = [
    exams.single("s"),
    exams.multiple("m"),
    exams.truefalse("t"),
    exams.blank("b"),
    exams.number("n"),
    exams.match("p"),
    exams.order("o"),
    exams.essay("e"),
    exams.passage("x"),
]
FIELD = re.compile(r'name="((?:seq|shown)-\d+|epoch)" value="([^"]*)"')


class Desk:
    """A member at a browser without JavaScript."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers
        self.paper = ""
        self.fields: dict[str, str] = {}

    def start(self) -> TestResponse:
        begun = self.client.post("/exams/quiz/start", headers=self.headers)
        self.paper = begun.location
        return self.open()

    def open(self, paper: str = "") -> TestResponse:
        self.paper = paper or self.paper
        page = self.client.get(self.paper, headers=self.headers)
        self.fields = {name: unescape(value) for name, value in FIELD.findall(page.get_data(as_text=True))}
        return page

    def post(self, answers: dict[str, Any], to: str = "") -> TestResponse:
        """Post the page as it was opened, with these controls filled in."""
        return self.client.post(f"{self.paper}{to}", data={**self.fields, **answers}, headers=self.headers)

    def stored(self) -> dict[str, Any]:
        attempt = self.client.get(f"/api/v1{self.paper}", headers=self.headers).get_json()
        return {position: each["answer"] for position, each in attempt["answers"].items()}


@pytest.fixture
def hall(database: Database, now: datetime) -> None:
    """Member m1 and an exam of one question of each type, in the order of WHOLE."""
    with database.write() as session:
        root = organization.branch(session, "root", now)
        organization.member(session, "m1", organization.branch(session, "home", now, parent=root), now)
        organization.member(session, "m2", organization.branch(session, "away", now, parent=root), now)
        exams.bank(session, "bank", WHOLE, now)
        sections = [
            {"title": question["type"], "draw": 1, "from": ["bank"], "where": {"type": question["type"]}}
            for question in WHOLE
        ]
        pinned = {"questions": False, "options": False}
        exams.exam(session, now, sections=sections, shuffle=pinned, attempts="2")


@pytest.fixture
def desk(client: FlaskClient, bearer: Headers, hall: None) -> Desk:
    return Desk(client, bearer("m1"))


def test_every_question_stands_on_the_page_with_its_printed_rule(desk: Desk) -> None:
    page = desk.start().get_data(as_text=True)
    assert page.count('class="question ') == 11
    for rule in (
        "只有一项正确",
        "少选按比例得分，错选不得分",
        "判断对错",
        "每空分值相同",
        "允许小的误差",
        "每对分值相同",
        "顺序全对才得分",
        "由人工评阅",
    ):
        assert rule in page
    assert 'name="answer-4-2"' in page
    assert 'inputmode="decimal"' in page
    assert "米" in page
    # The text of the passage is there for each of its questions; a script shows one at a time.
    assert page.count("材料 <strong>x</strong>") == 3
    assert page.count('class="material scripted-only"') == 2


def test_a_posted_paper_saves_every_type(desk: Desk) -> None:
    desk.start()
    given = {
        "answer-1": "B", "answer-2": ["A", "C"], "answer-3": "false",
        "answer-4-1": "一", "answer-4-2": "贰", "answer-5": "3.14",
        "answer-6-1": "B", "answer-6-3": "D", "answer-7-A": "2", "answer-7-C": "1",
        "answer-8": "先核实。\r\n再报告。", "answer-9": "A",
    }  # fmt: skip
    assert desk.post(given).status_code == 303
    assert desk.stored() == {
        "1": "B", "2": ["A", "C"], "3": False, "4": ["一", "贰"], "5": "3.14",
        "6": {"1": "B", "3": "D"}, "7": ["C", "A", "B", "D"],
        "8": "先核实。\n再报告。", "9": "A",
    }  # fmt: skip
    assert "已保存" in desk.open().get_data(as_text=True)


def test_only_what_changed_is_saved_with_the_next_seq(desk: Desk, database: Database) -> None:
    desk.start()
    desk.post({"answer-1": "B", "answer-3": "true"})
    desk.open()
    desk.post({"answer-1": "C", "answer-3": "true"})
    with database.read() as session:
        rows = session.execute(
            select(AnswerJournal.position, AnswerJournal.seq).order_by(AnswerJournal.n)
        ).all()
    assert [tuple(row) for row in rows] == [(1, 1), (3, 1), (1, 2)]


def test_an_answer_is_cleared_by_its_button(desk: Desk) -> None:
    desk.start()
    desk.post({"answer-1": "B"})
    desk.open()
    desk.post({"answer-1": "B", "clear": "1"})
    assert desk.stored() == {"1": None}


def test_whose_answer_was_cleared_goes_on_at_its_question(desk: Desk) -> None:
    desk.start()
    desk.post({"answer-3": "true"})
    desk.open()
    assert desk.post({"answer-3": "true", "clear": "3"}).location == f"{desk.paper}#q3"
    desk.open()
    assert desk.post({"answer-3": "true", "clear": "elsewhere"}).location == desk.paper


def test_the_stored_answers_are_on_the_page_again(desk: Desk) -> None:
    desk.start()
    desk.post({"answer-1": "B", "answer-4-1": '"引号" <b>'})
    page = desk.open().get_data(as_text=True)
    assert re.search(r'value="B"\s+data-answer\s+data-key="B"\s+checked', page)
    assert 'value="&#34;引号&#34; &lt;b&gt;"' in page
    assert json.loads(desk.fields["shown-4"]) == ['"引号" <b>', ""]


def test_what_was_joined_and_ordered_is_on_the_page_again_and_two_at_one_place_are_refused(
    desk: Desk,
) -> None:
    desk.start()
    desk.post({"answer-6-2": "A", "answer-7-B": "1"})
    page = desk.open().get_data(as_text=True)
    assert re.search(r'data-answer="2">\s+<option value="">.*\s+<option value="A" selected>', page)
    assert json.loads(desk.fields["shown-6"]) == {"2": "A"}
    assert json.loads(desk.fields["shown-7"]) == ["B", "A", "C", "D"]
    same = {"answer-6-2": "A", "answer-7-A": "1", "answer-7-B": "1"}
    refused = desk.post(same)
    assert refused.status_code == 409
    assert "A – 1；B – 1" in refused.get_data(as_text=True)
    assert "有两项填了同一个位置" in refused.get_data(as_text=True)
    assert desk.stored() == {"6": {"2": "A"}, "7": ["B", "A", "C", "D"]}


def test_an_old_page_after_a_take_over_saves_nothing_and_shows_what_it_could_not_save(
    desk: Desk, database: Database
) -> None:
    desk.start()
    other = Desk(desk.client.application.test_client(), desk.headers)
    other.open(desk.paper)
    assert other.post({}, "/takeover").status_code == 303
    refused = desk.post({"answer-1": "D", "answer-4-1": "支部党员大会"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "支部党员大会" in page
    assert "在本设备上继续" in page
    assert desk.stored() == {}
    with database.read() as session:
        assert [str(each) for each in session.scalars(select(AnswerJournal.outcome))] == ["taken_over"] * 2


def test_who_opens_it_elsewhere_is_first_asked_to_continue_there(desk: Desk) -> None:
    desk.start()
    other = Desk(desk.client.application.test_client(), desk.headers)
    page = other.open(desk.paper).get_data(as_text=True)
    assert re.search(r'data-part="writing"\s+hidden', page)
    other.post({}, "/takeover")
    assert not re.search(r'data-part="writing"\s+hidden', other.open().get_data(as_text=True))
    assert other.fields["epoch"] == "2"


def test_handing_in_leads_over_the_answer_sheet_to_the_result(desk: Desk) -> None:
    desk.start()
    to_sheet = desk.post({"answer-1": "B", "then": "sheet"})
    assert to_sheet.location.endswith("/sheet")
    sheet = desk.client.get(to_sheet.location, headers=desk.headers).get_data(as_text=True)
    assert "还有 10 题未答" in sheet
    for position in (2, 3, 4, 5, 6, 7):
        assert f'aria-label="第 {position} 题"' in sheet
    assert "swatch unsaved" not in sheet, "without a script nothing is ever waiting to be saved"
    handed_in = desk.post({}, "/submit")
    assert handed_in.location.endswith("/review")
    assert "1<span" in desk.client.get(handed_in.location, headers=desk.headers).get_data(as_text=True)
    assert desk.open().location.endswith("/review")


def test_a_whole_paper_is_answered_and_handed_in_by_form_posts_and_its_mark_shown(desk: Desk) -> None:
    desk.start()
    asked = desk.client.get(f"/api/v1{desk.paper}", headers=desk.headers).get_json()["questions"]

    def key_of(position: int, among: str, text: str) -> str:
        return next(str(each["key"]) for each in asked[position - 1][among] if text in each["html"])

    given = {"answer-1": key_of(1, "options", "乙"), "answer-3": "true", "answer-5": "3.14"}
    given |= {"answer-4-1": "一", "answer-4-2": "贰"}
    given |= {f"answer-6-{key_of(6, 'left', f'左{n}')}": key_of(6, "right", f"右{n}") for n in "一二三"}
    given |= {f"answer-7-{key_of(7, 'items', text)}": str(n) for n, text in enumerate("先次再末", 1)}
    both = {"answer-2": [key_of(2, "options", text) for text in "甲丙"]}
    desk.post({**given, **both, "then": "sheet"})
    result = desk.client.get(desk.post({}, "/submit").location, headers=desk.headers).get_data(as_text=True)
    mark = sum(each["points"] for each in asked[:7])
    assert f'<div class="num">{mark:g}<span' in result


def test_an_old_page_does_not_hand_in_what_another_device_writes(desk: Desk, database: Database) -> None:
    desk.start()
    Desk(desk.client.application.test_client(), desk.headers).client.post(
        f"{desk.paper}/takeover", headers=desk.headers
    )
    assert desk.post({}, "/submit").status_code == 409
    with database.read() as session:
        assert session.scalars(select(Attempt.state)).one() is AttemptState.OPEN


def test_after_the_time_nothing_is_saved_and_the_page_says_so(desk: Desk, clock: SettableClock) -> None:
    desk.start()
    desk.post({"answer-1": "B"})
    desk.open()
    clock.advance(minutes=31)
    late = desk.post({"answer-1": "C", "answer-3": "true"})
    assert late.status_code == 409
    assert "考试已经结束" in late.get_data(as_text=True)
    result = desk.client.get(f"{desk.paper}/review", headers=desk.headers).get_data(as_text=True)
    assert "成绩" in result
    assert desk.open().location.endswith("/review")


def test_a_second_start_goes_on_with_the_open_attempt(desk: Desk) -> None:
    desk.start()
    again = desk.client.post("/exams/quiz/start", headers=desk.headers)
    assert again.location == desk.paper


def test_another_members_attempt_is_not_there(desk: Desk, bearer: Headers) -> None:
    desk.start()
    headers = bearer("m2")
    for path in ("", "/sheet", "/review"):
        assert desk.client.get(f"{desk.paper}{path}", headers=headers).status_code == 404
    for path in ("", "/takeover", "/submit"):
        answer = desk.client.post(f"{desk.paper}{path}", data=desk.fields, headers=headers)
        assert answer.status_code == 404


def test_no_browser_keeps_the_paper(desk: Desk) -> None:
    assert desk.start().headers["Cache-Control"] == "no-store"
