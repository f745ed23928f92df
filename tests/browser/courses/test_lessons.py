"""A video that plays and a text that is read, in a real browser on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect
from sqlalchemy import select

from studyhub.courses.models import LessonProgress
from tests.browser.conftest import PATIENCE_MS, PLAY, Site, axe_finds, stand_still
from tests.factories import courses
from tests.factories import organization as people

PLAY_AND_LEAVE_AT = """at => {
  const video = document.getElementById("video");
  return video.play().then(() => { video.pause(); video.currentTime = at; });
}"""
"""Plays, and pauses at this second, however fast the machine plays."""
PAUSE_FROM = """at => {
  const video = document.getElementById("video");
  video.addEventListener("timeupdate", () => video.currentTime >= at && video.pause());
}"""
"""The page itself pauses once it has shown so much: no test comes in time for that on every machine."""
WHOLE = (
    "(video => video.buffered.length > 0 && video.buffered.end(0) > 6.5)(document.getElementById('video'))"
)
"""Whether all of the video has arrived."""

Phone = Callable[[str], Page]


@pytest.fixture(autouse=True)
def course(site: Site, tmp_path: Path) -> None:
    """A real course: a video of seven seconds and a text."""
    courses.imported(site.database, site.data_dir, courses.course_folder(tmp_path / "course"), site.clock.now)
    with site.database.write() as session:
        home = people.branch(session, "east", site.clock.now)
        people.member(session, "m1", home, site.clock.now)


def kept(site: Site) -> LessonProgress:
    with site.database.read() as session:
        return session.scalars(select(LessonProgress)).one()


def wait_until(page: Page, holds: str) -> None:
    """Wait until the expression holds. The content policy forbids the library's own waiting."""
    for _ in range(PATIENCE_MS // 100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it never comes to this: {holds}")


def wait_until_shown(page: Page, seconds: float) -> None:
    wait_until(page, f"document.getElementById('video').currentTime >= {seconds}")


def test_a_video_that_is_watched_is_completed(site: Site, phone: Phone) -> None:
    page = phone("m1")
    page.goto("/courses/cyber-basics/phishing")
    with page.expect_response("**/watched"):
        page.evaluate(PLAY)
    page.get_by_role("button", name="2×").click()
    site.clock.advance(seconds=10)
    expect(page.locator("#saving")).to_have_text("您已学完本课时。")
    expect(page.locator("#done")).to_be_visible()
    assert kept(site).completed_at == site.clock.now
    page.get_by_role("link", name="下一课").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("长口令")


def test_what_was_watched_without_a_network_is_sent_when_it_is_back(
    site: Site, open_context: Callable[..., BrowserContext]
) -> None:
    context = open_context("m1")
    page = context.new_page()
    page.goto("/courses/cyber-basics/phishing")
    page.evaluate("document.getElementById('video').playbackRate = 0.5")  # it is not over before it is whole
    with page.expect_response("**/watched"):
        page.evaluate(PLAY)
    wait_until(page, WHOLE)
    site.clock.advance(seconds=10)
    context.set_offline(True)
    page.evaluate(PAUSE_FROM, 2)
    expect(page.locator("#saving")).to_contain_text("网络不通")
    assert kept(site).covered_ms == 0
    with page.expect_response("**/watched"):
        context.set_offline(False)
    expect(page.locator("#saving")).to_have_text("进度已保存")
    assert kept(site).covered_ms >= 1500


def position_told(answer: Response) -> float | None:
    """The place in the video that this report told; None for anything but a report."""
    if not answer.url.endswith("/watched"):
        return None
    told: float = answer.request.post_data_json["position_s"]
    return told


def test_a_video_goes_on_where_it_was_left(site: Site, phone: Phone) -> None:
    page = phone("m1")
    page.goto("/courses/cyber-basics/phishing")
    with page.expect_response(lambda answer: position_told(answer) == 3.5):
        page.evaluate(PLAY_AND_LEAVE_AT, 3.5)
    page.reload()
    expect(page.locator("#resume")).to_contain_text("从上次看到的 0:03 继续播放")
    page.evaluate(PLAY)
    wait_until_shown(page, 3)


def test_a_tap_in_the_middle_of_the_poster_plays_the_video(phone: Phone) -> None:
    page = phone("m1")
    page.goto("/courses/cyber-basics/phishing")
    play = page.get_by_role("button", name="播放视频")
    expect(play).to_be_visible()
    assert axe_finds(page) == []
    box = page.locator("#video").bounding_box()
    sign = page.locator(".play-sign").bounding_box()
    assert box is not None
    assert sign is not None
    assert sign["x"] > box["x"] + box["width"] * 0.7, "the sign stands where words of the poster are"
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_until_shown(page, 0.5)
    expect(play).to_be_hidden()
    page.reload()
    play.focus()
    page.keyboard.press("Enter")
    wait_until_shown(page, 0.5)
    expect(page.locator("#video")).to_be_focused()


def test_a_time_in_the_transcript_leads_there(phone: Phone) -> None:
    page = phone("m1")
    page.goto("/courses/cyber-basics/phishing")
    page.evaluate(PAUSE_FROM, 3)
    page.locator(".transcript").get_by_role("button", name="0:03").click()
    wait_until_shown(page, 3)
    expect(page.locator(".transcript li.now")).to_have_count(1)
    assert axe_finds(page) == []


def test_who_reaches_the_end_of_a_text_too_fast_learns_what_is_missing(site: Site, phone: Phone) -> None:
    page = phone("m1")
    page.set_viewport_size({"width": 390, "height": 200})
    stand_still(page)
    with page.expect_response("**/read"):
        page.goto("/courses/cyber-basics/passwords")
    site.clock.advance(seconds=1)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.clock.run_for(1000)
    expect(page.locator("#saving")).to_contain_text("已读到末尾。请再读约 35 秒，即算学完。")
    page.clock.resume()
    assert axe_finds(page) == []


def test_a_text_that_is_read_to_its_end_counts_time_and_reach(site: Site, phone: Phone) -> None:
    page = phone("m1")
    stand_still(page)
    with page.expect_response("**/read"):
        page.goto("/courses/cyber-basics/passwords")
    site.clock.advance(seconds=60)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    with page.expect_response("**/read"):
        page.clock.run_for(10_000)
    assert kept(site).reached == 1000
    assert kept(site).covered_ms >= 8000
    page.clock.resume()
    assert axe_finds(page) == []
