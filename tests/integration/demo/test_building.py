"""A small demo, built on each database through the site's own operations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from studyhub.config import Settings
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


def nothing(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def site(settings: Settings, database: Database) -> Site:
    return Site(settings, database, SMALL, NOW)


@pytest.fixture
def built(site: Site) -> Site:
    assert building.build(site, PASSWORD, nothing)
    return site


def test_a_small_demo_is_whole(built: Site) -> None:
    with built.database.read() as session:
        homes = select(func.count()).where(Branch.kind == BranchKind.HOME_BRANCH)
        assert session.execute(homes).scalar_one() == SMALL.branches
        # One more joined in the course of the history.
        assert session.execute(select(func.count(Member.id))).scalar_one() == SMALL.members + 1
        states = Counter(session.scalars(select(Attempt.state)))
        assert states == {AttemptState.MARKED: SMALL.attempts - 1, AttemptState.VOID: 1}
        assert session.scalars(select(Grant).where(Grant.role == Role.DEPUTY)).one().until is not None


def test_accounts_scores_and_trail_stand_up_to_every_check(built: Site) -> None:
    with built.database.read() as session:
        hashes = dict(session.execute(select(Member.member_no, Member.password_hash)).all())
        exams = verification.exam_ids(session)
        differences = [d for exam in exams for d in verification.differences(session, exam, NOW)]
        endless = session.scalars(select(Exam).where(Exam.closes_at.is_(None))).one()
        entries = session.execute(select(func.count(AuditEntry.id))).scalar_one()
        seals = session.execute(select(func.count(AuditSeal.sequence))).scalar_one()
    assert all(matches(hashes[account.member_no], PASSWORD) for account in ACCOUNTS)
    assert sum(stored is not None for stored in hashes.values()) == len(ACCOUNTS)
    assert len(exams) == SMALL.exams
    assert differences == []
    assert endless.attempts_allowed is None
    assert entries == seals > SMALL.members


def test_a_finished_build_is_recognised_and_not_built_over(built: Site) -> None:
    assert marker.built_here(built.settings) == SMALL
    assert not building.build(built, "another password", nothing)
    with built.database.read() as session:
        assert session.execute(select(func.count(Attempt.id))).scalar_one() == SMALL.attempts
    with pytest.raises(Conflict, match="other_demo"):
        building.build(replace(built, size=replace(SMALL, members=50)), PASSWORD, nothing)


def test_an_interrupted_build_is_begun_again(site: Site) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(site, PASSWORD, interrupt)
    assert marker.built_here(site.settings) is None
    assert building.build(site, PASSWORD, nothing)


def test_a_database_with_other_contents_is_refused(site: Site) -> None:
    with site.database.write() as session:
        session.add(
            Branch(code="ours", name="Ours", kind=BranchKind.COMMITTEE, path="000001", created_at=NOW)
        )
    with pytest.raises(Conflict, match="database_in_use"):
        building.build(site, PASSWORD, nothing)
