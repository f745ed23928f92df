"""A sitting as members and leaders make it, through the rooms' own acts: each is in the scores at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.exams.attempts import closing, delivery, starting, voiding
from studyhub.exams.attempts.closing import Submission
from studyhub.exams.saving import Save
from studyhub.organization.actor import Actor
from studyhub.organization.roles import Role
from studyhub.scoring.rows import ROLL_UP, STANDING
from studyhub.scoring.standing import StandingState
from studyhub.scoring.verification import differences
from tests.factories import exams
from tests.factories import organization as make


@dataclass(frozen=True)
class Branch:
    """One of two members sits `quiz`, which is passed with three of five; the leader is at home elsewhere."""

    exam_id: int
    branch_id: int
    member: Actor
    leader: Actor


@pytest.fixture
def branch(database: Database, now: datetime) -> Branch:
    with database.write() as session:
        root = make.branch(session, "root", now)
        home = make.branch(session, "home", now, parent=root)
        leader = make.member(session, "boss", root, now)
        make.grant(session, leader, Role.LEADER, now, over=root)
        member = make.member(session, "m1", home, now)
        make.member(session, "m2", home, now)
        exams.bank(session, "bank", exams.singles(5), now)
        exam_id = exams.exam(session, now, pass_="60%").exam_id
        return Branch(
            exam_id, home.id, make.actor(member, home), make.actor(leader, root, (Role.LEADER, root))
        )


def counted(database: Database, branch: Branch, now: datetime) -> tuple[object, ...]:
    """The member's state, percent (in hundredths) and pass; of the branch, how many members have the exam,
    have begun, have finished and have passed, and the sum of their percents.

    On the way `scores verify` must find no difference.
    """
    with database.read() as session:
        assert list(differences(session, branch.exam_id, now)) == []
        columns = STANDING.c.state, STANDING.c.percent, STANDING.c.passed
        of_member = STANDING.c.exam_id == branch.exam_id, STANDING.c.member_id == branch.member.member_id
        standing = session.execute(select(*columns).where(*of_member)).one()
        sums = (
            ROLL_UP.c.assigned,
            ROLL_UP.c.started,
            ROLL_UP.c.finished,
            ROLL_UP.c.passed,
            ROLL_UP.c.percent_sum,
        )
        of_branch = ROLL_UP.c.exam_id == branch.exam_id, ROLL_UP.c.branch_id == branch.branch_id
        return *standing, *session.execute(select(*sums).where(*of_branch)).one()


def start(database: Database, who: Actor, now: datetime) -> int:
    with database.write() as session:
        return starting.start(session, who, "quiz", seed=7, now=now).attempt_id


def hand_in(database: Database, who: Actor, attempt_id: int, right: int, now: datetime) -> None:
    """Submit with the right letter at so many questions."""
    with database.write() as session:
        paper = delivery.attempt(session, who, attempt_id, now=now)
        assert isinstance(paper, delivery.OpenAttempt)
        answers = {
            asked.position: Save("ABCD"[asked.order.index("B")], 1, 1) for asked in paper.questions[:right]
        }
        closing.submit(session, who, attempt_id, Submission(epoch=1, answers=answers), now=now)


NOT_BEGUN = (StandingState.ASSIGNED, None, None, 2, 0, 0, 0, 0)
BEGUN = (StandingState.STARTED, None, None, 2, 1, 0, 0, 0)


def test_a_start_a_submit_and_a_void_are_in_the_scores_at_once(
    database: Database, branch: Branch, now: datetime
) -> None:
    assert counted(database, branch, now) == NOT_BEGUN
    attempt_id = start(database, branch.member, now)
    assert counted(database, branch, now) == BEGUN
    hand_in(database, branch.member, attempt_id, 4, now)
    assert counted(database, branch, now) == (StandingState.FINISHED, 8000, True, 2, 1, 1, 1, 8000)
    with database.write() as session:
        voiding.void(session, branch.leader, attempt_id, "断电", now=now)
    assert counted(database, branch, now) == NOT_BEGUN


def test_an_attempt_that_ran_out_of_time_is_in_the_scores_when_it_is_closed(
    database: Database, branch: Branch, now: datetime
) -> None:
    attempt_id = start(database, branch.member, now)
    late = now + timedelta(hours=1)
    with database.write() as session:
        assert closing.close_expired(session, attempt_id, now=late)
    assert counted(database, branch, late) == (StandingState.FINISHED, 0, False, 2, 1, 1, 0, 0)


def test_a_void_of_an_open_attempt_leaves_a_member_who_has_not_begun(
    database: Database, branch: Branch, now: datetime
) -> None:
    attempt_id = start(database, branch.member, now)
    with database.write() as session:
        voiding.void(session, branch.leader, attempt_id, "断电", now=now)
    assert counted(database, branch, now) == NOT_BEGUN
