"""Setting exams by the form: it has the fields of the file, and the same checks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams.models import Exam, ExamBranch, ExamRevision
from studyhub.organization.models import Branch
from studyhub.organization.roles import Role
from studyhub.questions.models import Bank, QuestionRevision
from tests.conftest import SettableClock
from tests.factories import exams, organization

from .conftest import FIELDS, PUBLISHED, Bearer, Headers, confirmed, errors, text

CHOSEN = (
    select(Branch.code)
    .join(ExamBranch)
    .join(Exam, Exam.id == ExamBranch.exam_id)
    .where(Exam.slug == FIELDS["exam"])
    .order_by(Branch.code)
)
"""For which branches the exam of the form is."""


WRONG: dict[str, Any] = {
    "exam": "Wrong Name",
    "title": "长" * 20_001,
    "opens": "tomorrow",
    "closes": "",
    "minutes": "0.5",
    "attempts": "many",
    "keep": "nothing",
    "pass_line": "much",
    "sections-0-draw": "few",
    "sections-0-points": "-1",
    "sections-0-banks": ["No Bank"],
    "sections-0-types": ["riddle"],
    "sections-0-difficulties": ["endless"],
    "sections-0-any_tags": "a, a",
    "sections-0-easy": "most",
    "sections-0-hard": "50",
    "sections-0-must": ["q3", "other/q1"],
    "answers": "sometimes",
}
"""Something wrong in every field that can be."""

UNDRAWABLE: dict[str, Any] = {
    "sections-0-types": ["multiple"],
    "sections-0-difficulties": ["hard"],
    "sections-0-easy": "50",
    "sections-0-hard": "50",
}

KEYS = re.compile(
    r"“(?:exam|title|opens|closes|minutes|attempts|keep|pass|for|draw|from|where|type|single|multiple|tags|"
    r"difficulty|points|mix|must|all|any|none|score|answers|explanations)”"
    r"|× (?:single|multiple)|\bmix\b|\bwhere\b"
)
"""How only a file calls things."""


@pytest.mark.usefixtures("hall")
class TestForm:
    """What is filled in, and what comes of it."""

    def test_an_exam_set_by_the_form_is_the_one_that_the_file_would_set(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        answer = confirmed(client, "/admin/exams/new", {**FIELDS, **PUBLISHED}, admin)
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
        form = {**FIELDS, "attempts": "不限", **PUBLISHED}
        assert confirmed(client, "/admin/exams/new", form, chinese).location == "/admin/exams/new-one"
        with database.read() as session:
            exam = session.scalars(select(Exam).where(Exam.slug == "new-one")).one()
            of_exam = select(ExamRevision.definition).where(ExamRevision.exam_id == exam.id)
            assert '"attempts":"unlimited"' in session.scalars(of_exam).one()
        page = text(client.get("/admin/exams/new-one/edit", headers=chinese))
        assert re.search(r'name="attempts"[^>]* value="不限"', page)

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
        page = text(client.post("/admin/exams/new", data={**wrong, **PUBLISHED}, headers=admin), 422)
        for field in ("exam", "title", "pass_line", "sections-0-draw", "sections-0-easy"):
            assert f'id="{field}-error"' in page, field
        assert 'value="Wrong Name"' in page
        only_branch = {**FIELDS, "branches": "home, nowhere"}
        page = text(client.post("/admin/exams/new", data={**only_branch, **PUBLISHED}, headers=admin), 422)
        assert "nowhere" in re.findall(r'id="branches-error">.*?</div>', page, re.S)[0]

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("wrong", [WRONG, UNDRAWABLE, {"minutes": ""}, {"sections-0-draw": "1"}])
    def test_what_is_wrong_is_said_in_the_words_of_the_form(
        self, client: FlaskClient, admin: Headers, language: str, wrong: dict[str, Any]
    ) -> None:
        spoken = {**admin, "Accept-Language": language}
        form = {**FIELDS, **wrong, **PUBLISHED}
        page = text(client.post("/admin/exams/new", data=form, headers=spoken), 422)
        said = errors(page)
        assert said
        assert 'id="faults"' not in page, "each fault has its field"
        for field, sentence in said.items():
            assert not KEYS.search(sentence), (field, sentence)

    def test_what_an_empty_form_begins_with_shows_answers_when_the_exam_is_over(
        self, client: FlaskClient, admin: Headers, clock: SettableClock
    ) -> None:
        page = text(client.get("/admin/exams/new", headers=admin))
        end = (clock.now + timedelta(days=14)).strftime("%Y-%m-%d")
        assert re.search(rf'name="closes"[^>]* value="{end}T18:00"', page)
        assert re.search(r'<input checked[^>]* name="answers"[^>]* value="closed"', page)
        assert "没有结束时间的考试不会结束" in page

    def test_what_waits_for_an_end_that_there_is_not_is_said_at_its_field(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        form = {**FIELDS, "closes": "", "answers": "closed", **PUBLISHED}
        said = errors(text(client.post("/admin/exams/new", data=form, headers=admin), 422))
        assert list(said) == ["answers"]
        assert "填写“结束时间”" in said["answers"]

    def test_a_field_is_called_by_its_label(self, client: FlaskClient, admin: Headers) -> None:
        form = {**FIELDS, "pass_line": "much", "minutes": "0", **PUBLISHED}
        said = errors(text(client.post("/admin/exams/new", data=form, headers=admin), 422))
        assert "“合格线（%）”" in said["pass_line"]
        assert "“作答时长（分钟）”" in said["minutes"]

    def test_each_bank_says_how_many_questions_of_which_type_it_offers(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        with database.write() as session:
            asked = [*exams.singles(3), exams.essay("e1")]
            mixed = exams.bank(session, "mixed", asked, clock.now)
            session.execute(
                update(QuestionRevision)
                .where(QuestionRevision.bank_id == mixed.id, QuestionRevision.place == 1)
                .values(retired=True)
            )
        page = text(client.get("/admin/exams/new", headers=admin))
        said = dict(re.findall(r'<code>([a-z]+)</code> <span class="held">(.*?)</span>', page))
        assert said == {"bank": "12 题 · 单选题 12", "mixed": "3 题 · 单选题 2 · 简答题 1"}

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
        said = {**FIELDS, "branch": typed, **PUBLISHED}
        known = {"home": ["home"], "home，away": ["away", "home"]}
        if typed not in known:
            page = text(client.post("/admin/exams/new", data=said, headers=admin), 422)
            assert "没有这个党组织可选" in re.findall(r'id="branch-error">.*?</div>', page, re.S)[0]
            return
        assert confirmed(client, "/admin/exams/new", said, admin).status_code == 302
        with database.read() as session:
            codes = session.scalars(CHOSEN).all()
        assert codes == known[typed]

    def test_a_branch_is_taken_out_by_its_tick(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        both = {**FIELDS, "branches": ["home", "away"], **PUBLISHED}
        assert confirmed(client, "/admin/exams/new", both, admin).status_code == 302
        edit = f"/admin/exams/{FIELDS['exam']}/edit"
        assert text(client.get(edit, headers=admin)).count('name="branches"') == 2
        without = {**FIELDS, "branches": ["away"], **PUBLISHED}
        assert confirmed(client, edit, without, admin).status_code == 302
        with database.read() as session:
            assert session.scalars(CHOSEN).all() == ["away"]

    def test_its_page_names_branches_and_banks_by_their_names(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        form = {**FIELDS, "branches": ["home", "away"], **PUBLISHED}
        assert confirmed(client, "/admin/exams/new", form, admin).status_code == 302
        page = text(client.get(f"/admin/exams/{FIELDS['exam']}", headers=admin))
        assert "<dd>home 党支部、away 党支部</dd>" in page
        assert "题库 bank" in page

    def test_what_cannot_be_drawn_is_said_at_the_section(self, client: FlaskClient, admin: Headers) -> None:
        wrong = {
            **FIELDS,
            "sections-0-draw": "20",
            "sections-0-difficulties": ["hard"],
            "sections-0-must": "",
        }
        page = text(client.post("/admin/exams/new", data={**wrong, **PUBLISHED}, headers=admin), 422)
        assert "难 × 单选题 需要 20 道，题库只有 0 道" in page
        assert "还没有保存" in page

    def test_what_cannot_be_drawn_is_said_beside_a_mistake_elsewhere(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        form = {**FIELDS, "pass_line": "60分", "sections-0-draw": "50", **PUBLISHED}
        said = errors(text(client.post("/admin/exams/new", data=form, headers=admin), 422))
        assert "合格线" in said["pass_line"]
        assert "50" in said["sections-0-draw"]

    def test_it_is_said_for_how_many_an_exam_is_before_and_after_publishing(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        form = {**FIELDS, "branches": "home"}
        assert "发布后有 4 人可以参加" in text(client.get("/admin/exams/new", headers=admin))
        page = text(client.post("/admin/exams/new", data={**form, "add_branch": "1"}, headers=admin))
        assert "发布后有 2 人可以参加" in page
        made = client.post("/admin/exams/new", data={**form, "draft": "1"}, headers=admin)
        assert "已存为草稿" in text(client.get(made.location, headers=admin))
        confirmed(client, "/admin/exams/new-one/state", {"state": "published"}, admin)
        assert "已向 2 人发布，现在就可以参加。" in text(client.get(made.location, headers=admin))

    def test_an_exam_that_opens_later_says_so_once_it_is_published(
        self, client: FlaskClient, admin: Headers
    ) -> None:
        form = {**FIELDS, "opens": "2027-01-04T08:00", **PUBLISHED}
        made = confirmed(client, "/admin/exams/new", form, admin)
        assert re.search(
            "已向 4 人发布，2027年1月4日 0?8:00 起", text(client.get(made.location, headers=admin))
        )

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
        drawn = {**FIELDS, "sections-0-banks": ["risen"], "sections-0-must": "", **PUBLISHED}
        assert "risen" in text(client.post("/admin/exams/new", data=drawn, headers=admin), 422)
