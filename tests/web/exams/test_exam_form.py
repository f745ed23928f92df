"""Setting exams by the form: it has the fields of the file, and the same checks."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.exams import checking, feasibility
from studyhub.exams.models import Exam, ExamBranch, ExamRevision
from studyhub.organization.models import Branch
from studyhub.organization.roles import Role
from studyhub.questions.models import Bank
from studyhub.web.transaction import open_session
from tests.conftest import SettableClock
from tests.factories import exams, organization

from .conftest import Bearer, Headers, text

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


def errors(page: str) -> dict[str, str]:
    """What stands under each field, by the field's name."""
    found = re.findall(r'class="field-error" id="([\w-]+)-error">.*?<span>(.*?)</span>', page, re.S)
    return {name: unescape(said) for name, said in found}


@pytest.mark.usefixtures("hall")
class TestForm:
    """What is filled in, and what comes of it."""

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

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("wrong", [WRONG, UNDRAWABLE, {"minutes": ""}, {"sections-0-draw": "1"}])
    def test_what_is_wrong_is_said_in_the_words_of_the_form(
        self, client: FlaskClient, admin: Headers, language: str, wrong: dict[str, Any]
    ) -> None:
        spoken = {**admin, "Accept-Language": language}
        form = {**FIELDS, **wrong, "publish": "1"}
        page = text(client.post("/admin/exams/new", data=form, headers=spoken), 422)
        said = errors(page)
        assert said
        assert 'id="faults"' not in page, "each fault has its field"
        for field, sentence in said.items():
            assert not KEYS.search(sentence), (field, sentence)

    def test_a_field_is_called_by_its_label(self, client: FlaskClient, admin: Headers) -> None:
        form = {**FIELDS, "pass_line": "much", "minutes": "0", "publish": "1"}
        said = errors(text(client.post("/admin/exams/new", data=form, headers=admin), 422))
        assert "“合格线（%）”" in said["pass_line"]
        assert "“作答时长（分钟）”" in said["minutes"]

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
        assert "难 × 单选题 需要 20 道，题库只有 0 道" in page
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
        ticked = {**FIELDS, "sections-0-must": ["bank/q7"], "publish": "1"}
        assert client.post("/admin/exams/new", data=ticked, headers=admin).status_code == 302
        shown = text(client.get("/admin/exams/new-one", headers=admin))
        assert "题目 q7 <code>bank/q7</code>" in shown
        assert "题目 q7 <code>bank/q7</code>" in text(client.get("/admin/exams/new-one/edit", headers=admin))

    def test_ids_that_were_typed_and_not_ticked_count_as_well(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        typed = {**FIELDS, "sections-0-must": ["bank/q3"], "sections-0-look_for": "q4, q5", "publish": "1"}
        assert client.post("/admin/exams/new", data=typed, headers=admin).status_code == 302
        with database.read() as session:
            definition = session.scalars(
                select(ExamRevision.definition).order_by(ExamRevision.id.desc())
            ).first()
        assert '"must":["bank/q3","bank/q4","bank/q5"]' in str(definition)

    @pytest.mark.parametrize(("words", "said"), [("题目 q7", "请勾选"), ("没有这种题", "没有找到")])
    def test_what_was_only_looked_for_is_not_saved_unseen(
        self, client: FlaskClient, admin: Headers, database: Database, words: str, said: str
    ) -> None:
        looking = {**FIELDS, "sections-0-look_for": words, "publish": "1"}
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


@pytest.mark.usefixtures("hall")
class TestTurn:
    """An exam is checked outside the write turn, and stored only while what was checked still holds."""

    @pytest.fixture
    def turns(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        """For each matching that is done, whether a write turn was open."""
        seen: list[bool] = []
        assign = feasibility.assign

        def watched(*given: Any) -> Any:
            seen.append(open_session().info.get("can_begin_again") is not None)  # type: ignore[union-attr]
            return assign(*given)

        monkeypatch.setattr(feasibility, "assign", watched)
        return seen

    def test_it_is_matched_once_and_outside_the_turn(
        self, client: FlaskClient, admin: Headers, turns: list[bool]
    ) -> None:
        client.post("/admin/exams/new", data={**FIELDS, "publish": "1"}, headers=admin)
        assert turns == [False]

    @pytest.mark.parametrize("act", ["form", "state"])
    def test_a_bank_that_changed_after_the_check_is_said_and_nothing_is_stored(
        self,
        client: FlaskClient,
        admin: Headers,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
        act: str,
    ) -> None:
        form = {**FIELDS, "draft": "1"}
        client.post("/admin/exams/new", data=form, headers=admin)
        check = checking.check

        def overtaken(*given: Any) -> Any:
            checked = check(*given)
            monkeypatch.setattr(checking, "check", check)
            with database.write() as session:
                session.execute(update(Bank).values(version=Bank.version + 1))
            return checked

        monkeypatch.setattr(checking, "check", overtaken)
        if act == "form":
            edit = "/admin/exams/new-one/edit"
            changed = {**form, "title": "另一个标题"}
            page = text(client.post(edit, data=changed, headers=admin), 409)
            assert 'value="另一个标题"' in page, "what was typed is still there"
        else:
            client.post("/admin/exams/new-one/state", data={"state": "published"}, headers=admin)
            page = text(client.get("/admin/exams/new-one", headers=admin))
        assert "题库" in re.findall(r'role="alert".*?</div>', page, re.S)[0]
        with database.read() as session:
            exam = session.scalars(select(Exam).where(Exam.slug == "new-one")).one()
            assert (exam.title, exam.state, exam.revision) == ("新考试", "draft", 1)

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
        self, client: FlaskClient, admin: Headers, database: Database, clock: SettableClock
    ) -> None:
        edit = "/admin/exams/new-one/edit"
        client.post("/admin/exams/new", data={**FIELDS, "publish": "1"}, headers=admin)
        since = {
            "since": re.findall(r'name="since"[^>]* value="(\d+)"', text(client.get(edit, headers=admin)))[0]
        }
        for title, status in (("先到", 302), ("后到", 409)):
            form = {**FIELDS, **since, "title": title, "publish": "1"}
            answer = client.post(edit, data=form, headers=admin)
            assert answer.status_code == status
        page = text(answer, 409)
        assert 'value="后到"' in page
        with database.read() as session:
            assert session.scalars(select(Exam.title).where(Exam.slug == "new-one")).one() == "先到"
        since = {"since": re.findall(r'name="since"[^>]* value="(\d+)"', page)[0]}
        again = {**FIELDS, **since, "title": "后到", "publish": "1"}
        assert client.post(edit, data=again, headers=admin).status_code == 302

    def test_a_new_exam_never_takes_the_place_of_another(
        self, client: FlaskClient, admin: Headers, database: Database
    ) -> None:
        form = {**FIELDS, "since": "0", "exam": "quiz", "publish": "1"}
        page = text(client.post("/admin/exams/new", data=form, headers=admin), 422)
        assert "已有" in errors(page)["exam"]
        with database.read() as session:
            assert session.scalars(select(Exam.title)).one() == "季度测试"
