"""A newcomer's first visit on a phone, from the slip to the start page; and a desk without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, expect

from studyhub.organization.actor import SYSTEM
from studyhub.organization.roles import Role
from studyhub.organization.sign_in import operations
from tests.browser.conftest import DESKTOP, Site, axe_finds, press_on
from tests.factories import organization as make

OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def code(site: Site, now: datetime) -> str:
    """The code on the slip of Li, who has never been here."""
    with site.database.write() as session:
        root = make.branch(session, "city", now, name="市直机关工委")
        home = make.branch(session, "lib-3", now, parent=root, name="市图书馆第三党支部")
        make.grant(session, make.member(session, "admin", root, now), Role.ADMIN, now)
        li = make.member(session, "10001", home, now, name="李秀兰")
        li.password_hash = li.password_set_at = li.welcomed_at = None
        session.flush()
        return operations.make_code(session, SYSTEM, li.id, now)


def test_from_the_slip_to_large_type_on_a_phone(site: Site, open_context: OpenContext, code: str) -> None:
    page = open_context().new_page()
    page.goto(f"/welcome?code={code}")
    expect(page.get_by_role("heading", name="欢迎您，李秀兰")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_label("新密码", exact=True).fill("tidy green harbour")
    page.get_by_label("再输入一次新密码").fill("tidy green harbour")
    page.get_by_role("button", name="设置密码").click()
    expect(page.get_by_role("heading", name="记录什么，为什么")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_label("大字版").check()
    page.get_by_role("button", name="开始使用").click()
    expect(page).not_to_have_url(re.compile("/welcome"))
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    expect(page.locator(".menu > summary .icon")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_typed_code_with_blanks_does_as_well(site: Site, open_context: OpenContext, code: str) -> None:
    page = open_context().new_page()
    page.goto("/sign-in")
    page.get_by_role("link", name="我有登录凭条").click()
    page.get_by_label("凭条上的登录码").fill(" ".join(code[at : at + 4] for at in range(0, 20, 4)))
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", name="欢迎您，李秀兰")).to_be_visible()


def test_an_admin_makes_a_new_slip_with_the_keyboard_alone(
    site: Site, open_context: OpenContext, code: str
) -> None:
    page = open_context("admin", viewport=DESKTOP, has_touch=False).new_page()
    page.goto("/members/10001")
    press_on(page, "制作凭条")
    page.get_by_role("heading", name="为李秀兰制作登录凭条？").wait_for()
    press_on(page, "制作凭条")
    page.locator(".slip .code").wait_for()
    code_shown = page.locator(".slip .code").inner_text().replace(" ", "")
    assert code_shown.isdigit()
    page.evaluate("window.print = () => { document.title = 'printed' }")
    press_on(page, "打印本页")
    expect(page).to_have_title("printed")
    expect(page.locator("[data-copy]")).to_have_attribute("data-copy", code_shown)
    assert axe_finds(page) == []


def test_in_large_type_each_tab_of_a_phone_has_room_for_its_words_in_english(
    site: Site, open_context: OpenContext, code: str
) -> None:
    page = open_context("admin", locale="en-GB").new_page()
    page.goto("/account")
    page.get_by_role("button", name="Large type").first.click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    tabs = page.locator(".tabs a")
    expect(tabs).to_have_count(5)
    page.wait_for_load_state()
    assert tabs.evaluate_all("all => all.every(tab => tab.scrollWidth <= tab.clientWidth)")
    lines = """all => all.map(tab =>
      tab.querySelector("span").offsetHeight / parseFloat(getComputedStyle(tab).lineHeight))"""
    assert max(tabs.evaluate_all(lines)) < 1.5, "each has one line"


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_header_of_a_page_without_navigation_fits_on_a_phone(
    site: Site, open_context: OpenContext, code: str, locale: str
) -> None:
    page = open_context(locale=locale).new_page()
    page.goto("/sign-in")
    page.locator("[name=member_no]").fill("10001")
    page.locator("[name=password]").fill(code)
    page.locator("main [type=submit]").click()
    page.wait_for_url("**/account/password")
    name, leave = page.locator(".top .who > .small"), page.locator(".top .who button")
    for width, size in ((320, "normal"), (320, "large"), (390, "normal"), (390, "large")):
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate(f"document.documentElement.dataset.size = '{size}'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, size
        assert name.evaluate("one => one.clientHeight < 2 * parseFloat(getComputedStyle(one).lineHeight)")
        assert leave.evaluate("one => one.getBoundingClientRect().right") <= width, size
