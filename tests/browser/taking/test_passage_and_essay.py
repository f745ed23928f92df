"""A text with its questions, and answers in one's own words: by touch, in large type, without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, OpenContext, Site, axe_finds
from tests.browser.taking.conftest import Begin, Sitting

CASE = {
    "id": "case",
    "type": "passage",
    "prompt": "某单位职工收到一封邮件，自称**信息中心**，要求当天点击链接“升级邮箱”，否则停用账号。\n\n"
    "他没有核实，点开后输入了口令。",
    "questions": [
        {
            "id": "sign",
            "type": "single",
            "prompt": "邮件里最可疑的是哪一点？",
            "options": {"A": "有落款", "B": "催促当天点击链接", "C": "用了“您好”"},
            "answer": "B",
            "explanation": "制造紧迫感是常见手法。",
        },
        {"id": "next", "type": "truefalse", "prompt": "他应当立即修改口令并报告。", "answer": True},
    ],
}
ESSAY = {
    "id": "why",
    "type": "essay",
    "prompt": "为什么口令要长而且各不相同？",
    "points": "5",
    "rubric": [{"for": "说明长度的作用", "points": "3"}, {"for": "说明各不相同的作用", "points": "2"}],
    "model_answer": "长则难猜；各不相同，则一处泄露不连累他处。",
    "max_chars": 60,
}


@pytest.fixture
def questions() -> list[dict[str, Any]]:
    return [CASE, ESSAY]


def material(sitting: Sitting) -> Any:
    return sitting.question.locator("details.material")


def test_each_question_has_its_text_on_the_same_screen(begin: Begin) -> None:
    sitting = begin("m1")
    for position in (1, 2):
        expect(sitting.question).to_have_attribute("data-position", str(position))
        expect(material(sitting).locator("summary")).to_have_text("第 1–2 题的材料")
        expect(material(sitting).get_by_text("他没有核实")).to_be_visible()
        sitting.question.locator(".option").nth(0).tap()
        sitting.go_on()
    expect(sitting.question).to_have_attribute("data-position", "3")
    expect(material(sitting)).to_have_count(0)
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "A", "2": True}


def test_a_text_that_was_folded_stays_so_on_its_other_questions(begin: Begin) -> None:
    sitting = begin("m1")
    material(sitting).locator("summary").tap()
    sitting.go_on()
    expect(material(sitting).get_by_text("他没有核实")).to_be_hidden()
    material(sitting).locator("summary").tap()
    sitting.page.go_back()
    expect(material(sitting).get_by_text("他没有核实")).to_be_visible()


def test_an_essay_is_counted_saved_and_there_again(begin: Begin) -> None:
    sitting = begin("m1", viewport=DESKTOP, has_touch=False)
    page = sitting.page
    page.goto(f"{sitting.site.url}{sitting.path}#q3")
    field = sitting.question.locator("textarea")
    field.press_sequentially("长则难猜。")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")  # moves within the text, and does not turn the page
    expect(sitting.question.locator("[data-count]")).to_have_text("已写 6 / 60 字")
    expect(page.locator('[data-part="answered"]')).to_have_text("已答 1 题")
    sitting.wait_until_saved()
    assert sitting.stored() == {"3": "长则难猜。\n"}
    page.reload()
    expect(field).to_have_value("长则难猜。\n")
    field.fill("长" * 80)
    expect(sitting.question.locator("[data-count]")).to_have_text(re.compile(r"/ 60 字"))


def test_without_javascript_the_text_stands_once_and_the_essay_is_handed_in(
    begin: Begin, open_context: OpenContext, site: Site
) -> None:
    begin("m1")
    page = open_context("m1", java_script_enabled=False).new_page()
    page.goto(f"{site.url}/attempts/1")
    page.get_by_role("button", name="在本设备上继续").click()
    expect(page.locator(":text('他没有核实'):visible")).to_have_count(1)
    expect(page.get_by_text("最多 60 字")).to_be_visible()
    page.locator("#q1 .option").nth(1).click()
    page.locator("#q3 textarea").fill("先核实。\n再报告。")
    page.get_by_role("button", name="保存，去答题卡").click()
    expect(page.locator(".sheet-sum")).to_contain_text("1")
    page.get_by_role("button", name="交卷").click()
    expect(page.locator("main")).to_contain_text("人工")
    expect(page.locator("#q3")).to_contain_text("再报告。")
    expect(page.locator(".tile.done")).to_have_text(re.compile("第 3 题.*已答"))
    expect(page.locator("#q3")).to_contain_text("说明长度的作用")
    expect(page.get_by_text("他没有核实")).to_have_count(1)


@pytest.mark.parametrize(("language", "size"), [("zh", "normal"), ("en", "normal"), ("zh", "large")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_phone(
    begin: Begin, language: str, size: str
) -> None:
    sitting = begin("m1")
    page = sitting.page
    sitting.prefer(language, size)
    for position in (1, 2, 3):
        page.goto(f"{sitting.site.url}{sitting.path}#q{position}")
        expect(sitting.question).to_have_attribute("data-position", str(position))
        assert axe_finds(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sitting.question.locator("textarea").fill("长则难猜。")
    sitting.wait_until_saved()
    page.request.post(
        f"/api/v1{sitting.path}/submit",
        headers={"X-CSRFToken": page.locator('meta[name="csrf-token"]').get_attribute("content") or ""},
    )
    page.goto(f"{sitting.site.url}{sitting.path}/review")
    assert axe_finds(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
