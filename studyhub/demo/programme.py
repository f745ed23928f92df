"""Which exams the demo holds and when: always around the day on which it is built. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, EVENING = time(8, 0), time(18, 0)
TERM_DAYS = 35
"""How far the windows of a repeated exam lie apart."""


@dataclass(frozen=True, slots=True)
class Window:
    """When an exam can be taken, in days from the day of building; without end when `last` is None."""

    first: int
    last: int | None

    def opens(self, today: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(today + timedelta(days=self.first), MORNING, zone)

    def closes(self, today: date, zone: ZoneInfo) -> datetime | None:
        if self.last is None:
            return None
        return datetime.combine(today + timedelta(days=self.last), EVENING, zone)

    def earlier(self, terms: int) -> Window:
        """The same window that many terms before; it was closed then."""
        days = terms * TERM_DAYS
        last = self.first + 25 if self.last is None else self.last
        return Window(self.first - days, min(last - days, -2))


@dataclass(frozen=True, slots=True)
class PlannedExam:
    """An exam of the demo: the shipped file it is made of, and how often one member may sit it."""

    slug: str
    file: str
    window: Window
    attempts: int | None
    share: float
    """of all attempts of the demo"""
    term: int = 0


_SHIPPED = (
    PlannedExam("digital-skills-practice", "digital-skills-practice", Window(-85, None), None, 0.26),
    PlannedExam("cyber-quarterly", "cyber-quarterly", Window(-20, 40), 3, 0.30),
    PlannedExam("organization-life-check", "organization-life-check", Window(-34, -4), 1, 0.44),
)


def plan_exams(count: int) -> list[PlannedExam]:
    """That many exams: the shipped ones, the always open one first, then earlier terms of the others."""
    return [exam for exam, _ in zip(_exams(), range(count), strict=False)]


def _exams() -> Iterator[PlannedExam]:
    yield from _SHIPPED
    term = 0
    while True:
        term += 1
        for exam in _SHIPPED[1:]:
            slug = f"{exam.slug}-{term}"
            yield PlannedExam(slug, exam.file, exam.window.earlier(term), exam.attempts, exam.share, term)


def exam_text(shipped: str, exam: PlannedExam, today: date, zone: ZoneInfo) -> str:
    """The shipped file with the slug, the title and the window of this exam."""
    text = _replaced(shipped, "exam", exam.slug)
    if exam.term:
        title = re.search(r"^title: (.*)$", text, re.MULTILINE)
        assert title, "every exam has a title"
        text = _replaced(text, "title", f"{title[1]}（前 {exam.term} 期）")
    text = _replaced(text, "opens", _local(exam.window.opens(today, zone)))
    closes = exam.window.closes(today, zone)
    return _replaced(text, "closes", _local(closes)) if closes else text


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _replaced(text: str, key: str, value: str) -> str:
    return re.sub(rf"^{key}: .*$", f"{key}: {value}", text, count=1, flags=re.MULTILINE)
