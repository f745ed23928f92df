"""A member's whole path on a phone, in Chinese: from signing in to the result on the first page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PLAY, OpenContext, Site, axe_finds
from tests.factories import courses, exams
from tests.factories import organization as make

COURSE = re.compile("^网络安全入门")
EXAM = {
    "exam": "security",
    "title": "网络安全测试",
    "sections": [{"title": "单选题", "draw": 4, "from": ["bank"]}],
    "attempts": 1,
    "pass_": "60%",
    "review": {"score": "submitted", "answers": "submitted", "explanations": "submitted"},
}


@pytest.fixture(autouse=True)
def world(site: Site, tmp_path: Path) -> None:
    """A member, a course of a video and a text, and an exam of four questions that are right with 乙."""
    now = site.clock.now
    courses.imported(site.database, site.data_dir, courses.course_folder(tmp_path / "course"), now)
    with site.database.write() as session:
        root = make.branch(session, "city", now, name="市直机关工委")
        home = make.branch(session, "lib-3", now, parent=root, name="市图书馆第三党支部")
        make.member(session, "10001", home, now, name="李秀兰")
        exams.bank(session, "bank", exams.singles(4), now)
        exams.exam(session, now, **EXAM)


def test_from_signing_in_to_the_result(site: Site, open_context: OpenContext) -> None:
    page = open_context().new_page()
    sign_in(page)
    watch_a_lesson(page, site)
    read_a_lesson(page, site)
    begin_the_exam(page)
    answer(page, right=3)
    hand_in(page)
    see_it_at_home(page)


def look_at(page: Page, heading: str) -> None:
    """See that this is the page, and that axe finds nothing on it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert axe_finds(page) == []


def sign_in(page: Page) -> None:
    page.goto("/")
    look_at(page, "登录")
    page.get_by_label("编号或手机号").fill("10001")
    page.get_by_label("密码").fill(make.PASSWORD)
    page.get_by_role("button", name="登录").tap()
    look_at(page, "上午好，李秀兰")


def watch_a_lesson(page: Page, site: Site) -> None:
    page.get_by_role("link", name=COURSE).tap()
    look_at(page, "网络安全入门")
    page.get_by_role("link", name="开始学习：识别钓鱼邮件").tap()
    look_at(page, "识别钓鱼邮件")
    with page.expect_response("**/watched"):
        page.evaluate(PLAY)
    site.clock.advance(seconds=10)
    expect(page.locator("#saving")).to_have_text("您已学完本课时。")
    assert axe_finds(page) == []


def read_a_lesson(page: Page, site: Site) -> None:
    with page.expect_response("**/read"):
        page.get_by_role("link", name="下一课").tap()
    look_at(page, "长口令")
    for _ in range(2):  # what is credited at once is bounded by what a report may claim
        site.clock.advance(seconds=60)
        with page.expect_response("**/read"):
            page.evaluate("window.scrollTo(0, 0); window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#share")).not_to_have_text("0%")


def begin_the_exam(page: Page) -> None:
    page.locator("nav.tabs").get_by_role("link", name="首页").tap()
    page.get_by_role("link", name="网络安全测试").tap()
    look_at(page, "网络安全测试")
    page.get_by_role("button", name="开始作答").tap()
    page.wait_for_selector("html[data-ready]")
    assert axe_finds(page) == []


def answer(page: Page, *, right: int) -> None:
    """Answer the first `right` questions rightly, leave the last one out."""
    question = page.locator(".question.current")
    for at in range(1, right + 1):
        expect(question).to_have_attribute("data-position", str(at))
        question.get_by_text("乙", exact=True).tap()
        page.locator('[data-part="next"]').tap()
    page.locator('[data-save="saved"]').wait_for(state="visible")


def hand_in(page: Page) -> None:
    page.get_by_role("link", name="答题卡").tap()
    expect(page.locator('[data-part="open-list"] a')).to_have_text(["4"])
    assert axe_finds(page) == []
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    page.wait_for_url("**/review")
    expect(page.locator(".result-figure")).to_contain_text("合格")
    expect(page.locator("#q1")).to_contain_text("解析")
    assert axe_finds(page) == []


def see_it_at_home(page: Page) -> None:
    page.goto("/me")
    result = page.get_by_role("link", name="网络安全测试")
    expect(result).to_contain_text(" 分 · 合格")
    expect(page.get_by_role("link", name=COURSE)).to_be_visible()
    assert axe_finds(page) == []
