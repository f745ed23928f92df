"""The ticker closes one attempt while the member hands in another: neither mark may be lost.

On PostgreSQL the lock on the standing keeps the two apart, and the control shows what happens without it.
SQLite has one writer at a time.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import select

from studyhub.db.direct import Direct
from studyhub.exams.models import Attempt
from studyhub.organization.actor import SYSTEM
from studyhub.organization.members.operations import transfer
from studyhub.organization.models import Member
from studyhub.scoring import operations
from studyhub.scoring.assigning import settle_exam
from studyhub.scoring.rollup import Figures
from studyhub.scoring.rows import ROLL_UP, STANDING, figures_of
from studyhub.scoring.verification import differences
from tests.factories import organization as make
from tests.factories import scoring as sat

ROUNDS = 5


@pytest.fixture
def rounds(database, now):
    """For each round a member with one attempt handed in but not marked, and one that is still open."""
    made = []
    with database.write() as session:
        home = make.branch(session, "home", now, parent=make.branch(session, "root", now))
        who = make.member(session, "member", home, now)
        for number in range(ROUNDS):
            exam = sat.exam(session, f"exam-{number}", now)
            first = sat.start(session, exam, who, now)
            sat.hand_in(session, first, now)
            second = sat.start(session, exam, who, now)
            made.append((exam.id, first.id, second.id))
    return made


@pytest.fixture
def meeting(monkeypatch):
    """Let both transactions read their attempts before either writes, as far as the locks let them.

    How long one waits for the other is said with each barrier.
    """
    barriers: list[threading.Barrier] = []
    own_attempts = operations.own_attempts

    def read_and_wait(session, exam_id, member_id):
        found = own_attempts(session, exam_id, member_id)
        with suppress(threading.BrokenBarrierError):
            barriers[-1].wait()
        return found

    monkeypatch.setattr(operations, "own_attempts", read_and_wait)
    return barriers


def mark_at_once(database, meeting, attempt_ids, now, patience_s=0.3):
    meeting.append(threading.Barrier(2, timeout=patience_s))
    failures = []

    def mark(attempt_id, percent):
        try:
            with database.write() as session:
                sat.mark(session, session.get_one(Attempt, attempt_id), percent, now)
        except Exception as error:
            failures.append(error)

    pairs = zip(attempt_ids, (90, 40), strict=True)
    threads = [threading.Thread(target=mark, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def wrong_rounds(database, rounds, now) -> int:
    with database.read() as session:
        return sum(1 for exam_id, *_ in rounds if list(differences(session, exam_id, now)))


def test_two_attempts_marked_at_once_both_count(database, rounds, meeting, now):
    for exam_id, *attempt_ids in rounds:
        mark_at_once(database, meeting, attempt_ids, now)
        with database.read() as session:
            percent = session.scalar(select(STANDING.c.percent).where(STANDING.c.exam_id == exam_id))
            row = session.execute(select(ROLL_UP).where(ROLL_UP.c.exam_id == exam_id)).one()
        assert percent == 9000
        assert figures_of(row) == Figures(1, 1, 1, 1, 9000, (0,) * 9 + (1,))
    assert wrong_rounds(database, rounds, now) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_lock_they_are_lost(database, rounds, meeting, now, monkeypatch):
    """The control: if this no longer finds anything, the test above proves nothing."""
    monkeypatch.setattr(operations, "ONE_STANDING_LOCKED", Direct(operations.ONE_STANDING))
    for _, *attempt_ids in rounds:
        mark_at_once(database, meeting, attempt_ids, now, patience_s=20)
    assert wrong_rounds(database, rounds, now) == ROUNDS


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_start_that_waited_for_a_transfer_out_of_the_exam_keeps_its_standing(database, now):
    with database.write() as session:
        root = make.branch(session, "root", now)
        home, away = (make.branch(session, code, now, parent=root) for code in ("home", "away"))
        who = make.member(session, "member", home, now)
        exam = sat.exam(session, "for-home", now, branches=(home,))
    began = threading.Event()

    def start():
        with database.write() as session:
            began.set()
            sat.start(session, exam, who, now)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            transfer(session, SYSTEM, session.get_one(Member, who.id), away, now)
            waiting = pool.submit(start)
            assert began.wait(20)
            with pytest.raises(TimeoutError):  # it waits for the standing that this transfer takes away
                waiting.result(timeout=0.5)
        waiting.result(timeout=10)
    with database.read() as session:
        held = session.execute(select(STANDING).where(STANDING.c.exam_id == exam.id)).one()
        assert list(differences(session, exam.id, now)) == []
    assert held.branch_id == away.id


def test_an_exam_settled_while_attempts_are_marked_loses_none(database, rounds, now):
    """An admin changes the exam again and again; the recount locks the roll-ups before it counts."""
    failures = []

    def settle():
        try:
            for exam_id, *_ in rounds * 3:
                with database.write() as session:
                    settle_exam(session, exam_id, now)
        except Exception as error:
            failures.append(error)

    def mark():
        try:
            for _, *attempt_ids in rounds:
                for attempt_id in attempt_ids:
                    with database.write() as session:
                        sat.mark(session, session.get_one(Attempt, attempt_id), 70, now)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=settle), threading.Thread(target=mark)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert wrong_rounds(database, rounds, now) == 0
