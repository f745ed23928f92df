"""A member sits an exam: by touch, by keyboard, on a bad network, on two devices, until the time is up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, OpenContext, Site, axe_finds
from tests.browser.taking.conftest import Begin, Sitting, press_start

ANSWERS = "**/api/v1/attempts/*/answers/*"


def test_a_whole_exam_by_touch_on_a_phone(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    expect(page.locator('[data-part="where"]')).to_have_text("第 1 题，共 5 题")
    sitting.option("B").tap()
    sitting.go_on()
    for key in "AC":
        sitting.option(key).tap()
    sitting.go_on()
    sitting.option("T").tap()
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
    sitting.option("B").tap()
    sitting.question.get_by_role("button", name="标记这道题").tap()
    page.get_by_role("link", name="答题卡").tap()
    expect(page.locator('[data-part="sheet"] h2')).to_be_focused()
    expect(page.locator('[data-part="open-list"] a')).to_have_text(["2", "3", "4", "5"])
    expect(page.locator('[data-part="flag-list"] a')).to_have_text(["1"])
    page.locator('[data-part="open-list"] a').nth(2).tap()
    expect(sitting.question).to_have_attribute("data-position", "4")
    page.go_back()
    expect(page.locator('[data-part="sheet"]')).to_be_visible()


def test_a_save_that_the_network_lost_is_tried_again_and_the_page_says_so(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.page.route(ANSWERS, lambda route: route.abort())
    sitting.option("B").tap()
    expect(sitting.save_line("retrying")).to_be_visible()
    expect(sitting.page.locator('[data-part="speech"]')).to_contain_text("还没有保存")
    sitting.page.unroute(ANSWERS)
    expect(sitting.save_line("saved")).to_be_visible()
    assert sitting.stored() == {"1": "B"}


def test_a_busy_server_is_asked_again_when_it_said(begin: Begin) -> None:
    sitting = begin("m1")
    answers = iter([503])

    def busy_once(route: Route) -> None:
        if next(answers, None):
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"code": "database_busy"})
        else:
            route.continue_()

    sitting.page.route(ANSWERS, busy_once)
    sitting.option("C").tap()
    expect(sitting.save_line("retrying")).to_be_visible()
    expect(sitting.save_line("saved")).to_be_visible()
    assert sitting.stored() == {"1": "C"}


def test_an_answer_whose_acknowledgement_was_lost_is_repeated_and_is_a_duplicate(begin: Begin) -> None:
    sitting = begin("m1")
    outcomes = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        outcomes.append((route.request.post_data_json["seq"], answer.json()["outcome"]))
        if len(outcomes) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    sitting.page.route(ANSWERS, lose_the_first)
    sitting.option("B").tap()
    sitting.wait_until_saved()
    assert outcomes == [(1, "saved"), (1, "duplicate")]


def test_no_question_has_two_saves_on_their_way_and_the_last_choice_wins(begin: Begin) -> None:
    sitting = begin("m1")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.post_data_json["answer"] == "A":
            held.append(route)
        else:
            assert not held, "the first save had not come back"
            route.continue_()

    sitting.page.route(ANSWERS, hold_the_first)
    sitting.option("A").tap()
    expect(sitting.save_line("saving")).to_be_visible()
    sitting.option("B").tap()
    sitting.option("C").tap()
    sitting.page.wait_for_timeout(300)
    held.pop().continue_()
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "C"}


def test_typing_is_saved_after_a_pause_and_not_with_every_key(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.page.goto(f"{sitting.site.url}{sitting.path}#q4")
    saves: list[str] = []
    sitting.page.on(
        "request", lambda request: saves.append(request.url) if "/answers/" in request.url else None
    )
    sitting.question.locator("input.blank").first.press_sequentially("jidu", delay=40)
    expect(sitting.save_line("saving")).to_be_visible()
    sitting.wait_until_saved()
    assert len(saves) == 1


def test_leaving_the_page_sends_what_was_just_typed(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.page.goto(f"{sitting.site.url}{sitting.path}#q5")
    sitting.question.locator("[data-answer]").fill("3.1")
    path = sitting.path
    sitting.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    sitting.page.wait_for_timeout(300)
    assert sitting.page.request.get(f"/api/v1{path}").json()["answers"]["5"]["answer"] == "3.1"


def test_a_reload_goes_on_where_one_was_with_everything_still_there(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.option("B").tap()
    sitting.go_on()
    sitting.wait_until_saved()
    sitting.page.reload()
    expect(sitting.question).to_have_attribute("data-position", "2")
    expect(sitting.page.locator('[data-tile="1"]').first).to_have_class(re.compile("done"))
    expect(sitting.page.locator('[data-part="take-over"]')).to_be_hidden()


def test_going_on_with_another_device_stops_the_first_which_shows_what_it_could_not_save(
    begin: Begin, open_context: OpenContext, site: Site
) -> None:
    first = begin("m1")
    first.option("A").tap()
    first.wait_until_saved()
    page = open_context("m1").new_page()
    second = Sitting(page, site)
    press_start(page, site)
    expect(page.locator('[data-part="writing"]')).to_be_hidden()
    page.get_by_role("button", name="在本设备上继续").tap()
    expect(second.question).to_be_visible()
    second.page.goto(f"{site.url}{second.path}#q1")
    second.option("B").tap()
    second.wait_until_saved()
    first.option("D").tap()
    expect(first.page.get_by_role("heading", name="您已在别的设备或页面上继续作答")).to_be_focused()
    expect(first.page.get_by_label("这些作答没能保存")).to_have_value("第 1 题: D")
    for gone in ("writing", "foot", "clock-box"):
        expect(first.page.locator(f'[data-part="{gone}"]')).to_be_hidden()
    assert second.stored() == {"1": "B"}
    assert axe_finds(first.page) == []


def test_a_second_tab_holds_no_epoch_and_asks_first(begin: Begin) -> None:
    sitting = begin("m1")
    tab = sitting.page.context.new_page()
    tab.goto(f"{sitting.site.url}{sitting.path}")
    expect(tab.get_by_role("button", name="在本设备上继续")).to_be_visible()
    expect(tab.locator('[data-part="writing"]')).to_be_hidden()


def test_signed_out_in_the_middle_loses_nothing(begin: Begin) -> None:
    sitting = begin("m1")
    context = sitting.page.context
    context.clear_cookies()
    sitting.option("B").tap()
    expect(sitting.page.get_by_role("heading", name="您的登录已失效")).to_be_visible()
    expect(sitting.save_line("waiting")).to_have_text("还没有保存")
    context.add_cookies([sitting.site.cookie("m1")])
    sitting.page.get_by_role("link", name="重新登录，继续作答").tap()
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "B"}


def test_at_the_deadline_the_paper_is_handed_in_by_itself(begin: Begin, site: Site) -> None:
    sitting = begin("m1")
    sitting.option("B").tap()
    sitting.wait_until_saved()
    site.clock.advance(minutes=28, seconds=58)
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


def test_what_is_not_saved_yet_is_handed_in_with_the_paper(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    page.route(ANSWERS, lambda route: route.abort())
    sitting.option("B").tap()
    expect(sitting.save_line("retrying")).to_be_visible()
    page.get_by_role("link", name="答题卡").tap()
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    page.wait_for_url("**/review")
    expect(page.locator("#q1")).to_contain_text("得 1 分，共 1 分")


def test_handing_in_goes_on_until_the_network_lets_it_through(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        lost.append(route.request.url)
        if len(lost) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/submit", lose_the_first)
    page.get_by_role("link", name="答题卡").tap()
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    expect(page.locator('[data-part="speech"]')).to_contain_text("正在重试交卷")
    page.wait_for_url("**/review")


def test_a_copy_of_the_tab_never_overwrites_and_shows_what_it_could_not_save(
    begin: Begin, site: Site
) -> None:
    sitting = begin("m1")
    memory = sitting.page.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    copy = sitting.page.context.new_page()
    copy.add_init_script(f"for (const [key, value] of {memory}) sessionStorage.setItem(key, value);")
    copy.goto(f"{site.url}{sitting.path}#q1")
    other = Sitting(copy, site)
    expect(other.question).to_be_visible()
    sitting.option("A").tap()
    sitting.wait_until_saved()
    other.option("D").tap()
    expect(copy.get_by_label("这些作答没能保存")).to_have_value("第 1 题: D")
    expect(other.option("A").locator("input")).to_be_checked()
    assert sitting.stored() == {"1": "A"}
    other.option("C").tap()
    other.wait_until_saved()
    assert sitting.stored() == {"1": "C"}


def test_a_script_that_does_not_come_leaves_the_plain_form(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    page.route("**/taking/saver.js", lambda route: route.abort())
    page.reload()
    expect(page.locator(".question:visible")).to_have_count(5)
    page.locator("#q3 .option").first.tap()
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.locator(".flash")).to_contain_text("已保存")
    assert sitting.stored() == {"3": True}


def test_an_exam_that_ended_says_so_and_leads_to_the_result(begin: Begin, site: Site) -> None:
    sitting = begin("m1")
    site.clock.advance(minutes=40)
    sitting.option("B").tap()
    expect(sitting.page.get_by_role("heading", name="考试已经结束")).to_be_focused()
    expect(sitting.page.get_by_label("这些作答没能保存")).to_have_value("第 1 题: B")
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
    _press_on(sitting.page, "交卷")
    _press_on(sitting.page, "确认交卷")
    sitting.page.wait_for_url("**/review")


def _press_on(page: Page, name: str) -> None:
    """Tab on to the button with this name, and press it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"no button {name} within reach")


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
    sitting.option("B").tap()
    for position in (1, 4, 5):
        page.goto(f"{sitting.site.url}{sitting.path}#q{position}")
        assert axe_finds(page) == []
    page.goto(f"{sitting.site.url}{sitting.path}#sheet")
    page.locator('[data-part="hand-in"]').tap()
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
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"
    for target in (sitting.option("A").locator(".face"), sitting.next):
        box = target.bounding_box()
        assert box
        assert box["height"] >= 60
    page.get_by_role("link", name="答题卡").tap()
    box = page.locator('.sheet-screen [data-tile="1"]').bounding_box()
    assert box
    assert min(box["height"], box["width"]) >= 60
