"""A member sits an exam: by touch, by keyboard, on a bad network, on two devices, until the time is up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, OpenContext, Site, axe_finds
from tests.browser.taking.conftest import Begin


def test_a_whole_exam_by_touch_on_a_phone(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    expect(page.locator('[data-part="where"]')).to_have_text("第 1 题，共 5 题")
    sitting.choose("B")
    sitting.go_on()
    for key in "AC":
        sitting.choose(key)
    sitting.go_on()
    sitting.choose("T")
    sitting.go_on()
    blanks = sitting.question.locator("input.blank")
    blanks.nth(0).fill("一")
    blanks.nth(1).fill("贰")
    sitting.go_on()
    expect(sitting.question).to_have_attribute("data-position", "5")
    sitting.question.locator("[data-answer]").fill("3.14")
    expect(page.locator('[data-part="answered"]')).to_have_text("已答 5 题")
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "B", "2": ["A", "C"], "3": True, "4": ["一", "贰"], "5": "3.14"}
    sitting.go_on()
    expect(page.locator(".sheet-sum")).to_have_text("全部试题都已作答")
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    page.wait_for_url("**/review")
    expect(page.locator(".result-figure")).to_contain_text("合格")
    expect(page.locator("#q2")).to_contain_text("来路不明的邮件")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_answer_sheet_lists_what_is_unanswered_and_flagged_before_one_can_hand_in(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    expect(page.get_by_role("button", name="交卷", exact=True)).to_be_hidden()
    sitting.choose("B")
    sitting.question.get_by_role("button", name="标记这道题").tap()
    page.get_by_role("link", name="答题卡").tap()
    expect(page.locator('[data-part="sheet"] h2')).to_be_focused()
    expect(page.locator('[data-part="open-list"] a')).to_have_text(["2", "3", "4", "5"])
    expect(page.locator('[data-part="flag-list"] a')).to_have_text(["1"])
    page.locator('[data-part="open-list"] a').nth(2).tap()
    expect(sitting.question).to_have_attribute("data-position", "4")
    page.go_back()
    expect(page.locator('[data-part="sheet"]')).to_be_visible()


def test_at_the_deadline_the_paper_is_handed_in_by_itself(begin: Begin, site: Site) -> None:
    sitting = begin("m1")
    sitting.choose("B")
    sitting.wait_until_saved()
    site.clock.advance(minutes=28, seconds=56)
    sitting.page.reload()
    expect(sitting.page.locator('[data-part="speech"]')).to_contain_text("还剩 1 分钟")
    site.clock.advance(seconds=60)
    sitting.page.reload()
    sitting.page.wait_for_url("**/review")
    expect(sitting.page.locator(".result-figure")).to_contain_text("1")


def test_the_clock_is_the_servers_whatever_the_device_believes(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.page.clock.set_fixed_time("2031-05-05T05:05:05Z")
    sitting.page.reload()
    expect(sitting.page.locator('[data-part="clock"]')).to_have_text(re.compile(r"^(30:00|29:5\d)$"))


def test_a_script_that_does_not_come_leaves_the_plain_form(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    page.route("**/taking/saver.js", lambda route: route.abort())
    page.reload()
    expect(page.locator(".question:visible")).to_have_count(5)
    page.locator("#q3 .option").first.tap()
    expect(page.locator("#q3 .option input").first).to_be_checked()
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.locator(".flash")).to_contain_text("已保存")
    assert sitting.stored() == {"3": True}


def test_an_exam_that_ended_says_so_and_leads_to_the_result(begin: Begin, site: Site) -> None:
    sitting = begin("m1")
    site.clock.advance(minutes=40)
    sitting.choose("B")
    expect(sitting.page.get_by_role("heading", name="考试已经结束")).to_be_focused()
    expect(sitting.page.get_by_label("这些作答没能保存")).to_have_value("第 1 题：B")
    sitting.page.get_by_role("link", name="查看成绩").tap()
    sitting.page.wait_for_url("**/review")


def test_by_keyboard_alone(begin: Begin) -> None:
    sitting = begin("m1", viewport=DESKTOP, has_touch=False)
    keys = sitting.page.keyboard
    keys.press("b")
    expect(sitting.option("B").locator("input")).to_be_checked()
    keys.press("PageDown")
    expect(sitting.question.locator("[data-heading]")).to_be_focused()
    keys.press("a")
    keys.press("c")
    keys.press("d")
    keys.press("d")
    keys.press("ArrowRight")
    keys.press("t")
    keys.press("PageDown")
    keys.press("Tab")
    keys.type("一")
    keys.press("Tab")
    keys.type("二")
    keys.press("PageDown")
    keys.press("Tab")
    keys.type("3.14")
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "B", "2": ["A", "C"], "3": True, "4": ["一", "二"], "5": "3.14"}
    keys.press("PageDown")
    sitting.press_on("交卷")
    sitting.press_on("确认交卷")
    sitting.page.wait_for_url("**/review")


def test_arrows_never_change_what_a_letter_chose(begin: Begin) -> None:
    sitting = begin("m1", viewport=DESKTOP, has_touch=False)
    keys = sitting.page.keyboard
    keys.press("a")
    keys.press("ArrowDown")
    expect(sitting.option("A").locator("input")).to_be_checked()
    keys.press("ArrowRight")
    expect(sitting.question).to_have_attribute("data-position", "2")
    keys.press("ArrowLeft")
    expect(sitting.question).to_have_attribute("data-position", "1")
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "A"}


def test_up_and_down_choose_for_who_tabbed_into_the_options(begin: Begin) -> None:
    sitting = begin("m1", viewport=DESKTOP, has_touch=False)
    sitting.option("A").locator("input").focus()
    sitting.page.keyboard.press("ArrowDown")
    expect(sitting.option("B").locator("input")).to_be_checked()
    sitting.page.keyboard.press("ArrowRight")
    expect(sitting.question).to_have_attribute("data-position", "2")
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "B"}


def test_without_javascript_one_sits_and_hands_in_all_the_same(
    begin: Begin, open_context: OpenContext, site: Site
) -> None:
    begin("m1")  # on another device, with script
    page = open_context("m1", java_script_enabled=False).new_page()
    page.goto(f"{site.url}/attempts/1")
    page.get_by_role("button", name="在本设备上继续").click()
    page.locator("#q1 .option").nth(1).click()
    page.locator("#q4 input.blank").first.fill("一")
    page.get_by_role("button", name="保存，去答题卡").click()
    expect(page.locator(".sheet-sum")).to_have_text("还有 3 题未答")
    page.get_by_role("button", name="交卷").click()
    expect(page.locator(".result-figure")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("zh", "normal"), ("en", "normal"), ("zh", "large")])
def test_axe_finds_nothing_on_the_paper_the_sheet_and_the_review(
    begin: Begin, language: str, size: str
) -> None:
    sitting = begin("m1")
    page = sitting.page
    sitting.prefer(language, size)
    sitting.choose("B")
    for position in (1, 4, 5):
        page.goto(f"{sitting.site.url}{sitting.path}#q{position}")
        expect(sitting.question).to_have_attribute("data-position", str(position))
        assert axe_finds(page) == []
    page.goto(f"{sitting.site.url}{sitting.path}#sheet")
    page.locator('[data-part="hand-in"]').tap()
    expect(page.locator('[data-part="yes"]')).to_be_visible()
    assert axe_finds(page) == []
    page.locator('[data-part="yes"]').tap()
    page.wait_for_url("**/review")
    assert axe_finds(page) == []


def test_large_type_is_one_question_a_screen_with_large_targets(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    page.request.post("/size", form={"size": "large", "csrf_token": token})
    page.reload()
    expect(page.locator(".question:visible")).to_have_count(1)
    expect(page.locator(".sheet-card")).to_be_hidden()
    expect(page.locator("body")).to_have_css("font-size", "22px")
    for target in (sitting.option("A").locator(".face"), sitting.next):
        box = target.bounding_box()
        assert box
        assert box["height"] >= 60
    page.get_by_role("link", name="答题卡").tap()
    tile = page.locator('.sheet-screen [data-tile="1"]')
    expect(tile).to_be_visible()
    box = tile.bounding_box()
    assert box
    assert min(box["height"], box["width"]) >= 60
