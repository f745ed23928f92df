"""Courses over the API: every rule of `watched` and `read` as scripts meet it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from studyhub.courses.states import LessonKind
from studyhub.db.database import Database
from tests.conftest import SettableClock
from tests.factories import courses
from tests.factories import organization as people

Bearer = Callable[[str], dict[str, str]]
Post = Callable[..., Any]


@pytest.fixture
def lessons(database: Database, now: datetime) -> dict[str, int]:
    """The lessons' ids of a course for everyone; `hidden` belongs to another branch's course."""
    with database.write() as session:
        root = people.branch(session, "city", now)
        east = people.branch(session, "east", now, parent=root)
        west = people.branch(session, "west", now, parent=root)
        people.member(session, "m1", east, now)
        people.member(session, "m2", west, now)
        _, rows = courses.course(session, now)
        _, hidden = courses.course(
            session, now, "west-only", only_for=[west], lessons=[("hidden", LessonKind.VIDEO, 60)]
        )
        return {slug: lesson.id for slug, lesson in {**rows, **hidden}.items()}


@pytest.fixture
def post(client: FlaskClient, bearer: Bearer, lessons: dict[str, int]) -> Post:
    """`post(lesson, call, status=200, **body)` as m1; returns the JSON answer."""
    headers = bearer("m1")

    def send(lesson: str, call: str, status: int = 200, **body: Any) -> Any:
        answer = client.post(f"/api/v1/lessons/{lessons[lesson]}/{call}", json=body, headers=headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    return send


def test_a_course_is_listed_with_its_lessons_and_their_progress(
    client: FlaskClient, bearer: Bearer, lessons: dict[str, int]
) -> None:
    listed = client.get("/api/v1/courses", headers=bearer("m1")).get_json()
    assert [item["slug"] for item in listed["items"]] == ["cyber-basics"]
    assert listed["next"] is None
    shown = client.get("/api/v1/courses/cyber-basics", headers=bearer("m1")).get_json()
    assert shown == listed["items"][0]
    video, reading = shown["lessons"]
    assert (video["id"], video["kind"], video["duration_s"]) == (lessons["phishing"], "video", 60)
    assert (reading["kind"], reading["duration_s"], reading["video_url"]) == ("reading", 120, None)
    assert video["video_url"].startswith("/media/")
    assert video["size"] == 1_200_000
    assert video["progress"] == {
        "covered_s": 0,
        "coverage": 0,
        "completed": False,
        "position_s": 0,
        "seq": -1,
    }


def test_a_list_goes_on_where_it_ended(client: FlaskClient, bearer: Bearer, lessons: dict[str, int]) -> None:
    headers = bearer("m2")
    first = client.get("/api/v1/courses?limit=1", headers=headers).get_json()
    second = client.get(f"/api/v1/courses?limit=1&after={first['next']}", headers=headers).get_json()
    assert [item["slug"] for item in (*first["items"], *second["items"])] == ["cyber-basics", "west-only"]
    assert second["next"] is None
    assert client.get("/api/v1/courses?after=nonsense", headers=headers).status_code == 422


def test_a_viewing_from_its_first_call_to_completion(post: Post, clock: SettableClock) -> None:
    assert post("phishing", "watched", intervals=[], position_s=0, rate=1, seq=1) == {
        "covered_s": 0, "duration_s": 60, "coverage": 0, "completed": False, "position_s": 0, "seq": 1,
    }  # fmt: skip
    clock.advance(seconds=30)
    half = post("phishing", "watched", intervals=[[0, 30]], position_s=30, rate=1, seq=2)
    assert (half["covered_s"], half["coverage"], half["completed"]) == (30, 0.5, False)
    clock.advance(seconds=30)
    whole = post("phishing", "watched", intervals=[[0, 60]], position_s=60, rate=1, seq=3)
    assert (whole["covered_s"], whole["coverage"], whole["completed"]) == (60, 1, True)


def test_forged_coverage_is_credited_twice_the_time_and_five_seconds(
    post: Post, clock: SettableClock
) -> None:
    post("phishing", "watched", intervals=[], position_s=0, rate=1, seq=1)
    clock.advance(seconds=2)
    assert post("phishing", "watched", intervals=[[0, 60]], position_s=60, rate=1, seq=2)["covered_s"] == 9


def test_an_older_report_changes_nothing(post: Post, clock: SettableClock) -> None:
    post("phishing", "watched", intervals=[], position_s=0, rate=1, seq=7)
    clock.advance(seconds=60)
    for seq in (6, 7):
        stale = post("phishing", "watched", intervals=[[0, 60]], position_s=60, rate=1, seq=seq)
        assert (stale["covered_s"], stale["position_s"], stale["seq"]) == (0, 0, 7)


def test_what_lies_outside_the_video_is_cut_off(post: Post, clock: SettableClock) -> None:
    post("phishing", "watched", intervals=[], position_s=0, rate=1, seq=1)
    clock.advance(minutes=5)
    answer = post("phishing", "watched", intervals=[[55, 400]], position_s=400, rate=1, seq=2)
    assert (answer["covered_s"], answer["position_s"]) == (5, 60)


def test_a_reading_counts_time_and_how_far(post: Post, clock: SettableClock) -> None:
    post("passwords", "read", seconds=0, reached=0.1, seq=1)
    clock.advance(seconds=60)
    half = post("passwords", "read", seconds=60, reached=0.4, seq=2)
    assert half == {
        "covered_s": 60, "duration_s": 120, "coverage": 0.4, "completed": False, "position_s": 0, "seq": 2,
    }  # fmt: skip
    assert post("passwords", "read", seconds=60, reached=1, seq=3)["completed"] is True


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"intervals": [[0, 1]]},
        {"intervals": [[5, 1]], "seq": 1},
        {"intervals": [[-1, 1]], "seq": 1},
        {"intervals": [[0]], "seq": 1},
        {"intervals": [[0, 1, 2]], "seq": 1},
        {"intervals": [["a", "b"]], "seq": 1},
        {"intervals": [[0, 1e999]], "seq": 1},
        {"intervals": [[0, 1]] * 501, "seq": 1},
        {"intervals": [], "seq": -1},
        {"intervals": [], "seq": 1.5},
        {"intervals": [], "seq": 2**60},
        {"intervals": [], "seq": 1, "rate": 0},
        {"intervals": [], "seq": 1, "position_s": -1},
        {"intervals": [], "seq": 1, "unknown": 1},
    ],
)
def test_a_malformed_report_is_refused(
    client: FlaskClient, bearer: Bearer, lessons: dict[str, int], body: dict[str, Any]
) -> None:
    answer = client.post(f"/api/v1/lessons/{lessons['phishing']}/watched", json=body, headers=bearer("m1"))
    assert answer.status_code in (400, 422), answer.get_json()


def test_a_lesson_of_others_is_as_if_it_were_not_there(
    client: FlaskClient, bearer: Bearer, post: Post, lessons: dict[str, int]
) -> None:
    hidden = post("hidden", "watched", status=404, intervals=[], seq=1)
    missing = client.post(
        "/api/v1/lessons/999999/watched", json={"intervals": [], "seq": 1}, headers=bearer("m1")
    )
    assert (missing.status_code, missing.get_json()) == (404, hidden)
    assert client.get("/api/v1/courses/west-only", headers=bearer("m1")).status_code == 404
    assert client.get("/api/v1/courses").status_code == 401


def test_a_text_is_not_watched_and_a_video_not_read(post: Post) -> None:
    assert post("passwords", "watched", status=422, intervals=[], seq=1)["code"] == "not_a_video"
    assert post("phishing", "read", status=422, seconds=1, reached=0, seq=1)["code"] == "not_a_reading"


def test_a_report_takes_few_statements(
    post: Post, clock: SettableClock, count_statements: Callable[[], Any]
) -> None:
    post("phishing", "watched", intervals=[], position_s=0, rate=1, seq=1)
    clock.advance(seconds=10)
    with count_statements() as statements:
        post("phishing", "watched", intervals=[[0, 10]], position_s=10, rate=1, seq=2)
    assert len(statements) <= 6
