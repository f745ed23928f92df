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
from studyhub.courses.operations import Read, Watched
from studyhub.courses.states import CourseState, LessonKind
from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.models import Branch
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind, Level, MemberStatus
from tests.factories import courses
from tests.factories import organization as people

READING, VIDEO = LessonKind.READING, LessonKind.VIDEO


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


def test_a_text_that_was_only_looked_into_hides_no_video_that_was_half_watched(
    session: Session, city: City, now: datetime
) -> None:
    _, lessons = courses.course(session, now, lessons=[("film", VIDEO, 60), ("text", READING, 240)])
    now = watch(session, city.anna, lessons["film"].id, 20, now)
    for seconds, slug in ((2, "film"), (15, "text")):
        report = Read(seconds * 1000, 1000, seconds, now)
        now += timedelta(seconds=seconds + 1)
        operations.read(session, city.anna, lessons["text"].id, report, now)
        found = resume(session, city.anna)
        assert found is not None
        assert found.slug == slug


def test_of_a_text_is_left_what_completes_it(session: Session, city: City, now: datetime) -> None:
    _, lessons = courses.course(session, now, lessons=[("text", READING, 240)])
    at = now + timedelta(seconds=30)
    operations.read(session, city.anna, lessons["text"].id, Read(11_000, 1000, 1, now), at)
    found = resume(session, city.anna)
    assert found is not None
    # 30 % of four minutes are 72 seconds; said in steps of five.
    assert (found.left_ms, found.share) == (65_000, 0.15)


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


def test_a_leader_of_several_branches_follows_what_is_for_any_of_them(
    session: Session, city: City, now: datetime
) -> None:
    north = people.branch(session, "north", now, parent=city.root)
    group = people.branch(session, "group", now, parent=city.west, kind=BranchKind.GROUP)
    holder = people.member(session, "n1", north, now)
    leader = people.actor(
        holder, north, (Role.LEADER, city.west), (Role.GROUP_LEADER, group), (Role.LEADER, north)
    )
    courses.course(session, now, "everyone")
    for branch in (city.root, city.west, group, city.east):
        courses.course(session, now, branch.code, only_for=[branch])
    courses.course(session, now, "draft", only_for=[city.west], state=CourseState.DRAFT)
    courses.course(session, now, "secret", only_for=[city.west], level=Level.RESTRICTED)
    shared = {"everyone", "city"}
    assert completion.followed_in(session, leader, city.west.path) == {*shared, "west", "group"}
    assert completion.followed_in(session, leader, group.path) == {*shared, "west", "group"}
    assert completion.followed_in(session, leader, north.path) == shared
    assert completion.followed_in(session, leader, city.east.path) == set()
    assert completion.followed_in(session, city.west_actor, city.west.path) == set()
    assert not completion.followed(session, leader, "group").may_open
    assert completion.followed(session, leader, "city").may_open
    for slug in ("east", "draft", "secret", "absent"):
        with pytest.raises(NotFound):
            completion.followed(session, leader, slug)


def test_the_desk_lists_what_is_managed(session: Session, city: City, now: datetime) -> None:
    courses.course(session, now, "one", title="甲")
    courses.course(session, now, "east-only", only_for=[city.east], title="乙")
    assert {course.slug for course in desk.managed(session, SYSTEM, PageRequest()).items} == {
        "one", "east-only",
    }  # fmt: skip
    assert desk.managed(session, city.anna, PageRequest()).total == 0


def test_the_desk_counts_whom_the_learners_page_counts(session: Session, city: City, now: datetime) -> None:
    """Not who left, moved or is no longer cleared: of each there is one who completed, one under way."""
    made, lessons = courses.course(session, now, "one", lessons=[("a", VIDEO, 60)], only_for=[city.west])
    courses.course(session, now, "all", lessons=[("b", VIDEO, 60)])
    for number in range(8):
        member = people.member(session, f"w{number}", city.west, now)
        watch(session, people.actor(member, city.west), lessons["a"].id, 60 if number % 2 else 20, now)
        if number in (2, 3):
            member.status = MemberStatus.LEFT
        if number in (4, 5):
            member.branch_id = city.east.id
        if number in (6, 7):
            member.clearance = Level.PUBLIC
    session.flush()
    audience = Audience(made.id, made.level, (city.root.path,))
    for sort in ("learners", "completed", "title"):
        line = next(
            one for one in desk.managed(session, SYSTEM, PageRequest(sort=sort)).items if one.slug == "one"
        )
        assert (line.learners, line.completed) == (1, 1)
    assert completion.count(session, audience).completed == line.completed
    (whole,) = [one for one in completion.completion(session, city.root.path) if one.slug == "one"]
    assert whole.completed == line.completed


def test_the_desk_leads_to_the_learners_where_all_of_them_may_be_seen(
    session: Session, city: City, now: datetime
) -> None:
    """Elsewhere the page would show fewer than the figure that leads to it."""
    for branch in (city.east, city.root):
        courses.course(session, now, branch.code, only_for=[branch])
    courses.course(session, now, "everyone")
    holder = people.member(session, "e1", city.east, now)
    grants = [(Role.EDITOR, None), (Role.LEADER, city.east)]
    editor = people.actor(holder, city.east, *grants)
    listed = desk.managed(session, editor, PageRequest()).items
    assert {one.slug: one.may_view for one in listed} == {"east": True, "city": False, "everyone": False}
    assert all(one.may_view for one in desk.managed(session, SYSTEM, PageRequest()).items)


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
