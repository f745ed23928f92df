"""A leader in a browser: from signing in to the report, and pictures that can be read on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, axe_finds
from tests.factories import scoring as sat
from tests.factories.organization import PASSWORD

OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def world(site: Site) -> sat.World:
    with site.database.write() as session:
        made = sat.world(session, site.clock.now)
    site.clock.now = made.later
    return made


def test_from_signing_in_to_the_report_takes_four_clicks(
    world: sat.World, open_context: OpenContext, tmp_path: Path
) -> None:
    page = open_context(viewport=DESKTOP).new_page()
    page.goto("/")
    page.get_by_label("编号或手机号").fill("leader")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="0区第0党支部").click()
    page.get_by_role("link", name="全部 7").click()
    expect(page.get_by_role("cell", name="90 / 100 分 · 合格")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    download.value.save_as(tmp_path / "report.xlsx")
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames == ["考试", "党员"]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_pictures_of_a_branch_are_drawn_large_enough_to_read(
    world: sat.World, open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_context("leader", viewport=viewport).new_page()
    page.goto("/branches/d0-h0?exam=done")
    pictures = page.locator("img")
    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        expect(picture).to_have_js_property("complete", True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    chart = page.locator("img.chart")
    drawn_width = chart.evaluate("image => image.naturalWidth / (4 / 3)")  # points to pixels
    shown_width = chart.evaluate("image => image.getBoundingClientRect().width")
    assert 13 * shown_width / drawn_width >= 12
    assert _scrolls_sideways(page) is False


def test_what_a_picture_shows_can_be_read_without_it(world: sat.World, open_context: OpenContext) -> None:
    page = open_context("leader").new_page()
    page.goto("/branches/d0-h0?exam=done")
    expect(page.locator("img.chart")).to_have_attribute(
        "alt", "2 人的成绩分布图；人数最多的是 50–60%，1 人。"
    )
    page.get_by_text("图中的数字").click()
    expect(page.get_by_role("row", name="90–100%")).to_contain_text("1")


def test_large_type_finds_room_on_a_phone(world: sat.World, open_context: OpenContext) -> None:
    page = open_context("leader").new_page()
    page.goto("/me")
    page.get_by_role("button", name="大字版").first.click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    for path in ("/me", "/branches/d0-h0", "/members/d0-h0-m0/progress"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("data-size", "large")
        assert _scrolls_sideways(page) is False
        assert axe_finds(page) == []


def _scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
