"""A whole exam on a phone with a keyboard alone: nothing is tapped, no control is reached but by its keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.taking.conftest import Begin, Sitting
from tests.factories import exams

NEAR = 3
"""So many tabs lead from one thing that a question asks to the next."""


@pytest.fixture
def questions() -> list[dict[str, Any]]:
    return [exams.match("p"), exams.order("o"), exams.blank("b"), exams.number("n"), exams.essay("e")]


def texts(sitting: Sitting, of: str) -> list[str]:
    """What the question on the screen shows, from the top."""
    return [text.strip() for text in sitting.question.locator(of).all_inner_texts()]


def join(sitting: Sitting) -> None:
    """Each line's partner by its letter: 左一 and 右一 belong together."""
    letters = dict(zip(texts(sitting, ".match-right .option-text"), "ABCD", strict=True))
    for left in texts(sitting, ".match-left label"):
        sitting.page.keyboard.press("Tab")
        sitting.page.keyboard.press(letters[f"右{left[-1]}"].lower())


def arrange(sitting: Sitting, wanted: list[str]) -> None:
    """Move each item up to its place, from the top; a moved item keeps the focus."""
    for place, item in enumerate(wanted):
        shown = texts(sitting, ".order-items .option-text")
        letter = texts(sitting, ".order-items .face b")[shown.index(item)]
        sitting.question.locator("[data-heading]").focus()  # where turning to the question leads
        sitting.tab_to(f"上移 {letter}", 2 * len(wanted))
        for _ in range(shown.index(item) - place):
            sitting.page.keyboard.press("Enter")
    assert texts(sitting, ".order-items .option-text") == wanted
    keep = "就按现在的顺序作答"
    if sitting.question.get_by_role("button", name=keep).is_visible():  # it was right as it was shown
        sitting.press_on(keep, 2 * len(wanted) + 1)


def turn(sitting: Sitting, to: int) -> None:
    sitting.page.keyboard.press("PageDown")
    expect(sitting.question).to_have_attribute("data-position", str(to))
    expect(sitting.question.locator("[data-heading]")).to_be_focused()


@pytest.mark.parametrize("essay", ["", "先停手，再核实。"])
def test_a_whole_exam_by_keyboard_alone_is_sat_handed_in_and_its_result_read(
    begin: Begin, essay: str
) -> None:
    sitting = begin("m1", has_touch=False)
    keys = sitting.page.keyboard
    join(sitting)
    turn(sitting, 2)
    arrange(sitting, ["先", "次", "再", "末"])
    turn(sitting, 3)
    for text in ("一", "贰"):
        keys.press("Tab")
        keys.insert_text(text)
    turn(sitting, 4)
    keys.press("Tab")
    keys.insert_text("3.14")
    turn(sitting, 5)
    keys.press("Tab")
    keys.insert_text(essay)
    keys.press("PageDown")
    expect(sitting.page.locator('[data-part="sheet"] h2')).to_be_focused()
    left = "还有 1 题未答" if not essay else "全部试题都已作答"
    expect(sitting.page.locator(".sheet-sum")).to_have_text(left)
    sitting.press_on("交卷")
    expect(sitting.page.locator(".sure p")).to_have_text(f"{left}。交卷后不能再改。")
    sitting.press_on("确认交卷", NEAR)
    sitting.page.wait_for_url("**/review")
    if essay:
        expect(sitting.page.locator("main")).to_contain_text("有的作答要人工评阅")
    else:
        expect(sitting.page.locator(".result-figure")).to_contain_text("4/ 9")


def test_enter_in_a_line_goes_on_to_the_next_blank_and_question_and_never_hands_in(begin: Begin) -> None:
    sitting = begin("m1", has_touch=False)
    keys = sitting.page.keyboard
    turn(sitting, 2)
    turn(sitting, 3)
    keys.press("Tab")
    for text in ("一", "贰"):
        keys.insert_text(text)
        keys.press("Enter")
    expect(sitting.question).to_have_attribute("data-position", "4")
    keys.press("Tab")
    keys.insert_text("3.14")
    keys.press("Enter")
    expect(sitting.question).to_have_attribute("data-position", "5")
    sitting.wait_until_saved()
    keys.press("PageUp")
    expect(sitting.question.locator("input[type=text]")).to_have_value("3.14")
    assert sitting.path.startswith("/attempts/")


@pytest.mark.parametrize("questions", [[exams.number("n")]])
def test_enter_in_the_last_line_leads_to_the_answer_sheet(begin: Begin) -> None:
    sitting = begin("m1", has_touch=False)
    sitting.page.keyboard.press("Tab")
    sitting.page.keyboard.insert_text("3.14")
    sitting.page.keyboard.press("Enter")
    expect(sitting.page.locator('[data-part="sheet"] h2')).to_be_focused()
    expect(sitting.page.locator(".sheet-sum")).to_have_text("全部试题都已作答")


def test_the_way_on_comes_after_the_answer_in_the_order_of_the_eye(begin: Begin) -> None:
    sitting = begin("m1", has_touch=False)
    turn(sitting, 2)
    turn(sitting, 3)
    turn(sitting, 4)
    sitting.page.keyboard.press("Tab")
    sitting.page.keyboard.insert_text("3.14")
    expect(sitting.question.locator("[data-clear]")).to_be_visible()
    for _ in ("mark", "clear"):
        sitting.page.keyboard.press("Tab")
    for name in ("上一题", "答题卡", "下一题"):
        sitting.page.keyboard.press("Tab")
        expect(sitting.page.locator(":focus")).to_have_text(name, use_inner_text=True)
    sitting.page.keyboard.press("Enter")
    expect(sitting.question).to_have_attribute("data-position", "5")
