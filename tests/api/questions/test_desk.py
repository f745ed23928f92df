"""The desk for scripts: begin, act, release, look back, restore and undo, for whom its pages do so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from studyhub.db.database import Database
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.questions.commands import banks as commands
from tests.factories import exams
from tests.factories import organization as make
from tests.factories.questions import file_text, import_bank, singles

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))
Call = Callable[..., Any]
NOTHING = {"key_changed": {"open_attempts": 0, "past_attempts": 0, "results": 0}}


@pytest.fixture
def call(
    client: FlaskClient, database: Database, now: datetime, bearer: Callable[[str], dict[str, str]]
) -> Call:
    """`call("POST", "/cyber/acts", who="other", act="tag")`: the answer of a bank's call."""
    with database.write() as session:
        home = make.branch(session, "city", now)
        for name, role in (("editor", Role.EDITOR), ("other", Role.EDITOR), ("auditor", Role.AUDITOR)):
            make.grant(session, make.member(session, name, home, now), role, now)
        exams.bank(session, "closed", [exams.single("x")], now, level=Level.RESTRICTED)
    import_bank(database, THREE, now)

    def made(method: str, path: str, who: str = "editor", **body: Any) -> Any:
        headers = bearer(who) | {"Accept-Language": "en"}
        sent = {"json": body} if method != "GET" else {}
        return client.open(f"/api/v1/banks{path}", method=method, headers=headers, **sent)

    return made


def test_a_bank_begins_and_its_head_is_told(call: Call) -> None:
    made = call("POST", "", bank="new", title="新题库", language="zh")
    assert (made.status_code, made.get_json()["version"], made.get_json()["questions"]) == (201, 1, 0)
    assert call("GET", "/new", who="auditor").get_json()["title"] == "新题库"
    again = call("POST", "", bank="new", title="新题库", language="zh")
    assert (again.status_code, again.get_json()["code"]) == (409, "bank_taken")


def test_a_faulty_head_is_refused_with_every_fault(call: Call) -> None:
    answer = call("POST", "", bank="New Bank", title=" ", language="zh")
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.get_json()["faults"]} == {"bad_slug", "missing_key"}


def test_an_act_on_many_makes_a_version_that_can_be_undone(call: Call) -> None:
    done = call("POST", "/cyber/acts", act="tag", value="口令", questions=["q1", "q2"]).get_json()
    assert (done["changed"], done["version"]) == (2, 2)
    change = call("GET", "/cyber/changes/2").get_json()
    assert [one["id"] for one in change["questions"]] == ["q1", "q2"]
    assert (change["kind"], change["changed"]) == ("bulk", 2)
    assert call("POST", "/cyber/changes/2/undo").get_json() == {"done": 2, "kept": 0, "touches": NOTHING}
    history = call("GET", "/cyber/questions/q1/revisions").get_json()["items"]
    assert [("tags" in one["question"], one["change"]["kind"]) for one in history] == [
        (False, "undo"), (True, "bulk"), (False, "import"),
    ]  # fmt: skip


def test_who_wrote_a_question_does_not_release_it(
    call: Call, client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    sure = {"required": True, "confirmed": True}
    assert call("PUT", "/cyber/release-required", **sure).get_json()["release_required"] is True
    amended = THREE.replace("见第q1条", "见第一条").encode()
    headers = bearer("editor") | {"Content-Type": "application/yaml"}
    planned = client.post("/api/v1/banks/plans", data=amended, headers=headers).get_json()
    assert call("POST", f"/plans/{planned['id']}/apply").get_json()["changed"] == 1
    assert call("POST", "/cyber/acts", act="review", questions=["q1"]).get_json()["changed"] == 1
    own = call("POST", "/cyber/acts", act="release", questions=["q1", "q2"]).get_json()
    assert (own["changed"], own["own"], own["elsewhere"]) == (0, 1, 1)
    assert (
        call("POST", "/cyber/acts", who="other", act="release", questions=["q1"]).get_json()["changed"] == 1
    )


def test_a_restore_of_what_was_changed_meanwhile_is_refused(call: Call) -> None:
    call("POST", "/cyber/acts", act="tag", value="x", questions=["q1"])
    answer = call("POST", "/cyber/questions/q1/restore", number=1, seen=1)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "question_changed")
    assert call("POST", "/cyber/questions/q1/restore", number=9, seen=2).status_code == 404


