"""A plan says what an import would do, and no more than that."""

from __future__ import annotations

from dataclasses import replace

from studyhub.courses.plan import CourseHead, LessonState, Plan, compare

HEAD = CourseHead("网络安全", "zh", "internal", "", "published", (), {}, ("一",))
A = LessonState("a", "video", "甲", "", 80, "1")
B = LessonState("b", "reading", "乙", "", 30, "2")
C = LessonState("c", "video", "丙", "", 80, "3")


def planned(lessons: list[LessonState], known: list[LessonState], head: CourseHead = HEAD) -> Plan:
    return compare("course", head, lessons, HEAD, {lesson.slug: lesson for lesson in known})


def test_a_new_course_has_only_new_lessons() -> None:
    plan = compare("course", HEAD, [A, B], None, {})
    assert (plan.is_new, plan.created, plan.about) == (True, ("a", "b"), ())


def test_the_same_again_changes_nothing() -> None:
    assert planned([A, B], [A, B]).changes_nothing


def test_each_lesson_is_in_exactly_one_place() -> None:
    plan = planned([replace(A, digest="9"), C], [A, B])
    assert (plan.created, plan.changed, plan.retired, plan.unchanged) == (("c",), ("a",), ("b",), ())


def test_a_lesson_put_in_between_does_not_change_the_others() -> None:
    plan = planned([A, C, B], [A, B])
    assert (plan.created, plan.changed, plan.about) == (("c",), (), ())


def test_another_order_is_a_change_of_the_course() -> None:
    plan = planned([B, A], [A, B])
    assert (plan.changed, plan.about) == ((), ("order",))


def test_what_changes_of_the_course_is_named() -> None:
    head = replace(HEAD, title="安全", branches=("east",))
    assert planned([A], [A], head).about == ("title", "branches")
