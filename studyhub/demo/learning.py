"""Who studied which lesson when, and how far: reported to the courses room as a player would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from studyhub.courses import operations as courses
from studyhub.courses.operations import Read, Watched
from studyhub.courses.progress import THOUSAND
from studyhub.courses.states import LessonKind
from studyhub.demo.chance import chance
from studyhub.demo.founding import Cast
from studyhub.demo.schedule import HOURS, WEIGHTS
from studyhub.demo.timeline import Act

FIRST_DAY = -70
TAKES_PART = 0.5
GOES_ON = 0.93
"""The chance of taking the next lesson after one that was finished."""

# What the accounts to try have done: `member` stopped in the middle of the third lesson of the first course.
BEGUN = {"member": ((2, 0.4), (0, 0.0)), "member2": ((1, 0.0), (0, 0.0))}


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson as it is in the database."""

    id: int
    kind: LessonKind
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Study:
    """One member at one lesson, from `begins` on; `share` of it is covered in the end."""

    member_no: str
    lesson: PlannedLesson
    begins: datetime
    share: float
    cast: Cast
    first: bool
    """of this member in this course"""

    @property
    def covered_ms(self) -> int:
        return int(self.lesson.duration_ms * self.share)

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(milliseconds=self.covered_ms, seconds=2)

    def acts(self) -> Iterator[Act]:
        """The reports. Time that passed since an earlier one is credited, so only the first lesson is opened
        with one of its own: it halves the work of building."""
        if self.first:
            yield Act(self.begins, self.open)
        yield Act(self.ends, self.report)

    def open(self, session: Session, now: datetime) -> None:
        self._tell(session, 0, 0, now)

    def report(self, session: Session, now: datetime) -> None:
        self._tell(session, self.covered_ms, 1, now)

    def _tell(self, session: Session, covered_ms: int, seq: int, now: datetime) -> None:
        actor = self.cast.actor(session, self.member_no, now)
        if self.lesson.kind is LessonKind.VIDEO:
            seen = [(0, covered_ms)] if covered_ms else []
            courses.watched(session, actor, self.lesson.id, Watched(seen, covered_ms, seq), now)
        else:
            reached = round(self.share * THOUSAND) if covered_ms else 0
            courses.read(session, actor, self.lesson.id, Read(covered_ms, reached, seq), now)


def plan_learning(
    lessons: Sequence[Sequence[PlannedLesson]],
    members: Sequence[str],
    cast: Cast,
    seed: int,
    today: datetime,
) -> Iterator[Study]:
    """What every member studied of every course, given by its lessons in their order; `today` is local."""
    for number, course in enumerate(lessons):
        for member in members:
            randomness = chance("learning", number, member, seed)
            begins = _begin(randomness, today)
            for at, (lesson, share) in enumerate(_covered(member, number, course, randomness)):
                study = Study(member, lesson, begins, share, cast, first=at == 0)
                yield study
                begins = study.ends + timedelta(seconds=randomness.randint(20, 150))
                if randomness.random() < 0.3:
                    begins = max(begins, _later(begins, randomness, today))


def _begin(randomness: Random, today: datetime) -> datetime:
    day = today + timedelta(days=randomness.randint(FIRST_DAY, -8))
    hour = randomness.choices(HOURS, WEIGHTS)[0]
    return day.replace(hour=hour, minute=randomness.randrange(60), second=randomness.randrange(60))


def _later(moment: datetime, randomness: Random, today: datetime) -> datetime:
    """Another day, but before today."""
    days = min(randomness.randint(1, 5), max(0, (today - moment).days - 1))
    return moment + timedelta(days=days)


def _covered(
    member: str, number: int, course: Sequence[PlannedLesson], randomness: Random
) -> Iterator[tuple[PlannedLesson, float]]:
    """The lessons that the member took, and the share of each that was covered."""
    if member in BEGUN:
        finished, rest = BEGUN[member][number] if number < len(BEGUN[member]) else (0, 0.0)
        yield from ((lesson, 1.0) for lesson in course[:finished])
        if rest:
            yield course[finished], rest
        return
    if randomness.random() > TAKES_PART:
        return
    for lesson in course:
        if randomness.random() > GOES_ON:
            yield lesson, randomness.uniform(0.15, 0.7)
            return
        yield lesson, 1.0
