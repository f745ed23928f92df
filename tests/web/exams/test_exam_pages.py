"""What members, leaders and admins see of exams. Every page here is written to be read without a script."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from studyhub.db.database import Database
from studyhub.exams.models import Attempt, Exam, ExamBranch, ExamRevision
from studyhub.exams.states import AttemptState
from studyhub.organization.models import Branch
from studyhub.organization.roles import Role
from studyhub.questions.models import Bank, QuestionRevision
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = dict[str, str]
Bearer = Callable[[str], Headers]


@pytest.fixture
def hall(database: Database, clock: SettableClock) -> None:
    """A member, a leader, a leader elsewhere and an admin; `quiz` draws 5 of 12 singles."""
    now = clock.now
    with database.write() as session:
        root = organization.branch(session, "root", now)
        home = organization.branch(session, "home", now, parent=root)
        away = organization.branch(session, "away", now, parent=root)
        organization.member(session, "m1", home, now, name="陈玉梅")
        boss = organization.member(session, "boss", home, now, name="王书记")
        other = organization.member(session, "other", away, now)
        admin = organization.member(session, "admin", away, now)
        organization.grant(session, boss, Role.LEADER, now, over=home)
        organization.grant(session, other, Role.LEADER, now, over=away)
        organization.grant(session, admin, Role.ADMIN, now)
        exams.bank(session, "bank", exams.singles(12), now)
        exams.exam(session, now, closes="2026-11-12 10:00", attempts=2, pass_="60%")


def text(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.get_data(as_text=True)


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


@pytest.fixture
def attempt_id(client: FlaskClient, bearer: Bearer, hall: None) -> int:
    started: int = client.post("/api/v1/exams/quiz/attempts", headers=bearer("m1")).get_json()["id"]
    return started


class TestLeader:
    """Marks of the members one leads, never their papers; and voiding with a reason."""

    def test_a_leader_lists_the_attempts_of_the_own_branch_only(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int
    ) -> None:
        assert "陈玉梅" in text(client.get("/exams/quiz/attempts", headers=bearer("boss")))
        assert "陈玉梅" not in text(client.get("/exams/quiz/attempts", headers=bearer("other")))
        assert client.get("/exams/quiz/attempts", headers=bearer("m1")).status_code == 403

    def test_an_exam_that_is_for_others_does_not_exist(
        self, client: FlaskClient, bearer: Bearer, database: Database, clock: SettableClock, hall: None
    ) -> None:
        with database.write() as session:
            exams.exam(session, clock.now, exam="ours", for_=["home"])
            exams.exam(session, clock.now, exam="everybodys", for_=["root"])
        for slug, known in (("ours", False), ("everybodys", True), ("quiz", True)):
            status = client.get(f"/exams/{slug}/attempts", headers=bearer("other")).status_code
            assert status == (200 if known else 404)

    def test_voiding_asks_for_the_reason_and_takes_the_attempt_out(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int, database: Database
    ) -> None:
        path, leader = f"/attempts/{attempt_id}/void", bearer("boss")
        assert "原因" in text(client.get(path, headers=leader))
        assert "请写明原因" in text(client.post(path, data={"reason": " "}, headers=leader), 422)
        assert client.post(path, data={"reason": "停电"}, headers=leader).status_code == 302
        with database.read() as session:
            assert session.get_one(Attempt, attempt_id).state is AttemptState.VOID
        assert "停电" in text(client.get("/exams/quiz/attempts", headers=leader))
        assert "停电" in text(client.get("/exams/quiz", headers=bearer("m1")))

    def test_another_branch_s_attempt_is_not_found(
        self, client: FlaskClient, bearer: Bearer, attempt_id: int
    ) -> None:
        answer = client.post(f"/attempts/{attempt_id}/void", data={"reason": "停电"}, headers=bearer("other"))
        assert answer.status_code == 404


FIELDS: dict[str, Any] = {
    "exam": "new-one",
    "title": "新考试",
    "minutes": "20",
    "attempts": "unlimited",
    "keep": "last",
    "pass_line": "60",
    "sections-0-title": "单选",
    "sections-0-draw": "6",
    "sections-0-points": "2.5",
    "sections-0-banks": ["bank"],
    "sections-0-types": ["single"],
    "sections-0-must": "q3，q4",
    "shuffle_questions": "y",
    "score": "submitted",
    "answers": "submitted",
    "explanations": "never",
}


CHOSEN = (
    select(Branch.code)
    .join(ExamBranch)
    .join(Exam, Exam.id == ExamBranch.exam_id)
    .where(Exam.slug == FIELDS["exam"])
    .order_by(Branch.code)
)
"""For which branches the exam of the form is."""


@pytest.mark.usefixtures("hall")
class TestDesk:
    """Setting exams: the form has the fields of the file, and the same checks."""

    @pytest.fixture
    def admin(self, bearer: Bearer, hall: None) -> Headers:
        return bearer("admin")

    def test_members_and_leaders_do_not_set_exams(self, client: FlaskClient, bearer: Bearer) -> None:
        for path in ("/admin/exams", "/admin/exams/new", "/admin/exams/quiz", "/admin/exams/import"):
            assert client.get(path, headers=bearer("boss")).status_code == 403

    def test_the_list_is_searched_and_sorted(self, client: FlaskClient, admin: Headers) -> None:
        assert "季度测试" in text(client.get("/admin/exams?sort=-title", headers=admin))
        assert "没有找到考试" in text(client.get("/admin/exams?q=nothing", headers=admin))

    def test_an_exam_set_by_the_form_is_the_one_that_the_file_would_set(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        answer = client.post("/admin/exams/new", data={**FIELDS, "publish": "1"}, headers=admin)
        assert answer.location == "/admin/exams/new-one"
        with database.read() as session:
            exam = session.scalars(select(Exam).where(Exam.slug == "new-one")).one()
            definition = session.scalars(
                select(ExamRevision.definition).where(ExamRevision.exam_id == exam.id)
            ).one()
        for part in (
            '"attempts":"unlimited"',
            '"pass":"60%"',
            '"points":"2.5"',
            '"must":["bank/q3","bank/q4"]',
            '"options":false',
            '"explanations":"never"',
            '"state":"published"',
        ):
            assert part in definition

    def test_any_number_of_attempts_is_said_in_the_language_of_the_form(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        chinese = {**admin, "Accept-Language": "zh"}
        form = {**FIELDS, "attempts": "不限", "publish": "1"}
        assert client.post("/admin/exams/new", data=form, headers=chinese).location == "/admin/exams/new-one"
        with database.read() as session:
            exam = session.scalars(select(Exam).where(Exam.slug == "new-one")).one()
            of_exam = select(ExamRevision.definition).where(ExamRevision.exam_id == exam.id)
            assert '"attempts":"unlimited"' in session.scalars(of_exam).one()
        page = text(client.get("/admin/exams/new-one/edit", headers=chinese))
        assert re.search(r'name="attempts"[^>]* value="不限"', page)

    @pytest.mark.parametrize("path", ["/admin/exams", "/admin/exams/quiz", "/exams", "/exams/quiz"])
    def test_a_title_says_its_language_where_it_is_not_the_pages(
        self, client: FlaskClient, admin: Headers, path: str
    ) -> None:
        english = {**admin, "Accept-Language": "en"}
        assert '<span lang="zh">季度测试</span>' in text(client.get(path, headers=english))
        assert '<span lang="zh">' not in text(client.get(path, headers=admin))

    def test_every_fault_stands_at_its_field(self, client: FlaskClient, admin: Headers) -> None:
        wrong = {
            **FIELDS,
            "exam": "Wrong Name",
            "title": "",
            "pass_line": "much",
            "sections-0-draw": "0",
            "sections-0-easy": "50",
            "branches": "home, nowhere",
        }
        page = text(client.post("/admin/exams/new", data={**wrong, "publish": "1"}, headers=admin), 422)
        for field in ("exam", "title", "pass_line", "sections-0-draw", "sections-0-easy"):
            assert f'id="{field}-error"' in page, field
        assert 'value="Wrong Name"' in page
        only_branch = {**FIELDS, "branches": "home, nowhere"}
        page = text(client.post("/admin/exams/new", data={**only_branch, "publish": "1"}, headers=admin), 422)
        assert "nowhere" in re.findall(r'id="branches-error">.*?</div>', page, re.S)[0]

    def test_branches_are_chosen_from_a_list_one_after_the_other(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        page = text(client.get("/admin/exams/new", headers=admin))
        assert re.search(r'<select[^>]* name="branch"', page)
        assert '<option value="home">' in page
        added = {**FIELDS, "branch": "home", "add_branch": "1"}
        page = text(client.post("/admin/exams/new", data=added, headers=admin))
        assert re.search(r'<input checked[^>]* name="branches"[^>]* value="home"', page)
        choice = re.findall(r'<select[^>]* name="branch".*?</select>', page, re.S)[0]
        assert re.findall(r'<option selected value="(.*?)">', choice) == [""], "no branch is taken unseen"
        with database.read() as session:
            assert session.scalars(select(Exam).where(Exam.slug == FIELDS["exam"])).first() is None

    @pytest.mark.parametrize("typed", ["home", "HOME", "home，away", "城", "nothing like it"])
    def test_a_branch_that_was_typed_in_and_not_added_counts_as_well(
        self, client: FlaskClient, admin: Headers, database: Database, typed: str
    ) -> None:
        said = {**FIELDS, "branch": typed, "publish": "1"}
        known = {"home": ["home"], "home，away": ["away", "home"]}
        answer = client.post("/admin/exams/new", data=said, headers=admin)
        if typed not in known:
            assert (
                "没有这个党组织可选" in re.findall(r'id="branch-error">.*?</div>', text(answer, 422), re.S)[0]
            )
            return
        assert answer.status_code == 302
        with database.read() as session:
            codes = session.scalars(CHOSEN).all()
        assert codes == known[typed]

    def test_a_branch_is_taken_out_by_its_tick(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        both = {**FIELDS, "branches": ["home", "away"], "publish": "1"}
        assert client.post("/admin/exams/new", data=both, headers=admin).status_code == 302
        edit = f"/admin/exams/{FIELDS['exam']}/edit"
        assert text(client.get(edit, headers=admin)).count('name="branches"') == 2
        without = {**FIELDS, "branches": ["away"], "publish": "1"}
        assert client.post(edit, data=without, headers=admin).status_code == 302
        with database.read() as session:
            assert session.scalars(CHOSEN).all() == ["away"]

    def test_its_page_names_branches_and_banks_by_their_names(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        form = {**FIELDS, "branches": ["home", "away"], "publish": "1"}
        assert client.post("/admin/exams/new", data=form, headers=admin).status_code == 302
        page = text(client.get(f"/admin/exams/{FIELDS['exam']}", headers=admin))
        assert "<dd>home 党支部, away 党支部</dd>" in page
        assert "题库 bank" in page

    def test_what_cannot_be_drawn_is_said_at_the_section(self, client: FlaskClient, admin: Headers) -> None:
        wrong = {
            **FIELDS,
            "sections-0-draw": "20",
            "sections-0-difficulties": ["hard"],
            "sections-0-must": "",
        }
        page = text(client.post("/admin/exams/new", data={**wrong, "publish": "1"}, headers=admin), 422)
        assert "难 × single 需要 20 道，题库只有 0 道" in page
        assert "还没有保存" in page

    def test_sections_are_added_and_taken_out(self, client: FlaskClient, admin: Headers) -> None:
        more = text(client.post("/admin/exams/new", data={**FIELDS, "add_section": "1"}, headers=admin))
        assert 'name="sections-1-title"' in more
        assert 'value="单选"' in more
        two = {**FIELDS, "sections-1-title": "第二", "remove_section": "0"}
        less = text(client.post("/admin/exams/new", data=two, headers=admin))
        assert 'name="sections-1-title"' not in less
        assert 'value="第二"' in less

    def test_an_exam_comes_back_into_the_form_as_it_is(self, client: FlaskClient, admin: Headers) -> None:
        page = text(client.get("/admin/exams/quiz/edit", headers=admin))
        for value in ('value="季度测试"', 'value="2026-11-12T10:00"', 'value="60"', 'value="5"'):
            assert value in page

    def test_what_lies_above_the_clearance_is_neither_shown_nor_drawn_from(
        self, client: FlaskClient, admin: Headers, bearer: Bearer, database: Database, clock: SettableClock
    ) -> None:
        def pages(headers: Headers) -> list[int]:
            paths = ("", "/edit", "/preview")
            return [client.get(f"/admin/exams/high{path}", headers=headers).status_code for path in paths]

        with database.write() as session:
            home = session.scalars(select(Branch).where(Branch.code == "home")).one()
            cleared = organization.member(
                session, "cleared", home, clock.now, clearance=exams.Level.RESTRICTED
            )
            organization.grant(session, cleared, Role.EDITOR, clock.now)
            risen = exams.bank(session, "risen", exams.singles(5), clock.now)
            exams.exam(session, clock.now, exam="high", sections=[{"draw": 1, "from": ["risen"]}])
        assert pages(admin) == [200, 200, 200]
        with database.write() as session:
            session.get_one(Bank, risen.id).level = exams.Level.RESTRICTED
        assert pages(admin) == [404, 404, 404]
        assert pages(bearer("cleared")) == [200, 200, 200]
        assert "/admin/exams/high" not in text(client.get("/admin/exams", headers=admin))
        assert 'value="risen"' not in text(client.get("/admin/exams/new", headers=admin))
        drawn = {**FIELDS, "sections-0-banks": ["risen"], "sections-0-must": "", "publish": "1"}
        assert "risen" in text(client.post("/admin/exams/new", data=drawn, headers=admin), 422)

    def test_an_exam_that_can_no_longer_be_drawn_can_still_be_withdrawn(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        with database.write() as session:
            session.execute(update(QuestionRevision).values(retired=True))
            session.execute(update(Bank).values(version=Bank.version + 1))  # as every applied plan does
        for wanted, status in (("draft", 302), ("published", 422)):
            answer = client.post("/admin/exams/quiz/state", data={"state": wanted}, headers=admin)
            assert answer.status_code == status
        with database.read() as session:
            assert session.scalars(select(Exam.state)).one() == "draft"

    def test_a_draft_is_published_and_withdrawn(
        self, client: FlaskClient, admin: Headers, bearer: Bearer
    ) -> None:
        client.post("/admin/exams/quiz/state", data={"state": "draft"}, headers=admin)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 404
        client.post("/admin/exams/quiz/state", data={"state": "published"}, headers=admin)
        assert client.get("/exams/quiz", headers=bearer("m1")).status_code == 200

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
