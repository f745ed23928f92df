"""A small demo, built on each database through the site's own operations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from studyhub.config import Settings
from studyhub.courses.models import CourseProgress, Lesson
from studyhub.courses.states import LessonKind
from studyhub.db.database import Database
from studyhub.demo import building, marker
from studyhub.demo.building import Site
from studyhub.demo.marker import Size
from studyhub.demo.people import ACCOUNTS
from studyhub.exams.models import Attempt, Exam
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict
from studyhub.organization.models import AuditEntry, AuditSeal, Branch, Grant, Member
from studyhub.organization.roles import Role
from studyhub.organization.sign_in.passwords import matches
from studyhub.organization.states import BranchKind
from studyhub.scoring import verification

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SMALL = Size(members=40, branches=4, exams=3, attempts=24, seed=7)
PASSWORD = "four unrelated words"


def nothing(done: int, total: int, step: building.Step | None) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def site(settings: Settings, database: Database) -> Site:
    return Site(settings, database, SMALL, NOW)


def test_a_small_demo_is_whole_and_stands_up_to_every_check(site: Site) -> None:
    counted: list[tuple[int, int]] = []
    site = replace(site, counted=lambda done, total: counted.append((done, total)))
    assert building.build(site, PASSWORD, nothing)
    assert counted.count((200, 200)) == 1, "the courses are counted to their end"
    assert counted[-1][0] == counted[-1][1], "and so is the history"
    with site.database.read() as session:
        homes = select(func.count()).where(Branch.kind == BranchKind.HOME_BRANCH)
        assert session.execute(homes).scalar_one() == SMALL.branches
        # One more joined in the course of the history.
        assert session.execute(select(func.count(Member.id))).scalar_one() == SMALL.members + 1
        states = Counter(session.scalars(select(Attempt.state)))
        assert states == {AttemptState.MARKED: SMALL.attempts - 1, AttemptState.VOID: 1}
        assert session.scalars(select(Exam).where(Exam.closes_at.is_(None))).one().attempts_allowed is None
        assert session.scalars(select(Grant).where(Grant.role == Role.DEPUTY)).one().until is not None
        assert Counter(session.scalars(select(Lesson.kind))) == {LessonKind.VIDEO: 6, LessonKind.READING: 4}
        videos = session.scalars(select(Lesson.duration_ms).where(Lesson.kind == LessonKind.VIDEO)).all()
        assert all(30_000 <= (length or 0) <= 60_000 for length in videos)
        assert session.execute(select(func.count(CourseProgress.completed_at))).scalar_one() > 0
        exams = verification.exam_ids(session)
        assert len(exams) == SMALL.exams
        assert [d for exam in exams for d in verification.differences(session, exam, NOW)] == []
        entries = session.execute(select(func.count(AuditEntry.id))).scalar_one()
        assert session.execute(select(func.count(AuditSeal.sequence))).scalar_one() == entries


def test_a_demo_is_a_city_of_300_members_in_at_least_12_home_branches() -> None:
    assert Size().members == 300
    assert Size().branches >= 12


def test_only_the_accounts_can_sign_in_and_with_the_given_password(site: Site) -> None:
    building.build(site, PASSWORD, nothing, [building.found])
    with site.database.read() as session:
        hashes = dict(session.execute(select(Member.member_no, Member.password_hash)).all())
    assert all(matches(hashes[account.member_no], PASSWORD) for account in ACCOUNTS)
    assert sum(stored is not None for stored in hashes.values()) == len(ACCOUNTS)


def test_a_finished_build_is_recognised_and_not_built_over(site: Site) -> None:
    assert building.build(site, PASSWORD, nothing, [building.found])
    assert marker.built_here(site.settings) == SMALL
    assert not building.build(site, "another password", nothing, [building.found])
    with pytest.raises(Conflict, match="other_demo"):
        building.build(replace(site, size=replace(SMALL, members=50)), PASSWORD, nothing, [building.found])


def test_an_interrupted_build_is_begun_again(site: Site) -> None:
    def interrupt(site: Site) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(site, PASSWORD, nothing, [building.found, interrupt])
    assert marker.built_here(site.settings) is None
    assert building.build(site, PASSWORD, nothing, [building.found, building.import_banks])


def test_a_database_with_other_contents_is_refused(site: Site) -> None:
    with site.database.write() as session:
        session.add(
            Branch(code="ours", name="Ours", kind=BranchKind.COMMITTEE, path="000001", created_at=NOW)
        )
    with pytest.raises(Conflict, match="database_in_use"):
        building.build(site, PASSWORD, nothing)
