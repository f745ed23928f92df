"""Who sat which exam when: a believable calendar of attempts. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import count

from studyhub.demo.chance import chance
from studyhub.demo.programme import PlannedExam

# When people find time: the hours of a day and how many choose each.
HOURS = (8, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21)
WEIGHTS = (6, 10, 10, 6, 5, 8, 10, 9, 5, 8, 9, 4)
# How willing members are to sit an exam a second and a third time, against the first.
AGAIN = (1.0, 0.22, 0.08)
EXAMPLE = "member"
UNFINISHED = 0.015
"""The share of attempts that are begun and forgotten: their time runs out."""


@dataclass(frozen=True, slots=True)
class PlannedAttempt:
    """One attempt; `number` counts this member's attempts at this exam."""

    exam: str
    member_no: str
    number: int
    starts: datetime
    minutes: int
    handed_in: bool = True


def plan_attempts(
    exams: Sequence[PlannedExam], members: Sequence[str], attempts: int, seed: int, now: datetime
) -> list[PlannedAttempt]:
    """That many attempts (fewer when the exams do not allow so many), in the order in which they began.

    `now` is in the organisation's zone, whose days and hours they keep.
    """
    planned: list[PlannedAttempt] = []
    quotas = _quotas(exams, len(members), attempts)
    for exam in exams:
        randomness = chance("attempts", exam.slug, seed)
        sittings = _sittings(exam, members, quotas[exam.slug], randomness)
        planned += _dated(exam, sittings, randomness, now)
    return sorted(planned, key=lambda attempt: (attempt.starts, attempt.member_no))


def _quotas(exams: Sequence[PlannedExam], members: int, attempts: int) -> dict[str, int]:
    """How many attempts each exam gets; what the limited ones cannot take goes to the unlimited."""
    whole = sum(exam.share for exam in exams)
    quotas = {}
    for exam in exams:
        most = attempts if exam.attempts is None else int(members * (0.9 if exam.attempts == 1 else 1.3))
        quotas[exam.slug] = min(round(attempts * exam.share / whole), most)
    unlimited = [exam.slug for exam in exams if exam.attempts is None]
    if unlimited:
        quotas[unlimited[0]] += attempts - sum(quotas.values())
    return quotas


def _sittings(
    exam: PlannedExam, members: Sequence[str], quota: int, randomness: random.Random
) -> dict[str, int]:
    """How often each member sits the exam: chosen without replacement, the keen and the new first."""
    most = exam.attempts or max(len(AGAIN), -(-quota * 2 // len(members)))
    drawn = []
    for member in members:
        keenness = randomness.uniform(0.4, 1.6)
        for number in range(most):
            if _kept_free(exam, member, number):
                continue
            weight = keenness * AGAIN[min(number, len(AGAIN) - 1)]
            # Weighted sampling without replacement (Efraimidis and Spirakis 2006).
            place = randomness.random() ** (1 / weight)
            drawn.append((1.0 if member == EXAMPLE else place, member))
    drawn.sort(reverse=True)
    sittings: dict[str, int] = {}
    for _, member in drawn[:quota]:
        sittings[member] = sittings.get(member, 0) + 1
    return sittings


def _kept_free(exam: PlannedExam, member: str, number: int) -> bool:
    """The account to try has something behind it and something to do: it sat each exam once, but for those
    that are open and limited."""
    if member != EXAMPLE:
        return False
    still_open = exam.window.last is None or exam.window.last > 0
    return (still_open and exam.attempts is not None) or number > 0


def _dated(
    exam: PlannedExam, sittings: dict[str, int], randomness: random.Random, now: datetime
) -> Iterator[PlannedAttempt]:
    today = now.date()
    first = exam.window.first
    last = -1 if exam.window.last is None else min(exam.window.last - 1, -1)
    for member, times in sittings.items():
        days = sorted(_days(first, last, times, randomness))
        for number, day in zip(count(1), days, strict=False):
            starts = _moment(today + timedelta(days=day), randomness, now.tzinfo)
            handed_in = randomness.random() >= UNFINISHED
            yield PlannedAttempt(
                exam.slug, member, number, starts, randomness.randint(7, 19), handed_in=handed_in
            )


def _days(first: int, last: int, times: int, randomness: random.Random) -> Iterator[int]:
    """Different days while there are enough; many come early, and many at the last moment."""
    span = last - first + 1
    taken: set[int] = set()
    for _ in range(times):
        while True:
            share = randomness.betavariate(0.8, 0.9)
            day = first + min(int(share * span), span - 1)
            if day not in taken or len(taken) >= span:
                break
        taken.add(day)
        yield day


def _moment(day: date, randomness: random.Random, zone: tzinfo | None) -> datetime:
    hour = randomness.choices(HOURS, WEIGHTS)[0]
    return datetime(day.year, day.month, day.day, hour, randomness.randrange(60), tzinfo=zone)
