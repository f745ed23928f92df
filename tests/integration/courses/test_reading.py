"""What members and leaders see of courses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from studyhub.courses import completion, operations, queries
from studyhub.courses.completion import Audience, Count
from studyhub.courses.desk import queries as desk
from studyhub.courses.next_lesson import resume
from studyhub.courses.operations import Watched
from studyhub.courses.states import LessonKind
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.models import Branch
from studyhub.organization.states import Level, MemberStatus
from tests.factories import courses
from tests.factories import organization as people

VIDEO = LessonKind.VIDEO


@dataclass
class City:
    """A tree of two home branches: two members in the east (one cleared low), one in the west."""

    root: Branch
    east: Branch
    west: Branch
    anna: Actor
    low: Actor
    west_actor: Actor


@pytest.fixture
def city(session: Session, now: datetime) -> City:
    root = people.branch(session, "city", now)
    east = people.branch(session, "east", now, parent=root)
    west = people.branch(session, "west", now, parent=root)
    anna = people.actor(people.member(session, "m1", east, now, name="安娜"), east)
    low = people.actor(people.member(session, "m2", east, now, clearance=Level.PUBLIC), east)
    west_actor = people.actor(people.member(session, "m3", west, now), west)
    people.member(session, "m4", west, now, status=MemberStatus.LEFT)
    return City(root, east, west, anna, low, west_actor)


def watch(session: Session, actor: Actor, lesson_id: int, seconds: int, now: datetime) -> datetime:
    """Watch from the beginning, honestly; returns when it ended."""
    operations.watched(session, actor, lesson_id, Watched([], 0, 1), now)
    later = now + timedelta(seconds=seconds)
    operations.watched(session, actor, lesson_id, Watched([(0, seconds * 1000)], 0, 2), later)
    return later


def test_a_member_has_the_courses_of_their_branch_and_level(
    session: Session, city: City, now: datetime
) -> None:
    courses.course(session, now, "all", level=Level.PUBLIC, title="一")
    courses.course(session, now, "internal", title="二")
    courses.course(session, now, "east-only", only_for=[city.east], title="三")
    assert {course.slug for course in queries.for_member(session, city.anna)} == {
        "all", "internal", "east-only",
    }  # fmt: skip
    assert {course.slug for course in queries.for_member(session, city.low)} == {"all"}
    assert {course.slug for course in queries.for_member(session, city.west_actor)} == {"all", "internal"}


def test_a_search_finds_what_it_says_and_signs_are_letters(
    session: Session, city: City, now: datetime
) -> None:
    courses.course(session, now, "one", title="识别 100% 的钓鱼邮件")
    courses.course(session, now, "two", title="组织生活")
    found = queries.search(session, city.anna, PageRequest(search="100%"))
    assert ([course.slug for course in found.items], found.total) == (["one"], 1)
    assert queries.search(session, city.anna, PageRequest(search="%_%")).total == 0


def test_the_lesson_to_go_on_with_is_the_one_touched_last(
    session: Session, city: City, now: datetime
) -> None:
    _, one = courses.course(session, now, "one", lessons=[("a", VIDEO, 60), ("b", VIDEO, 60)], title="甲")
    _, two = courses.course(session, now, "two", lessons=[("c", VIDEO, 60), ("d", VIDEO, 60)], title="乙")
    first = resume(session, city.anna)
    assert first is not None
    assert first.slug in (one.keys() | two.keys()) - {"b", "d"}
    assert (first.is_begun, first.left_ms) == (False, 60_000)
    now = watch(session, city.anna, two["c"].id, 20, now)
    begun = resume(session, city.anna)
    assert begun is not None
    assert (begun.slug, begun.is_begun, begun.left_ms) == ("c", True, 40_000)
    operations.watched(
        session, city.anna, two["c"].id, Watched([(0, 60_000)], 0, 9), now + timedelta(minutes=9)
    )
    after = resume(session, city.anna)
    assert after is not None
    assert (after.slug, after.is_begun) == ("d", False)


def test_completion_counts_whom_the_course_is_for(session: Session, city: City, now: datetime) -> None:
    _, lessons = courses.course(session, now, "one", lessons=[("a", VIDEO, 60)], title="甲")
    courses.course(session, now, "west-only", lessons=[("b", VIDEO, 60)], only_for=[city.west], title="乙")
    watch(session, city.anna, lessons["a"].id, 60, now)
    whole = {course.slug: course for course in completion.completion(session, city.root.path)}
    assert (whole["one"].assigned, whole["one"].completed) == (2, 1)
    assert whole["one"].within(city.east.path) == Count(1, 1)
    assert whole["one"].within(city.west.path) == Count(1, 0)
    assert (whole["west-only"].assigned, whole["west-only"].completed) == (1, 0)
    assert [course.slug for course in completion.completion(session, city.east.path)] == ["one"]


def test_who_has_not_yet_completed_comes_first_and_can_be_asked_for_alone(
    session: Session, city: City, now: datetime
) -> None:
    course, lessons = courses.course(session, now, "one", lessons=[("a", VIDEO, 60)], level=Level.PUBLIC)
    watch(session, city.anna, lessons["a"].id, 60, now)
    east = Audience(course.id, course.level, (city.east.path,))
    everyone = completion.learners(session, east, PageRequest())
    assert [(one.member_no, one.lessons_completed) for one in everyone.items] == [("m2", 0), ("m1", 1)]
    assert completion.count(session, east) == Count(2, 1)
    open_ones = completion.learners(session, east, PageRequest(), not_yet=True)
    assert [one.member_no for one in open_ones.items] == ["m2"]
    assert completion.learners(session, east, PageRequest(search="安娜")).total == 1


def test_the_desk_lists_what_is_managed(session: Session, city: City, now: datetime) -> None:
    courses.course(session, now, "one", title="甲")
    courses.course(session, now, "east-only", only_for=[city.east], title="乙")
    assert {course.slug for course in desk.managed(session, SYSTEM, PageRequest()).items} == {
        "one", "east-only",
    }  # fmt: skip
    assert desk.managed(session, city.anna, PageRequest()).total == 0


def test_lists_take_a_fixed_number_of_statements(
    session: Session,
    city: City,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    for number in range(12):
        courses.course(session, now, f"course-{number}")
    with count_statements() as statements:
        queries.for_member(session, city.anna)
    assert len(statements) == 1
    with count_statements() as statements:
        resume(session, city.anna)
    assert len(statements) == 1
    with count_statements() as statements:
        completion.completion(session, city.root.path)
    assert len(statements) == 3
    with count_statements() as statements:
        queries.course(session, city.anna, "course-3")
    assert len(statements) == 2
