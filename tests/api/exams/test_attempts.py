"""Sitting an exam over HTTP: the interface, word for word."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from studyhub.db.database import Database
from tests.conftest import SettableClock
from tests.factories import exams, organization

Headers = dict[str, str]


@pytest.fixture
def member(database: Database, clock: SettableClock, bearer: Callable[[str], Headers]) -> Headers:
    """The headers of the member m1, who may sit `quiz`: 5 of 12 singles, open for ten days."""
    with database.write() as session:
        root = organization.branch(session, "root", clock.now)
        home = organization.branch(session, "home", clock.now, parent=root)
        for number in ("m1", "m2"):
            organization.member(session, number, home, clock.now)
        exams.bank(session, "bank", exams.singles(12), clock.now)
        exams.exam(session, clock.now, closes="2026-11-12 10:00", pass_="60%")
    return bearer("m1")


@pytest.fixture
def attempt(client: FlaskClient, member: Headers) -> dict[str, Any]:
    answer = client.post("/api/v1/exams/quiz/attempts", headers=member)
    assert answer.status_code == 201
    return dict(answer.get_json())


def path(attempt: dict[str, Any], rest: str = "") -> str:
    return f"/api/v1/attempts/{attempt['id']}{rest}"


def put(client: FlaskClient, headers: Headers, attempt: dict[str, Any], position: int, **body: Any) -> Any:
    given = {"answer": "A", "epoch": 1, "seq": 1, **body}
    return client.put(path(attempt, f"/answers/{position}"), json=given, headers=headers)


def code(answer: Any) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.get_json()["code"]


def test_start_answers_the_paper_and_starting_again_the_same_one(
    client: FlaskClient, member: Headers, attempt: dict[str, Any]
) -> None:
    assert (attempt["exam"], attempt["number"], attempt["state"], attempt["epoch"]) == ("quiz", 1, "open", 1)
    assert attempt["sections"] == [{"title": "单选"}]
    assert attempt["answers"] == {}
    first = attempt["questions"][0]
    assert first["position"] == 1
    assert attempt["sections"][first["section"]]["title"] == "单选"
    assert [option["key"] for option in first["options"]] == ["A", "B", "C", "D"]
    assert first["group"] is None
    assert first["points"] == 1
    again = client.post("/api/v1/exams/quiz/attempts", headers=member)
    assert again.status_code == 200
    assert again.get_json()["id"] == attempt["id"]
    shown = client.get(path(attempt), headers=member)
    assert {**shown.get_json(), "server_now": None} == {**attempt, "server_now": None}


def test_nothing_on_an_open_paper_tells_the_key(client: FlaskClient, attempt: dict[str, Any]) -> None:
    text = str(attempt)
    for secret in ("解析", "反馈", "'key': 'correct'", "'answer'", "facility", "mark"):
        assert secret not in text


def test_a_save_answers_what_is_stored_whatever_became_of_it(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], clock: SettableClock
) -> None:
    saved = put(client, member, attempt, 1, answer="B", seq=5)
    assert saved.status_code == 200
    stored = saved.get_json()
    assert stored == {
        "position": 1,
        "seq": 5,
        "answer": "B",
        "saved_at": clock.now.isoformat(),
        "outcome": "saved",
    }
    clock.advance(seconds=9)
    assert put(client, member, attempt, 1, answer="B", seq=5).get_json() == {**stored, "outcome": "duplicate"}
    assert put(client, member, attempt, 1, answer="C", seq=4).get_json() == {
        **stored,
        "outcome": "superseded",
    }
    assert client.get(path(attempt), headers=member).get_json()["answers"] == {
        "1": {"answer": "B", "seq": 5, "saved_at": stored["saved_at"]}
    }
    assert put(client, member, attempt, 1, answer=None, seq=6).get_json()["answer"] is None


def test_refused_saves_say_why(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], clock: SettableClock
) -> None:
    put(client, member, attempt, 1, answer="B", seq=5)
    assert code(put(client, member, attempt, 1, answer="C", seq=5)) == (409, "conflict")
    assert code(put(client, member, attempt, 1, answer="C", seq=6, epoch=2)) == (409, "taken_over")
    assert code(put(client, member, attempt, 1, answer=["C"], seq=6)) == (422, "bad_answer")
    assert code(put(client, member, attempt, 1, answer="E", seq=6)) == (422, "bad_answer")
    assert code(put(client, member, attempt, 9, answer="A", seq=6)) == (404, "not_found")
    assert code(put(client, member, attempt, 1, answer="x" * 70_000, seq=6)) == (413, "too_large")
    clock.advance(minutes=30, seconds=31)
    assert code(put(client, member, attempt, 1, answer="C", seq=6)) == (409, "attempt_closed")
    assert put(client, member, attempt, 1, answer="B", seq=5).get_json()["outcome"] == "duplicate"


def test_a_malformed_answer_is_said_to_be_one_before_anything_else(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], clock: SettableClock
) -> None:
    put(client, member, attempt, 1, answer="B", seq=5)
    client.post(path(attempt, "/takeover"), headers=member)
    assert code(put(client, member, attempt, 1, answer=["B"], seq=5)) == (422, "bad_answer")
    assert code(put(client, member, attempt, 1, answer=["B"], seq=4, epoch=2)) == (422, "bad_answer")
    clock.advance(minutes=30, seconds=31)
    assert code(put(client, member, attempt, 1, answer=["B"], seq=6)) == (422, "bad_answer")


def test_a_program_is_answered_without_a_word_about_cookies(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], bearer: Callable[[str], Headers]
) -> None:
    """The bearer token alone says who asks: neither the cookie beside it nor a form token counts."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = bearer("m2")["Authorization"].partition(" ")[2]
    answer = put(client, member, attempt, 1, answer="B", seq=5)
    assert answer.status_code == 200
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert client.get("/api/v1/me").get_json()["member_no"] == "m2"
    assert put(client, {}, attempt, 1, answer="C", seq=6).status_code == 400, "a cookie needs the form token"


