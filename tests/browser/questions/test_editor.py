"""The question editor: preview and hints follow what is typed; it works without a script as well."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studyhub.organization.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, Site, axe_finds
from tests.factories import organization as make
from tests.factories.questions import file_text, import_bank, singles

PATH = "/admin/banks/cyber/questions/q1/edit"


@pytest.fixture(autouse=True)
def bank(site: Site) -> None:
    with site.database.write() as session:
        home = make.branch(session, "city", site.clock())
        make.grant(session, make.member(session, "editor", home, site.clock()), Role.EDITOR, site.clock())
    import_bank(site.database, file_text("cyber", singles(["q1"])), site.clock())


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_preview_and_the_hints_follow_what_is_typed(
    open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_context("editor", viewport=viewport).new_page()
    page.goto(PATH)
    page.get_by_label("题干").fill("**新**题干")
    expect(page.locator("#preview .paper strong")).to_have_text("新")
    page.get_by_label("解析").fill("")
    expect(page.locator("[data-faults=explanation]")).to_contain_text("没有解析")
    expect(page.locator("[data-faults=explanation] .tag")).to_have_text("提醒")
    assert axe_finds(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("已保存为新版本。")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
@pytest.mark.parametrize(("kind", "field"), [("match", "right-1"), ("single", "option-A")])
def test_a_long_text_of_an_option_or_a_pair_is_seen_whole(
    open_context: OpenContext, viewport: dict[str, int], kind: str, field: str
) -> None:
    page = open_context("editor", viewport=viewport).new_page()
    page.goto(f"/admin/banks/cyber/new-question?type={kind}")
    place = page.locator(f"[name={field}]")
    place.fill("一般每季度召开一次，根据工作需要可以随时召开，" * 3)
    assert place.evaluate("it => it.scrollWidth <= it.clientWidth && it.scrollHeight <= it.clientHeight + 1")


def test_without_a_script_a_mistake_comes_back_beside_its_field(open_context: OpenContext) -> None:
    page = open_context("editor", java_script_enabled=False).new_page()
    page.goto(PATH)
    page.get_by_label("题干").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-faults=prompt]")).to_contain_text("请填写")
    page.get_by_label("题干").fill("新题干")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("已保存为新版本。")


def test_a_passage_with_drawn_numbers_is_written_and_its_preview_draws_others(
    open_context: OpenContext,
) -> None:
    page = open_context("editor").new_page()
    page.goto("/admin/banks/cyber/new-question?type=passage")
    page.locator("#id").fill("reading")
    page.locator("#prompt").fill("一段材料")
    page.locator("#part-type").select_option("number")
    with page.expect_navigation():
        page.get_by_role("button", name="添加").click()
    page.locator("#p1-prompt").fill("{{a}} 加一是多少？")
    page.locator("#p1-answer").fill("{{a+1}}")
    page.locator("#p1-variables summary").click()
    page.locator("#p1-var-1").fill("a")
    page.locator("#p1-from-1").fill("2")
    expect(page.locator("[data-faults='p1-to-1']")).to_contain_text("请填写")
    page.locator("#p1-to-1").fill("900")
    expect(page.locator("#preview .question .prompt").last).to_have_text("2 加一是多少？")
    page.get_by_role("button", name="换一组数值").click()
    expect(page.locator("#preview .question .prompt").last).not_to_have_text("2 加一是多少？")
    assert axe_finds(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("试题已加入题库。")


def test_what_was_typed_is_not_left_behind_unasked_after_a_row_was_added(open_context: OpenContext) -> None:
    page = open_context("editor").new_page()
    page.goto(PATH)
    page.get_by_label("题干").fill("改过")
    with page.expect_navigation():
        page.get_by_role("button", name="增加选项").click()
    expect(page.locator("[name=option-F]")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.get_by_label("解析").click()
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="取消").click()
    assert asked.value.type == "beforeunload"
    expect(page.get_by_label("题干")).to_have_value("改过")