def test_the_changes_come_in_pages_the_newest_first(call: Call) -> None:
    for tag in ("a", "b", "c"):
        call("POST", "/cyber/acts", act="tag", value=tag, questions=["q1"])
    first = call("GET", "/cyber/changes?limit=3").get_json()
    assert [one["version"] for one in first["items"]] == [4, 3, 2]
    rest = call("GET", f"/cyber/changes?limit=3&after={first['next']}").get_json()
    assert ([one["version"] for one in rest["items"]], rest["next"]) == ([1], None)


def test_questions_move_into_a_bank_that_one_may_see_only(call: Call) -> None:
    call("POST", "", bank="target", title="别处", language="zh")
    hidden = call("POST", "/cyber/acts", act="move", value="closed", questions=["q1"])
    assert hidden.status_code == 404
    assert (
        call("POST", "/cyber/acts", act="move", value="target", questions=["q1"]).get_json()["changed"] == 1
    )
    assert call("GET", "/target").get_json()["questions"] == 1


@pytest.fixture
def running(call: Call, database: Database, now: datetime) -> None:
    """An exam that needs two of the three questions; one that is a draft; one that is over."""
    sections = [{"title": "全部", "draw": 2, "from": ["cyber"]}]
    over = {"opens": "2020-01-01 08:00", "closes": "2020-02-01 08:00"}
    with database.write() as session:
        exams.exam(session, now, exam="weekly", title="每周一测", sections=sections)
        exams.exam(session, now, exam="draft", title="草稿", sections=sections, state="draft")
        exams.exam(session, now, exam="over", title="已结束", sections=sections, **over)


WEEKLY = [{"slug": "weekly", "title": "每周一测"}]


def test_a_release_is_asked_for_when_it_is_known_what_it_leaves_out(call: Call, running: None) -> None:
    answer = call("PUT", "/cyber/release-required", required=True)
    told = answer.get_json()
    assert (answer.status_code, told["code"], told["left_out"]) == (409, "release_leaves_out", 3)
    assert told["exams"] == WEEKLY
    assert "每周一测" in told["title"]
    assert call("GET", "/cyber").get_json()["release_required"] is False
    sure = {"required": True, "confirmed": True}
    assert call("PUT", "/cyber/release-required", **sure).get_json()["release_required"] is True
    assert call("PUT", "/cyber/release-required", required=False).status_code == 200


def test_where_a_release_stops_no_exam_none_is_named(call: Call) -> None:
    told = call("PUT", "/cyber/release-required", required=True).get_json()
    assert (told["code"], told["exams"]) == ("release_leaves_out", [])
    assert "could be drawn no more: –." in told["title"]


def test_an_undoing_that_would_stop_an_exam_is_asked_for_as_well(call: Call, running: None) -> None:
    call("POST", "/cyber/acts", act="keep_out", questions=["q1", "q2"], confirmed=True)
    call("POST", "/cyber/acts", act="let_in", questions=["q1"])
    answer = call("POST", "/cyber/changes/3/undo")
    assert (answer.status_code, answer.get_json()["exams"]) == (409, WEEKLY)
    assert call("POST", "/cyber/changes/3/undo?confirmed=true").get_json()["done"] == 1


@pytest.mark.parametrize("act", ["keep_out", "take_out", "move", "draft"])
def test_what_would_stop_an_exam_is_done_when_somebody_says_that_it_is_meant(
    call: Call, running: None, act: str
) -> None:
    call("POST", "", bank="target", title="别处", language="zh")
    three = {"questions": ["q1", "q2", "q3"]}
    for step in ("review", "release"):
        call("POST", "/cyber/acts", act=step, **three)
    call("PUT", "/cyber/release-required", required=True)
    asked = {"act": act, "value": "target", "questions": ["q1", "q2"]}
    answer = call("POST", "/cyber/acts", **asked)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "exams_would_stop")
    assert answer.get_json()["exams"] == WEEKLY
    assert call("POST", "/cyber/acts", **asked | {"questions": ["q1"]}).status_code == 200
    assert call("POST", "/cyber/acts", **asked | {"questions": ["q2"]}).status_code == 409
    asked |= {"questions": ["q2"], "confirmed": True}
    assert call("POST", "/cyber/acts", **asked).get_json()["changed"] == 1