@pytest.mark.parametrize("body", ["{}", "{", '{"answer": "\\u0000", "epoch": 1, "seq": 1}'])
def test_somebody_elses_attempt_is_not_found_whatever_the_body_is(
    client: FlaskClient, attempt: dict[str, Any], bearer: Callable[[str], Headers], body: str
) -> None:
    send: Any = {"data": body, "content_type": "application/json", "headers": bearer("m2")}
    assert code(client.put(path(attempt, "/answers/1"), **send)) == (404, "not_found")
    send["data"] = body.replace("answer", "answers")
    assert code(client.post(path(attempt, "/submit"), **send)) == (404, "not_found")


def test_an_answer_that_no_database_stores_is_a_bad_answer(
    client: FlaskClient, member: Headers, attempt: dict[str, Any]
) -> None:
    for text in ("A\0", "\ud800", ["\0"], {"\0": "A"}):
        given = {"answer": text, "seq": 1}
        for send, where, body in (
            (client.put, "/answers/1", {**given, "epoch": 1}),
            (client.post, "/submit", {"epoch": 1, "answers": {"1": given}}),
        ):
            sent: Any = {"data": json.dumps(body), "content_type": "application/json", "headers": member}
            assert code(send(path(attempt, where), **sent)) == (422, "bad_answer")
    assert client.get(path(attempt), headers=member).get_json()["answers"] == {}


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "A"},
        {"answer": "A", "epoch": 1},
        {"answer": "A", "epoch": "1", "seq": 1},
        {"answer": "A", "epoch": 1, "seq": -1},
        {"answer": "A", "epoch": 1, "seq": True},
        {"epoch": 1, "seq": 1},
        [],
    ],
)
def test_a_save_without_its_parts_is_refused(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], body: Any
) -> None:
    answer = client.put(path(attempt, "/answers/1"), json=body, headers=member)
    assert answer.status_code == 422


def test_whoever_counts_from_nought_is_understood(
    client: FlaskClient, member: Headers, attempt: dict[str, Any]
) -> None:
    assert put(client, member, attempt, 1, answer="B", seq=0).get_json()["outcome"] == "saved"
    assert put(client, member, attempt, 1, answer="B", seq=0).get_json()["outcome"] == "duplicate"
    assert put(client, member, attempt, 1, answer="C", seq=1).get_json()["outcome"] == "saved"


def test_another_members_attempt_is_not_found(
    client: FlaskClient, attempt: dict[str, Any], bearer: Callable[[str], Headers]
) -> None:
    other = bearer("m2")
    calls = [
        client.get(path(attempt), headers=other),
        put(client, other, attempt, 1),
        client.post(path(attempt, "/takeover"), headers=other),
        client.post(path(attempt, "/submit"), headers=other),
        client.get(path(attempt, "/review"), headers=other),
        client.get(path({"id": 2**63 - 1}), headers=other),
        client.get(path({"id": 2**70}), headers=other),
    ]
    assert {code(answer) for answer in calls} == {(404, "not_found")}
    assert client.get(path(attempt)).status_code == 401


