"""A file of another format on the desk: its report on one page, then the plan of the bank that it becomes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.questions import jobs, queries
from studyhub.questions.formats.sheet_formats import XLSX_TYPE
from studyhub.tasks.context import WorkContext
from tests.factories import organization as make
from tests.factories.items import PIXEL
from tests.factories.questions import file_text, import_bank, singles

AIKEN = """哪一个口令最安全？
A. 123456
B. 长口令
ANSWER: B

哪一个不是答案？
A. 甲
B. 乙
ANSWER: Z

哪一个颜色最暖？
A. 红
B. 蓝
ANSWER: A
"""
NEW = {"bank": "", "title": "安全常识", "slug": "safety", "language": "zh", "level": "internal"}
INTO = NEW | {"title": "", "slug": ""}


@pytest.fixture(autouse=True)
def people(database: Database, now: datetime) -> None:
    with database.write() as session:
        home = make.branch(session, "b1", now, parent=make.branch(session, "city", now))
        for name in ("editor", "other"):
            make.grant(session, make.member(session, name, home, now), Role.EDITOR, now)


class Desk:
    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, headers=self._headers)

    def post(self, path: str, fields: dict[str, Any]) -> TestResponse:
        return self._client.post(path, headers=self._headers, data=fields, follow_redirects=True)

    def upload(self, data: bytes, name: str, **fields: Any) -> TestResponse:
        return self.post("/admin/banks/import", {"file": (BytesIO(data), name), **fields})


@pytest.fixture
def desk(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Desk:
    return Desk(client, bearer("editor"))


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_the_report_names_what_was_skipped_by_its_place_and_with_its_reason(desk: Desk) -> None:
    page = text_of(desk.upload(AIKEN.encode("gb18030"), "题目.txt"))
    assert "第 2 题" in page
    assert "not_an_option" not in page
    assert "答案 Z 不在选项中" in page
    assert "Aiken（纯文本）" in page


def test_a_new_bank_gets_what_the_form_says_and_the_plan_comes_before_anything_changes(
    desk: Desk, database: Database
) -> None:
    upload = desk.upload(AIKEN.encode(), "题目.txt").request.path
    plan = desk.post(upload, NEW)
    assert plan.request.path.startswith("/admin/banks/plans/")
    assert f'href="{upload}"' in text_of(plan)
    with database.read() as session:
        assert queries.whole_bank(session, "safety") is None
    assert desk.post(plan.request.path, {}).request.path == "/admin/banks/safety"
    with database.read() as session:
        whole = queries.whole_bank(session, "safety")
    assert whole is not None
    assert (whole.title, len(whole.questions)) == ("安全常识", 2)


def test_the_form_is_prefilled_with_what_the_file_says(desk: Desk) -> None:
    file = json.dumps({"bank": "fire", "title": "消防", "level": "public", "questions": [
        {"type": "truefalse", "prompt": "火是热的。", "answer": True}]}).encode()  # fmt: skip
    page = text_of(desk.upload(file, "x.json"))
    assert 'value="fire"' in page
    assert 'value="消防"' in page
    assert '<option selected value="public">' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "A B"}, "请使用小写字母、数字和连字符"),
        ({"slug": "there"}, "已有使用此标识的题库"),
        ({"slug": "import"}, "请换一个标识"),
        ({"title": " "}, "请填写。"),
        ({"title": "机密★1年"}, "国家秘密标志"),
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_keeps_the_report(
    desk: Desk, database: Database, now: datetime, wrong: dict[str, str], said: str
) -> None:
    import_bank(database, file_text("there", singles(["q1"])), now)
    upload = desk.upload(AIKEN.encode(), "a.txt").request.path
    answer = desk.post(upload, NEW | wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "第 2 题" in text_of(answer)


def chosen_bank(answer: TestResponse) -> str | None:
    found = re.search(r'<select[^>]*name="bank".*?</select>', text_of(answer), re.DOTALL)
    assert found is not None
    selected = re.search(r'<option selected value="([^"]*)"', found[0])
    return selected[1] if selected else None


def test_a_bank_is_chosen_beforehand_only_where_the_file_itself_names_it(
    desk: Desk, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("there", singles(["q1"])), now)
    named = json.dumps({"bank": "there", "title": "x", "questions": [
        {"type": "truefalse", "prompt": "火是热的。", "answer": True}]}).encode()  # fmt: skip
    assert chosen_bank(desk.upload(named, "x.json")) == "there"
    upload = desk.upload(AIKEN.encode(), "there.txt")
    assert chosen_bank(upload) in {None, ""}
    refused = desk.post(upload.request.path, {"bank": "", "slug": "there", "title": "x"})
    assert (refused.status_code, "已有使用此标识的题库" in text_of(refused)) == (422, True)


def test_a_new_bank_filled_in_beside_a_chosen_one_is_asked_about(
    desk: Desk, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("there", singles(["q1"])), now)
    upload = desk.upload(AIKEN.encode(), "a.txt").request.path
    answer = desk.post(upload, NEW | {"bank": "there"})
    assert answer.status_code == 422
    assert "下面还填写了新题库" in text_of(answer)
    assert desk.post(upload, INTO | {"bank": "there"}).status_code == 200


def test_a_bank_that_is_there_keeps_its_title_and_its_level(
    desk: Desk, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("there", singles(["q1"]), title="旧题库", more="level: public\n"), now)
    upload = desk.upload(AIKEN.encode(), "a.txt").request.path
    plan = desk.post(upload, INTO | {"bank": "there"})
    assert "旧题库" in text_of(plan)
    desk.post(plan.request.path, {})
    with database.read() as session:
        whole = queries.whole_bank(session, "there")
    assert whole is not None
    assert (whole.title, whole.level, len(whole.questions)) == ("旧题库", "public", 2)


def test_a_bank_above_ones_clearance_cannot_be_chosen(desk: Desk, database: Database, now: datetime) -> None:
    import_bank(database, file_text("sealed", singles(["q1"]), more="level: restricted\n"), now)
    upload = desk.upload(AIKEN.encode(), "a.txt")
    assert "sealed" not in text_of(upload)
    assert desk.post(upload.request.path, NEW | {"bank": "sealed"}).status_code == 422


def test_pictures_in_a_file_of_another_format_are_shown_with_their_questions(desk: Desk) -> None:
    file = {"questions": [
        {"type": "truefalse", "prompt": "图中有一个点。![点](media/one.png)", "answer": True},
        {"type": "truefalse", "prompt": "图中有一条线。![线](media/line.svg)", "answer": True}],
        "assets": {"media/one.png": base64.b64encode(PIXEL).decode(), "media/line.svg": "PHN2Zy8+"},
    }  # fmt: skip
    upload = desk.upload(json.dumps(file).encode(), "x.json")
    assert "“media/line.svg”不是可以显示的图片或声音" in text_of(upload)
    plan = desk.post(upload.request.path, NEW)
    page = text_of(desk.post(plan.request.path, {}))
    address = page.split('<img src="')[1].split('"')[0]
    assert desk.get(address).data == PIXEL


def test_a_file_whose_format_is_not_found_can_be_named(desk: Desk) -> None:
    text = "地球绕着太阳转。{T}".encode()
    assert desk.upload(b"?", "unknown.bin").status_code == 422
    assert "GIFT（Moodle）" in text_of(desk.upload(text, "x.dat", **{"from": "gift"}))


@pytest.mark.parametrize(
    ("language", "named"),
    [("zh", "Word 文档、题库文件（YAML）"), ("en", "Word document, bank file (YAML)")],
)
def test_a_file_that_holds_no_questions_is_told_by_formats_as_people_call_them(
    desk: Desk, client: FlaskClient, language: str, named: str
) -> None:
    client.set_cookie("language", language)
    told = desk.upload(PIXEL, "a.png").get_data(as_text=True)
    said = told[told.index('class="flash') :].split("</div>")[0]
    assert named in said
    assert not re.search("docx|moodle-xml|qti21", said)


def test_a_file_that_cannot_be_read_says_so_in_words(desk: Desk) -> None:
    page = text_of(desk.upload(b'{"questions": [', "x.json"))
    assert "不是正确的 JSON" in page
    assert 'href="/admin/banks/import"' in page


def test_an_upload_is_its_owners_and_is_forgotten_after_a_week(
    desk: Desk,
    client: FlaskClient,
    bearer: Callable[[str], dict[str, str]],
    database: Database,
    now: datetime,
    settings: Any,
) -> None:
    path = desk.upload(AIKEN.encode(), "a.txt").request.path
    plan = desk.post(path, NEW).request.path
    assert client.get(path, headers=bearer("other")).status_code == 404
    jobs.forget_plans(WorkContext(settings, database, lambda: now + timedelta(days=6)))
    assert desk.get(path).status_code == 200
    jobs.forget_plans(WorkContext(settings, database, lambda: now + timedelta(days=8)))
    assert (desk.get(path).status_code, desk.get(plan).status_code) == (404, 404)


def test_who_is_cleared_sees_the_bank_in_the_list(
    client: FlaskClient, bearer: Callable[[str], dict[str, str]], database: Database, now: datetime
) -> None:
    import_bank(database, file_text("sealed", singles(["q1"]), more="level: restricted\n"), now)
    with database.write() as session:
        cleared = make.member(
            session, "cleared", make.branch(session, "hq", now), now, clearance=Level.RESTRICTED
        )
        make.grant(session, cleared, Role.EDITOR, now)
    page = text_of(Desk(client, bearer("cleared")).upload(AIKEN.encode(), "a.txt"))
    assert '<option value="sealed">' in page


def test_the_template_comes_back_as_a_bank(desk: Desk) -> None:
    assert 'href="/admin/banks/template.xlsx"' in text_of(desk.get("/admin/banks/import"))
    template = desk.get("/admin/banks/template.xlsx")
    assert template.mimetype == XLSX_TYPE
    page = text_of(desk.upload(template.data, "模板.xlsx"))
    assert "Excel（XLSX）" in page
    assert 'id="skipped"' not in page


FIRST = """党支部党员大会每季度召开一次是对的吗？
A. 对
B. 错
ANSWER: A

