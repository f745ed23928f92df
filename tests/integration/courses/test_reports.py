"""What members report is credited by the rules, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from studyhub.courses import completion, importing, operations, queries
from studyhub.courses.completion import Stage
from studyhub.courses.desk import queries as desk
from studyhub.courses.models import Course, CourseProgress, Lesson, LessonProgress
from studyhub.courses.operations import Heard, Read, Watched
from studyhub.courses.states import CourseState
from studyhub.db.database import Database
from studyhub.kernel.errors import NotFound, Unprocessable
from studyhub.kernel.events import LessonCompleted
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.states import Level
from tests.factories import courses
from tests.factories import organization as people


@dataclass
class Viewer:
    """A member with a course of a minute's video and a reading of two minutes."""

    session: Session
    actor: Actor
    lessons: dict[str, Lesson]
    now: datetime
    course_id: int
    seq: int = 0
    completed: list[int] = field(default_factory=list)

    def watch(self, *intervals: tuple[float, float], after: float = 0, seq: int | None = None) -> Heard:
        self.now += timedelta(seconds=after)
        self.seq += 1
        parts = [(round(start * 1000), round(end * 1000)) for start, end in intervals]
        report = Watched(parts, parts[-1][1] if parts else 0, self.seq if seq is None else seq)
        return operations.watched(self.session, self.actor, self.lessons["phishing"].id, report, self.now)

    def read(self, seconds: float, reached: float, after: float = 0) -> Heard:
        self.now += timedelta(seconds=after)
        self.seq += 1
        report = Read(round(seconds * 1000), round(reached * 1000), self.seq)
        return operations.read(self.session, self.actor, self.lessons["passwords"].id, report, self.now)


def seconds(heard: Heard) -> float:
    return heard.progress.covered_ms / 1000


@pytest.fixture
def viewer(session: Session, now: datetime) -> Viewer:
    root = people.branch(session, "city", now)
    home = people.branch(session, "east", now, parent=root)
    course, lessons = courses.course(session, now)
    actor = people.actor(people.member(session, "m1", home, now), home)
    viewer = Viewer(session, actor, lessons, now, course.id)
    session.info["listeners"] = {LessonCompleted: [lambda _, event: viewer.completed.append(event.lesson_id)]}
    return viewer


def test_the_first_call_of_a_viewing_has_nothing_to_credit(viewer: Viewer) -> None:
    heard = viewer.watch()
    assert (seconds(heard), heard.progress.is_completed) == (0, False)


def test_what_was_watched_at_normal_speed_is_credited(viewer: Viewer) -> None:
    viewer.watch()
    assert seconds(viewer.watch((0, 10), after=10)) == 10
    assert seconds(viewer.watch((10, 20), after=10)) == 20


def test_a_minute_claimed_after_two_seconds_is_credited_nine(viewer: Viewer) -> None:
    viewer.watch()
    assert seconds(viewer.watch((0, 60), after=2)) == 9


def test_a_burst_of_claims_is_credited_five_seconds_in_all(viewer: Viewer) -> None:
    viewer.watch()
    for _ in range(20):
        heard = viewer.watch((0, 60))
    assert seconds(heard) == 5


def test_the_limit_is_over_all_lessons_together(viewer: Viewer) -> None:
    viewer.watch()
    assert seconds(viewer.watch((0, 60), after=2)) == 9
    assert seconds(viewer.read(120, 1)) == 0


def test_seen_again_is_not_seen_more(viewer: Viewer) -> None:
    viewer.watch()
    viewer.watch((0, 10), after=10)
    assert seconds(viewer.watch((0, 10), after=10)) == 10


def test_an_older_report_changes_nothing_not_even_the_clock(viewer: Viewer) -> None:
    viewer.watch(seq=5)
    viewer.watch((0, 10), after=10, seq=6)
    stale = viewer.watch((10, 60), after=20, seq=6)
    assert seconds(stale) == 10
    assert stale.progress.seq == 6
    assert seconds(viewer.watch((10, 60), after=0, seq=7)) == 55  # 2 x 20 + 5 more: the 20 s still count


def test_what_lies_outside_the_video_is_cut_off(viewer: Viewer) -> None:
    viewer.watch()
    heard = viewer.watch((50, 500), after=60)
    assert heard.progress.intervals == ((50_000, 60_000),)
    assert heard.progress.position_ms == 60_000


def test_enough_coverage_completes_once(viewer: Viewer) -> None:
    viewer.watch()
    assert not viewer.watch((0, 47), after=47).progress.is_completed
    done = viewer.watch((47, 48), after=1)
    assert done.progress.completed_at == viewer.now
    again = viewer.watch((48, 60), after=12)
    assert again.progress.completed_at == viewer.now - timedelta(seconds=12)
    assert viewer.completed == [viewer.lessons["phishing"].id]


def test_a_reading_needs_time_and_its_end(viewer: Viewer) -> None:
    viewer.read(0, 0.2)
    assert not viewer.read(40, 0.5, after=40).progress.is_completed
    assert viewer.read(41, 0.96, after=1).progress.is_completed