def test_a_move_to_a_bank_that_the_exam_draws_from_as_well_stops_nothing(
    call: Call, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("other", singles(["z"])), now)
    with database.write() as session:
        sections = [{"title": "全部", "draw": 4, "from": ["cyber", "other"]}]
        exams.exam(session, now, exam="both", title="两库", sections=sections)
    asked = {"act": "move", "value": "other", "questions": ["q1", "q2"]}
    assert call("POST", "/cyber/acts", **asked).get_json()["changed"] == 2


def test_a_tag_that_an_exam_asks_for_is_not_taken_away_unseen(
    call: Call, database: Database, now: datetime
) -> None:
    every = {"questions": ["q1", "q2", "q3"], "value": "口令"}
    call("POST", "/cyber/acts", act="tag", **every)
    with database.write() as session:
        where = {"tags": {"all": ["口令"], "any": [], "none": []}}
        sections = [{"title": "口令", "draw": 3, "from": ["cyber"], "where": where}]
        exams.exam(session, now, exam="tagged", title="口令测试", sections=sections)
    assert call("POST", "/cyber/acts", act="tag", **every | {"value": "又一个"}).status_code == 200
    assert call("POST", "/cyber/acts", act="untag", **every | {"questions": ["q2"]}).status_code == 409
    assert call("POST", "/cyber/acts", act="untag", **every | {"value": "又一个"}).status_code == 200


def test_what_is_not_in_the_bank_is_counted(call: Call) -> None:
    done = call("POST", "/cyber/acts", act="tag", value="x", questions=["q1", "nowhere"]).get_json()
    assert (done["changed"], done["missing"]) == (1, 1)
    done = call("POST", "/cyber/acts", act="review", questions=["q1", "nowhere"]).get_json()
    assert (done["changed"], done["missing"]) == (1, 1)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"bank": "z", "title": "z", "language": "zh"}),
        ("PUT", "/cyber/release-required", {"required": True}),
        ("POST", "/cyber/acts", {"act": "tag", "value": "x", "questions": ["q1"]}),
        ("GET", "/cyber/changes", {}),
        ("GET", "/cyber/changes/1", {}),
        ("POST", "/cyber/changes/1/undo", {}),
        ("GET", "/cyber/questions/q1/revisions", {}),
        ("POST", "/cyber/questions/q1/restore", {"number": 1, "seen": 1}),
    ],
)
def test_only_who_manages_banks_may_and_what_is_above_ones_clearance_does_not_exist(
    call: Call, method: str, path: str, body: dict[str, Any]
) -> None:
    assert call(method, path, who="auditor", **body).status_code == 403
    if path:
        assert call(method, path.replace("cyber", "closed"), **body).status_code == 404


def test_the_command_line_shows_the_history_and_restores(call: Call, app: Flask, database: Database) -> None:
    call("POST", "/cyber/acts", act="tag", value="口令", questions=["q1"])

    def run(*words: str) -> Any:
        return CliRunner().invoke(commands, words, obj=lambda: app)

    assert "批量" in run("history", "cyber").output
    assert [one["version"] for one in json.loads(run("history", "cyber", "--json").output)["changes"]] == [
        2,
        1,
    ]
    assert run("restore", "cyber", "q1", "1").exit_code == 0
    told = json.loads(run("history", "cyber", "q1", "--json").output)["revisions"]
    assert [(one["number"], "tags" in one["question"]) for one in told] == [(3, False), (2, True), (1, False)]
    assert "* " in run("history", "cyber", "q1").output
    assert run("history", "nowhere").exit_code == 1
    assert run("restore", "cyber", "q1", "9").exit_code == 1


