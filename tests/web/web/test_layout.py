"""The frame: navigation by permission, static files for a year, and the parts pages are built of."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from flask import render_template
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from studyhub.kernel.page import Page
from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room
from studyhub.web.layout import Entry
from studyhub.web.paging import page_request
from tests.web.web.conftest import Build, House, Visitor

P = Permission
EVERYONE = frozenset({P.SIGNED_IN, P.STUDY})


class SampleForm(FlaskForm):  # type: ignore[misc]
    member_no = StringField("编号或手机号", [InputRequired("请填写编号。")], description="如 A-0012")
    password = PasswordField("密码", [InputRequired("请填写密码。")])
    kind = SelectField("类型", choices=[SelectChoice("a", "党支部"), SelectChoice("b", "党小组")])
    size = RadioField(
        "字号", choices=[SelectChoice("n", "标准字号"), SelectChoice("l", "大字版")], default="n"
    )
    agree = BooleanField("我已阅读说明")


def sample_room() -> Room:
    room = Room("sample", __name__)

    @room.page("/sample", permission=P.PUBLIC, methods=("GET", "POST"))
    def sample() -> str:
        form = SampleForm()
        form.validate_on_submit()
        asked = page_request(("name", "no", "points"), sort="name", size=3)
        return render_template("sample.html", form=form, page=Page([1, 2, 3], 24, asked))

    @room.get("/sample/confirm", permission=P.PUBLIC)
    def confirm() -> str:
        return render_template("confirm.html")

    @room.get("/desk", permission=P.VIEW_AUDIT)
    def desk() -> str:
        return ""

    return room


NAVIGATION = (
    Entry("审计", "sample.desk", P.VIEW_AUDIT, "audit", 90, "/desk"),
    Entry("首页", "sample.sample", P.SIGNED_IN, "home", 10, "/sample", tab=True),
    Entry("没有", "sample.not_built_yet", P.SIGNED_IN, "exam", 20, "/none", tab=True),
)


@pytest.fixture
def house(build: Build) -> House:
    return build(sample_room(), navigation=NAVIGATION)


def entries(page: str) -> list[str]:
    aside = page.split('<aside class="side">')[1].split("</aside>", maxsplit=1)[0]
    return re.findall(r"</svg>([^<]+)</a>", aside)


def test_a_stranger_has_no_navigation(house: House) -> None:
    assert '<aside class="side">' not in house.client().get("/sample").text


def test_the_navigation_offers_what_the_reader_may_use_in_order(house: House) -> None:
    house.visitors |= {
        "m": Visitor(permissions=EVERYONE),
        "a": Visitor(permissions=EVERYONE | {P.VIEW_AUDIT}),
    }
    assert entries(house.client("m").get("/sample").text) == ["首页"]
    assert entries(house.client("a").get("/sample").text) == ["首页", "审计"]


def test_the_entry_of_the_section_is_the_current_one(house: House) -> None:
    house.visitors["m"] = Visitor(permissions=EVERYONE)
    page = house.client("m").get("/sample/confirm").text
    assert 'href="/sample" aria-current="page"' in page


def test_an_entry_can_stand_for_pages_elsewhere(build: Build) -> None:
    entry = Entry("首页", "sample.desk", P.SIGNED_IN, "home", 10, "/desk", also=("/sample",))
    house = build(sample_room(), navigation=(entry,))
    house.visitors["m"] = Visitor(permissions=EVERYONE)
    assert 'href="/desk" aria-current="page"' in house.client("m").get("/sample").text


def test_who_must_set_a_password_is_offered_nothing_else(house: House) -> None:
    house.visitors["m"] = Visitor(permissions=EVERYONE, must_set_password=True)
    assert '<aside class="side">' not in house.client("m").get("/sample").text


def test_the_front_door_leads_to_the_readers_first_page(house: House) -> None:
    house.visitors |= {"m": Visitor(permissions=EVERYONE)}
    assert house.client("m").get("/").location == "/sample"
    assert house.client().get("/").status_code == 401


def test_the_door_of_the_desk_leads_to_its_first_page_that_the_reader_may_use(build: Build) -> None:
    navigation = (
        *NAVIGATION,
        Entry("设置", "sample.confirm", P.VIEW_AUDIT, "audit", 50, "/admin/confirm"),
        Entry("不是", "sample.desk", P.SIGNED_IN, "audit", 5, "/administration"),
    )
    house = build(sample_room(), navigation=navigation)
    house.visitors |= {
        "m": Visitor(permissions=EVERYONE),
        "a": Visitor(permissions=EVERYONE | {P.VIEW_AUDIT}),
    }
    assert house.client("a").get("/admin").location == "/sample/confirm"
    assert house.client("m").get("/admin").status_code == 404


def test_no_page_uses_what_the_content_policy_forbids(house: House) -> None:
    page = house.client().get("/sample").text + house.client().get("/sample/confirm").text
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)


def test_a_field_names_its_hint_and_its_error(house: House, token_of: Any) -> None:
    client = house.client()
    data = {"csrf_token": token_of(client, "/sample"), "password": "x"}
    page = client.post("/sample", data=data).text
    assert 'aria-describedby="member_no-hint member_no-error"' in page
    assert 'aria-invalid="true"' in page
    assert "请填写编号。" in page


def test_static_files_are_kept_for_a_year_under_an_address_with_their_hash(house: House) -> None:
    client = house.client()
    page = client.get("/sample").text
    addresses = re.findall(r'(?:href|src)="([^"]+\.css[^"]*)"', page)
    assert len(addresses) == 2
    for address in addresses:
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in answer.headers.get("Vary", "")
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_text_files_travel_packed(house: House) -> None:
    address = "/bootstrap/static/css/bootstrap.min.css"
    plain = house.client().get(address)
    packed = house.client().get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 5 < len(plain.data)
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name", ["../__init__.py", "%2e%2e/__init__.py", "css", "css/none.css", "/etc/passwd"]
)
def test_nothing_outside_the_static_folder_is_served(house: House, name: str) -> None:
    assert house.client().get(f"/static/{name}").status_code in (308, 404)


def test_a_static_file_without_its_hash_is_asked_for_again(house: House) -> None:
    answer = house.client().get("/static/css/studyhub.css")
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_pages_are_never_stored_by_others(house: House) -> None:
    assert house.client().get("/sample").headers["Cache-Control"] == "private, no-cache"
    assert house.client().get("/api/v1/x").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ("", "name", False, 1)),
        ("?q=%20李%20&sort=-no&page=3", ("李", "no", True, 3)),
        ("?sort=password&page=0", ("", "name", False, 1)),
        ("?page=-1", ("", "name", False, 1)),
        ("?page=99999999999999", ("", "name", False, 1)),
    ],
)
def test_a_list_is_always_shown_whatever_the_address_says(
    house: House, query: str, expected: tuple[str, str, bool, int]
) -> None:
    with house.app.test_request_context(f"/sample{query}"):
        asked = page_request(("name", "no"), sort="name")
    assert (asked.search, asked.sort, asked.descending, asked.page) == expected


def test_the_pager_keeps_what_was_searched_for(house: House) -> None:
    page = house.client().get("/sample?q=%E6%9D%8E&sort=-no&page=2").text
    assert 'rel="next" href="/sample?q=%E6%9D%8E&amp;sort=-no&amp;page=3"' in page
    assert "第 4–6 条，共 24 条" in page


@pytest.mark.parametrize("typed", ["endpoint=x", "_method=x", "_external=1&_scheme=javascript", "_anchor=x"])
def test_a_list_takes_no_key_of_its_address_for_a_word_of_its_own(house: House, typed: str) -> None:
    page = house.client().get(f"/sample?{typed}&page=2")
    assert page.status_code == 200
    assert f'rel="next" href="/sample?{typed.replace("&", "&amp;")}&amp;page=3"' in page.text


def test_healthz_answers_without_the_database_and_readyz_with_it(house: House) -> None:
    client = house.client()
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_english_asks_latin_fonts_before_chinese_ones_whose_quotes_are_full_width(house: House) -> None:
    styles = house.client().get("/static/css/studyhub.css").get_data(as_text=True)
    latin = styles.split("--font-en:")[1].split(";")[0]
    assert latin.index('"Segoe UI"') < latin.index("var(--font-zh)")
    assert ":root:lang(en) { --font: var(--font-en); }" in styles


def test_pages_travel_packed_each_with_a_length_of_its_own(house: House) -> None:
    client = house.client()
    plain = client.get("/sample")
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    packed = [client.get("/sample", headers={"Accept-Encoding": "gzip"}) for _ in range(20)]
    assert {each.headers["Content-Encoding"] for each in packed} == {"gzip"}
    assert all(gzip.decompress(each.data).endswith(plain.data[-100:]) for each in packed)
    assert all(len(each.data) * 2 < len(plain.data) for each in packed)
    assert all(int(each.headers["Content-Length"]) == len(each.data) for each in packed)
    assert len({len(each.data) for each in packed}) > 5
    refused = client.get("/sample", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