def test_the_end_of_a_reading_without_time_is_not_enough(viewer: Viewer) -> None:
    viewer.read(0, 0)
    heard = viewer.read(120, 1, after=3)
    assert (seconds(heard), heard.progress.is_completed) == (11, False)


def test_a_course_is_completed_with_its_last_lesson(viewer: Viewer) -> None:
    viewer.watch()
    viewer.watch((0, 60), after=60)
    viewer.read(0, 0)
    row = select(CourseProgress).where(CourseProgress.course_id == viewer.course_id)
    assert viewer.session.scalars(row).one().completed_at is None
    viewer.read(60, 1, after=60)
    viewer.session.expire_all()
    kept = viewer.session.scalars(row).one()
    assert (kept.lessons_completed, kept.completed_at) == (2, viewer.now)


def test_a_lesson_that_is_not_for_the_member_is_not_there(viewer: Viewer, now: datetime) -> None:
    other = people.branch(viewer.session, "west", now)
    _, hidden = courses.course(viewer.session, now, "other", only_for=[other])
    _, secret = courses.course(viewer.session, now, "secret", level=Level.RESTRICTED)
    _, draft = courses.course(viewer.session, now, "draft", state=CourseState.DRAFT)
    for lessons in (hidden, secret, draft):
        viewer.lessons = lessons
        with pytest.raises(NotFound):
            viewer.watch()


def test_a_retired_lesson_takes_no_reports(viewer: Viewer) -> None:
    viewer.session.execute(update(Lesson).values(retired_at=viewer.now, chapter_id=None))
    with pytest.raises(NotFound):
        viewer.watch()


def test_a_video_is_not_read_and_a_reading_not_watched(viewer: Viewer) -> None:
    viewer.lessons["phishing"], viewer.lessons["passwords"] = (
        viewer.lessons["passwords"],
        viewer.lessons["phishing"],
    )
    with pytest.raises(Unprocessable):
        viewer.watch()
    with pytest.raises(Unprocessable):
        viewer.read(1, 1)


def test_reports_are_kept(database: Database, now: datetime) -> None:
    with database.write() as session:
        home = people.branch(session, "city", now)
        _, lessons = courses.course(session, now)
        actor = people.actor(people.member(session, "m1", home, now), home)
    for seq, at in enumerate((0, 10, 20)):
        with database.write() as session:
            report = Watched([(0, at * 1000)], at * 1000, seq)
            operations.watched(session, actor, lessons["phishing"].id, report, now + timedelta(seconds=at))
    with database.read() as session:
        row = session.scalars(select(LessonProgress)).one()
        assert (row.covered_ms, row.intervals, row.started_at) == (20_000, [[0, 20_000]], now)


def test_a_course_that_grows_meanwhile_is_not_completed(database: Database, now: datetime) -> None:
    """The import is under way when the member completes what was the last lesson."""
    with database.write() as session:
        home = people.branch(session, "city", now)
        course, lessons = courses.course(session, now, lessons=[("phishing", courses.LessonKind.VIDEO, 60)])
        actor = people.actor(people.member(session, "m1", home, now), home)
    lesson_id = lessons["phishing"].id

    def watch(seq: int, seconds: int) -> None:
        with database.write() as session:
            report = Watched([(0, seconds * 1000)], 0, seq)
            at = now + timedelta(seconds=seconds)
            operations.watched(session, actor, lesson_id, report, at)

    watch(0, 0)
    with ThreadPoolExecutor() as pool:
        with database.write() as session:
            session.execute(update(Course).where(Course.id == course.id).values(changed_at=now))
            values = session.execute(select(Lesson.__table__)).mappings().one()
            session.execute(
                insert(Lesson).values({**values, "id": lesson_id + 1, "slug": "b", "position": 2})
            )
            importing.recount(session, course.id, now)
            last = pool.submit(watch, 1, 60)
            sleep(0.3)
        last.result()
    with database.read() as session:
        row = session.scalars(select(CourseProgress)).one()
        assert (row.lessons_completed, row.completed_at) == (1, None)


def test_every_list_means_the_same_by_a_course_in_progress(viewer: Viewer, now: datetime) -> None:
    """From the first report on, completed lessons or not: the member's, the leader's and the desk's."""

    def said() -> tuple[bool, Stage, tuple[int, int]]:
        (mine,) = queries.for_member(viewer.session, viewer.actor)
        (member,) = completion.by_member(viewer.session, viewer.actor.branch_path)
        (managed,) = desk.managed(viewer.session, SYSTEM, PageRequest()).items
        return mine.is_begun, member.stages[mine.slug], (managed.learners, managed.completed)

    assert said() == (False, Stage.NOT_BEGUN, (0, 0))
    viewer.watch()
    assert said() == (True, Stage.IN_PROGRESS, (1, 0))
    viewer.watch((0, 60), after=60)
    assert said() == (True, Stage.IN_PROGRESS, (1, 0))
    viewer.read(0, 0)
    viewer.read(120, 1, after=120)
    assert said() == (True, Stage.COMPLETED, (0, 1))
