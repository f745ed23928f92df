"""The fix-it desk: a doubtful question beside its words, a decision for each, rules for the next upload."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from studyhub.questions import queries
from studyhub.questions.models import BankUpload
from tests.factories import organization as make
from tests.factories import word
from tests.factories.items import PIXEL

TEXT = """一、多选题
1. 属于水果的有（ ）
A. 苹果
B. 白菜
答案：A
2. 属于蔬菜的有（ ）
A. 苹果
B. 白菜
答案：B
二、单选题
3. 首都是（ ）
A. 上海
B. 北京
三、判断题
4. 地球是圆的。（√）
四、连线题
5. 连一连
"""
ONE = "1. 属于水果的有（ ）\nA. 苹果\nB. 白菜\n答案：A"
NEW = {"bank": "", "title": "常识", "slug": "sense", "language": "zh", "level": "internal"}


@pytest.fixture(autouse=True)
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        home = make.branch(session, "b1", now, parent=make.branch(session, "city", now))
        for name in ("editor", "other"):
            make.grant(session, make.member(session, name, home, now), Role.EDITOR, now)


class Person:
    """An editor with an upload on the desk."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers
        self.upload = ""

    def bring(self, text: str = TEXT) -> Person:
        fields = {"file": (BytesIO(text.encode()), "题库.txt")}
        self.upload = self.post("/admin/banks/import", fields).request.path
        return self

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, headers=self._headers)

    def post(self, path: str, fields: dict[str, Any]) -> TestResponse:
        return self._client.post(path, headers=self._headers, data=fields, follow_redirects=True)

    @property
    def desk(self) -> str:
        return self.get(f"{self.upload}/doubts").get_data(as_text=True)

    def decide(self, verdict: str, **fields: str) -> str:
        found = re.search(r'name="item" value="([0-9a-f]+)"', self.desk)
        assert found is not None
        given = {"item": found[1], "verdict": verdict, **fields}
        return self.post(f"{self.upload}/doubts", given).get_data(as_text=True)

    def taken(self, database: Database) -> list[tuple[str, Any]]:
        """The questions of the bank that the upload becomes: type and answer of each."""
        plan = self.post(self.upload, NEW)
        self.post(plan.request.path, {})
        with database.read() as session:
            bank = queries.whole_bank(session, "sense")
        assert bank is not None
        return [(question.type, question.written["answer"]) for question in bank.questions]


