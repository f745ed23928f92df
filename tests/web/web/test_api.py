"""The API's common part: strict bodies, every fault at once, cursors, and the document."""

from __future__ import annotations

from typing import Any

import pytest
from flask_babel import lazy_gettext
from pydantic import BaseModel, Field

from studyhub.kernel.errors import Misconfigured, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web.api import (
    Page,
    answers,
    checked_body,
    checked_query,
    decode_cursor,
    encode_cursor,
    listed,
    spec,
)
from studyhub.web.guard import Room
from studyhub.web.request_faults import fault
from tests.web.web.conftest import Build, House

P = Permission
ROWS = [(number, f"row {number}") for number in range(1, 6)]


class NewThing(BaseModel):
    name: str = Field(min_length=2)
    size: int


class Thing(BaseModel):
    name: str
    size: int


class Things(BaseModel):
    items: list[str]
    next: str | None


@pytest.fixture
def house(build: Build) -> House:
    room = Room("things", __name__)

    @room.post("/api/v1/things/<int:shelf>", permission=P.PUBLIC, csrf=False)
    @spec.validate(json=NewThing, resp=answers(HTTP_201=Thing, problems=(409,)))
    def create(shelf: int) -> Any:
        """Put a thing on a shelf."""
        body = checked_body(NewThing)
        return {"name": body.name, "size": body.size}, 201

    @room.get("/api/v1/things", permission=P.SIGNED_IN)
    @spec.validate(query=Page, resp=answers(HTTP_200=Things))
    def listing() -> Any:
        """Every thing."""
        raise NotImplementedError

    @room.get("/api/v1/rows", permission=P.PUBLIC)
    @spec.validate(query=Page, resp=answers(HTTP_200=Things))
    def rows() -> Any:
        """Every row."""
        asked = checked_query(Page)
        after = decode_cursor(asked.after)
        start = after[0] if after else 0
        found = [row for row in ROWS if row[0] > start][: asked.limit + 1]
        return listed(found, asked.limit, lambda row: row[1], lambda row: (row[0],))

    @room.get("/api/v1/things/0", permission=P.PUBLIC)
    def first() -> Any:
        """What JSON has a spelling for, and a sentence that is still to be translated."""
        return {"名": "书\u2028", "b": [5.0, 0.1, 2**70, True, None], "a": {1: lazy_gettext("Sign in")}}

    return build(room)


def test_an_answer_keeps_its_order_its_unicode_and_translates_what_waits_for_it(house: House) -> None:
    answer = house.client().get("/api/v1/things/0", headers={"Accept-Language": "zh"})
    assert answer.content_type == "application/json"
    assert answer.text == (
        '{"名":"书\u2028","b":[5.0,0.1,1180591620717411303424,true,null],"a":{"1":"登录"}}'
    )


def test_a_good_body_arrives_checked(house: House) -> None:
    answer = house.client().post("/api/v1/things/1", json={"name": "灯", "size": 3} | {"name": "台灯"})
    assert (answer.status_code, answer.get_json()) == (201, {"name": "台灯", "size": 3})


def test_every_fault_of_a_body_is_told(house: House) -> None:
    answer = house.client().post("/api/v1/things/1", json={"name": "x", "size": "large"})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    problem = answer.get_json()
    assert problem["code"] == "invalid_request"
    assert {fault["field"] for fault in problem["faults"]} == {"name", "size"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ["此处至少须有 2 个字符。", "此处须为整数。"]),
        ("en", ["This must have at least 2 characters.", "This must be a whole number."]),
    ],
)
def test_the_faults_of_a_body_are_told_in_the_readers_language(
    house: House, language: str, said: list[str]
) -> None:
    body = {"name": "x", "size": "large"}
    answer = house.client().post("/api/v1/things/1", json=body, headers={"Accept-Language": language})
    assert [fault["message"] for fault in answer.get_json()["faults"]] == said
    assert [fault["code"] for fault in answer.get_json()["faults"]] == ["string_too_short", "int_parsing"]


def test_a_fault_that_has_no_sentence_of_its_own_has_the_general_one(house: House) -> None:
    with house.app.test_request_context(headers={"Accept-Language": "zh"}):
        assert fault("at", "date_from_datetime_parsing", {"error": "too short"}) == {
            "field": "at",
            "code": "date_from_datetime_parsing",
            "message": "此处不能使用该值。",
        }


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"size": NaN}', b"[" * 100_000])
def test_what_is_not_json_is_refused_in_bounded_time(house: House, body: bytes) -> None:
    answer = house.client().post("/api/v1/things/1", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_json")


def test_a_body_of_another_type_is_refused(house: House) -> None:
    answer = house.client().post("/api/v1/things/1", data="name=x", content_type="text/plain")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("body", [[], 3, None, "text"])
def test_json_that_is_no_object_is_a_fault_not_a_crash(house: House, body: Any) -> None:
    assert house.client().post("/api/v1/things/1", json=body).status_code == 422


def test_a_list_goes_on_where_it_ended(house: House) -> None:
    client = house.client()
    seen: list[str] = []
    address = "/api/v1/rows?limit=2"
    for _ in range(5):
        page = client.get(address).get_json()
        seen += page["items"]
        if page["next"] is None:
            break
        address = f"/api/v1/rows?limit=2&after={page['next']}"
    assert seen == [text for _number, text in ROWS]


@pytest.mark.parametrize("name", ["after", "cursor", "next"])
def test_a_script_that_guesses_the_name_of_the_cursor_goes_on_all_the_same(house: House, name: str) -> None:
    """An unknown name would be passed by, and the script would read page 1 for ever."""
    client = house.client()
    first = client.get("/api/v1/rows?limit=2").get_json()
    rest = client.get(f"/api/v1/rows?limit=2&{name}={first['next']}").get_json()
    assert rest["items"] == ["row 3", "row 4"]
    broken = client.get(f"/api/v1/rows?{name}=nonsense")
    assert (broken.status_code, broken.get_json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("cursor", ["x", "ée", "e30", "////"])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    with pytest.raises(Unprocessable):
        decode_cursor(cursor)


def test_a_cursor_holds_its_place() -> None:
    assert decode_cursor(encode_cursor("李", 7)) == ["李", 7]
    assert decode_cursor(None) is None


def test_the_document_is_openapi_31_and_declares_what_the_guard_refuses(house: House) -> None:
    document = house.client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    listing = document["paths"]["/api/v1/things"]["get"]["responses"]
    assert {"200", "401", "403", "422", "503"} <= listing.keys()
    create = document["paths"]["/api/v1/things/{shelf}"]["post"]
    assert {"201", "404", "409", "413", "415", "422"} <= create["responses"].keys()
    assert create["security"] == []
    assert "application/problem+json" in create["responses"]["409"]["content"]
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}


def test_two_models_of_one_name_stop_the_start() -> None:
    with pytest.raises(Misconfigured, match="Thing"):
        answers_of = type("Thing", (BaseModel,), {"__annotations__": {"other": str}})
        spec.validate(json=answers_of)(lambda: None)


def test_the_documents_references_all_lead_somewhere_for_every_application_made(
    house: House, build: Build
) -> None:
    build(Room("again", __name__))
    text = house.client().get("/api/v1/openapi.json").get_json()

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [ref for value in node.values() for ref in references(value)]
        return [ref for value in node for ref in references(value)] if isinstance(node, list) else []

    schemas = text["components"]["schemas"]
    assert {ref.rsplit("/", 1)[1] for ref in references(text)} <= schemas.keys()
