"""What no database stores is refused at the door: it never breaks a query."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.web.api import checked_body, decode_cursor, encode_cursor, spec
from studyhub.web.guard import Room
from studyhub.web.limits import LARGEST_ID
from tests.web.web.conftest import Build, House

P = Permission


class Word(BaseModel):
    word: str | list[str]


@pytest.fixture
def house(build: Build) -> House:
    room = Room("test", __name__)

    @room.get("/rows/<int:row_id>", permission=P.PUBLIC)
    def row(row_id: int) -> str:
        return str(row_id)

    @room.get("/named/<name>", permission=P.PUBLIC)
    def named(name: str) -> str:
        return name

    @room.post("/form", permission=P.PUBLIC, csrf=False)
    def form() -> str:
        return "taken"

    @room.post("/api/v1/limits/words", permission=P.PUBLIC, csrf=False)
    @spec.validate(json=Word)
    def words() -> Any:
        return {"word": checked_body(Word).word}

    return build(room)


def test_a_number_that_no_row_can_have_leads_nowhere(house: House) -> None:
    client = house.client()
    assert client.get(f"/rows/{LARGEST_ID}").text == str(LARGEST_ID)
    assert client.get(f"/rows/{LARGEST_ID + 1}").status_code == 404
    assert client.get(f"/rows/{'9' * 400}").status_code == 404


def test_a_nul_in_an_address_or_a_form_is_refused(house: House) -> None:
    client = house.client()
    assert client.get("/named/a%00b").status_code == 404
    assert client.get("/named/a?q=%00").status_code == 400
    assert client.post("/form", data={"word": "a\0b"}).status_code == 400
    assert client.post("/form", data={"word": "ab"}).text == "taken"


@pytest.mark.parametrize("word", ['"\\u0000"', '"\\ud800"', '["ok", "\\udc00"]'])
def test_text_that_cannot_be_stored_is_no_json_of_ours(house: House, word: str) -> None:
    answer = house.client().post(
        "/api/v1/limits/words", data=f'{{"word": {word}}}', content_type="application/json"
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_json")


@pytest.mark.parametrize(
    ("word", "text"), [('"\\u6c49"', "汉"), ('"\\\\u0000"', "\\u0000"), ('"\\ud83d\\ude00"', "😀")]
)
def test_an_escape_that_means_real_text_is_taken(house: House, word: str, text: str) -> None:
    answer = house.client().post(
        "/api/v1/limits/words", data=f'{{"word": {word}}}', content_type="application/json"
    )
    assert answer.get_json() == {"word": text}


@pytest.mark.parametrize("place", [LARGEST_ID + 1, "\0", True, 1.5, None])
def test_a_cursor_never_holds_what_no_query_can_take(place: Any) -> None:
    with pytest.raises(Unprocessable):
        decode_cursor(encode_cursor(place))
