"""The guard: who gets in, in which transaction, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from studyhub.db.database import Database, apart
from studyhub.kernel.errors import Conflict, Misconfigured, NotFound
from studyhub.kernel.permissions import Permission
from studyhub.web import guard
from studyhub.web.guard import Room
from studyhub.web.identity import current_actor
from studyhub.web.transaction import commit_early, current_session, open_session, write
from tests.web.web.conftest import Build, House, Visitor

P = Permission
VIEW_AUDIT = frozenset({P.SIGNED_IN, P.SET_PASSWORD, P.VIEW_AUDIT})


def keep(word: str) -> None:
    current_session().execute(text("INSERT INTO kept VALUES (:word)"), {"word": word})


room = Room("test", __name__)
door = Room("door", __name__)


@room.get("/open", permission=P.PUBLIC)
def open_page() -> str:
    return "open"


@room.get("/mine", permission=P.SIGNED_IN)
def mine() -> str:
    return str(current_actor().name)


@room.get("/audit", permission=P.VIEW_AUDIT)
def audit() -> str:
    return "audit"


@room.get("/password", permission=P.SET_PASSWORD)
def password() -> str:
    return "password"


@room.get("/api/v1/mine", permission=P.SIGNED_IN)
def api_mine() -> dict[str, str]:
    return {"name": current_actor().name}


@room.post("/api/v1/words/<word>", permission=P.SIGNED_IN, writes=True, commit_on={409})
def api_keep(word: str) -> Any:
    keep(word)
    match word:
        case "fails":
            raise RuntimeError
        case "refused":
            raise NotFound
        case "conflict":
            raise Conflict
    return {}, 418 if word == "teapot" else 201


@room.get("/api/v1/kept-on-get", permission=P.SIGNED_IN, writes=True)
def api_get_writes() -> Any:
    keep("get")
    return {}


@room.post("/api/v1/nested", permission=P.SIGNED_IN, writes=True)
def api_nested() -> Any:
    with write():
        return {}


@room.post("/api/v1/long", permission=P.SIGNED_IN, writes=True)
def api_long() -> Any:
    session = current_session()
    keep("before")
    memory = session.info["memory"]
    if "long" not in memory:

        def prepare(other: Session) -> None:
            memory["long"] = (other is session, other.scalar(text("SELECT count(*) FROM kept")))

        apart(session, prepare)
    return {"prepared_in_the_write_turn": memory["long"][0], "seen": memory["long"][1]}


@room.post("/api/v1/early/<word>", permission=P.SIGNED_IN, writes=True)
def api_early(word: str) -> Any:
    keep(word)
    commit_early()
    with write():  # a second writer, which had to wait for the first before
        keep("next")
    if word == "fails":
        raise RuntimeError
    return {"open": open_session() is not None}, 201


@room.get("/api/v1/early", permission=P.SIGNED_IN)
def api_early_without_a_write() -> Any:
    commit_early()
    return {}


@room.post("/api/v1/own", permission=P.SIGNED_IN, transaction=None)
def api_own() -> Any:
    with write():
        keep("own")
    return {}


@room.post("/typed", permission=P.SIGNED_IN)
def typed() -> str:
    return "kept"


@door.get("/sign-in", permission=P.PUBLIC)
def sign_in() -> str:
    return "sign in"


@door.get("/set-password", permission=P.SET_PASSWORD)
def set_password() -> str:
    return "set password"


@pytest.fixture
def house(build: Build) -> House:
    house = build(room, door)
    house.visitors |= {"t1": Visitor(), "t2": Visitor(permissions=VIEW_AUDIT, member_no="m2")}
    return house


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_stranger_reads_what_is_public_and_is_sent_to_sign_in_for_the_rest(house: House) -> None:
    client = house.client()
    assert client.get("/open").text == "open"
    answer = client.get("/mine?tab=2")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/mine?tab%3D2"


def test_who_was_signed_out_while_typing_is_told_and_comes_back_to_that_page(house: House) -> None:
    client = house.client()
    ways = (
        ("http://localhost/mine?tab=2", "?next=/mine?tab%3D2"),
        ("https://evil.example/mine", ""),
        (None, ""),
    )
    for page, way in ways:
        answer = client.post("/typed", headers={} if page is None else {"Referer": page})
        assert answer.location == f"/sign-in{way}"
        with client.session_transaction() as kept:
            (told,) = kept.pop("_flashes")
        assert "没有保存" in told[1]


def test_a_stranger_gets_401_from_the_api(house: House) -> None:
    answer = house.client().get("/api/v1/mine")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")


def test_a_stranger_gets_401_even_without_a_form_token(house: House) -> None:
    assert house.client().post("/api/v1/words/x").status_code == 401


def test_a_revoked_session_is_nobody_with_the_next_request(house: House) -> None:
    client = house.client("t1")
    assert client.get("/mine").text == "李秀兰"
    del house.visitors["t1"]
    assert client.get("/mine").status_code == 302


def test_a_role_that_lacks_the_permission_is_refused_and_the_refusal_is_recorded(house: House) -> None:
    assert house.client("t1").get("/audit").status_code == 403
    assert house.refusals == [("m1", P.VIEW_AUDIT, "/audit")]
    assert house.client("t2").get("/audit").text == "audit"


def test_a_refusal_that_cannot_be_recorded_now_is_busy_and_not_broken(house: House) -> None:
    with house.database.write():
        impatient = Database(str(house.database.url), lock_timeout_s=0.05)
        house.app.extensions["studyhub.database"] = impatient
        answer = house.client("t1").get("/audit")
    impatient.dispose()
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "2")
    assert house.refusals == []


def test_who_must_set_a_password_can_do_nothing_else(house: House) -> None:
    house.visitors["new"] = Visitor(must_set_password=True)
    client = house.client("new")
    assert client.get("/mine").location == "/set-password"
    assert client.get("/password").text == "password"
    answer = client.get("/api/v1/mine")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "password_change_required")


def test_with_a_bearer_token_the_cookie_counts_for_nothing(house: House) -> None:
    client = house.client("t1")
    assert client.get("/api/v1/mine", headers=bearer("unknown")).status_code == 401
    house.visitors["t3"] = Visitor(name="王建国")
    assert client.get("/api/v1/mine", headers=bearer("t3")).get_json() == {"name": "王建国"}


def test_a_bearer_token_needs_no_form_token_and_a_cookie_does(house: House) -> None:
    assert house.client().post("/api/v1/words/a", headers=bearer("t1")).status_code == 201
    answer = house.client("t1").post("/api/v1/words/b")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf_failed")
    assert house.kept() == ["a"]


def test_a_form_token_in_the_header_lets_the_pages_own_script_in(house: House, token_of: Any) -> None:
    client = house.client("t1")
    token = token_of(client, "/nothing")
    assert client.post("/api/v1/words/a", headers={"X-CSRFToken": token}).status_code == 201


def test_somebody_elses_form_token_is_refused(house: House, token_of: Any) -> None:
    token = token_of(house.client("t2"), "/nothing")
    assert house.client("t1").post("/api/v1/words/a", headers={"X-CSRFToken": token}).status_code == 400


@pytest.mark.parametrize("word", ["refused", "teapot"])
def test_nothing_is_kept_of_a_refused_request(house: House, word: str) -> None:
    house.client().post(f"/api/v1/words/{word}", headers=bearer("t1"))
    assert house.kept() == []


def test_nothing_is_kept_of_a_request_that_breaks(house: House) -> None:
    answer = house.client().post("/api/v1/words/fails", headers=bearer("t1"))
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert house.kept() == []


def test_a_refusal_that_the_route_names_keeps_what_was_written(house: House) -> None:
    assert house.client().post("/api/v1/words/conflict", headers=bearer("t1")).status_code == 409
    assert house.kept() == ["conflict"]


def test_the_answer_is_given_after_the_commit(house: House) -> None:
    def see_it_in_another_transaction(response: Any) -> Any:
        seen.extend(house.kept())
        return response

    seen: list[str] = []
    house.app.after_request(see_it_in_another_transaction)
    house.client().post("/api/v1/words/a", headers=bearer("t1"))
    assert seen == ["a"]


def test_a_view_may_commit_before_it_renders_and_lets_the_next_writer_in(house: House) -> None:
    answer = house.client().post("/api/v1/early/a", headers=bearer("t1"))
    assert (answer.status_code, answer.get_json()) == (201, {"open": False})
    assert house.kept() == ["a", "next"]


def test_what_was_committed_early_stays_when_the_rendering_breaks(house: House) -> None:
    assert house.client().post("/api/v1/early/fails", headers=bearer("t1")).status_code == 500
    assert house.kept() == ["fails", "next"]


def test_an_early_commit_that_fails_is_answered_503_and_keeps_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(session: Session) -> None:
        raise OperationalError("COMMIT", None, Exception("database or disk is full"))

    monkeypatch.setattr(Session, "commit", full)
    answer = house.client().post("/api/v1/early/a", headers=bearer("t1"))
    monkeypatch.undo()
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "2")
    assert house.kept() == []


def test_a_view_that_only_reads_has_nothing_to_commit_early(house: House) -> None:
    house.app.testing = True  # let the error through
    with pytest.raises(RuntimeError, match="no transaction is open that writes"):
        house.client().get("/api/v1/early", headers=bearer("t1"))


def test_a_route_that_only_reads_by_method_may_say_that_it_writes(house: House) -> None:
    assert house.client().get("/api/v1/kept-on-get", headers=bearer("t1")).status_code == 200
    assert house.kept() == ["get"]


def test_two_transactions_are_never_open_at_once(house: House) -> None:
    house.app.testing = True  # let the error through
    with pytest.raises(RuntimeError, match="already open"):
        house.client().post("/api/v1/nested", headers=bearer("t1"))


def test_a_view_may_open_its_own_short_transactions(house: House) -> None:
    assert house.client().post("/api/v1/own", headers=bearer("t1")).status_code == 200
    assert house.kept() == ["own"]


def test_a_route_without_a_permission_stops_the_start() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/planted", "planted", lambda: "")
    with pytest.raises(Misconfigured, match="planted"):
        guard.refuse_unguarded(app)


def test_a_route_cannot_be_declared_without_a_permission() -> None:
    with pytest.raises((KeyError, TypeError)):
        Room("test", __name__).get("/bare")(lambda: "")


def test_what_takes_long_is_prepared_outside_the_write_turn_and_the_request_begins_again(
    build: Build,
) -> None:
    house = build(room, door)
    house.visitors["token"] = Visitor()
    answer = house.client().post("/api/v1/long", headers={"Authorization": "Bearer token"})
    assert answer.get_json() == {"prepared_in_the_write_turn": False, "seen": 0}
    assert house.kept() == ["before"]


def test_without_somebody_to_begin_again_it_is_prepared_at_once(build: Build) -> None:
    house = build(room, door)
    seen: list[Session] = []
    with house.database.write() as session:
        apart(session, seen.append)
    assert seen == [session]
