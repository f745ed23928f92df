"""Language and type size: whose choice counts, and that both languages are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from studyhub.kernel.permissions import Permission
from studyhub.web import catalogue, i18n, words
from studyhub.web.guard import Room
from studyhub.web.i18n import language, ngettext
from studyhub.web.words import GENERAL, PACKS, PARTY, word
from tests.web.web.conftest import Build, House, Visitor


@pytest.fixture
def house(build: Build) -> House:
    room = Room("test", __name__)

    @room.get("/language-here", permission=Permission.PUBLIC)
    def here() -> str:
        return language()

    @room.get("/words", permission=Permission.PUBLIC)
    def words() -> str:
        return f"{word('member')} {word('member', 2)}"

    @room.get("/in-days", permission=Permission.PUBLIC)
    def days() -> str:
        return ngettext("in %(num)s day", "in %(num)s days", 1) + ngettext(
            "in %(num)s day", "in %(num)s days", 3
        )

    return build(room)


def test_without_any_wish_the_settings_language_is_spoken(house: House) -> None:
    assert house.client().get("/language-here").text == "zh"


def test_a_strangers_browser_is_asked(house: House) -> None:
    client = house.client()
    assert client.get("/language-here", headers={"Accept-Language": "en-GB,en;q=0.9"}).text == "en"
    assert client.get("/language-here", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).text == "zh"
    assert client.get("/language-here", headers={"Accept-Language": "fr"}).text == "zh"


def test_a_choice_made_on_the_page_outweighs_the_browser(house: House, token_of: Any) -> None:
    client = house.client()
    choice = {"language": "en", "next": "/in-days", "csrf_token": token_of(client, "/nothing")}
    answer = client.post("/language", data=choice)
    assert answer.location == "/in-days"
    assert client.get("/language-here", headers={"Accept-Language": "zh"}).text == "en"


def test_a_members_choice_goes_with_the_member(house: House, token_of: Any) -> None:
    house.visitors["t1"] = Visitor()
    client = house.client("t1")
    client.post("/language", data={"language": "en", "csrf_token": token_of(client, "/nothing")})
    assert house.visitors["t1"].locale == "en"
    assert house.client("t1").get("/language-here").text == "en"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "x", None]
)
def test_a_choice_never_leads_off_the_site(house: House, token_of: Any, elsewhere: str | None) -> None:
    client = house.client()
    data = {"language": "en", "csrf_token": token_of(client, "/nothing")}
    answer = client.post("/language", data=data | ({"next": elsewhere} if elsewhere else {}))
    assert answer.location == "/"


def test_an_unknown_language_is_refused(house: House, token_of: Any) -> None:
    client = house.client()
    answer = client.post("/language", data={"language": "xx", "csrf_token": token_of(client, "/nothing")})
    assert answer.status_code == 400


def test_a_choice_without_a_form_token_is_refused_with_advice(house: House) -> None:
    answer = house.client().post("/language", data={"language": "en"})
    assert answer.status_code == 400
    assert "刷新" in answer.text


def test_large_type_is_a_choice_too(house: House, token_of: Any) -> None:
    client = house.client()
    assert 'data-size="normal"' in client.get("/nothing").text
    client.post("/size", data={"size": "large", "csrf_token": token_of(client, "/nothing")})
    assert 'data-size="large"' in client.get("/nothing").text


def test_numbers_have_their_plural(house: House) -> None:
    client = house.client()
    assert client.get("/in-days").text == "1 天后3 天后"
    assert client.get("/in-days", headers={"Accept-Language": "en"}).text == "in 1 dayin 3 days"


def test_the_organisations_words_come_from_its_pack(build: Build, house: House) -> None:
    assert house.client().get("/words").text == "党员 党员"
    assert (
        house.client().get("/words", headers={"Accept-Language": "en"}).text == "Party member Party members"
    )


def test_every_pack_has_the_same_words() -> None:
    assert PARTY.keys() == GENERAL.keys()


def test_a_chinese_sentence_has_the_organisations_own_word_in_it() -> None:
    chinese = {
        pack: i18n.read_catalogue(
            catalogue.ROOMS / "organization" / catalogue.CATALOGUE, tuple(words.in_chinese(pack).items())
        ).gettext("Import members")
        for pack in PACKS
    }
    assert chinese == {"party": "导入党员", "general": "导入成员"}


@pytest.mark.parametrize(
    "room", ["courses", "demo", "exams", "organization", "questions", "scoring", "tasks", "web"]
)
def test_members_are_called_by_their_word_and_never_otherwise(room: str) -> None:
    """A sentence says `[[member]]`; 人员 beside it would be a second word for the same people."""
    text = (catalogue.ROOMS / room / catalogue.CATALOGUE).read_text("utf-8")
    assert re.findall(r"人员|党员|成员|在册|党组织|党支部", text) == []
    assert set(re.findall(r"\[\[([a-z_]+)\]\]", text)) <= PARTY.keys()


def test_every_message_has_its_chinese_and_none_is_left_over() -> None:
    assert [str(finding) for finding in catalogue.findings()] == []


def test_a_message_in_an_f_string_is_seen() -> None:
    """Babel passes it by, so nobody would miss its Chinese."""
    assert catalogue.hidden_in_f_strings("""say(f"{_('Note')}: {note}")""") == ["_('Note')"]
    assert catalogue.hidden_in_f_strings("""say(f"{head(_)}: {note}" + _("Note"))""") == []


def test_what_help_says_is_a_message_as_well() -> None:
    code = """
@click.group()
@click.option("--far", help="How far.")
def go(far):
    \"\"\"Go.

    There and back.
    \"\"\"

@go.command("stay", help="Stay.")
def stay():
    pass

def of_the_program():
    \"\"\"Nobody reads this but us.\"\"\"
"""
    assert sorted(text for _line, text in catalogue.descriptions(code)) == [
        "Go.\n\nThere and back.",
        "How far.",
        "Stay.",
    ]


@pytest.mark.parametrize("place", ["days/commands.py", "serving.py"])
def test_help_without_its_chinese_is_a_finding(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("web", "days"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / place).write_text('@click.command()\ndef serve():\n    """Serve the pages."""\n')
    monkeypatch.setattr(catalogue, "ROOMS", tmp_path)
    room = "days" if place.startswith("days") else "web"
    assert catalogue.findings() == [catalogue.Finding(room, "no Chinese", "Serve the pages.")]
    catalogue.update([room])
    kept = tmp_path / room / catalogue.CATALOGUE
    kept.write_text(
        kept.read_text("utf-8").replace('pages."\nmsgstr ""', 'pages."\nmsgstr "启动服务。"'), "utf-8"
    )
    assert catalogue.findings() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('_("%(num)s day")', 'ngettext("%(num)s day", "%(num)s days", n)'),
        ('ngettext("%(num)s day", "%(num)s days", n)', '_("%(num)s day")'),
    ],
)
def test_a_message_that_comes_to_count_or_counts_no_more_keeps_its_chinese(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("web", "days"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    code, kept = tmp_path / "days" / "said.py", tmp_path / "days" / catalogue.CATALOGUE
    monkeypatch.setattr(catalogue, "ROOMS", tmp_path)
    code.write_text(before)
    catalogue.update(["days"])
    kept.write_text(re.sub(r'""\n$', '"%(num)s 天"\n', kept.read_text("utf-8").rstrip("\n") + "\n"), "utf-8")
    code.write_text(after)
    catalogue.update(["days"])
    assert "%(num)s 天" in kept.read_text("utf-8")
    assert catalogue.findings() == []
