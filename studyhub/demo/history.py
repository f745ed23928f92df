"""What happened in the demo's organisation before today, as acts to be played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from studyhub.demo import loading
from studyhub.demo.founding import Cast
from studyhub.demo.people import PlannedMember
from studyhub.demo.programme import PlannedExam
from studyhub.demo.schedule import PlannedAttempt
from studyhub.demo.sitting import Sitting
from studyhub.demo.timeline import Act


def exam_acts(exams: Sequence[PlannedExam], now: datetime, zone: ZoneInfo) -> Iterator[Act]:
    """Each exam is published a few days before it opens."""
    today = now.astimezone(zone).date()
    for exam in exams:
        at = exam.window.opens(today, zone) - loading.ANNOUNCED_BEFORE
        yield Act(at, partial(loading.publish_exam, exam, today, zone))


def attempt_acts(
    planned: Sequence[PlannedAttempt], people: Sequence[PlannedMember], cast: Cast, seed: int
) -> Iterator[Act]:
    """Everybody's attempts."""
    home = {person.member_no: person.branch for person in people}
    for attempt in planned:
        yield from Sitting(attempt, home[attempt.member_no], cast, seed).acts()
