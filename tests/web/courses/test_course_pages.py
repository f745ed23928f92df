"""The pages of courses: what a member, a leader and an editor see and do, without any script."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from studyhub.config import Settings
from studyhub.courses import jobs, operations, sample
from studyhub.courses.models import Course
from studyhub.courses.operations import Watched
from studyhub.courses.states import CourseState, Language
from studyhub.db.database import Database
from studyhub.kernel.clock import Clock
from studyhub.organization.roles import Role
from studyhub.tasks.context import WorkContext
from studyhub.tasks.models import Task
from studyhub.tasks.running import run_task
from tests.conftest import SettableClock
from tests.factories import courses
from tests.factories import organization as people


class Browser:
    """A signed-in person without scripts."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    def get(self, path: str) -> TestResponse:
        return self._client.get(path, headers=self._headers)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self._client.post(path, headers=self._headers, data=fields, follow_redirects=True)


Browse = Callable[[str], Browser]


def opened(page: str) -> str:
    """What the form of a text without scripts carries."""
    found = re.search(r'name="opened" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(autouse=True)
def everybody(database: Database, now: datetime) -> None:
    with database.write() as session:
        root = people.branch(session, "city", now)
        home = people.branch(session, "east", now, parent=root)
        people.member(session, "m1", home, now, name="陈玉梅")
        people.member(session, "m2", home, now, name="王建国")
        for name, role, over in (
            ("editor", Role.EDITOR, None),
            ("editor2", Role.EDITOR, None),
            ("leader", Role.LEADER, home),
        ):
            people.grant(session, people.member(session, name, home, now), role, now, over=over)


@pytest.fixture
def browse(client: FlaskClient, bearer: Callable[[str], dict[str, str]]) -> Browse:
    return lambda member_no: Browser(client, bearer(member_no))


@pytest.fixture
def course(database: Database, now: datetime) -> None:
    with database.write() as session:
        courses.course(session, now)


@pytest.fixture
def upload(
    database: Database, settings: Settings, clock: Clock, tmp_path: Path
) -> Callable[..., TestResponse]:
    """`upload(editor, **changed)` uploads the folder as a .zip, runs the check, and opens its result."""

    def send(editor: Browser, **changed: str) -> TestResponse:
        folder = courses.course_folder(tmp_path / "course", **changed)
        data = BytesIO()
        with zipfile.ZipFile(data, "w") as packed:
            for path in folder.rglob("*"):
                packed.write(path, path.relative_to(folder))
        data.seek(0)
        editor.post("/admin/courses/import", file=(data, "course.zip"))
        with database.read() as session:
            task = session.scalars(select(Task).order_by(Task.id.desc()).limit(1)).one()
        context = WorkContext(settings, database, clock, payload=task.payload, created_by=task.created_by)
        with database.write() as session:
            session.get_one(Task, task.id).state = task.state.RUNNING
            session.get_one(Task, task.id).claimed_at = session.get_one(Task, task.id).alive_at = clock()
        assert run_task(context, task.id, jobs.check_upload)
        return editor.get(f"/admin/courses/import/{task.id}")

    return send


def test_without_a_course_the_list_says_when_there_will_be_one(browse: Browse) -> None:
    assert "还没有给您的课程" in browse("m1").page("/courses")


def test_an_editor_begins_with_a_sample_course(browse: Browse) -> None:
    assert 'href="/admin/courses/sample.zip"' in browse("editor").page("/admin/courses")
    answer = browse("editor").get("/admin/courses/sample.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sample-course.zip"'
    with zipfile.ZipFile(BytesIO(answer.data)) as packed:
        names = packed.namelist()
        assert "language: zh" in packed.read("sample-course/course.yaml").decode()
    assert {Path(name).suffix for name in names} == {".yaml", ".md", ".vtt", ".txt"}
    assert browse("m1").get("/admin/courses/sample.zip").status_code == 403
    files = [each.read_text("utf-8") for each in sample.FOLDER.rglob("course.yaml")]
    ids = {name for each in files for name in re.findall(r"^course: (\S+)", each, re.M)}
    assert len(ids) == 2, "whoever uploads both gets two courses"


def test_a_member_goes_from_the_list_to_a_lesson(browse: Browse, course: None) -> None:
    member = browse("m1")
    assert 'href="/courses/cyber-basics"' in member.page("/courses")
    shown = member.page("/courses/cyber-basics")
    assert "开始学习：第 1 课" in shown
    assert "已学完 0 / 2 课时" in shown
    assert "没有名称里有这个词的课程" in member.page("/courses?q=nothing")


def test_a_title_in_another_language_than_the_page_says_so(
    browse: Browse, course: None, database: Database
) -> None:
    with database.write() as session:
        session.scalars(select(Course)).one().language = Language.EN
    member, leader = browse("m1"), browse("leader")
    assert '<span lang="en">第 1 课</span>' in member.page("/me")
    for path in ("/courses", "/courses/cyber-basics", "/courses/cyber-basics/phishing"):
        assert '<span lang="en">' in member.page(path), path
    assert '<span lang="en">' in leader.page("/members/m1/progress")


def test_a_video_says_its_size_and_plays_nothing_by_itself(browse: Browse, course: None) -> None:
    page = browse("m1").page("/courses/cyber-basics/phishing")
    video = re.search(r"<video.*?</video>", page, re.S)
    assert video
    assert 'preload="none"' in video[0]
    assert "autoplay" not in video[0]
    assert "controls" in video[0]
    assert "1 分钟 · 1.2 MB" in page
    assert "先停一停。" in page  # the transcript
    assert 'href="/courses/cyber-basics/passwords"' in page


def test_a_reading_shows_its_text_and_a_button_for_readers_without_script(
    browse: Browse, course: None, clock: SettableClock
) -> None:
    member = browse("m1")
    shown = member.page("/courses/cyber-basics/passwords")
    assert "<p>口令要长。</p>" in shown
    assert "按正常速度读到末尾，即算学完" in shown
    clock.advance(seconds=6)
    early = member.post("/courses/cyber-basics/passwords/finished", opened=opened(shown))
    assert "有点快。请再读约 30 秒" in early.get_data(as_text=True)
    clock.advance(seconds=30)
    shown = early.get_data(as_text=True)
    done = member.post("/courses/cyber-basics/passwords/finished", opened=opened(shown))
    assert done.request.path == "/courses/cyber-basics"
    assert "已学完 1 / 2 课时" in done.get_data(as_text=True)


def test_without_script_the_time_counts_from_when_the_page_was_opened(
    browse: Browse, course: None, clock: SettableClock
) -> None:
    member = browse("m1")
    shown = member.page("/courses/cyber-basics/passwords")
    clock.advance(seconds=90)
    other = browse("m2").post("/courses/cyber-basics/passwords/finished", opened=opened(shown))
    assert "有点快" in other.get_data(as_text=True)
    done = member.post("/courses/cyber-basics/passwords/finished", opened=opened(shown))
    assert "已学完 1 / 2 课时" in done.get_data(as_text=True)


def test_what_is_not_there_is_404(browse: Browse, course: None) -> None:
    member = browse("m1")
    for path in ("/courses/absent", "/courses/cyber-basics/absent"):
        assert member.get(path).status_code == 404
    assert member.get("/admin/courses").status_code == 403
    assert member.get("/admin/courses/cyber-basics/learners").status_code == 403


def test_a_leader_sees_who_has_not_completed_a_course(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        _, lessons = courses.course(session, now, lessons=[("phishing", courses.LessonKind.VIDEO, 60)])
        home = session.scalars(select(people.Branch).where(people.Branch.code == "east")).one()
        member = session.scalars(select(people.Member).where(people.Member.member_no == "m1")).one()
        actor = people.actor(member, home)
        operations.watched(session, actor, lessons["phishing"].id, Watched([], 0, 1), now)
        later = now.replace(minute=now.minute + 1)
        operations.watched(session, actor, lessons["phishing"].id, Watched([(0, 60_000)], 0, 2), later)
    leader = browse("leader")
    everyone = leader.page("/admin/courses/cyber-basics/learners")
    assert everyone.index("王建国") < everyone.index("陈玉梅")
    for order in ("lessons", "completed", "name", "member_no"):
        forward, back = (
            leader.page(f"/admin/courses/cyber-basics/learners?sort={turn}{order}") for turn in ("", "-")
        )
        assert 'aria-sort="ascending"' in forward
        assert 'aria-sort="descending"' in back
    most_first = leader.page("/admin/courses/cyber-basics/learners?sort=-lessons")
    assert most_first.index("陈玉梅") < most_first.index("王建国")
    desk = browse("editor").page("/admin/courses")
    figures = re.findall(r'<td\b[^>]*class="n"[^>]*>\s*(?:<a[^>]*>)?\s*(\d+)', desk)
    assert figures == ["1", "0", "1"], "whoever is through is under way no more"
    open_ones = leader.page("/admin/courses/cyber-basics/learners?show=not_yet")
    assert "王建国" in open_ones
    assert "陈玉梅" not in open_ones


def test_the_desks_list_comes_in_the_order_that_is_asked_for(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        courses.course(session, now, "aa", title="第二门")
        courses.course(session, now, "bb", title="第一门")
    editor = browse("editor")
    for order in ("title", "state", "lessons", "learners", "completed", "changed"):
        assert "第二门" in editor.page(f"/admin/courses?sort={order}")
    forward, back = editor.page("/admin/courses?sort=title"), editor.page("/admin/courses?sort=-title")
    order = [page.index("第一门") < page.index("第二门") for page in (forward, back)]
    assert sorted(order) == [False, True]


def test_a_faulty_upload_shows_every_mistake_of_every_file(
    browse: Browse, upload: Callable[..., TestResponse]
) -> None:
    page = upload(
        browse("editor"),
        slides_yaml=courses.SLIDES_YAML.replace("seconds: 3", "seconds: 99"),
        reading_md="![x](gone.png)\n",
    )
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "slides/phishing.yaml" in text
    assert "readings/passwords.md" in text
    assert "没有图片“gone.png”" in text
    assert "没有导入任何内容" in text
    assert "有 2 处错误，改好以前课程不能导入。" in text
    assert text.count(">错误</span>") == 2
    assert text.count("1 处错误</") == 2, "each file says how many of them are its own"
    assert re.search(r"第 \d+ 行第 \d+ 列", text)


def test_a_good_upload_leads_to_its_plan_and_the_plan_to_the_course(
    browse: Browse, upload: Callable[..., TestResponse], database: Database
) -> None:
    editor = browse("editor")
    plan = upload(editor)
    text = plan.get_data(as_text=True)
    assert plan.status_code == 200, text
    assert "新课程" in text
    with database.read() as session:
        assert session.scalars(select(Course)).all() == []
    shown = re.search(r'name="plan" value="([^"]*)"', text)
    assert shown
    stale = editor.post(plan.request.path, plan="{}")
    assert stale.status_code == 409
    done = editor.post(plan.request.path, plan=shown[1].replace("&#34;", '"'))
    assert done.request.path == "/courses/cyber-basics"
    assert editor.get(plan.request.path).status_code == 409
    assert "没有变化" in upload(editor).get_data(as_text=True)


def test_a_plan_names_by_its_title_what_it_would_retire(
    browse: Browse, upload: Callable[..., TestResponse], course: None
) -> None:
    head, _, rest = courses.COURSE_YAML.partition("  - title: 看清来信")
    shown = upload(browse("editor"), course_yaml=head + rest[rest.index("  - title: 管好口令") :])
    text = shown.get_data(as_text=True)
    assert re.search(r'title">第 1 课</span>\s*<span[^>]*>停用', text), "and not only by its id"


def test_an_upload_is_only_its_uploaders(browse: Browse, upload: Callable[..., TestResponse]) -> None:
    path = upload(browse("editor")).request.path
    assert browse("m1").get(path).status_code == 403
    assert browse("editor2").get(path).status_code == 404


def test_a_course_is_withdrawn_after_asking_and_published_again(
    browse: Browse, course: None, database: Database
) -> None:
    editor = browse("editor")
    asked = editor.page("/admin/courses/cyber-basics/withdraw")
    assert "撤回这门课程？" in asked
    assert browse("m1").get("/courses/cyber-basics").status_code == 200
    editor.post("/admin/courses/cyber-basics/withdraw", confirmed="1")
    assert browse("m1").get("/courses/cyber-basics").status_code == 404
    assert "草稿" in editor.page("/admin/courses")
    editor.post("/admin/courses/cyber-basics/publish")
    with database.read() as session:
        assert session.scalars(select(Course.state)).one() is CourseState.PUBLISHED


def test_the_pages_speak_english_too(browse: Browse, course: None, client: FlaskClient) -> None:
    member = browse("m1")
    answer = client.get("/courses/cyber-basics", headers={**member._headers, "Accept-Language": "en"})
    assert "0 of 2 lessons completed" in answer.get_data(as_text=True)