def test_a_take_over_answers_the_new_epoch_and_get_never_changes_it(
    client: FlaskClient, member: Headers, attempt: dict[str, Any]
) -> None:
    taken = client.post(path(attempt, "/takeover"), headers=member)
    assert taken.get_json()["epoch"] == 2
    assert client.get(path(attempt), headers=member).get_json()["epoch"] == 2
    assert code(put(client, member, attempt, 1)) == (409, "taken_over")
    assert put(client, member, attempt, 1, epoch=2).status_code == 200


def test_submit_answers_the_result_and_again_the_same(
    client: FlaskClient, member: Headers, attempt: dict[str, Any]
) -> None:
    first = client.post(path(attempt, "/submit"), headers=member)
    result = first.get_json()
    assert first.status_code == 200
    assert {key: result[key] for key in ("id", "state", "score", "max_score", "passed")} == {
        "id": attempt["id"],
        "state": "marked",
        "score": 0,
        "max_score": 5,
        "passed": False,
    }
    assert client.post(path(attempt, "/submit"), json={}, headers=member).get_json() == result
    shown = client.get(path(attempt), headers=member).get_json()
    assert shown == result
    assert "questions" not in shown
    assert code(client.post(path(attempt, "/takeover"), headers=member)) == (409, "attempt_closed")
    assert code(client.post("/api/v1/exams/quiz/attempts", headers=member)) == (409, "no_attempts_left")


def test_answers_in_the_submit_need_the_epoch_and_count(
    client: FlaskClient, member: Headers, attempt: dict[str, Any]
) -> None:
    answers = {"1": {"answer": "A", "seq": 1}}
    assert client.post(path(attempt, "/submit"), json={"answers": answers}, headers=member).status_code == 422
    stale = {"epoch": 7, "answers": answers}
    assert code(client.post(path(attempt, "/submit"), json=stale, headers=member)) == (409, "taken_over")
    unknown = {"epoch": 1, "answers": {"2": {"answer": "B", "seq": 1}, "9": {"answer": "A", "seq": 1}}}
    assert code(client.post(path(attempt, "/submit"), json=unknown, headers=member)) == (422, "bad_answer")
    kept = client.get(path(attempt), headers=member).get_json()["answers"]
    assert kept["2"]["answer"] == "B", "what came beside a position that there is not is lost"
    fine = client.post(path(attempt, "/submit"), json={"epoch": 1, "answers": answers}, headers=member)
    assert fine.get_json()["state"] == "marked"
    again = client.post(path(attempt, "/submit"), json=unknown, headers=member)
    assert (again.status_code, again.get_json()) == (200, fine.get_json())


def right(client: FlaskClient, member: Headers, attempt: dict[str, Any]) -> None:
    for question in attempt["questions"]:
        key = next(option["key"] for option in question["options"] if option["html"] == "乙")
        put(client, member, attempt, question["position"], answer=key)


def test_the_review_opens_when_the_exam_is_over_and_not_before(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], clock: SettableClock
) -> None:
    right(client, member, attempt)
    open_one = client.get(path(attempt, "/review"), headers=member)
    assert code(open_one) == (403, "not_released")
    client.post(path(attempt, "/submit"), headers=member)
    early = client.get(path(attempt, "/review"), headers=member)
    assert code(early) == (403, "not_released")
    assert early.get_json()["available_at"] == "2026-11-12T02:00:00+00:00"
    clock.advance(days=11)
    member = bearer_again(client)
    review = client.get(path(attempt, "/review"), headers=member).get_json()
    assert (review["score"], review["passed"]) == (5, True)
    first = review["questions"][0]
    assert first["answer"] == first["key"]
    assert first["mark"] == 1
    assert "解析" in first["explanation_html"]


def test_who_looks_at_a_review_takes_no_turn_to_write(
    client: FlaskClient, member: Headers, attempt: dict[str, Any], clock: SettableClock, database: Database
) -> None:
    client.post(path(attempt, "/submit"), headers=member)
    clock.advance(days=11)
    member = bearer_again(client)
    with database.write():  # somebody else's turn: whoever wanted one would be told to come back
        assert client.get(path(attempt, "/review"), headers=member).status_code == 200


def bearer_again(client: FlaskClient) -> Headers:
    """A session of these days: the clock moved past the first one's end, or near it."""
    body = {"member_no": "m1", "password": organization.PASSWORD}
    token = client.post("/api/v1/sessions", json=body).get_json()["token"]
    return {"Authorization": f"Bearer {token}"}


