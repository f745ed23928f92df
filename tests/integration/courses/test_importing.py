"""A course folder becomes a course; a second import is a plan too, and keeps what members have done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from studyhub.courses import import_run, importing, operations, queries
from studyhub.courses.desk import queries as desk
from studyhub.courses.import_run import Run
from studyhub.courses.models import Course, CourseProgress, Lesson, LessonProgress
from studyhub.courses.operations import Watched
from studyhub.courses.plan import Plan
from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict, NotFound
from studyhub.media import queries as media
from studyhub.media.store import Store
from studyhub.organization.actor import SYSTEM
from studyhub.organization.roles import Role
from tests.factories import courses
from tests.factories import organization as people
from tests.overtaking import overtaken

Import = Callable[..., Run]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.fixture
def look(database: Database, store: Store, tmp_path: Path) -> Import:
    """`look(**changed)` reads and plans the folder, with some of its files changed."""

    def run(**changed: str) -> Run:
        folder = courses.course_folder(tmp_path / "course", **changed)
        return import_run.look(database, SYSTEM, folder, store, lambda done, total: None)

    return run


def applied(database: Database, run: Run, now: datetime) -> Plan:
    plan = import_run.apply(database, SYSTEM, run, run.plan, now)
    assert plan is not None, run.source.faults
    return plan


def test_a_folder_becomes_a_course_with_its_files(
    database: Database, store: Store, look: Import, now: datetime
) -> None:
    run = look()
    assert run.source.faults == {}
    plan = applied(database, run, now)
    assert (plan.is_new, plan.created) == (True, ("phishing", "passwords"))
    with database.read() as session:
        course = queries.course(session, SYSTEM, "cyber-basics")
        video, reading = course.lessons
        text = queries.lesson_text(session, reading.id)
        said = queries.lesson_text(session, video.id).transcript
        files = [media.fetch(session, SYSTEM, str(digest)) for digest in (
            video.video_digest, video.poster_digest, video.captions_digest,
        )]  # fmt: skip
    assert [title for title, _ in course.chapters] == ["看清来信", "管好口令"]
    assert (video.measure.duration_ms, video.measure.minimum) == (7000, 80)
    assert (reading.measure.duration_ms, reading.measure.minimum) == (120_000, 30)
    assert [file.media_type for file in files] == ["video/mp4", "image/jpeg", "text/vtt"]
    assert store.path(files[2].digest).read_text("utf-8").startswith("WEBVTT")
    assert said[0] == [0, 3000, "每天都有人丢了密码。"]
    assert "<strong>长度（位数）</strong>" in str(text.html)
    assert "<math" in str(text.html)
    assert 'src="/media/' in str(text.html)


def test_the_same_folder_again_changes_nothing_and_makes_nothing(
    database: Database, look: Import, now: datetime
) -> None:
    applied(database, look(), now)
    again = look()
    assert again.plan is not None
    assert again.plan.changes_nothing
    assert again.prepared is not None
    assert [kept.media_type for kept in again.prepared.kept] == ["text/vtt"]


def test_a_file_that_was_lost_is_made_again(
    database: Database, store: Store, look: Import, now: datetime
) -> None:
    applied(database, look(), now)
    with database.read() as session:
        video = queries.course(session, SYSTEM, "cyber-basics").lessons[0].video_digest
    assert video
    store.discard(video)
    applied(database, look(), now)
    assert store.path(video).is_file()


def test_a_second_import_keeps_progress_and_says_what_changes(
    database: Database, look: Import, now: datetime
) -> None:
    applied(database, look(), now)
    with database.write() as session:
        home = people.branch(session, "city", now)
        actor = people.actor(people.member(session, "m1", home, now), home)
        lesson = session.scalars(select(Lesson).where(Lesson.slug == "phishing")).one()
        operations.watched(session, actor, lesson.id, Watched([], 0, 1), now)
        later = now + timedelta(seconds=7)
        operations.watched(session, actor, lesson.id, Watched([(0, 7000)], 7000, 2), later)
    text = courses.COURSE_YAML.replace("识别钓鱼邮件", "认出钓鱼邮件").split("  - title: 管好口令")[0]
    plan = applied(database, look(course_yaml=text), now)
    assert (plan.changed, plan.retired, plan.unchanged) == (("phishing",), ("passwords",), ())
    assert plan.about == ("chapters",)
    with database.read() as session:
        kept = session.scalars(select(LessonProgress)).one()
        course = session.scalars(select(CourseProgress)).one()
        assert kept.completed_at == later
        assert (course.lessons_completed, course.completed_at) == (1, now)
        assert len(queries.course(session, SYSTEM, "cyber-basics").lessons) == 1
    back = applied(database, look(), now)
    assert back.created == ("passwords",)
    with database.read() as session:
        assert session.scalars(select(CourseProgress)).one().completed_at is None


def test_a_plan_that_is_no_longer_the_one_shown_is_not_done(
    database: Database, look: Import, now: datetime
) -> None:
    shown = look()
    applied(database, look(slides_yaml=courses.SLIDES_YAML.replace("丢了", "失去")), now)
    with pytest.raises(Conflict):
        import_run.apply(database, SYSTEM, shown, shown.plan, now)


SHORT = courses.COURSE_YAML.split("  - title: 管好口令")[0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_who_make_the_same_course_at_once_do_not_mix_theirs(
    database: Database, look: Import, now: datetime
) -> None:
    short, whole = look(course_yaml=SHORT), look()
    with overtaken(database, "INSERT INTO course ", lambda: applied(database, whole, now)) as other:
        applied(database, short, now)
    assert other.refused == "plan_changed"
    with database.read() as session:
        assert len(queries.course(session, SYSTEM, "cyber-basics").lessons) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_studies_a_course_does_not_wait_while_it_is_imported(
    database: Database, look: Import, now: datetime
) -> None:
    applied(database, look(course_yaml=SHORT), now)
    with database.write() as session:
        home = people.branch(session, "city", now)
        member = people.actor(people.member(session, "m1", home, now), home)
        (lesson,) = queries.course(session, SYSTEM, "cyber-basics").lessons

    def finish() -> None:
        with database.write() as session:
            at = now + timedelta(seconds=lesson.measure.duration_ms // 1000)
            whole = Watched([(0, lesson.measure.duration_ms)], 0, 2)
            operations.watched(session, member, lesson.id, whole, at)

    with database.write() as session:
        operations.watched(session, member, lesson.id, Watched([], 0, 1), now)
    run = look()
    assert run.prepared is not None
    with overtaken(database, "UPDATE lesson ", finish) as other, database.write() as session:
        importing.apply(session, SYSTEM, importing.Ready(run.source, run.prepared), run.plan, now)
        assert not other.thread.is_alive()
    with database.read() as session:
        row = session.scalars(select(CourseProgress)).one()
        assert (row.lessons_completed, row.completed_at) == (1, None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_imports_of_a_course_at_once_the_second_finds_its_plan_changed(
    database: Database, look: Import, now: datetime
) -> None:
    applied(database, look(course_yaml=SHORT), now)
    whole, retold = look(), look(course_yaml=SHORT.replace("钓鱼", "诈骗"))
    with overtaken(database, "DELETE FROM course_branch ", lambda: applied(database, whole, now)) as other:
        applied(database, retold, now)
    assert other.refused == "plan_changed"
    with database.read() as session:
        assert len(queries.course(session, SYSTEM, "cyber-basics").lessons) == 1


def test_every_fault_of_every_file_is_told_at_once_and_nothing_is_done(
    database: Database, look: Import
) -> None:
    text = courses.COURSE_YAML.replace("language: zh", "language: 法语\nfor: [nowhere]").replace(
        "slides/phishing.yaml", "slides/fishing.yaml"
    )
    run = look(
        course_yaml=text, reading_md="![x](../../../etc/passwd.png)\n![y](https://example.org/a.png)\n"
    )
    assert run.plan is None
    assert {
        (name, fault.code, fault.line) for name, faults in run.source.faults.items() for fault in faults
    } == {
        ("course.yaml", "unknown_word", 3),
        ("course.yaml", "file_missing", 12),
        ("readings/passwords.md", "picture_missing", 1),
        ("readings/passwords.md", "picture_missing", 2),
    }
    fixed = look(
        course_yaml=text.replace("法语", "zh"),
        reading_md="![x](../../../etc/passwd.png)\n![y](https://example.org/a.png)\n",
        slides_yaml=courses.SLIDES_YAML.replace("seconds: 3", "seconds: 99"),
    )
    found = [
        (name, fault.code, fault.line) for name, faults in fixed.source.faults.items() for fault in faults
    ]
    assert found == [
        ("course.yaml", "file_missing", 12),
        ("readings/passwords.md", "picture_missing", 1),
        ("readings/passwords.md", "picture_missing", 2),
    ]
    with database.read() as session:
        assert session.scalars(select(Course)).all() == []


def test_an_unknown_branch_is_a_fault_with_its_place(look: Import) -> None:
    run = look(course_yaml=courses.COURSE_YAML.replace("summary:", "for: [nowhere]\nsummary:"))
    assert [(fault.code, fault.line, fault.column) for fault in run.source.faults["course.yaml"]] == [
        ("unknown_branch", 4, 7)
    ]


def test_a_lesson_does_not_become_another_kind_of_thing(
    database: Database, look: Import, now: datetime
) -> None:
    applied(database, look(), now)
    text = courses.COURSE_YAML.replace("id: phishing", "id: other").replace("id: passwords", "id: phishing")
    run = look(course_yaml=text)
    assert [fault.code for fault in run.source.faults["course.yaml"]] == ["lesson_kind_changed"]


def test_an_editor_of_one_branch_makes_courses_for_that_branch_only(
    database: Database, store: Store, tmp_path: Path, now: datetime
) -> None:
    with database.write() as session:
        root = people.branch(session, "city", now)
        east = people.branch(session, "east", now, parent=root)
        people.branch(session, "west", now, parent=root)
        editor = people.actor(people.member(session, "e1", east, now), east, (Role.EDITOR, east))

    def codes(branches: str) -> list[str]:
        text = courses.COURSE_YAML.replace("summary:", f"{branches}\nsummary:")
        folder = courses.course_folder(tmp_path / "course", course_yaml=text)
        run = import_run.look(database, editor, folder, store, lambda done, total: None)
        return [fault.code for fault in run.source.faults.get("course.yaml", ())]

    assert codes("for: [east]") == []
    assert codes("for: [east, west]") == ["branch_outside_scope"]
    assert codes("state: draft") == ["for_everyone_outside_scope"]


def test_a_withdrawn_course_is_out_of_sight_with_its_files_and_comes_back_whole(
    database: Database, look: Import, now: datetime
) -> None:
    applied(database, look(), now)
    with database.write() as session:
        home = people.branch(session, "city", now)
        actor = people.actor(people.member(session, "m1", home, now), home)
        digest = str(queries.course(session, actor, "cyber-basics").lessons[0].video_digest)
        operations.withdraw(session, SYSTEM, "cyber-basics", now)
    with database.read() as session:
        with pytest.raises(NotFound):
            queries.course(session, actor, "cyber-basics")
        with pytest.raises(NotFound):
            media.fetch(session, actor, digest)
        assert media.fetch(session, SYSTEM, digest).digest == digest
        assert desk.managed_course(session, SYSTEM, "cyber-basics").state == "draft"
    with database.write() as session:
        operations.publish(session, SYSTEM, "cyber-basics", now)
        assert media.fetch(session, actor, digest).digest == digest
