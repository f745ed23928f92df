"""The whole desk by keyboard alone: nothing is clicked, and where one stands is always seen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from studyhub.exams.attempts import starting
from studyhub.organization.models import Branch, Member
from studyhub.organization.roles import Role
from tests.browser.conftest import DESKTOP, OpenContext, Site
from tests.factories import exams
from tests.factories import organization as make
from tests.factories.questions import file_text, singles
from tests.web.questions.test_fixing import TEXT

SHEET = "题目,选项A,选项B,打勾\n首都是哪里？,上海,北京,B\n哪一个是水果？,苹果,白菜,A\n"
MOST = 150
NAME_OF_FOCUSED = """() => {
  const here = document.activeElement;
  const label = here.labels && here.labels.length ? here.labels[0].innerText : "";
  return (here.getAttribute("aria-label") || label || here.innerText || here.name || "").trim();
}"""
IS_SEEN = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


@pytest.fixture(autouse=True)
def bank(site: Site) -> None:
    with site.database.write() as session:
        home = make.branch(session, "city", site.clock())
        make.grant(session, make.member(session, "editor", home, site.clock()), Role.EDITOR, site.clock())
        exams.bank(session, "cyber", exams.singles(3), site.clock())


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    return open_context("editor", viewport=DESKTOP, has_touch=False).new_page()


def reach(page: Page, name: str) -> None:
    """Tab on until what is called so, or begins so, has the focus, and is seen to have it."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUSED).startswith(name):
            page.wait_for_function(IS_SEEN)  # the page scrolls there
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    reach(page, name)
    page.keyboard.press(key)


def go(page: Page, name: str) -> None:
    """Press what leads to another page, and wait for that."""
    reach(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    reach(page, name)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)


def choose(page: Page, name: str, option: str) -> None:
    """Go down a list until the option stands there."""
    reach(page, name)
    for _ in range(MOST):
        if page.evaluate("document.activeElement.selectedOptions[0].text") == option:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name!r} offers no {option!r}")


def test_a_bank_is_begun_and_its_first_question_written(page: Page) -> None:
    page.goto("/admin/banks")
    go(page, "新建题库")
    write(page, "名称", "常识")
    write(page, "标识", "sense")
    go(page, "新建题库")
    go(page, "单选题")
    write(page, "标识", "capital")
    write(page, "题干", "首都是哪里？")
    write(page, "选项 A", "上海")
    write(page, "选项 B", "北京")
    go(page, "增加选项")
    expect(page.locator("[name=option-E]")).to_be_visible()
    page.locator("#options").evaluate("here => here.querySelector('input').focus()")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=answer][value=B]")).to_be_checked()
    go(page, "保存")
    expect(page.locator(".flash")).to_contain_text("试题已加入题库。")


def test_a_passage_is_put_together(page: Page) -> None:
    page.goto("/admin/banks/cyber/new-question?type=passage")
    write(page, "标识", "reading")
    write(page, "材料", "一段材料")
    choose(page, "给材料添加一道试题", "判断题")
    go(page, "添加")
    page.locator("#p1-id").focus()  # the page comes back where the question was added
    write(page, "题干", "材料说得对吗？")
    press(page, "正确", "Space")
    expect(page.locator("#preview .paper")).to_contain_text("材料说得对吗？")
    go(page, "保存")
    expect(page.locator(".flash")).to_contain_text("试题已加入题库。")


def test_questions_are_found_and_many_are_changed_and_the_change_undone(page: Page) -> None:
    page.goto("/admin/banks/cyber")
    write(page, "题干、选项或标识中的文字", "题目")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "批量操作")
    press(page, "找到的全部", "Space")
    write(page, "要添加或去掉的标签", "安全")
    go(page, "执行")
    expect(page.locator(".flash")).to_contain_text("3")
    go(page, "撤销这次变更")
    go(page, "撤销")
    expect(page.locator(".flash")).to_contain_text("3")


