"""`scores verify` finds whatever no longer agrees with the marks, and `scores rebuild` puts it right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from studyhub.exams.models import Attempt, Exam, Mark
from studyhub.organization.models import Member
from studyhub.scoring.rows import ROLL_UP, STANDING
from studyhub.scoring.verification import Kind, differences, exam_ids, rebuild
from tests.factories import organization as make
from tests.factories import scoring as sat


@pytest.fixture
def history(database, now):
    """Two exams, one of them over, sat by some of four members in two branches. Returns when it is now."""
    later = now + timedelta(days=3)
    with database.write() as session:
        root = make.branch(session, "root", now)
        homes = [make.branch(session, code, now, parent=root) for code in ("h1", "h2")]
        people = [make.member(session, f"m{at}", homes[at % 2], now) for at in range(4)]
        over = sat.exam(session, "over", now, closes_at=now + timedelta(days=1))
        current = sat.exam(session, "current", now)
        for at, who in enumerate(people[:3]):
            sat.sit(session, over, who, 50 + 20 * at, now)
        sat.sit(session, current, people[0], 100, later)
        sat.start(session, current, people[1], later)
    return later


def found(database, now):
    with database.read() as session:
        return [d for exam_id in exam_ids(session) for d in differences(session, exam_id, now)]


def rebuild_all(database, now):
    with database.read() as session:
        ids = exam_ids(session)
    for exam_id in ids:
        rebuild(database.write, exam_id, now)


def test_what_was_never_tampered_with_agrees(database, history):
    assert found(database, history) == []


def plant(column, value, **where):
    def run(session):
        statement = update(column.table).values({column: value})
        for name, equals in where.items():
            statement = statement.where(column.table.c[name] == equals)
        session.execute(statement)

    return run


def drop_standing(slug):
    def run(session):
        exam_id = session.scalar(select(Exam.id).where(Exam.slug == slug))
        who = session.scalar(select(Member.id).where(Member.member_no == "m0"))
        session.execute(delete(STANDING).where(STANDING.c.exam_id == exam_id, STANDING.c.member_id == who))

    return run


CORRUPTIONS = {
    "a percentage": (plant(STANDING.c.percent, 9999, percent=10_000), {Kind.STANDING, Kind.ROLL_UP}),
    "a pass": (plant(STANDING.c.passed, True, passed=False), {Kind.STANDING, Kind.ROLL_UP}),
    "a count": (plant(ROLL_UP.c.finished, 7, finished=1), {Kind.ROLL_UP}),
    "a bin": (plant(ROLL_UP.c.bin_9, 5), {Kind.ROLL_UP}),
    "all roll-ups": (lambda session: session.execute(delete(ROLL_UP)), {Kind.ROLL_UP}),
    "a standing of an open exam": (drop_standing("current"), {Kind.MISSING, Kind.ROLL_UP}),
    "a standing of a closed exam": (drop_standing("over"), {Kind.MISSING, Kind.ROLL_UP}),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_planted_corruption_is_found_and_rebuilt(database, history, name):
    corrupt, kinds = CORRUPTIONS[name]
    with database.write() as session:
        corrupt(session)
    assert {difference.kind for difference in found(database, history)} == kinds
    rebuild_all(database, history)
    assert found(database, history) == []


def test_a_mark_that_was_changed_behind_our_back_is_found(database, history):
    with database.write() as session:
        session.execute(update(Mark).where(Mark.points == 5000).values(points=6000))
    difference = next(iter(found(database, history)))
    assert (difference.kind, difference.subject) == (Kind.ATTEMPT, "m0/1")
    assert (difference.kept, difference.found) == ({"score": 5000}, {"score": 6000})


def test_a_score_that_is_not_the_sum_of_the_marks_is_found(database, history):
    with database.write() as session:
        session.execute(update(Attempt).where(Attempt.score == 5000).values(score=6000))
    assert {d.kind for d in found(database, history)} == {Kind.ATTEMPT, Kind.STANDING}


def test_the_newest_mark_of_a_question_counts(database, history, now):
    with database.write() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.score == 5000)).one()
        sat.mark(session, attempt, 80, now)
    assert found(database, history) == []


def test_a_member_in_another_branch_than_the_standing_is_found(database, history):
    with database.write() as session:
        home = session.scalar(select(Member.branch_id).where(Member.member_no == "m1"))
        session.execute(update(Member).where(Member.member_no == "m0").values(branch_id=home))
    assert [d.kind for d in found(database, history)] == [Kind.BRANCH]
    rebuild_all(database, history)
    assert found(database, history) == []


def test_a_rebuild_of_what_agrees_changes_nothing(database, history):
    def everything():
        with database.read() as session:
            return session.execute(select(STANDING).order_by(STANDING.c.id)).all(), sorted(
                tuple(row) for row in session.execute(select(ROLL_UP))
            )

    before = everything()
    rebuild_all(database, history)
    assert everything() == before
