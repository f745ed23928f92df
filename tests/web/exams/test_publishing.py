"""Publishing reaches people: it is asked first, with whom it reaches and what it asks of them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams import audience
from studyhub.exams.models import Exam
from studyhub.organization.models import Branch
from studyhub.questions.models import Bank, QuestionRevision
from tests.conftest import SettableClock
from tests.factories import organization

from .conftest import FIELDS, PUBLISHED, Headers, confirmed, hidden, text

NEW = "/admin/exams/new"
FORM = {**FIELDS, "branches": ["home"], "opens": "2027-01-04T08:00", "closes": "2027-01-11T18:00"}
EDIT = "/admin/exams/new-one/edit"
CHANGED = {
    "opens": "",
    "closes": "2027-02-01T18:00",
    "minutes": "25",
    "attempts": "1",
    "keep": "best",
    "pass_line": "",
    "branches": [],
    "shuffle_options": "y",
    "score": "closed",
    "sections-0-title": "第一部分",
    "sections-0-points": "3",
    "sections-0-must": "",
}
WHAT_IT_SAYS = (
    "home 党支部 · 2 人",
    "2027年1月4日",
    "2027年1月11日",
    "6 题",
    "15 分",
    "题库 bank",
    "60%",
)


def states(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.slug: row.state.value for row in session.scalars(select(Exam))}


def row(database: Database, slug: str) -> Exam:
    with database.read() as session:
        return session.scalars(select(Exam).where(Exam.slug == slug)).one()


def changes(page: str) -> dict[str, tuple[str, str]]:
    """What the page says of before and after, by what it is about."""
    cells = r'<th [^>]*scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>'
    rows = [[re.sub(r"<.*?>", "", cell).strip() for cell in row] for row in re.findall(cells, page, re.S)]
    return {about: (before, after) for about, before, after in rows}


@pytest.mark.usefixtures("hall")
class TestPublishing:
    """Nothing is published unasked, and nothing else than what was shown."""

    def test_the_form_asks_before_it_publishes_and_says_whom_it_reaches(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        page = text(client.post(NEW, data={**FORM, "publish": "1"}, headers=admin))
        assert "new-one" not in states(database), "nothing is stored before it is confirmed"
        for said in WHAT_IT_SAYS:
            assert said in page
        answer = client.post(NEW, data=hidden(page), headers=admin)
        assert answer.location == "/admin/exams/new-one"
        assert states(database)["new-one"] == "published"

    def test_an_exam_without_a_beginning_is_said_to_open_at_once(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        page = text(client.post(NEW, data={**FIELDS, "publish": "1"}, headers=admin))
        assert "<strong>立即开放</strong>" in page
        assert "<dt>得分</dt><dd>交卷后公布</dd>" in page

    def test_the_way_back_leads_to_the_form_as_it_was_filled_in(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        page = text(client.post(NEW, data={**FORM, "title": "“甲”<乙>", "publish": "1"}, headers=admin))
        form = text(client.post(NEW, data={**hidden(page), "back": "1"}, headers=admin))
        assert 'value="“甲”&lt;乙&gt;"' in form
        assert re.search(r'<input checked[^>]* name="branches"[^>]* value="home"', form)
        assert "new-one" not in states(database)

    def test_a_draft_is_saved_unasked_and_without_counting_whom_it_would_reach(
        self, client: FlaskClient, admin: Headers, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(audience, "people")
        assert client.post(NEW, data={**FORM, "draft": "1"}, headers=admin).status_code == 302
        assert states(database)["new-one"] == "draft"

    def test_a_change_of_what_is_published_is_shown_beside_what_is_so_far(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        confirmed(client, NEW, {**FORM, **PUBLISHED}, admin)
        changed = {**FORM, **CHANGED, "since": "1", **PUBLISHED}
        page = text(client.post(EDIT, data=changed, headers=admin))
        assert "全体 · 4 人" in page
        assert "更改已发布的考试？" in page
        assert changes(page) == {
            "开始时间": ("2027年1月4日 08:00", "立即开放"),
            "结束时间": ("2027年1月11日 18:00", "2027年2月1日 18:00"),
            "作答时长（分钟）": ("20", "25"),
            "可考次数": ("次数不限", "1"),
            "取哪次成绩": ("最后一次", "最高分"),
            "合格线": ("60%", "无"),
            "每份试卷的选项顺序不同": ("否", "是"),
            "公布得分": ("交卷后公布", "考试全部结束后公布"),
            "面向": ("home 党支部", "全体"),
            "第 1 大题": (
                "单选 · 6 题 · 每题 2.5 分 · 题库 bank · 单选题 · 必出的试题：bank/q3、bank/q4",
                "第一部分 · 6 题 · 每题 3 分 · 题库 bank · 单选题",
            ),
        }
        assert row(database, "new-one").minutes == 20, "nothing is stored before it is confirmed"
        assert client.post(EDIT, data=hidden(page), headers=admin).location == "/admin/exams/new-one"
        assert row(database, "new-one").minutes == 25

    def test_saving_what_is_published_as_a_draft_is_asked_as_well(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        confirmed(client, NEW, {**FORM, **PUBLISHED}, admin)
        page = text(client.post(EDIT, data={**FORM, "since": "1", "draft": "1"}, headers=admin))
        assert "撤回考试？" in page
        assert changes(page) == {"状态": ("已发布", "草稿：谁也不能开始")}
        assert row(database, "new-one").state == "published"
        client.post(EDIT, data=hidden(page), headers=admin)
        assert row(database, "new-one").state == "draft"

    def test_saving_without_a_change_asks_nothing(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        confirmed(client, NEW, {**FORM, **PUBLISHED}, admin)
        again = {**FORM, "since": "1", **PUBLISHED}
        assert client.post(EDIT, data=again, headers=admin).status_code == 302
        assert client.get("/admin/exams/new-one/publish", headers=admin).status_code == 302
        assert row(database, "new-one").revision == 1

    @pytest.mark.parametrize("shown", [{}, {"shown": "0" * 64}, {"confirmed": "1"}])
    def test_nothing_is_published_that_was_not_shown_whoever_posts_it(
        self, client: FlaskClient, admin: Headers, database: Database, shown: dict[str, str]
    ) -> None:
        posts = [(NEW, {**FORM, **PUBLISHED}), ("/admin/exams/new-one/state", {"state": "published"})]
        for path, form in posts:
            answer = client.post(path, data={**form, **shown}, headers=admin)
            assert "发布这场考试？" in text(answer, 409 if "shown" in shown else 200)
            client.post(NEW, data={**FORM, "draft": "1"}, headers=admin)
        assert states(database)["new-one"] == "draft"

    def test_the_button_of_a_draft_leads_to_the_same_question(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        client.post(NEW, data={**FORM, "draft": "1"}, headers=admin)
        assert 'href="/admin/exams/new-one/publish"' in text(
            client.get("/admin/exams/new-one", headers=admin)
        )
        page = text(client.get("/admin/exams/new-one/publish", headers=admin))
        for said in WHAT_IT_SAYS:
            assert said in page
        assert 'action="/admin/exams/new-one/state"' in page
        client.post("/admin/exams/new-one/state", data=hidden(page), headers=admin)
        assert states(database)["new-one"] == "published"

    def test_a_draft_that_somebody_changed_after_it_was_shown_is_not_published(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        client.post(NEW, data={**FORM, "draft": "1"}, headers=admin)
        shown = hidden(text(client.get("/admin/exams/new-one/publish", headers=admin)))
        wider = {**FORM, "branches": [], "since": "1", "draft": "1"}
        assert client.post("/admin/exams/new-one/edit", data=wider, headers=admin).status_code == 302
        page = text(client.post("/admin/exams/new-one/state", data=shown, headers=admin), 409)
        assert states(database)["new-one"] == "draft"
        assert "因此没有作任何更改" in page
        assert "全体 · 4 人" in page, "what it is now stands there to be published"
        shown = hidden(page)
        client.post("/admin/exams/new-one/state", data=shown, headers=admin)
        assert states(database)["new-one"] == "published"

    def test_whom_it_reaches_is_part_of_what_was_shown(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        client.post(NEW, data={**FORM, "draft": "1"}, headers=admin)
        shown = hidden(text(client.get("/admin/exams/new-one/publish", headers=admin)))
        with database.write() as session:
            home = session.scalars(select(Branch).where(Branch.code == "home")).one()
            organization.member(session, "newcomer", home, clock.now)
        page = text(client.post("/admin/exams/new-one/state", data=shown, headers=admin), 409)
        assert "3 人" in page
        assert states(database)["new-one"] == "draft"

    def test_what_cannot_be_drawn_any_more_is_not_asked_but_shown(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        client.post(NEW, data={**FORM, "draft": "1"}, headers=admin)
        with database.write() as session:
            session.execute(update(QuestionRevision).values(retired=True))
            session.execute(update(Bank).values(version=Bank.version + 1))
        answer = client.get("/admin/exams/new-one/publish", headers=admin)
        assert answer.location == "/admin/exams/new-one"

    def test_an_exam_that_reaches_nobody_says_so(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        with database.write() as session:
            organization.branch(session, "empty", clock.now)
        page = text(client.post(NEW, data={**FORM, "branches": ["empty"], "publish": "1"}, headers=admin))
        assert "目前没有人能参加" in page

    def test_the_plan_of_a_file_says_for_how_many_it_is_published(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        lines = ["exam: f", "title: 文件", "minutes: 10", "for: [home]", "state: published", "sections:"]
        definition = "\n".join([*lines, "  - {title: 一, draw: 2, from: [bank]}"])
        page = text(client.post("/admin/exams/import", data={"definition": definition}, headers=admin))
        assert "应用后向 2 人发布。" in page
        draft = definition.replace("published", "draft")
        page = text(client.post("/admin/exams/import", data={"definition": draft}, headers=admin))
        assert 'id="reach"' not in page
