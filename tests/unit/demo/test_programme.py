"""When the demo's exams are open, whatever the day on which it is built."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from studyhub.demo.programme import exam_text, plan_exams
from studyhub.demo.schedule import plan_attempts
from studyhub.kernel.shipped import shipped_folder

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 3, 9, 1, 30, tzinfo=UTC)
TODAY = NOW.astimezone(ZONE)
MEMBERS = ["member", *(f"yl{n:05}" for n in range(99))]


def test_a_member_finds_an_exam_to_start_on_any_day_after_the_build() -> None:
    always = plan_exams(1)[0]
    assert always.attempts is None
    assert always.window.closes(date(2027, 3, 9), ZONE) is None


def test_one_exam_is_open_and_one_closed_a_few_days_ago() -> None:
    windows = {exam.slug: exam.window for exam in plan_exams(3)}
    assert windows["cyber-quarterly"].last > 0
    assert windows["organization-life-check"].last < 0


def test_the_file_is_rewritten_around_the_day_of_building() -> None:
    exam = plan_exams(2)[1]
    shipped = (shipped_folder("question_banks") / "exams" / f"{exam.file}.yaml").read_text("utf-8")
    text = exam_text(shipped, exam, date(2027, 3, 9), ZONE)
    assert "\nopens: 2027-02-17 08:00\ncloses: 2027-04-18 18:00\n" in text


def test_more_exams_are_earlier_terms_each_with_its_own_slug_and_long_closed() -> None:
    exams = plan_exams(9)
    assert len({exam.slug for exam in exams}) == 9
    assert all(exam.window.last is not None and exam.window.last < 0 for exam in exams[3:])


@pytest.mark.parametrize("attempts", [0, 60, 220, 5000])
def test_as_many_attempts_are_planned_as_asked_for(attempts: int) -> None:
    planned = plan_attempts(plan_exams(3), MEMBERS, attempts, 1, TODAY)
    assert len(planned) == attempts


def test_nobody_sits_an_exam_outside_its_window_or_more_often_than_allowed() -> None:
    exams = plan_exams(5)
    by_slug = {exam.slug: exam for exam in exams}
    today = TODAY.date()
    for attempt in plan_attempts(exams, MEMBERS, 400, 1, TODAY):
        exam = by_slug[attempt.exam]
        closes = exam.window.closes(today, ZONE)
        assert exam.window.opens(today, ZONE) <= attempt.starts < NOW
        assert closes is None or attempt.starts < closes
        assert exam.attempts is None or attempt.number <= exam.attempts


def test_the_account_to_try_has_the_open_exam_still_before_it_and_the_others_behind() -> None:
    planned = plan_attempts(plan_exams(3), MEMBERS, 400, 1, TODAY)
    sat = {attempt.exam for attempt in planned if attempt.member_no == "member"}
    assert sat == {"digital-skills-practice", "organization-life-check"}


def test_the_same_seed_gives_the_same_calendar() -> None:
    first, again, other = (plan_attempts(plan_exams(3), MEMBERS, 200, s, TODAY) for s in (1, 1, 2))
    assert first == again
    assert first != other
