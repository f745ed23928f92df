"""An admin brings a bank in: a mistake first, then the plan, then the bank in force."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from studyhub.kernel.package import packed
from studyhub.organization.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, Site, axe_finds, press_on
from tests.factories import organization as make
from tests.factories.questions import file_text, singles

THREE = file_text("cyber", singles(["q1", "q2", "q3"]))


@pytest.fixture(autouse=True)
def editor(site: Site) -> None:
    with site.database.write() as session:
        home = make.branch(session, "city", site.clock())
        make.grant(session, make.member(session, "editor", home, site.clock()), Role.EDITOR, site.clock())


def upload(page: Page, text: str) -> None:
    file = {"name": "cyber.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    page.set_input_files("#file", files=[file])
    page.get_by_role("button", name="检查文件").click()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_mistake_is_corrected_and_the_bank_imported(
    open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_context("editor", viewport=viewport).new_page()
    page.goto("/admin/banks")
    page.get_by_role("link", name="上传题库").first.click()
    upload(page, THREE.replace("answer: B", "anwser: B", 1))
    expect(page.locator("#faults mark")).to_have_text("anwser: B")
    expect(page.locator("#faults")).to_contain_text("是不是想写“answer”？")
    assert axe_finds(page) == []
    upload(page, THREE)
    expect(page.locator("#changes")).to_contain_text("q3")
    assert axe_finds(page) == []
    page.get_by_role("button", name="执行这个计划").click()
    expect(page).to_have_url(re.compile("/admin/banks/cyber$"))
    expect(page.locator("article.question")).to_have_count(3)
    assert axe_finds(page) == []


def choose_by_keyboard(page: Page, text: str) -> None:
    """Tab to the field, open the choice of files with Enter, and go on to the button."""
    with page.expect_file_chooser() as chooser:
        press_on(page, "试题文件")
    file = {"name": "cyber.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    chooser.value.set_files(files=[file])
    press_on(page, "检查文件")


def test_a_bank_is_imported_with_the_keyboard_alone(open_context: OpenContext) -> None:
    page = open_context("editor", viewport=DESKTOP, has_touch=False).new_page()
    page.goto("/me")
    press_on(page, "题库")
    expect(page).to_have_url(re.compile("/admin/banks$"))
    press_on(page, "上传题库")
    expect(page.get_by_role("heading", level=1)).to_have_text("上传题库")
    choose_by_keyboard(page, THREE.replace("answer: B", "anwser: B", 1))
    expect(page.locator("#faults mark")).to_have_text("anwser: B")
    choose_by_keyboard(page, THREE)
    expect(page.locator("#changes")).to_contain_text("q3")
    press_on(page, "执行这个计划")
    expect(page).to_have_url(re.compile("/admin/banks/cyber$"))
    expect(page.locator("article.question")).to_have_count(3)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_picture_and_a_recording_come_in_with_their_bank_and_fit_the_page(
    open_context: OpenContext, viewport: dict[str, int]
) -> None:
    image = io.BytesIO()
    Image.new("RGB", (1600, 900), (139, 26, 26)).save(image, "PNG")
    named = "![红色的横幅](a.png)![一段录音](b.mp3)"
    text = file_text("sights", singles(["q1"])).replace("下列", "下列" + named)
    data = packed({"sights.yaml": text.encode(), "a.png": image.getvalue(), "b.mp3": b"ID3\x04" + bytes(60)})
    page = open_context("editor", viewport=viewport).new_page()
    page.goto("/admin/banks/import")
    page.set_input_files(
        "#file", files=[{"name": "sights.zip", "mimeType": "application/zip", "buffer": data}]
    )
    page.get_by_role("button", name="检查文件").click()
    with page.expect_navigation():
        page.get_by_role("button", name="执行这个计划").click()
    picture = page.get_by_role("img", name="红色的横幅")
    expect(picture).to_have_js_property("naturalWidth", 1600)
    box = picture.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= viewport["width"]
    expect(page.locator("audio")).to_have_attribute("aria-label", "一段录音")
    assert axe_finds(page) == []


AIKEN = "哪一个最安全？\nA. 123456\nB. 长口令\nANSWER: B\n\n哪一个？\nA. 甲\nB. 乙\nANSWER: Z\n"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_file_of_another_program_becomes_a_bank_that_is_named_on_the_way(
    open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_context("editor", viewport=viewport).new_page()
    page.goto("/admin/banks/import")
    file = {"name": "口令.txt", "mimeType": "text/plain", "buffer": AIKEN.encode("gb18030")}
    page.set_input_files("#file", files=[file])
    page.get_by_role("button", name="检查文件").click()
    expect(page.locator("#skipped")).to_contain_text("第 2 题")
    assert axe_finds(page) == []
    page.get_by_label("标识").fill("Pass words")
    page.get_by_role("button", name="查看导入计划").click()
    expect(page.get_by_text("请使用小写字母、数字和连字符")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_label("标识").fill("passwords")
    page.get_by_role("button", name="查看导入计划").click()
    expect(page.locator("#changes")).to_contain_text("哪一个最安全？")
    assert axe_finds(page) == []
    page.get_by_role("button", name="执行这个计划").click()
    expect(page).to_have_url(re.compile("/admin/banks/passwords$"))


STRANGE = "乱七八糟,结果\n党支部党员大会每季度召开一次。,对\n哪天都可以缴纳党费吗,也许\n"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_columns_of_a_sheet_are_chosen_and_its_questions_recognised_when_it_comes_again(
    open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_context("editor", viewport=viewport).new_page()

    def bring(text: str) -> None:
        page.goto("/admin/banks/import")
        file = {"name": "sheet.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
        page.set_input_files("#file", files=[file])
        page.get_by_role("button", name="检查文件").click()

    bring(STRANGE)
    expect(page.get_by_label("乱七八糟")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_label("乱七八糟").select_option("prompt")
    page.get_by_label("结果").select_option("answer")
    page.get_by_role("button", name="按此读取").click()
    expect(page.locator("#doubts")).to_contain_text("第 3 行")
    assert axe_finds(page) == []
    page.get_by_role("button", name="查看导入计划").click()
    page.get_by_role("button", name="执行这个计划").click()
    expect(page).to_have_url(re.compile("/admin/banks/sheet$"))
    bring(STRANGE.replace("每季度", "一般每季度"))
    page.get_by_label("导入到", exact=True).select_option("sheet")
    page.get_by_role("button", name="查看导入计划").click()
    expect(page.locator("#matches")).to_contain_text("党支部党员大会一般每季度召开一次。")
    assert axe_finds(page) == []
    page.get_by_label("这是另一道题").check()
    page.get_by_role("button", name="重新生成计划").click()
    expect(page.locator("#matches")).to_have_count(0)
