"""How far somebody is in a lesson, as people see it."""

from __future__ import annotations

from datetime import UTC, datetime

from studyhub.courses.progress import Measure, Progress, suffices
from studyhub.courses.states import LessonKind

READING = Measure(LessonKind.READING, 120_000, 30)
VIDEO = Measure(LessonKind.VIDEO, 60_000, 80)
DONE = datetime(2026, 11, 25, tzinfo=UTC)


def read(covered_ms: int, reached: int, completed_at: datetime | None = None) -> Progress:
    return Progress(1, ((0, covered_ms),), 0, reached, completed_at)


def test_a_text_shows_how_much_there_is_of_what_completes_it() -> None:
    assert read(18_000, 1000).shown(READING) == 0.5
    assert read(120_000, 250).shown(READING) == 0.25
    assert read(36_000, 960, DONE).shown(READING) == 1


def test_what_is_not_completed_never_shows_all_of_it() -> None:
    assert not suffices(read(120_000, 949), READING)
    assert read(120_000, 949).shown(READING) == 0.94
    assert read(35_999, 1000).shown(READING) == 0.99


def test_a_video_shows_what_was_seen() -> None:
    assert read(50_000, 0, DONE).shown(VIDEO) == 0.8333