def test_the_key_waits_for_the_last_open_attempt(
    client: FlaskClient,
    member: Headers,
    attempt: dict[str, Any],
    clock: SettableClock,
    database: Database,
    bearer: Callable[[str], Headers],
) -> None:
    client.post(path(attempt, "/submit"), headers=member)
    with database.write() as session:
        exams.extra_time(session, "m2", 60, clock.now)
    clock.advance(days=9, hours=23, minutes=50)
    other = bearer("m2")
    assert client.post("/api/v1/exams/quiz/attempts", headers=other).status_code == 201
    clock.advance(minutes=11)
    waiting = client.get(path(attempt, "/review"), headers=bearer("m1"))
    assert code(waiting) == (403, "not_released")
    assert waiting.get_json()["available_at"] == "2026-11-12T03:00:30+00:00"
    clock.advance(minutes=60)
    assert client.get(path(attempt, "/review"), headers=bearer("m1")).status_code == 200


@pytest.mark.parametrize(
    "case",
    [
        ({"score": "never", "answers": "never", "explanations": "never"}, set(), None),
        (
            {"score": "never", "answers": "submitted", "explanations": "never"},
            set(),
            {"key", "parts", "accepted", "tolerance"},
        ),
        (
            {"score": "submitted", "answers": "never", "explanations": "submitted"},
            {"score", "max_score", "passed"},
            {"explanation_html", "feedback"},
        ),
    ],
)
def test_what_the_policy_hides_is_absent(
    client: FlaskClient,
    member: Headers,
    attempt: dict[str, Any],
    clock: SettableClock,
    database: Database,
    case: tuple[dict[str, str], set[str], set[str] | None],
) -> None:
    review, result, shown = case
    with database.write() as session:
        exams.exam(session, clock.now, closes="2026-11-12 10:00", pass_="60%", review=review)
    submitted = client.post(path(attempt, "/submit"), headers=member).get_json()
    assert {"score", "max_score", "passed"} & submitted.keys() == result
    answer = client.get(path(attempt, "/review"), headers=member)
    if shown is None:
        assert code(answer) == (403, "not_released")
        return
    first = answer.get_json()["questions"][0]
    guarded = {"key", "parts", "accepted", "tolerance", "mark", "explanation_html", "feedback"}
    assert guarded & first.keys() == shown


def test_the_list_shows_each_exam_as_it_stands_for_the_member(
    client: FlaskClient, member: Headers, clock: SettableClock, database: Database
) -> None:
    with database.write() as session:
        exams.exam(session, clock.now, exam="later", opens="2026-11-05 08:00", attempts="unlimited")
        exams.exam(session, clock.now, exam="past", closes="2026-11-02 09:00")
        exams.exam(session, clock.now, exam="hidden", state="draft")
        exams.exam(session, clock.now, exam="elsewhere", for_=["root"])
    attempt_id = client.post("/api/v1/exams/quiz/attempts", headers=member).get_json()["id"]
    listed = client.get("/api/v1/exams", headers=member).get_json()
    assert [(each["slug"], each["state"], each["attempts_left"]) for each in listed["items"]] == [
        ("quiz", "in_progress", 0),
        ("elsewhere", "open", 1),
        ("later", "upcoming", None),
        ("past", "closed", 1),
    ]
    assert listed["next"] is None
    assert listed["items"][0] == {
        "slug": "quiz",
        "title": "季度测试",
        "state": "in_progress",
        "opens_at": None,
        "closes_at": "2026-11-12T02:00:00+00:00",
        "minutes": 30,
        "attempts_left": 0,
        "attempt_id": attempt_id,
        "questions": {"least": 5, "most": 5},
        "max_score": {"least": 5, "most": 5},
    }


def test_an_exam_that_is_not_open_cannot_be_started(
    client: FlaskClient, member: Headers, clock: SettableClock, database: Database
) -> None:
    with database.write() as session:
        exams.exam(session, clock.now, exam="later", opens="2026-11-05 08:00")
        exams.exam(session, clock.now, exam="past", closes="2026-11-02 09:00")
    assert code(client.post("/api/v1/exams/later/attempts", headers=member)) == (409, "exam_not_open")
    assert code(client.post("/api/v1/exams/past/attempts", headers=member)) == (409, "exam_closed")
    assert code(client.post("/api/v1/exams/none/attempts", headers=member)) == (404, "not_found")
