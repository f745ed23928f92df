"""Every refusal helps whoever meets it, in their language; programs get problem+json."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask, Response, request
from sqlalchemy import text

from studyhub.db.database import Database
from studyhub.kernel.errors import NotFound, Refused, TooMany, Unavailable, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web.errors import GENERAL
from studyhub.web.guard import Room
from studyhub.web.headers import csp_nonce
from studyhub.web.i18n import lazy_gettext
from studyhub.web.transaction import current_session
from tests.web.web.conftest import Build, House

P = Permission
STATUSES = (400, 403, 404, 409, 413, 415, 422, 429, 500, 503)
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cache-Control",
)


@pytest.fixture
def house(build: Build) -> House:
    room = Room(
        "test", __name__, refusals={"own_code": lazy_gettext("Page not found"), "of_several": "%(names)s"}
    )

    def failing(kind: str) -> Any:
        match kind:
            case "own":
                raise Unprocessable("own_code", position=3)
            case "names":
                raise Unprocessable("of_several", names=("甲", "乙"))
            case "busy":
                raise Unavailable("database_busy", retry_after_s=7)
            case "many":
                raise TooMany(retry_after_s=30)
            case "broken":
                raise RuntimeError("secret detail")
        raise NotFound

    room.get("/fail/<kind>", permission=P.PUBLIC)(failing)
    room.get("/api/v1/fail/<kind>", permission=P.PUBLIC, endpoint="api_failing")(failing)
    room.post("/api/v1/upload", permission=P.PUBLIC, csrf=False, max_body=10)(take_body)
    return build(room)


def take_body() -> Any:
    return {"size": len(request.get_data())}


@pytest.mark.parametrize(("language", "said"), [("zh", "甲、乙"), ("en", "甲, 乙")])
def test_several_names_are_said_as_the_language_lists_them(house: House, language: str, said: str) -> None:
    answer = house.client().get("/api/v1/fail/names", headers={"Accept-Language": language})
    assert answer.get_json()["title"] == said
    assert answer.get_json()["names"] == ["甲", "乙"]


def test_a_problem_has_a_stable_code_and_its_params(house: House) -> None:
    answer = house.client().get("/api/v1/fail/own")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json() == {
        "type": "urn:studyhub:problem:own_code",
        "code": "own_code",
        "status": 422,
        "title": "没有找到页面",
        "position": 3,
    }


def test_missing_and_out_of_scope_look_the_same(house: House) -> None:
    client = house.client()
    missing, out_of_scope = client.get("/api/v1/no-such-thing"), client.get("/api/v1/fail/none")
    assert missing.status_code == out_of_scope.status_code == 404
    assert missing.data == out_of_scope.data


@pytest.mark.parametrize("path", ["/twice", "/api/v1/twice"])
def test_what_somebody_else_did_at_the_same_moment_is_a_conflict(build: Build, path: str) -> None:
    room = Room("test", __name__)

    def twice() -> Any:
        session = current_session()
        session.execute(text("CREATE TABLE one_each (word TEXT PRIMARY KEY, other TEXT NOT NULL)"))
        session.execute(text("INSERT INTO one_each VALUES ('a', 'b')"))
        session.execute(text(f"INSERT INTO one_each VALUES ({request.args['row']})"))
        return {}

    room.post("/twice", permission=P.PUBLIC, csrf=False, writes=True)(twice)
    room.post("/api/v1/twice", permission=P.PUBLIC, csrf=False, writes=True, endpoint="api_twice")(twice)
    client = build(room).client()
    client.application.testing = False
    assert client.post(path, query_string={"row": "'a', 'c'"}).status_code == 409
    assert client.post(path, query_string={"row": "'d', NULL"}).status_code == 500


@pytest.mark.parametrize("path", ["/fail/busy", "/api/v1/fail/busy"])
def test_busy_says_when_to_come_back(house: House, path: str) -> None:
    answer = house.client().get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


@pytest.mark.parametrize("path", ["/mine", "/api/v1/mine"])
@pytest.mark.parametrize("with_cookie", [True, False])
def test_a_database_that_is_away_is_busy_even_when_it_is_asked_who_is_there(
    build: Build, path: str, with_cookie: bool
) -> None:
    """The error's own words are in the reader's language: who that is must not be asked once more."""
    room = Room("test", __name__)
    room.get("/mine", permission=P.SIGNED_IN)(lambda: "")
    room.get("/api/v1/mine", permission=P.SIGNED_IN, endpoint="api_mine")(dict)
    house = build(room)
    client = house.client("token" if with_cookie else None)
    house.app.extensions["studyhub.database"] = Database("postgresql://nobody@127.0.0.1:1/away")
    answer = client.get(path, headers={} if with_cookie else {"Authorization": "Bearer token"})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert not [name for name in HEADERS if name not in answer.headers]
    if path.startswith("/api/"):
        assert answer.get_json()["code"] == "database_busy"


def test_too_many_says_when_to_come_back(house: House) -> None:
    assert house.client().get("/fail/many").headers["Retry-After"] == "30"


def test_an_error_page_tells_nothing_of_the_inside(house: House) -> None:
    for path in ("/fail/broken", "/api/v1/fail/broken"):
        answer = house.client().get(path)
        assert answer.status_code == 500
        assert "secret detail" not in answer.text
        assert "RuntimeError" not in answer.text


def test_an_error_page_and_its_log_line_share_a_number(house: House) -> None:
    answer = house.client().get("/fail/broken")
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_wrong_method_says_which_are_right(house: House) -> None:
    answer = house.client().post("/api/v1/fail/own")
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_a_body_over_the_routes_own_limit_is_refused(house: House) -> None:
    answer = house.client().post("/api/v1/upload", data=b"x" * 11)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


def test_a_connection_ends_where_a_body_was_not_read(house: House) -> None:
    def connection(path: str, body: bytes) -> str | None:
        return house.client().post(path, data=body).headers.get("Connection")

    assert connection("/api/v1/upload", b"x" * 50_000) == "close"
    assert connection("/api/v1/nothing", b"x" * 50_000) == "close"
    assert connection("/api/v1/upload", b"x" * 11) is None


@pytest.mark.parametrize(
    "path", ["/fail/none", "/fail/own", "/fail/busy", "/fail/broken", "/healthz", "/nothing"]
)
def test_every_answer_has_its_headers(house: House, path: str) -> None:
    for address in (path, f"/api/v1{path}"):
        answer = house.client().get(address)
        assert [name for name in HEADERS if name not in answer.headers] == []
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "img-src 'self' data:" in policy
        assert "frame-ancestors 'none'" in policy


def test_no_two_answers_share_a_nonce(house: House) -> None:
    nonces = set()
    for _ in range(3):
        with house.app.test_request_context("/"):
            nonce = csp_nonce()
            policy = house.app.process_response(Response()).headers["Content-Security-Policy"]
            assert policy.count(f"'nonce-{nonce}'") == 2
            nonces.add(nonce)
    assert len(nonces) == 3


def test_an_answer_without_a_page_allows_no_inline_script_at_all(house: House) -> None:
    assert "nonce" not in house.client().get("/healthz").headers["Content-Security-Policy"]


def test_cookies_are_secure_and_tied_to_the_host_exactly_under_https(build: Build) -> None:
    client = build(base_url="https://study.example.org").app.test_client()
    answer = client.get("/nothing", base_url="https://study.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-studyhub=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_over_plain_http_the_cookie_is_plain(house: House) -> None:
    answer = house.client().get("/nothing")
    assert answer.headers["Set-Cookie"].startswith("studyhub=")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("status", STATUSES)
def test_no_english_is_left_on_a_chinese_error_page(status: int, build: Build) -> None:
    class Planted(Refused):
        default_code = "planted"

    Planted.status = status
    room = Room("test", __name__)
    codes = iter(sorted(GENERAL))

    @room.get("/fail", permission=P.PUBLIC)
    def fail() -> Any:
        raise Planted(next(codes))

    client = build(room).client()
    for _ in GENERAL:
        page = client.get("/fail", headers={"Accept-Language": "zh"}).text
        words = visible_words(page)
        assert words == [], words


def visible_words(page: str) -> list[str]:
    """Words in Latin letters that a reader sees, but for names of formats and the switch to English."""
    body = re.sub(
        r"<head>.*?</head>|<(script|style|svg).*?</\1>|<button[^>]*lang=.en.*?</button>", "", page, flags=re.S
    )
    text = re.sub(r"<[^>]+>", " ", body)
    text = text.replace("JSON", "").replace("application/json", "").replace("`after`", "")
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"\b[0-9a-f]{12}\b", "", text))


def test_the_app_trusts_exactly_as_many_proxies_as_it_is_told(build: Build) -> None:
    def address_seen(app: Flask) -> str:
        with app.test_client() as client:
            client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
            return str(request.remote_addr)

    assert address_seen(build().app) == "127.0.0.1"
    assert address_seen(build(proxies=1).app) == "198.51.100.7"
    assert address_seen(build(proxies=2).app) == "203.0.113.9"
