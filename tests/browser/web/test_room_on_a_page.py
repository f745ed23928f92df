"""What stands beside what: on a phone no name of a tab touches the next, on a desk nothing is left over."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from studyhub.organization.roles import Role
from tests.browser.conftest import DESKTOP, OpenContext, Site
from tests.factories import organization as make
from tests.factories.questions import file_text, import_bank, singles

TEXTS = """() => Array.from(document.querySelectorAll(".tabs a"), (tab) => {
  const range = document.createRange();
  range.selectNodeContents(tab);
  const box = range.getBoundingClientRect();
  return [box.left, box.right];
})"""
"""Where the words of each tab begin and end."""
ROOM = """() => {
  const main = document.querySelector("main").getBoundingClientRect();
  const side = document.querySelector(".side").getBoundingClientRect();
  return [main.left - side.right, document.documentElement.clientWidth - main.right];
}"""
"""What is free on the left and on the right of the page's content."""


@pytest.fixture(autouse=True)
def people(site: Site) -> None:
    with site.database.write() as session:
        home = make.branch(session, "city", site.clock())
        boss = make.member(session, "boss", home, site.clock())
        for role in (Role.EDITOR, Role.LEADER):
            make.grant(session, boss, role, site.clock(), over=home)
    import_bank(site.database, file_text("cyber", singles(["q1", "q2"])), site.clock())


def test_the_names_of_the_tabs_keep_apart_on_a_phone(open_context: OpenContext) -> None:
    page = open_context("boss", locale="en-GB").new_page()
    page.goto("/me")
    places = page.evaluate(TEXTS)
    assert len(places) == 5
    for (_, end), (begin, _) in pairwise(places):
        assert begin - end >= 8


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("path", ["/account", "/admin/banks", "/admin/banks/cyber/questions/q1"])
def test_a_column_narrower_than_the_desk_stands_in_its_middle(
    open_context: OpenContext, width: int, path: str
) -> None:
    page = open_context("boss", viewport={"width": width, "height": 900}).new_page()
    page.goto(path)
    left, right = page.evaluate(ROOM)
    assert left == pytest.approx(right, abs=1)


NATURAL_WIDTH = """select => {
  const twin = select.cloneNode(true);
  Object.assign(twin.style, {width: "max-content", maxWidth: "none", position: "absolute"});
  select.parentNode.append(twin);
  const width = twin.offsetWidth;
  twin.remove();
  return width;
}"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_search_of_a_bank_follows_its_choices_on_a_desk_and_none_is_cut(
    open_context: OpenContext, locale: str
) -> None:
    page = open_context("boss", viewport=DESKTOP, locale=locale).new_page()
    page.goto("/admin/banks/cyber")
    boxes: list[Any] = []
    for choice in page.locator(".filters[role=search] select").all():
        boxes.append(choice.bounding_box())
        assert boxes[-1]["width"] >= choice.evaluate(NATURAL_WIDTH) - 1
    button: Any = page.locator(".filters[role=search] button").bounding_box()
    search: Any = page.locator("#search").bounding_box()
    assert search["y"] + search["height"] < boxes[0]["y"]
    assert len({box["y"] for box in boxes}) <= 2
    assert button["y"] > boxes[-1]["y"] - 2
