"""What is on the screen stays where it is and can be read: under the bar, beside a message, in a table."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESKTOP, PHONE, stand_still
from tests.browser.taking.conftest import Begin

ANSWERS = "**/api/v1/attempts/*/answers/*"
NARROW = {"width": 320, "height": 640}
_TABLE = """按下表，哪一天参加的人最多？

| 日期 | 上午参加人数 | 下午参加人数 | 晚上参加人数 | 备注说明 |
|---|---|---|---|---|
| 星期一 | 12 | 8 | 3 | 线上会议 |
"""
COUNTED = {
    "id": "counted",
    "type": "single",
    "prompt": _TABLE,
    "options": {"A": "星期一", "B": "星期二"},
    "answer": "A",
    "explanation": "| 日期 | 合计 |\n|---|---|\n| 星期一 | 23 |",
}
FILLED = {
    "id": "filled",
    "type": "blank",
    "prompt": "遇到疑似电信网络诈骗，报警电话是 [[1]]；全国统一的反诈预警劝阻专线是 [[2]]。",
    "answer": [["110"], ["96110"]],
}


@pytest.fixture
def questions() -> list[dict[str, Any]]:
    return [COUNTED, FILLED]


def top(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["y"]


def bottom(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_a_message_moves_nothing_that_one_is_about_to_touch(begin: Begin) -> None:
    sitting = begin("m1")
    before = top(sitting.option("A"))
    sitting.page.route(ANSWERS, lambda route: route.abort())
    sitting.choose("B")
    expect(sitting.page.locator(".speech.seen")).to_contain_text("还没有保存")
    assert top(sitting.option("A")) == before


@pytest.mark.parametrize("viewport", [PHONE, NARROW, DESKTOP], ids=["phone", "narrow", "desk"])
@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_message_covers_nothing_of_the_question_and_not_the_clock(
    begin: Begin, viewport: dict[str, int], size: str, language: str
) -> None:
    sitting = begin("m1", viewport=viewport)
    sitting.prefer(language, size)
    page = sitting.page
    page.route(ANSWERS, lambda route: route.abort())
    sitting.choose("B")
    speech = page.locator(".speech.seen")
    expect(speech).to_contain_text("还没有保存" if language == "zh" else "Not saved")
    # The longest that it ever says.
    page.evaluate(
        """() => {
          const { words } = JSON.parse(document.getElementById("paper-data").textContent);
          document.querySelector(".speech").textContent = words.newer.replace("{n}", "120");
        }"""
    )
    assert bottom(speech) <= bottom(page.locator(".exam-bar"))
    clock = page.locator('[data-part="clock-box"]').bounding_box()
    said = speech.bounding_box()
    assert clock
    assert said
    assert said["x"] + said["width"] <= clock["x"]
    assert page.evaluate(
        "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.exam-clock'))",
        [clock["x"] + clock["width"] / 2, clock["y"] + clock["height"] / 2],
    )


@pytest.mark.parametrize("width", [320, 360, 390])
@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_buttons_at_the_foot_have_room_for_their_words(
    begin: Begin, width: int, size: str, language: str
) -> None:
    sitting = begin("m1", viewport={"width": width, "height": 640})
    sitting.prefer(language, size)
    for address in ("#q1", "#q2", "#sheet"):
        sitting.page.goto(f"{sitting.path}{address}")
        cut = sitting.page.locator(".exam-foot .btn:visible").evaluate_all(
            "buttons => buttons.filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.innerText)"
        )
        assert cut == []


def test_that_all_is_saved_again_is_said_for_a_moment_only(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    stand_still(page)
    page.reload()
    page.route(ANSWERS, lambda route: route.abort())
    sitting.choose("B")
    page.clock.run_for(10)
    expect(page.locator(".speech.seen")).to_contain_text("还没有保存")
    page.unroute(ANSWERS)
    page.clock.run_for(2000)
    expect(page.locator(".speech.seen")).to_contain_text("都已保存")
    page.clock.run_for(3000)
    assert page.locator(".speech.seen").count() == 0
    expect(sitting.save_line("saved")).to_be_visible()


def test_an_address_that_names_a_question_does_not_scroll_it_under_the_bar(begin: Begin) -> None:
    sitting = begin("m1", viewport=NARROW)
    sitting.prefer("zh", "large")
    # What a browser does that comes to the address only once the page is there.
    sitting.page.evaluate("document.querySelector('.question.current').scrollIntoView()")
    sitting.page.wait_for_function(
        "() => document.querySelector('.question.current').getBoundingClientRect().top"
        " >= document.querySelector('.exam-bar').getBoundingClientRect().bottom"
    )


@pytest.mark.parametrize("size", ["normal", "large"])
def test_headings_of_a_table_have_two_characters_in_a_line(begin: Begin, size: str) -> None:
    sitting = begin("m1", viewport=NARROW)
    sitting.prefer("zh", size)
    narrowest = sitting.question.locator("th").evaluate_all(
        """cells => Math.min(...cells.map((cell) => {
          const style = getComputedStyle(cell);
          const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
          return room / parseFloat(style.fontSize);
        }))"""
    )
    assert narrowest >= 2
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert sitting.page.evaluate(wider) == 0


def test_a_table_in_an_explanation_keeps_its_columns_apart(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    page.goto(f"{sitting.path}#sheet")
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    page.wait_for_url("**/review")
    cell = page.locator(".explanation td").first
    assert float(cell.evaluate("cell => parseFloat(getComputedStyle(cell).paddingRight)")) >= 6


def test_no_line_begins_with_the_sign_that_closes_a_blank(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.prefer("zh", "large")
    sitting.go_on()
    blank = sitting.question.locator("input.blank").last
    sign = sitting.question.locator(".kept").last
    expect(sign).to_have_text("。")
    lines = sign.evaluate(
        "place => { const range = document.createRange(); range.selectNodeContents(place.lastChild);"
        " return range.getBoundingClientRect().top; }"
    )
    assert top(blank) <= lines <= bottom(blank)
