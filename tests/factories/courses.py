"""Courses for tests: straight in the tables, or as a folder to import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from studyhub.courses import import_run
from studyhub.courses.models import Chapter, Course, CourseBranch, Lesson
from studyhub.courses.states import CourseState, Language, LessonKind
from studyhub.db.database import Database
from studyhub.media import operations as media
from studyhub.media.store import Kept, Store, Stored
from studyhub.organization.actor import SYSTEM
from studyhub.organization.models import Branch
from studyhub.organization.states import Level
from tests.factories.videos import picture_file

VIDEO_DIGEST, POSTER_DIGEST = "a" * 64, "b" * 64


def course(
    session: Session,
    now: datetime,
    slug: str = "cyber-basics",
    *,
    lessons: Sequence[tuple[str, LessonKind, int]] = (
        ("phishing", LessonKind.VIDEO, 60),
        ("passwords", LessonKind.READING, 120),
    ),
    level: Level = Level.INTERNAL,
    state: CourseState = CourseState.PUBLISHED,
    only_for: Sequence[Branch] = (),
    title: str = "网络安全入门",
) -> tuple[Course, dict[str, Lesson]]:
    """A course of one chapter; `lessons` are (slug, kind, seconds). Its files are in no store."""
    files = [
        Kept(Stored(VIDEO_DIGEST, 1_200_000), "video/mp4"),
        Kept(Stored(POSTER_DIGEST, 20_000), "image/jpeg"),
    ]
    media.record(session, files, now)
    said = {"title": title, "summary": "看清一封信是真是假。", "language": Language.ZH, "source": {}}
    made = Course(slug=slug, level=level, state=state, created_at=now, changed_at=now, **said)
    session.add(made)
    session.flush()
    session.add_all([CourseBranch(course_id=made.id, branch_id=branch.id) for branch in only_for])
    chapter = Chapter(course_id=made.id, position=1, title="第一章")
    session.add(chapter)
    session.flush()
    rows = {
        name: _lesson(made, chapter, position, name, kind, seconds)
        for position, (name, kind, seconds) in enumerate(lessons, 1)
    }
    session.add_all(rows.values())
    session.flush()
    return made, rows


def _lesson(
    course: Course, chapter: Chapter, position: int, slug: str, kind: LessonKind, seconds: int
) -> Lesson:
    is_video = kind is LessonKind.VIDEO
    return Lesson(
        course_id=course.id,
        chapter_id=chapter.id,
        slug=slug,
        position=position,
        kind=kind,
        title=f"第 {position} 课",
        summary="",
        duration_ms=seconds * 1000,
        minimum=80 if is_video else 30,
        source_digest=slug,
        video_digest=VIDEO_DIGEST if is_video else None,
        poster_digest=POSTER_DIGEST if is_video else None,
        transcript=[[0, seconds * 1000, "先停一停。"]] if is_video else None,
        has_sound=False,
        html=None if is_video else "<p>口令要长。</p>\n",
    )


COURSE_YAML = """\
course: cyber-basics
title: 网络安全入门
language: zh
summary: 看清一封信是真是假。
chapters:
  - title: 看清来信
    lessons:
      - id: phishing
        kind: video
        title: 识别钓鱼邮件
        slides: slides/phishing.yaml
  - title: 管好口令
    lessons:
      - id: passwords
        kind: reading
        title: 长口令
        file: readings/passwords.md
        minutes: 2
"""
SLIDES_YAML = """\
slides:
  - seconds: 3
    heading: 识别钓鱼邮件
    caption: 每天都有人丢了密码。
  - seconds: 4
    heading: 三个信号
    lines: [地址不对, 语气很急, 索要口令]
    caption: [看地址。, 看语气。, 不给口令。]
"""
READING_MD = """\
# 长口令

口令的强度取决于**长度（位数）**和不可预测性：$26^{8}$ 种不算多。

![一把锁](../images/lock.png)
"""


def course_folder(folder: Path, **changed: str) -> Path:
    """A sound course folder: one video of slides, one reading with a picture. `changed` replaces the text
    of course_yaml, slides_yaml or reading_md."""
    files = {
        "course.yaml": changed.get("course_yaml", COURSE_YAML),
        "slides/phishing.yaml": changed.get("slides_yaml", SLIDES_YAML),
        "readings/passwords.md": changed.get("reading_md", READING_MD),
    }
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    picture_file(folder, "images/lock.png", (64, 64))
    return folder


def imported(database: Database, data_dir: Path, folder: Path, now: datetime) -> None:
    """The course of the folder as an editor would bring it in, its video made and kept."""
    run = import_run.look(database, SYSTEM, folder, Store(data_dir), lambda done, total: None)
    import_run.apply(database, SYSTEM, run, run.plan, now)
