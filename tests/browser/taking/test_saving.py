"""Nothing that a member typed is lost: saves on a poor network, two devices, a copied tab, and handing in."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenContext, Site, axe_finds, stand_still
from tests.browser.taking.conftest import Begin, Sitting, press_start

ANSWERS = "**/api/v1/attempts/*/answers/*"


def test_a_save_that_the_network_lost_is_tried_again_and_the_page_says_so(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.page.route(ANSWERS, lambda route: route.abort())
    sitting.choose("B")
    expect(sitting.save_line("retrying")).to_be_visible()
    expect(sitting.page.locator('[data-part="speech"]')).to_contain_text("还没有保存")
    expect(sitting.page.locator('[data-part="sheet"] .legend')).to_contain_text("还没有保存")
    sitting.page.unroute(ANSWERS)
    expect(sitting.save_line("saved")).to_be_visible()
    assert sitting.stored() == {"1": "B"}


def test_a_busy_server_is_asked_again_when_it_said(begin: Begin) -> None:
    sitting = begin("m1")
    busy = {"status": 503, "headers": {"Retry-After": "60"}, "json": {"code": "database_busy"}}
    stand_still(sitting.page)
    sitting.page.reload()
    sitting.page.route(ANSWERS, lambda route: route.fulfill(**busy))
    sitting.choose("C")
    sitting.page.clock.run_for(10)
    expect(sitting.save_line("retrying")).to_be_visible()
    sitting.page.unroute(ANSWERS)
    sitting.page.clock.run_for(59_000)
    expect(sitting.save_line("retrying")).to_be_visible()
    sitting.page.clock.run_for(1_000)
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
    sitting.choose("B")
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
    with sitting.page.expect_request(ANSWERS):
        sitting.choose("A")
    expect(sitting.save_line("saving")).to_be_visible()
    sitting.choose("B")
    sitting.choose("C")
    expect(sitting.option("C").locator("input")).to_be_checked()
    sitting.page.wait_for_timeout(300)
    held.pop().continue_()
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "C"}


def test_typing_is_saved_after_a_pause_and_not_with_every_key(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    stand_still(page)
    page.goto(f"{sitting.site.url}{sitting.path}#q4")
    page.reload()
    saves: list[str] = []
    page.on("request", lambda request: saves.append(request.url) if "/answers/" in request.url else None)
    for key in "jidu":
        page.clock.run_for(700)
        sitting.question.locator("input.blank").first.press_sequentially(key)
    page.clock.run_for(700)
    expect(sitting.save_line("saving")).to_be_visible()
    page.clock.run_for(200)
    sitting.wait_until_saved()
    assert len(saves) == 1


def test_leaving_the_page_sends_what_was_just_typed(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.page.goto(f"{sitting.site.url}{sitting.path}#q5")
    sitting.page.evaluate("window.setTimeout = () => 0")  # the pause after which it would be sent anyway
    sitting.question.locator("[data-answer]").fill("3.1")
    with sitting.page.expect_response(ANSWERS):
        sitting.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert sitting.stored()["5"] == "3.1"


def test_a_reload_goes_on_where_one_was_with_everything_still_there(begin: Begin) -> None:
    sitting = begin("m1")
    sitting.choose("B")
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
    first.choose("A")
    first.wait_until_saved()
    page = open_context("m1").new_page()
    second = Sitting(page, site)
    press_start(page, site)
    expect(page.locator('[data-part="writing"]')).to_be_hidden()
    page.get_by_role("button", name="在本设备上继续").tap()
    expect(second.question).to_be_visible()
    second.page.goto(f"{site.url}{second.path}#q1")
    second.choose("B")
    second.wait_until_saved()
    first.choose("D")
    expect(first.page.get_by_role("heading", name="您已在别的设备或页面上继续作答")).to_be_focused()
    expect(first.page.get_by_label("这些作答没能保存")).to_have_value("第 1 题：D")
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
    sitting.choose("B")
    expect(sitting.page.get_by_role("heading", name="您的登录已失效")).to_be_visible()
    expect(sitting.save_line("waiting")).to_have_text("还没有保存")
    context.add_cookies([sitting.site.cookie("m1")])
    sitting.page.get_by_role("link", name="重新登录，继续作答").tap()
    sitting.wait_until_saved()
    assert sitting.stored() == {"1": "B"}


def test_what_is_not_saved_yet_is_handed_in_with_the_paper(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    page.route(ANSWERS, lambda route: route.abort())
    sitting.choose("B")
    expect(sitting.save_line("retrying")).to_be_visible()
    page.get_by_role("link", name="答题卡").tap()
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    page.wait_for_url("**/review")
    expect(page.locator("#q1")).to_contain_text("得 1 分，共 1 分")


def test_handing_in_goes_on_until_the_network_lets_it_through(begin: Begin) -> None:
    sitting = begin("m1")
    page = sitting.page
    page.route("**/submit", lambda route: route.abort())
    page.get_by_role("link", name="答题卡").tap()
    page.get_by_role("button", name="交卷", exact=True).tap()
    page.get_by_role("button", name="确认交卷").tap()
    expect(page.locator('[data-part="speech"]')).to_contain_text("正在重试交卷")
    page.unroute("**/submit")
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
    sitting.choose("A")
    sitting.wait_until_saved()
    other.option("D").tap()
    expect(copy.get_by_label("这些作答没能保存")).to_have_value("第 1 题：D")
    expect(other.option("A").locator("input")).to_be_checked()
    assert sitting.stored() == {"1": "A"}
    other.choose("C")
    expect(other.option("C").locator("input")).to_be_checked()
    other.wait_until_saved()
    assert sitting.stored() == {"1": "C"}
