"""The sample course of the desk can be uploaded as it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from studyhub.courses import archive, import_run, sample
from studyhub.courses.folder import read_folder
from studyhub.courses.models import Course, Lesson
from studyhub.courses.states import CourseState
from studyhub.db.database import Database
from studyhub.media.store import Store
from studyhub.organization.actor import SYSTEM
from tests.factories import videos

OWN_VIDEO = ("id: own-video", "kind: video", "title: ", "file: videos", "captions: videos")


def unpacked(language: str, tmp_path: Path) -> Path:
    (tmp_path / "sample.zip").write_bytes(sample.packed(language))
    folder, faults = archive.unpack(tmp_path / "sample.zip", tmp_path / "course")
    assert faults == []
    return folder


@pytest.mark.parametrize(("language", "slug"), [("zh", "sample-course-zh"), ("en", "sample-course")])
def test_the_sample_is_imported_as_it_is_and_reaches_nobody(
    database: Database, tmp_path: Path, now: datetime, language: str, slug: str
) -> None:
    folder = unpacked(language, tmp_path)
    store = Store(tmp_path / "store")
    run = import_run.look(database, SYSTEM, folder, store, lambda done, total: None)
    assert run.source.faults == {}
    assert run.plan is not None
    import_run.apply(database, SYSTEM, run, run.plan, now)
    with database.read() as session:
        course = session.scalars(select(Course)).one()
        lessons = session.scalars(select(Lesson.slug).order_by(Lesson.position)).all()
        assert (course.slug, course.language, course.state) == (slug, language, CourseState.DRAFT)
    assert lessons == ["first-video", "first-reading"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_lines_for_an_own_video_hold_once_the_video_is_there(tmp_path: Path, language: str) -> None:
    folder = unpacked(language, tmp_path)
    file = folder / "course.yaml"
    lines = file.read_text("utf-8").splitlines()
    opened = [
        line.replace("# ", "", 1) if any(part in line for part in OWN_VIDEO) and "#" in line else line
        for line in lines
    ]
    file.write_text("\n".join(opened), "utf-8")
    (folder / "videos" / "own-video.mp4").write_bytes(videos.video_file(tmp_path).read_bytes())
    found = read_folder(folder)
    assert found.faults == {}
    assert list(found.lessons) == ["first-video", "own-video", "first-reading"]