哪一个口令最安全？
A. 短
B. 长
ANSWER: B
"""
SECOND = (
    FIRST.replace("每季度召开", "每季度要召开").replace("最安全？", "最安全?").replace("A. 短", "A. 很短")
)


def brought_in(desk: Desk, text: str, target: dict[str, str]) -> TestResponse:
    return desk.post(desk.upload(text.encode(), "a.txt").request.path, target)


def test_a_second_upload_without_ids_changes_questions_and_retires_none(
    desk: Desk, database: Database
) -> None:
    desk.post(brought_in(desk, FIRST, NEW).request.path, {})
    plan = brought_in(desk, SECOND, INTO | {"bank": "safety"})
    page = text_of(plan)
    assert "党支部党员大会每季度召开一次是对的吗？" in page
    assert "党支部党员大会每季度要召开一次是对的吗？" in page
    with database.read() as session:
        before = queries.whole_bank(session, "safety")
    desk.post(plan.request.path, {})
    with database.read() as session:
        after = queries.whole_bank(session, "safety")
    assert before is not None
    assert after is not None
    assert [question.id for question in after.questions] == [question.id for question in before.questions]
    assert "每季度要召开" in after.questions[0].prompt


def test_a_match_that_is_wrong_can_be_refused_and_the_rest_stays(desk: Desk, database: Database) -> None:
    desk.post(brought_in(desk, FIRST, NEW).request.path, {})
    with database.read() as session:
        before = queries.whole_bank(session, "safety")
    assert before is not None
    first, second = (question.id for question in before.questions)
    plan = brought_in(desk, SECOND, INTO | {"bank": "safety"})
    again = desk.post(f"{plan.request.path}/matches", {"apart": first})
    assert again.request.path != plan.request.path
    desk.post(again.request.path, {})
    with database.read() as session:
        after = queries.whole_bank(session, "safety")
    assert after is not None
    names = [question.id for question in after.questions]
    assert first not in names
    assert second in names
    assert len(names) == 2


def test_a_refusal_of_another_persons_plan_is_not_found(
    desk: Desk, client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    plan = brought_in(desk, FIRST, NEW).request.path
    assert client.post(f"{plan}/matches", headers=bearer("other")).status_code == 404


STRANGE = "乱七八糟,结果,甲乙丙\n地球是圆的。,对,因为从太空看得见\n地球是方的。,错,没有的事\n"
CHOSEN = {"header": ["乱七八糟", "结果", "甲乙丙"], "column": ["prompt", "answer", "explanation"]}


def test_the_columns_of_a_strange_sheet_are_chosen_once_and_remembered_for_the_next(
    desk: Desk, client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    upload = desk.upload(STRANGE.encode("gb18030"), "怪.csv")
    assert "没有找到题干所在的列" in text_of(upload)
    assert "地球是圆的。" in text_of(upload)
    read = desk.post(f"{upload.request.path}/columns", CHOSEN)
    assert "没有找到题干所在的列" not in text_of(read)
    assert 'id="target"' in text_of(read)
    other = Desk(client, bearer("other")).upload(STRANGE.replace("地球", "月球").encode(), "又一个.csv")
    assert 'id="target"' in text_of(other)
    assert "李秀兰" in text_of(other)


@pytest.mark.parametrize(("headers", "opened"), [("题干,怪", True), ("题干,答案", False)])
def test_the_columns_lie_open_while_none_is_for_the_answer(desk: Desk, headers: str, opened: bool) -> None:
    page = text_of(desk.upload(f"{headers}\n地球是圆的。,对\n".encode(), "怪.csv"))
    assert ("<details open>" in page.partition('id="columns"')[2]) is opened


def test_what_was_said_of_columns_can_be_forgotten(desk: Desk) -> None:
    upload = desk.upload(STRANGE.encode(), "怪.csv").request.path
    desk.post(f"{upload}/columns", CHOSEN)
    again = desk.post(f"{upload}/columns", CHOSEN | {"forget": "1"})
    assert "没有找到题干所在的列" in text_of(again)


def test_a_column_can_be_left_out_and_nothing_but_our_columns_is_taken(desk: Desk) -> None:
    upload = desk.upload("题干,答案,解析\n地球是圆的。,对,内部备注\n".encode(), "x.csv").request.path
    wrong = {"header": ["题干", "答案", "解析", "没有的"], "column": ["prompt", "answer", "", "__class__"]}
    desk.post(f"{upload}/columns", wrong)
    desk.post(desk.post(upload, NEW).request.path, {})
    assert "内部备注" not in text_of(desk.get("/admin/banks/safety"))


def test_what_is_doubtful_in_a_sheet_is_decided_under_the_columns_that_were_chosen(desk: Desk) -> None:
    upload = desk.upload((STRANGE + "圆周率是多少？,3.14,\n").encode(), "怪.csv").request.path
    assert "圆周率是多少？" in text_of(desk.post(f"{upload}/columns", CHOSEN))
    page = text_of(desk.get(upload))
    link = page.split('id="fix"')[1].split('href="')[1].split('"')[0]
    answer = desk.get(link)
    assert answer.status_code == 200
    assert "圆周率是多少？" in text_of(answer)


def test_a_warning_about_a_sheet_names_its_row_and_column(desk: Desk) -> None:
    rows = "题型,题干,选项A,选项B,答案,解析\n判断题,火是热的。,,,对,是\n单选题,哪一个更热？,火,火,A,是\n"
    upload = desk.upload(rows.encode(), "题目.csv").request.path
    page = text_of(desk.post(upload, NEW))
    assert "第 3 行 D 列（选项B）" in page


def test_a_doubtful_question_that_is_skipped_is_in_one_list(desk: Desk) -> None:
    text = "一、单选题\n1. 首都是（ ）\nA. 北京\nB. 上海\n二、判断题\n1. 水能喝。\n答案：A\n"
    page = text_of(desk.upload(text.encode(), "题库.txt"))
    skipped, doubts = page.split('id="skipped"')[1].split('id="doubts"')
    assert "首都是" not in doubts.split("</section>")[0]
    assert "水能喝" in doubts
    assert "第 2 行" in skipped


def test_what_is_left_out_is_counted_in_one_and_in_many(
    desk: Desk, client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    with_title = "测试\n\n1. 首都是（A）\nA. 北京\nB. 上海\n"
    assert "有 1 行不属于任何试题" in text_of(desk.upload(with_title.encode(), "x.txt"))
    english = text_of(
        Desk(client, bearer("editor") | {"Accept-Language": "en"}).upload(with_title.encode(), "x.txt")
    )
    assert "1 line belongs to no question and was left out: “测试”." in english
