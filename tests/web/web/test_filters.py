"""How moments and amounts are written. The house's clock stands at 2 November 2026, 10:00 in Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import current_app

from studyhub.kernel.points import Points
from studyhub.web import filters
from tests.web.web.conftest import Build


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(params=["zh", "en"])
def speak(request: pytest.FixtureRequest, build: Build) -> Any:
    """`speak(zh=…, en=…)` gives the text expected in the language that this run speaks."""
    with build().app.test_request_context(headers={"Accept-Language": request.param}):
        yield lambda zh, en: zh if request.param == "zh" else en


def test_a_moment_is_shown_in_the_organisations_zone(speak: Any) -> None:
    assert filters.local_datetime(at("2026-11-30 17:05")) == speak("12月1日 01:05", "1 Dec 01:05")


def test_another_year_is_named(speak: Any) -> None:
    assert filters.local_date(at("2027-01-05 04:00")) == speak("2027年1月5日", "5 Jan 2027")


def test_a_page_holds_a_moment_in_one_piece_that_programs_can_read(speak: Any) -> None:
    write = current_app.jinja_env.filters["local_date"]
    shown = speak("12月1日", "1 Dec")
    assert write(at("2026-11-30 17:05")) == f'<time datetime="2026-11-30T17:05:00+00:00">{shown}</time>'
    assert write(None) == ""


def test_content_in_another_language_than_the_page_says_so(speak: Any) -> None:
    assert filters.in_language("a < b", "en") == speak('<span lang="en">a &lt; b</span>', "a < b")
    assert filters.in_language("甲", "zh") == speak("甲", '<span lang="zh">甲</span>')


@pytest.mark.parametrize(
    ("title", "zh", "en"),
    [
        ("网络安全 2026", "网络安全 2026", '<span lang="zh">网络安全 2026</span>'),
        ("Safety & IT", '<span lang="en">Safety &amp; IT</span>', "Safety & IT"),
        ("IT 常识", "IT 常识", '<span lang="zh">IT 常识</span>'),
        ("2026-11", "2026-11", "2026-11"),
    ],
)
def test_a_text_of_unknown_language_is_judged_by_its_script(speak: Any, title: str, zh: str, en: str) -> None:
    assert filters.in_its_language(title) == speak(zh, en)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-11-02 02:00", "已过", "past"),
        ("2026-11-02 02:00:30", "1 分钟后", "in 1 minute"),
        ("2026-11-02 02:45", "45 分钟后", "in 45 minutes"),
        ("2026-11-02 07:59", "5 小时后", "in 5 hours"),
        ("2026-11-03 01:00", "23 小时后", "in 23 hours"),
        ("2026-11-05 15:59", "3 天后", "in 3 days"),
    ],
)
def test_how_long_there_still_is(speak: Any, moment: str, zh: str, en: str) -> None:
    assert filters.until(at(moment)) == speak(zh, en)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(999, 1000, "99%"), (1, 1, "100%"), (0, 5, "0%"), (1, 0, "–"), (0.29, 1, "29%"), (0.9999, 1, "99%")],
)
def test_a_percentage_is_rounded_down(part: float, whole: int, text: str) -> None:
    assert filters.percent(part, whole) == text


def test_points_have_no_idle_zeros() -> None:
    assert [filters.points(Points(value)) for value in (200, 250, 75)] == ["2", "2.5", "0.75"]
    assert filters.points(None) == "–"


@pytest.mark.parametrize(("size", "text"), [(10, "1 KB"), (819_600, "820 KB"), (3_400_000, "3.4 MB")])
def test_a_file_size_is_short(size: int, text: str) -> None:
    assert filters.filesize(size) == text


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (45, "45 秒", "45 s"),
        (80, "1 分 20 秒", "1 min 20 s"),
        (1800, "30 分钟", "30 min"),
        (7500, "2 小时 5 分", "2 h 5 min"),
    ],
)
def test_a_duration_is_said_in_words(speak: Any, seconds: int, zh: str, en: str) -> None:
    assert filters.duration(seconds) == speak(zh, en)


def test_a_player_shows_minutes_and_seconds() -> None:
    assert [filters.clocked(seconds) for seconds in (3.9, 160, 3725)] == ["0:03", "2:40", "1:02:05"]


@pytest.mark.parametrize(("points", "zh", "en"), [(1, "1 分", "1 point"), ("2.5", "2.5 分", "2.5 points")])
def test_one_point_is_one_point(speak: Any, points: Any, zh: str, en: str) -> None:
    assert filters.worth(points) == speak(zh, en)


@pytest.mark.parametrize(
    ("html", "zh", "en"),
    [
        ("<p>长口令</p>", "", ' lang="zh"'),
        ("<p>A long password</p>", ' lang="en"', ""),
        ('<p class="big">3.14</p>', "", ""),
    ],
)
def test_what_holds_rendered_text_says_its_language(speak: Any, html: str, zh: str, en: str) -> None:
    assert filters.lang_attribute(html) == speak(zh, en)
