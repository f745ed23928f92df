"""Media that nothing uses leave when no plan can want them any more; what is used or came again stays."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from studyhub.config import Settings
from studyhub.courses import import_run
from studyhub.courses.models import Lesson
from studyhub.db.database import Database
from studyhub.media import operations, sweeping
from studyhub.media.jobs import sweep_media
from studyhub.media.models import MediaFile, MediaMade
from studyhub.media.operations import Audience
from studyhub.media.store import Kept, Store
from studyhub.organization.actor import SYSTEM
from studyhub.organization.states import Level
from studyhub.questions import jobs
from studyhub.tasks.context import WorkContext
from tests.factories import courses

EVERYONE = Audience(Level.PUBLIC)


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings.data_dir)


@pytest.fixture
def context(settings: Settings, database: Database, now: datetime) -> WorkContext:
    """The clock ten days after everything was uploaded."""
    return WorkContext(settings, database, lambda: now + timedelta(days=10))


def uploaded(database: Database, store: Store, tmp_path: Path, now: datetime, text: str) -> str:
    """A picture that came in at `now`; its digest."""
    source = tmp_path / "picture"
    source.write_text(text)
    stored = store.add(source)
    written_at(store, stored.digest, now)
    with database.write() as session:
        operations.record(session, [Kept(stored, "image/png")], now)
    return stored.digest


def written_at(store: Store, digest: str, moment: datetime) -> None:
    os.utime(store.path(digest), (moment.timestamp(), moment.timestamp()))


def known(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(MediaFile.digest)))


def test_what_nobody_uses_leaves_and_what_is_used_stays(
    database: Database, store: Store, context: WorkContext, tmp_path: Path, now: datetime
) -> None:
    used, unused = (uploaded(database, store, tmp_path, now, text) for text in "ab")
    with database.write() as session:
        operations.use(session, "bank:b", [used], EVERYONE)
    sweep_media(context)
    assert known(database) == store.digests() == {used}
    assert not store.path(unused).exists()


def test_a_file_waits_as_long_as_a_plan_for_its_use(
    database: Database, store: Store, settings: Settings, tmp_path: Path, now: datetime
) -> None:
    digest = uploaded(database, store, tmp_path, now, "a")
    sweep_media(WorkContext(settings, database, lambda: now + jobs.PLANS_KEPT_FOR + timedelta(hours=1)))
    assert known(database) == store.digests() == {digest}


def test_what_was_uploaded_again_waits_anew(
    database: Database, store: Store, context: WorkContext, tmp_path: Path, now: datetime
) -> None:
    digest = uploaded(database, store, tmp_path, now, "a")
    written_at(store, digest, now + timedelta(days=9))
    sweep_media(context)
    assert known(database) == {digest}


def test_a_use_that_comes_between_looking_and_forgetting_keeps_the_file(
    database: Database, store: Store, tmp_path: Path, now: datetime
) -> None:
    """Planted: the plan is applied after the sweep has looked."""
    digest = uploaded(database, store, tmp_path, now, "a")
    with database.read() as session:
        assert sweeping.unused(session) == [digest]
    with database.write() as session:
        operations.use(session, "bank:b", [digest], EVERYONE)
    with database.write() as session:
        assert sweeping.forget(session, [digest]) == []
    assert known(database) == {digest}


def test_an_upload_that_broke_off_before_it_was_noted_leaves(
    store: Store, context: WorkContext, tmp_path: Path, now: datetime
) -> None:
    (tmp_path / "lost").write_text("lost")
    written_at(store, store.add(tmp_path / "lost").digest, now)
    sweep_media(context)
    assert store.digests() == set()


def test_a_course_that_nobody_applied_is_made_again_when_it_comes_again(
    database: Database, store: Store, context: WorkContext, tmp_path: Path, now: datetime
) -> None:
    folder = courses.course_folder(tmp_path / "course")
    run = import_run.look(database, SYSTEM, folder, store, lambda done, total: None)
    import_run.keep(database, run, now)
    for digest in store.digests():
        written_at(store, digest, now)
    sweep_media(context)
    assert store.digests() == set()
    with database.read() as session:
        assert session.scalars(select(MediaMade)).all() == []
    again = import_run.look(database, SYSTEM, folder, store, lambda done, total: None)
    import_run.apply(database, SYSTEM, again, again.plan, now)
    sweep_media(context)
    with database.read() as session:
        video = session.scalars(select(Lesson.video_digest).where(Lesson.video_digest.is_not(None))).first()
    assert video is not None
    assert store.path(video).exists()


def test_a_lesson_that_was_retired_keeps_its_video(
    database: Database, store: Store, context: WorkContext, tmp_path: Path, now: datetime
) -> None:
    folder = courses.course_folder(tmp_path / "course")
    run = import_run.look(database, SYSTEM, folder, store, lambda done, total: None)
    import_run.apply(database, SYSTEM, run, run.plan, now)
    with database.write() as session:
        video = session.scalars(select(Lesson.video_digest).where(Lesson.video_digest.is_not(None))).first()
        operations.use(session, "course:cyber-basics", [], EVERYONE)
    for digest in store.digests():
        written_at(store, digest, now)
    sweep_media(context)
    assert video in store.digests()
