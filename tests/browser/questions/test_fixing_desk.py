"""The fix-it desk in a browser: one key for each decision, on a phone by touch, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from studyhub.organization.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, Site, axe_finds
from tests.factories import organization as make
from tests.web.questions.test_fixing import TEXT


@pytest.fixture(autouse=True)
def editor(site: Site) -> None:
    with site.database.write() as session:
        home = make.branch(session, "city", site.clock())
        make.grant(session, make.member(session, "editor", home, site.clock()), Role.EDITOR, site.clock())


def bring(page: Page, check: str = "检查文件", undecided: int = 4) -> None:
    page.goto("/admin/banks/import")
    file = {"name": "题库.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    page.set_input_files("#file", files=[file])
    page.get_by_role("button", name=check).click()
    expect(page.locator("#fix")).to_contain_text(str(undecided))


def decide(page: Page, key: str) -> None:
    """Press it, and wait until the next page listens to keys."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_every_doubt_is_decided_with_one_key(open_context: OpenContext) -> None:
    page = open_context("editor", viewport=DESKTOP, has_touch=False).new_page()
    bring(page)
    page.get_by_role("link", name="逐题处理").press("Enter")
    expect(page.locator("#source")).to_contain_text("属于水果的有")
    assert axe_finds(page) == []
    decide(page, "1")
    expect(page.locator(".fix-progress")).to_contain_text("已处理 1/4")
    decide(page, "z")
    expect(page.locator(".fix-progress")).to_contain_text("已处理 0/4")
    page.keyboard.press("m")
    decide(page, "a")
    expect(page.locator(".fix-progress")).to_contain_text("其中 1 题按规则处理")
    expect(page.locator("#source")).to_contain_text("首都是")
    decide(page, "2")
    expect(page.locator("#source")).to_contain_text("连一连")
    page.keyboard.press("e")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("5. 连线就是画线。（√）")
    decide(page, "ControlOrMeta+Enter")
    expect(page.locator("#done")).to_be_visible()
    assert axe_finds(page) == []
    page.keyboard.press("a")
    expect(page.locator("#fix")).to_contain_text("已全部处理")
    page.get_by_label("标识").fill("sense")
    page.get_by_role("button", name="查看导入计划").press("Enter")
    expect(page).to_have_url(re.compile("/plans/"))
    expect(page.locator("#changes")).to_contain_text("连线就是画线")


def test_what_was_decided_before_is_shown_and_decided_anew_with_one_key(open_context: OpenContext) -> None:
    page = open_context("editor", viewport=DESKTOP, has_touch=False).new_page()
    bring(page)
    page.get_by_role("link", name="逐题处理").press("Enter")
    expect(page.locator("#source")).to_contain_text("属于水果的有")
    decide(page, "1")
    decide(page, "x")
    bring(page, undecided=2)
    expect(page.locator("#fix")).to_contain_text("另有 2 题按您以前对相同文字的决定处理。")
    page.get_by_role("link", name="逐题处理").press("Enter")
    expect(page.locator("#all .tag", has_text="以前的决定")).to_have_count(2)
    page.locator("#all a").nth(1).press("Enter")
    expect(page.locator("#earlier")).to_contain_text("舍去")
    decide(page, "a")
    expect(page.locator(".fix-progress")).to_contain_text("其中 1 题按您以前对相同文字的决定处理。")
    expect(page.locator("#all .tag", has_text="以前的决定")).to_have_count(1)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_desk_and_the_rules_fit_the_page_and_axe_finds_nothing(
    open_context: OpenContext, viewport: dict[str, int], locale: str
) -> None:
    page = open_context("editor", viewport=viewport, locale=locale).new_page()
    bring(page, "检查文件" if locale == "zh-CN" else "Check the file")
    report = page.url
    for path in (report, f"{report}/doubts", "/admin/banks/uploads/rules"):
        page.goto(path)
        fits(page)
    page.goto(f"{report}/doubts")
    page.locator("[data-key=m]").check()
    with page.expect_navigation():
        page.locator("[data-key=a]").click()
    fits(page)
    page.goto("/admin/banks/uploads/rules")
    expect(page.locator("#rules li")).to_have_count(1)
    fits(page)
    bring(page, "检查文件" if locale == "zh-CN" else "Check the file", undecided=2)
    fits(page)
    page.goto(f"{page.url}/doubts")
    page.locator("#all a").first.click()
    expect(page.locator("#earlier")).to_be_visible()
    fits(page)


def fits(page: Page) -> None:
    assert axe_finds(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_desk_works_without_javascript(open_context: OpenContext) -> None:
    page = open_context("editor", viewport=PHONE, java_script_enabled=False).new_page()
    bring(page)
    page.get_by_role("link", name="逐题处理").click()
    page.get_by_role("button", name="读得对").click()
    page.get_by_role("button", name="舍去这道题").click()
    expect(page.locator(".fix-progress")).to_contain_text("已处理 2/4")
    page.get_by_role("button", name="撤销上一个决定").click()
    expect(page.locator(".fix-progress")).to_contain_text("已处理 1/4")


def test_what_to_remember_is_large_enough_to_touch(open_context: OpenContext) -> None:
    page = open_context("editor", viewport=DESKTOP).new_page()
    bring(page)
    page.goto(f"{page.url}/doubts")
    heights = "labels => labels.map(label => label.getBoundingClientRect().height)"
    assert min(page.locator(".remember label").evaluate_all(heights)) >= 44
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.dataset.size = 'large'")
    assert min(page.locator(".remember label").evaluate_all(heights)) >= 60
