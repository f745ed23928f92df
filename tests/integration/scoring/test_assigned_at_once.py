"""An exam is published while somebody joins, moves, or a branch is moved: neither transaction sees the other.

Whom an exam is assigned to is right all the same, or "who has not yet" would leave somebody out. SQLite has
one writer at a time.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from studyhub.organization.actor import SYSTEM
from studyhub.organization.branches import operations as branches
from studyhub.organization.members import operations as members
from studyhub.organization.models import Branch, Member
from studyhub.scoring import assigning
from studyhub.scoring.rows import STANDING
from studyhub.scoring.verification import differences
from tests.factories import exams
from tests.factories import organization as make
from tests.factories import scoring as sat
from tests.overtaking import overtaken

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

COUNTED = "DELETE FROM standing "
"""What is done right after the members were counted whom the exam is for."""


@pytest.fixture
def town(database, now):
    """Two branches, of which the exam is for `home`; `below` stands below the other one."""
    with database.write() as session:
        root = make.branch(session, "root", now)
        home, away = (make.branch(session, code, now, parent=root) for code in ("home", "away"))
        below = make.branch(session, "below", now, parent=away)
        make.member(session, "stays", home, now)
        make.member(session, "moves", away, now)
        make.member(session, "is-moved", below, now)
    return home


def branch(session, code):
    return session.scalars(select(Branch).where(Branch.code == code)).one()


def joins(session, now):
    members.create(session, SYSTEM, members.NewMember("joins", "Joins"), branch(session, "home"), now)


def moves(session, now):
    who = session.scalars(select(Member).where(Member.member_no == "moves")).one()
    members.transfer(session, SYSTEM, who, branch(session, "home"), now)


def is_moved(session, now):
    branches.move(session, SYSTEM, branch(session, "below"), branch(session, "home"), now)


@pytest.mark.parametrize("act", [joins, moves, is_moved])
def test_who_comes_while_an_exam_is_published_is_counted(database, now, town, act):
    def come():
        with database.write() as session:
            act(session, now)

    with overtaken(database, COUNTED, come), database.write() as session:
        exam = sat.exam(session, "for-home", now, branches=(town,))
    with database.read() as session:
        held = session.scalars(select(STANDING.c.member_id).where(STANDING.c.exam_id == exam.id)).all()
        assert list(differences(session, exam.id, now)) == []
    assert len(held) == 2


@pytest.mark.parametrize("act", [joins, moves, is_moved])
def test_a_publication_waits_for_who_is_just_coming(database, now, town, act):
    def publish():
        with database.write() as session:
            sat.exam(session, "for-home", now, branches=(town,))

    came = "SELECT standing.id"  # what they hold already: the exam is not there yet
    with overtaken(database, came, publish), database.write() as session:
        act(session, now)
    with database.read() as session:
        (exam_id,) = session.scalars(select(STANDING.c.exam_id).distinct())
        assert list(differences(session, exam_id, now)) == []


def test_nobody_elses_password_or_language_waits_for_a_publication(database, now, town):
    def write():
        with database.write() as session:
            who = session.scalars(select(Member).where(Member.member_no == "moves")).one()
            who.locale = "en"
            session.flush()

    with overtaken(database, COUNTED, write) as other, database.write() as session:
        sat.exam(session, "for-home", now, branches=(town,))
        assert not other.thread.is_alive()


def test_an_exam_is_changed_while_a_branch_of_many_is_moved(database, now, town, monkeypatch):
    """The one holds the exam and wants the people, the other holds the people and wants the exam: each of
    them takes the people first."""
    monkeypatch.setattr(assigning, "BATCH", 1)
    with database.write() as session:
        make.member(session, "is-moved-too", branch(session, "below"), now)
        exams.bank(session, "bank", exams.singles(12), now)
        exams.exam(session, now, for_=["home"])

    def move():
        with database.write() as session:
            is_moved(session, now)

    with overtaken(database, "UPDATE exam ", move) as other, database.write() as session:
        exams.exam(session, now, for_=["home"], title="Another title")
    assert other.refused == ""
    with database.read() as session:
        (exam_id,) = session.scalars(select(STANDING.c.exam_id).distinct())
        assert len(session.scalars(select(STANDING.c.member_id)).all()) == 3
        assert list(differences(session, exam_id, now)) == []
