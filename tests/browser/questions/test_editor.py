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
    expect(page.locator("#preview strong")).to_have_text("新")
    page.get_by_label("解析").fill("")
    expect(page.locator("[data-faults=explanation]")).to_contain_text("没有解析")
    assert axe_finds(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("已保存为新版本。")


def test_without_a_script_a_mistake_comes_back_beside_its_field(open_context: OpenContext) -> None:
    page = open_context("editor", java_script_enabled=False).new_page()
    page.goto(PATH)
    page.get_by_label("题干").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-faults=prompt]")).to_contain_text("prompt")
    page.get_by_label("题干").fill("新题干")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("已保存为新版本。")
