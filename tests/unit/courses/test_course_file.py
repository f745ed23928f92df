"""What can be wrong with course.yaml, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.courses import course_file
from tests.factories.courses import COURSE_YAML


def found(text: str) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.line, fault.column) for fault in course_file.check(text.encode())[1]]


def test_a_sound_file_is_read_with_its_defaults() -> None:
    course, faults = course_file.check(COURSE_YAML.encode())
    assert faults == []
    assert course is not None
    assert (course.slug, course.level, course.state, course.branches) == (
        "cyber-basics", "internal", "published", (),
    )  # fmt: skip
    video, reading = course.lessons
    assert (video.is_slides, video.minimum, video.file.name) == (True, 80, "slides/phishing.yaml")
    assert (reading.kind, reading.minutes, reading.minimum) == ("reading", 2, 30)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("course: cyber-basics", "course: Cyber Basics", ("bad_slug", 1, 9)),
        ("language: zh", "language: fr", ("unknown_word", 3, 11)),
        ("language: zh", "langauge: zh", ("unknown_key", 3, 1)),
        ("language: zh", "语言: zh", ("chinese_key", 3, 1)),
        ("language: zh", "language: zh\nlevel: 机密", ("secret_level", 4, 8)),
        ("slides: slides/phishing.yaml", "slides: ../phishing.yaml", ("path_outside", 11, 17)),
        ("slides: slides/phishing.yaml", "slides: C:\\a.yaml", ("path_outside", 11, 17)),
        ("slides: slides/phishing.yaml", "slides: slides/phishing.mp4", ("wrong_extension", 11, 17)),
        ("slides: slides/phishing.yaml", "file: a.mp4\n        slides: a.yaml", ("file_and_slides", 12, 9)),
        ("        slides: slides/phishing.yaml\n", "", ("file_or_slides", 8, 9)),
        ("minutes: 2", "minutes: 0", ("bad_minutes", 18, 18)),
        ("minutes: 2", "captions: a.vtt", ("key_of_other_kind", 18, 9)),
        ("minutes: 2", "minimum: 120%", ("bad_percentage", 18, 18)),
        ("minutes: 2", "minimum: 80", ("bad_percentage", 18, 18)),
        ("id: passwords", "id: phishing", ("duplicate_id", 14, 13)),
        ("kind: reading", "kind: 视频", ("unknown_word", 15, 15)),
        ("title: 长口令", "title: 长口令 # 一", ("comment_after_text", 16, 16)),
        ("title: 长口令", "title: ", ("empty_value", 16, 15)),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, expected: tuple[str, int, int]) -> None:
    assert old in COURSE_YAML
    assert expected in found(COURSE_YAML.replace(old, new))


def test_all_mistakes_are_told_at_once() -> None:
    text = COURSE_YAML.replace("language: zh", "language: fr").replace("minutes: 2", "minutes: x")
    assert [code for code, _, _ in found(text)] == ["unknown_word", "not_a_number"]


def test_an_id_twice_is_told_on_one_line_as_well() -> None:
    lesson = "{id: a, kind: reading, title: b, file: c.md}"
    text = f"course: a\ntitle: b\nlanguage: zh\nchapters:\n  - title: c\n    lessons: [{lesson}, {lesson}]\n"
    assert found(text) == [("duplicate_id", 6, 66)]


def test_a_course_without_chapters_or_lessons_is_none() -> None:
    assert found("course: a\ntitle: b\nlanguage: zh\nchapters: []\n") == [("no_chapters", 4, 11)]
    assert found("course: a\ntitle: b\nlanguage: zh\nchapters:\n  - title: c\n    lessons: []\n") == [
        ("no_lessons", 6, 14)
    ]


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_the_checker(text: str) -> None:
    course_file.check(text.encode("utf-8", "surrogatepass"))
    course_file.check((COURSE_YAML + text).encode("utf-8", "surrogatepass"))