def test_the_command_line_does_what_the_desk_does_to_many(
    call: Call, app: Flask, running: None, database: Database, now: datetime
) -> None:
    import_bank(database, file_text("other", singles(["z"])), now)

    def run(*words: str) -> Any:
        return CliRunner().invoke(commands, words, obj=lambda: app)

    def said(*words: str) -> Any:
        return json.loads(run(*words, "--json").output)

    assert said("tag", "cyber", "口令", "q1", "q2")["version"] == 2
    assert "2" in run("untag", "cyber", "口令", "q1", "q2").output
    assert said("undo", "cyber", "3") == {"done": 2, "kept": 0, "touches": NOTHING}
    assert said("retire", "cyber", "q1", "nowhere") == {
        "changed": 1, "version": 5, "own": 0, "elsewhere": 0, "missing": 1,
    }  # fmt: skip
    refused = run("retire", "cyber", "q2")
    assert (refused.exit_code, "每周一测" in refused.output) == (1, True)
    assert run("retire", "cyber", "q2", "--yes").exit_code == 0
    assert said("let-in", "cyber", "q1", "q2")["changed"] == 2
    assert run("move", "cyber", "nowhere", "q1").exit_code == 1
    assert said("move", "cyber", "other", "q1")["changed"] == 1
    assert run("take-out", "cyber", "q2").exit_code == 1
    refused = run("release-required", "cyber", "on")
    assert (refused.exit_code, "每周一测" in refused.output) == (1, True)
    assert run("release-required", "cyber", "on", "--yes").exit_code == 0
    assert [said(step, "cyber", "q2")["changed"] for step in ("review", "release", "draft")] == [1, 1, 1]
    assert said("release", "cyber", "q2")["elsewhere"] == 1
    assert run("release-required", "cyber", "off").exit_code == 0
    assert run("tag", "nowhere", "x", "q1").exit_code == 1


LAW = "某法"


@pytest.fixture
def resting(call: Call, database: Database, now: datetime) -> list[str]:
    """Three released questions that rest on a document, and an exam that takes all of them."""
    names = ["q1", "q2", "q3"]
    source = 'source: {document: 某法, version: "2016"}\n'
    import_bank(database, file_text("cyber", singles(names), more=source), now)
    with database.write() as session:
        sections = [{"title": "全部", "draw": 3, "from": ["cyber"]}]
        exams.exam(session, now, exam="weekly", title="每周一测", sections=sections)
    for step in ("review", "release"):
        call("POST", "/cyber/acts", act=step, questions=names)
    call("PUT", "/cyber/release-required", required=True)
    return names


def test_what_rests_on_a_document_is_listed_and_pulled_into_review_and_let_go_again(
    client: FlaskClient, bearer: Callable[[str], dict[str, str]], resting: list[str]
) -> None:
    def ask(method: str, path: str, who: str = "editor", **body: Any) -> Any:
        sent = {"json": body} if body else {}
        return client.open(f"/api/v1/source-documents{path}", method=method, headers=bearer(who), **sent)

    [told] = ask("GET", "").get_json()["items"]
    assert (told["document"], told["version"], told["questions"], told["superseded_at"]) == (
        LAW, "2016", 3, None,
    )  # fmt: skip
    mark = {"document": LAW, "version": "2016", "superseded": True}
    refused = ask("PUT", "/superseded", **mark)
    assert (refused.status_code, refused.get_json()["exams"]) == (409, WEEKLY)
    assert ask("PUT", "/superseded", **mark, confirmed=True).get_json()["missed"] == []
    page = f"/questions?document={LAW}&version=2016&limit=2"
    first = ask("GET", page).get_json()
    rest = ask("GET", f"{page}&after={first['next']}").get_json()
    listed = first["items"] + rest["items"]
    assert [(one["id"], one["state"], one["to_review"]) for one in listed] == [
        (name, "draft", True) for name in resting
    ]
    assert rest["next"] is None
    assert ask("PUT", "/superseded", **mark | {"superseded": False}).status_code == 200
    assert {one["state"] for one in ask("GET", page).get_json()["items"]} == {"released"}
    assert ask("PUT", "/superseded", who="auditor", **mark).status_code == 403
    assert ask("GET", "", who="auditor").status_code == 200


@pytest.mark.usefixtures("resting")
def test_the_command_line_lists_documents_and_pulls_what_rests_on_them_and_lets_it_go(app: Flask) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(commands, words, obj=lambda: app)

    assert json.loads(run("documents", "--json").output)["documents"][0]["questions"] == 3
    assert LAW in run("documents").output
    assert run("supersede", LAW, "2016").exit_code == 1
    assert json.loads(run("supersede", LAW, "2016", "--yes", "--json").output)["superseded"] is True
    assert run("hold-again", LAW, "2016").exit_code == 0
