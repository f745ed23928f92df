"""What is joined and what is put in order: by touch, by keyboard, in large type, and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, OpenContext, Site, axe_finds
from tests.browser.taking.conftest import Begin, Sitting

MEETINGS = {
    "id": "meetings",
    "type": "match",
    "prompt": "下列会议由谁召集？请**连一连（每行选一项）**再继续。",
    "pairs": {
        "支部党员大会": "支部委员会",
        "党小组会": "党小组组长",
        "圆的面积 $\\pi r^2$": "$\\frac{\\pi d^2}{4}$",
    },
    "distractors": ["任何一名党员都可以自行召集，不需要事先报告"],
    "explanation": "见条例。",
}
STEPS = {
    "id": "steps",
    "type": "order",
    "prompt": "收到可疑邮件以后，按先后排序。",
    "items": ["不点链接", "用官方渠道核实", "报告网络安全员，并说明邮件从哪里来、什么时候收到", "删除邮件"],
    "marking": "pairs",
    "explanation": "先停手，再核实。",
}


@pytest.fixture
def questions() -> list[dict[str, Any]]:
    return [MEETINGS, STEPS]


def expect_order(sitting: Sitting, letters: str) -> None:
    """The items stand so, from the top, in a moment at the latest."""
    items = sitting.question.locator("li[data-item]")
    expect(items).to_have_count(len(letters))
    for place, letter in enumerate(letters):
        expect(items.nth(place)).to_have_attribute("data-item", letter)


def test_by_touch_pairs_are_chosen_and_items_moved(begin: Begin) -> None:
    sitting = begin("m1")
    selects = sitting.question.locator("select")
    selects.nth(0).select_option("B")
    selects.nth(1).select_option("C")
    expect(sitting.page.locator('[data-part="answered"]')).to_have_text("已答 1 题")
    sitting.go_on()
    expect_order(sitting, "ABCD")
    sitting.question.get_by_role("button", name="上移 C").tap()
    expect(sitting.page.locator('[data-part="speech"]')).to_have_text("C：第 2 位，共 4 位")
    expect_order(sitting, "ACBD")
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": {"1": "B", "2": "C"}, "2": ["A", "C", "B", "D"]}
    sitting.page.reload()
    expect_order(sitting, "ACBD")


def test_an_order_that_is_right_as_shown_can_be_given_and_cleared(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.go_on()
    keep = sitting.question.get_by_role("button", name="就按现在的顺序作答")
    keep.tap()
    expect(keep).to_be_hidden()
    sitting.wait_until_saved()
    assert sitting.stored() == {"2": ["A", "B", "C", "D"]}
    sitting.question.get_by_role("button", name="下移 A").tap()
    sitting.question.get_by_role("button", name="清除").tap()
    expect(keep).to_be_visible()
    expect_order(sitting, "ABCD")
    expect(sitting.save_line("saved")).to_be_visible()
    assert sitting.stored() == {"2": None}


def test_by_keyboard_alone_a_moved_item_keeps_the_focus(begin: Begin) -> None:
    sitting = begin("m1", viewport=DESKTOP, has_touch=False)
    keys = sitting.page.keyboard
    sitting.question.locator("select").first.focus()
    keys.press("a")
    keys.press("ArrowRight")  # it stays in the select box, and does not turn the page
    expect(sitting.question).to_have_attribute("data-position", "1")
    keys.press("PageDown")
    sitting.question.locator("[data-heading]").focus()
    keys.press("Tab")
    keys.press("Tab")
    expect(sitting.question.get_by_role("button", name="下移 A")).to_be_focused()
    keys.press("Enter")
    keys.press("Space")
    expect(sitting.question.get_by_role("button", name="下移 A")).to_be_focused()
    sitting.wait_until_saved()
    assert sitting.stored()["2"] == ["B", "C", "A", "D"]


def test_without_javascript_pairs_and_places_are_chosen_from_boxes(
    begin: Begin, open_context: OpenContext, site: Site
) -> None:
    begin("m1")
    page = open_context("m1", java_script_enabled=False).new_page()
    page.goto(f"{site.url}/attempts/1")
    page.get_by_role("button", name="在本设备上继续").click()
    page.get_by_label("党小组会").select_option("A")
    for item, place in {"A": "4", "B": "3", "C": "2", "D": "1"}.items():
        page.get_by_label(f"{item} 的位置").select_option(place)
    page.get_by_role("button", name="保存，去答题卡").click()
    expect(page.locator(".sheet-sum")).to_have_text("全部试题都已作答")
    page.get_by_role("button", name="交卷").click()
    expect(page.locator("#q2")).to_contain_text("D → C → B → A")


@pytest.mark.parametrize(("language", "size"), [("zh", "normal"), ("en", "normal"), ("zh", "large")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_phone(
    begin: Begin, language: str, size: str
) -> None:
    sitting = begin("m1")
    page = sitting.page
    sitting.prefer(language, size)
    for position in (1, 2):
        page.goto(f"{sitting.site.url}{sitting.path}#q{position}")
        expect(sitting.question).to_have_attribute("data-position", str(position))
        assert axe_finds(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = sitting.question.locator("select:visible, [data-move]").first.bounding_box()
        assert box
        assert box["height"] >= (60 if size == "large" else 44)
    sitting.question.locator('[data-move="1"]').first.tap()
    sitting.wait_until_saved()
    page.request.post(
        f"/api/v1{sitting.path}/submit",
        headers={"X-CSRFToken": page.locator('meta[name="csrf-token"]').get_attribute("content") or ""},
    )
    page.goto(f"{sitting.site.url}{sitting.path}/review")
    assert axe_finds(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