def test_a_sheet_is_taken_for_what_it_is_and_becomes_a_bank(page: Page) -> None:
    page.goto("/admin/banks/import")
    file = {"name": "表.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.set_input_files("#file", files=[file])  # the browser's own dialogue is not ours to walk
    go(page, "检查文件")
    choose(page, "打勾", "答案")
    go(page, "按此读取")
    expect(page.locator(".figures")).to_contain_text("2")
    write(page, "名称", "常识")
    write(page, "标识", "sense")
    go(page, "查看导入计划")
    expect(page).to_have_url(re.compile("/plans/"))
    go(page, "执行这个计划")
    expect(page.locator(".flash")).to_be_visible()


def test_each_doubt_is_decided_with_one_key_and_kept_as_a_rule_for_the_next_upload(page: Page) -> None:
    bring(page)
    go(page, "逐题处理")
    expect(page.locator(".fix-progress")).to_contain_text("已处理 0/4")
    page.keyboard.press("m")
    decide(page, "a", "已处理 2/4")  # the rule decides one more
    decide(page, "2", "已处理 3/4")
    decide(page, "z", "已处理 2/4")
    decide(page, "2", "已处理 3/4")
    decide(page, "x", "已处理 4/4")
    with page.expect_navigation():
        page.keyboard.press("a")
    write(page, "标识", "sense")
    go(page, "查看导入计划")
    go(page, "执行这个计划")
    expect(page.locator(".flash")).to_be_visible()
    bring(page, TEXT.replace("苹果", "梨").replace("首都", "省会").replace("连一连", "连连看"))
    go(page, "逐题处理")
    expect(page.locator(".fix-progress")).to_contain_text("已处理 2/4")
    expect(page.locator(".fix-progress")).to_contain_text("其中 2 题按规则处理")
    go(page, "处理规则")
    go(page, "忘记")
    expect(page.locator(".flash")).to_be_visible()


def bring(page: Page, text: str = TEXT) -> None:
    page.goto("/admin/banks/import")
    page.set_input_files(
        "#file", files=[{"name": "题库.txt", "mimeType": "text/plain", "buffer": text.encode()}]
    )
    go(page, "检查文件")


def decide(page: Page, key: str, told: str) -> None:
    """One key, and the next question stands there."""
    with page.expect_navigation():
        page.keyboard.press(key)
    expect(page.locator(".fix-progress")).to_contain_text(told)


def test_a_key_that_a_paper_holds_is_changed_in_the_editor_and_agreed_to(page: Page, site: Site) -> None:
    with site.database.write() as session:
        found = session.scalars(select(Member).where(Member.member_no == "editor")).one()
        home = session.scalars(select(Branch).where(Branch.code == "city")).one()
        exams.exam(session, site.clock(), sections=[{"title": "全部", "draw": 3, "from": ["cyber"]}])
        starting.start(session, make.actor(found, home), "quiz", seed=7, now=site.clock())
    page.goto("/admin/banks/cyber")
    go(page, "q2")
    go(page, "编辑")
    page.locator("#options").evaluate("here => here.querySelector('[name=answer]:checked').focus()")
    page.keyboard.press("ArrowDown")
    go(page, "保存")
    expect(page.get_by_role("alert")).to_contain_text("1 份进行中的答卷")
    page.locator("body").evaluate("() => document.activeElement.blur()")
    go(page, "按新答案保存")
    expect(page.locator(".flash").first).to_contain_text("已保存为新版本。")


def test_the_list_of_a_bank_is_filtered_and_some_of_it_are_taken_out_after_a_question(page: Page) -> None:
    page.goto("/admin/banks/cyber")
    choose(page, "题型", "单选题")
    go(page, "搜索")
    expect(page).to_have_url(re.compile("type=single"))
    press(page, "批量操作")
    choose(page, "操作", "移出题库 …")
    press(page, "选择 q2", "Space")
    page.keyboard.press("Shift+Tab")
    page.evaluate("scrollTo(0, 0)")
    go(page, "执行")
    go(page, "移出题库")
    expect(page.locator(".flash").first).to_contain_text("1")
    expect(page.locator("#q-q2")).to_have_count(0)


def test_every_question_of_a_plan_is_looked_through(page: Page) -> None:
    page.goto("/admin/banks/import")
    text = file_text("cyber", singles([f"new{number:02}" for number in range(30)]))
    page.set_input_files(
        "#file", files=[{"name": "cyber.yaml", "mimeType": "application/yaml", "buffer": text.encode()}]
    )
    go(page, "检查文件")
    expect(page).to_have_url(re.compile("/plans/"))
    go(page, "新增 30")
    expect(page).to_have_url(re.compile("kind=new"))
    go(page, "下一页")
    expect(page.locator("#changes")).to_contain_text("new29")
    write(page, "题干或标识中的文字", "new07")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "new07")
    expect(page.locator(".becoming[open]")).to_contain_text("甲项new07")