@pytest.fixture
def person(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Callable[[str], Person]:
    return lambda name: Person(client, bearer(name))


def test_the_report_leads_to_the_desk_where_each_question_stands_beside_its_words(
    person: Callable[[str], Person],
) -> None:
    editor = person("editor").bring()
    assert f'href="{editor.upload}/doubts"' in editor.get(editor.upload).get_data(as_text=True)
    assert "还有 4 题没有处理" in editor.get(editor.upload).get_data(as_text=True)
    assert ONE in editor.desk
    assert "正确选项只有一个" in editor.desk
    assert "已处理 0/4" in editor.desk


def test_a_guess_is_accepted_another_reading_chosen_a_question_typed_and_one_left_out(
    person: Callable[[str], Person], database: Database
) -> None:
    editor = person("editor").bring()
    editor.decide("accept")
    editor.decide("choose:single")
    editor.decide("choose:answer_B")
    editor.decide("edit", text="5. 连线就是（ ）\nA. 画线\nB. 写字\n答案：A")
    assert "没有待处理的试题了" in editor.desk
    assert editor.taken(database) == [
        ("multiple", ["A"]),
        ("single", "B"),
        ("single", "B"),
        ("truefalse", True),
        ("single", "A"),
    ]


def test_what_is_left_out_stays_out_and_the_report_says_by_whom(
    person: Callable[[str], Person], database: Database
) -> None:
    editor = person("editor").bring()
    for _ in range(4):
        editor.decide("leave")
    assert "在处理存疑试题时已舍去" in editor.get(editor.upload).get_data(as_text=True)
    assert editor.taken(database) == [("truefalse", True)]


def test_what_nobody_decided_stays_as_it_was_read(
    person: Callable[[str], Person], database: Database
) -> None:
    assert person("editor").bring().taken(database) == [
        ("multiple", ["A"]),
        ("multiple", ["B"]),
        ("truefalse", True),
    ]


def test_what_is_typed_is_refused_while_it_is_no_question(person: Callable[[str], Person]) -> None:
    editor = person("editor").bring()
    page = editor.decide("edit", text="1. 还是没有答案（ ）\nA. 甲\nB. 乙")
    assert "已处理 0/4" in page
    assert "没有找到正确答案" in page
    assert "还是没有答案" in page


def test_the_last_decision_is_taken_back(person: Callable[[str], Person]) -> None:
    editor = person("editor").bring()
    editor.decide("accept")
    assert "已处理 1/4" in editor.desk
    page = editor.post(f"{editor.upload}/doubts/undo", {}).get_data(as_text=True)
    assert "已处理 0/4" in page
    assert ONE in page
    assert "没有可以撤销的决定" in editor.post(f"{editor.upload}/doubts/undo", {}).get_data(as_text=True)


def test_a_decision_that_is_remembered_decides_the_rest_and_the_next_upload(
    person: Callable[[str], Person], database: Database
) -> None:
    editor = person("editor").bring()
    editor.decide("choose:single", remember="me")
    assert "已处理 2/4" in editor.desk
    assert "其中 1 题按规则处理" in editor.desk
    again = editor.bring(TEXT.replace("水果", "果子"))
    assert "已处理 2/4" in again.desk
    assert again.taken(database)[:2] == [("single", "A"), ("single", "B")]
    assert "已处理 0/4" in person("other").bring().desk


def test_a_rule_for_all_holds_for_others_and_is_forgotten_by_anyone(
    person: Callable[[str], Person],
) -> None:
    person("editor").bring().decide("accept", remember="all")
    other = person("other").bring()
    assert "已处理 2/4" in other.desk
    rules = other.get("/admin/banks/uploads/rules").get_data(as_text=True)
    assert "多选题只有一个正确选项" in rules
    path = re.search(r'action="(/admin/banks/uploads/rules/\d+/forget)"', rules)
    assert path is not None
    assert "还没有规则" in other.post(path[1], {}).get_data(as_text=True)
    assert "已处理 0/4" in other.desk


def test_a_rule_of_ones_own_counts_before_one_for_all(
    person: Callable[[str], Person], database: Database
) -> None:
    person("other").bring().decide("leave", remember="all")
    editor = person("editor")
    path = editor.bring().upload
    page = editor.get(f"{path}/doubts").get_data(as_text=True)
    assert "已处理 2/4" in page
    first = re.search(rf'href="{path}/doubts\?item=([0-9a-f]+)"', page)
    assert first is not None
    editor.post(f"{path}/doubts", {"item": first[1], "verdict": "accept", "remember": "me"})
    assert editor.taken(database)[:2] == [("multiple", ["A"]), ("multiple", ["B"])]


def test_a_word_document_with_a_picture_goes_over_the_desk_into_a_bank(
    person: Callable[[str], Person], database: Database
) -> None:
    document = Document()
    document.add_paragraph("1. 图中是什么（ ）").add_run().add_picture(BytesIO(PIXEL))
    document.add_paragraph("A. 点\nB. 线")
    editor = person("editor")
    file = {"file": (BytesIO(word.saved(document)), "看图.docx")}
    editor.upload = editor.post("/admin/banks/import", file).request.path
    assert "没有找到正确答案" in editor.desk
    shown = re.search(r'<img src="([^"]+/files/[^"]+)"', editor.desk)
    assert shown is not None
    picture = editor.get(shown[1])
    assert (picture.data, picture.content_type) == (PIXEL, "image/png")
    assert editor.get(f"{editor.upload}/files/other.png").status_code == 404
    other = person("other")
    assert other.get(shown[1]).status_code == 404
    editor.decide("choose:answer_A")
    assert editor.taken(database) == [("single", "A")]
    with database.read() as session:
        bank = queries.whole_bank(session, "sense")
    assert bank is not None
    assert "![](media:" in bank.questions[0].prompt


def test_which_option_is_right_is_never_a_rule(person: Callable[[str], Person]) -> None:
    editor = person("editor").bring("1. 首都是（ ）\nA. 上海\nB. 北京\n")
    editor.decide("choose:answer_B", remember="all")
    assert "还没有规则" in editor.get("/admin/banks/uploads/rules").get_data(as_text=True)


def test_the_uploads_and_rules_of_others_are_not_there(person: Callable[[str], Person]) -> None:
    editor = person("editor").bring()
    editor.decide("accept", remember="me")
    rules = editor.get("/admin/banks/uploads/rules").get_data(as_text=True)
    forget = re.search(r'action="(/admin/banks/uploads/rules/\d+/forget)"', rules)
    assert forget is not None
    other = person("other")
    for path in (f"{editor.upload}/doubts", f"{editor.upload}/doubts?item=0"):
        assert other.get(path).status_code == 404
    assert other.post(forget[1], {}).status_code == 404
    assert other.post(f"{editor.upload}/doubts/undo", {}).status_code == 404
    assert editor.post(f"{editor.upload}/doubts", {"item": "0", "verdict": "accept"}).status_code == 404


REFUSED = """1. 首都是哪里？
A. 上海
B. 北京
答案：B
2. 机密★1年 下列哪一个是水果？
A. 苹果
B. 白菜
答案：A
"""


def test_what_the_checker_refuses_is_mended_on_the_desk(
    person: Callable[[str], Person], database: Database
) -> None:
    editor = person("editor").bring(REFUSED)
    assert "还有 1 题没有处理" in editor.get(editor.upload).get_data(as_text=True)
    desk = editor.desk
    assert "2. 机密★1年" in desk
    assert "国家秘密标志" in desk
    assert '<details class="edit" open>' in desk
    assert 'value="accept"' not in desk
    editor.decide("edit", text="2. 下列哪一个是水果？\nA. 苹果\nB. 白菜\n答案：A")
    assert "没有待处理的试题了" in editor.desk
    assert "还有" not in editor.get(editor.upload).get_data(as_text=True)
    assert editor.taken(database) == [("single", "B"), ("single", "A")]


def test_what_the_checker_refuses_and_nobody_mends_stays_out_with_its_reason(
    person: Callable[[str], Person], database: Database
) -> None:
    editor = person("editor").bring(REFUSED)
    editor.decide("leave")
    assert editor.taken(database) == [("single", "B")]
    other = person("other").bring(REFUSED)
    report = other.get(other.upload).get_data(as_text=True)
    assert "国家秘密标志" in report.split('id="skipped"')[1]


def test_the_report_is_read_once_for_what_is_decided(
    person: Callable[[str], Person], database: Database
) -> None:
    editor = person("editor").bring()

    def said() -> str:
        page = editor.get(editor.upload).get_data(as_text=True).split("<main")[1]
        return re.sub(r'name="csrf_token" value="[^"]+"', "", page)  # a token tells when it was made

    first = said()
    with database.write() as session:
        session.execute(update(BankUpload).values(packed=zlib.compress(REFUSED.encode())))
    assert said() == first
    editor.decide("leave")
    assert said() != first
