"""Standings and roll-ups follow attempts, members and exams, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from studyhub.exams import audience
from studyhub.exams.models import Exam, ExamBranch
from studyhub.exams.states import Keep
from studyhub.kernel.events import (
    BranchMoved,
    ExamChanged,
    MemberJoined,
    MemberLeft,
    MemberMoved,
    MemberReturned,
    MembersChanged,
    emit,
)
from studyhub.organization.actor import SYSTEM
from studyhub.organization.members import operations
from studyhub.organization.models import Branch, Member, Membership
from studyhub.organization.states import Level, MemberStatus
from studyhub.scoring import assigning
from studyhub.scoring.rollup import NOTHING, Figures
from studyhub.scoring.rows import ROLL_UP, STANDING, figures_of
from studyhub.scoring.standing import StandingState
from studyhub.scoring.verification import differences, exam_ids
from tests.factories import organization as make
from tests.factories import scoring as sat
from tests.factories.exams import bank


@pytest.fixture
def tree(session, now):
    """A committee; two districts; in each one home branch with two members."""
    root = make.branch(session, "root", now)
    east = make.branch(session, "east", now, parent=root)
    west = make.branch(session, "west", now, parent=root)
    e1 = make.branch(session, "e1", now, parent=east)
    w1 = make.branch(session, "w1", now, parent=west)
    people = {
        no: make.member(session, no, home, now) for no, home in [("a", e1), ("b", e1), ("c", w1), ("d", w1)]
    }
    return {"root": root, "east": east, "west": west, "e1": e1, "w1": w1, **people}


def standing(session, exam, member):
    return session.execute(
        select(STANDING).where(STANDING.c.exam_id == exam.id, STANDING.c.member_id == member.id)
    ).first()


def figures(session, exam, branch) -> Figures:
    row = session.execute(
        select(ROLL_UP).where(ROLL_UP.c.exam_id == exam.id, ROLL_UP.c.branch_id == branch.id)
    ).first()
    return figures_of(row) if row else NOTHING


def nothing_differs(session, now) -> bool:
    return not [d for exam_id in exam_ids(session) for d in differences(session, exam_id, now)]


def move(session, member, branch, now):
    old = member.branch_id
    session.execute(update(Member).where(Member.id == member.id).values(branch_id=branch.id))
    session.execute(
        update(Membership)
        .where(Membership.member_id == member.id, Membership.until.is_(None))
        .values(until=now)
    )
    session.add(Membership(member_id=member.id, branch_id=branch.id, since=now))
    session.flush()
    emit(session, MemberMoved(now=now, member_id=member.id, from_branch_id=old, to_branch_id=branch.id))


def test_publishing_assigns_the_exam_to_those_it_is_for(session, tree, now):
    exam = sat.exam(session, "q4", now, branches=(tree["east"],))
    assert standing(session, exam, tree["a"]).state is StandingState.ASSIGNED
    assert standing(session, exam, tree["c"]) is None
    assert figures(session, exam, tree["e1"]).assigned == 2
    assert nothing_differs(session, now)


def test_an_exam_for_nobody_in_particular_is_for_everyone(session, tree, now):
    exam = sat.exam(session, "q4", now)
    assert [figures(session, exam, tree[code]).assigned for code in ("e1", "w1")] == [2, 2]


def test_a_draft_is_assigned_to_nobody(session, tree, now):
    exam = sat.exam(session, "q4", now, published=False)
    assert standing(session, exam, tree["a"]) is None


def test_who_is_not_cleared_for_an_exam_is_not_assigned_it(session, tree, now):
    cleared = make.member(session, "cleared", tree["e1"], now, clearance=Level.RESTRICTED)
    exam = sat.exam(session, "q4", now, level=Level.RESTRICTED)
    assert standing(session, exam, cleared) is not None
    assert standing(session, exam, tree["a"]) is None


def test_who_is_cleared_later_is_assigned_it_then(session, tree, now):
    exam = sat.exam(session, "q4", now, level=Level.RESTRICTED)
    operations.change_details(session, SYSTEM, tree["a"], now, clearance=Level.RESTRICTED)
    assert figures(session, exam, tree["e1"]).assigned == 1
    operations.change_details(session, SYSTEM, tree["a"], now, clearance=Level.INTERNAL)
    assert figures(session, exam, tree["e1"]).assigned == 0
    assert nothing_differs(session, now)


def test_many_members_at_once_take_a_handful_of_statements(session, tree, now, count_statements):
    exams = [sat.exam(session, f"e{at}", now) for at in range(3)]
    new = [make.member(session, f"n{at}", tree["w1"], now) for at in range(40)]
    with count_statements() as statements:
        emit(session, MembersChanged(now=now, member_ids=tuple(member.id for member in new)))
    assert len(statements) <= 4  # held, wanted, made, added up
    assert [figures(session, exam, tree["w1"]).assigned for exam in exams] == [42] * 3
    assert nothing_differs(session, now)


def test_an_attempt_moves_the_standing_and_the_roll_up_on(session, tree, now):
    exam = sat.exam(session, "q4", now)
    attempt = sat.start(session, exam, tree["a"], now)
    assert figures(session, exam, tree["e1"]) == Figures(assigned=2, started=1)
    sat.mark(session, attempt, 83, now)
    bins = (0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
    assert figures(session, exam, tree["e1"]) == Figures(2, 1, 1, 1, 8300, bins)
    assert standing(session, exam, tree["a"]).passed is True
    assert nothing_differs(session, now)


def test_the_best_of_two_attempts_counts_once(session, tree, now):
    exam = sat.exam(session, "q4", now)
    sat.sit(session, exam, tree["a"], 90, now)
    sat.sit(session, exam, tree["a"], 40, now)
    assert standing(session, exam, tree["a"]).percent == 9000
    assert figures(session, exam, tree["e1"]).finished == 1
    assert nothing_differs(session, now)


def test_a_void_attempt_no_longer_counts(session, tree, now):
    exam = sat.exam(session, "q4", now)
    first = sat.sit(session, exam, tree["a"], 90, now)
    second = sat.sit(session, exam, tree["a"], 40, now)
    sat.void(session, first, now)
    assert standing(session, exam, tree["a"]).percent == 4000
    sat.void(session, second, now)
    assert standing(session, exam, tree["a"]).state is StandingState.ASSIGNED
    assert figures(session, exam, tree["e1"]) == Figures(assigned=2)
    assert nothing_differs(session, now)


def test_a_standing_moves_with_the_member_while_the_exam_is_open(session, tree, now):
    exam = sat.exam(session, "q4", now, closes_at=now + timedelta(days=30))
    sat.sit(session, exam, tree["a"], 90, now)
    move(session, tree["a"], tree["w1"], now)
    assert figures(session, exam, tree["e1"]) == Figures(assigned=1)
    assert figures(session, exam, tree["w1"]).finished == 1
    assert figures(session, exam, tree["w1"]).assigned == 3
    assert nothing_differs(session, now)


def test_a_standing_stays_where_it_was_when_the_exam_closed(session, tree, now):
    exam = sat.exam(session, "q4", now, closes_at=now + timedelta(days=30))
    sat.sit(session, exam, tree["a"], 90, now)
    later = now + timedelta(days=31)
    move(session, tree["a"], tree["w1"], later)
    assert figures(session, exam, tree["e1"]).finished == 1
    assert figures(session, exam, tree["w1"]).assigned == 2
    assert nothing_differs(session, later)


def test_an_attempt_marked_after_the_close_counts_where_the_member_was(session, tree, now):
    exam = sat.exam(session, "q4", now, closes_at=now + timedelta(minutes=10))
    attempt = sat.start(session, exam, tree["a"], now)
    later = now + timedelta(minutes=11)
    move(session, tree["a"], tree["w1"], later)
    sat.mark(session, attempt, 70, later)
    assert figures(session, exam, tree["e1"]).finished == 1
    assert figures(session, exam, tree["w1"]).finished == 0
    assert nothing_differs(session, later)


def test_moving_out_of_what_an_exam_is_for_takes_it_back_unless_it_was_begun(session, tree, now):
    exam = sat.exam(session, "q4", now, branches=(tree["east"],))
    sat.start(session, exam, tree["a"], now)
    for who in ("a", "b"):
        move(session, tree[who], tree["w1"], now)
    assert standing(session, exam, tree["a"]).branch_id == tree["w1"].id
    assert standing(session, exam, tree["b"]) is None
    assert figures(session, exam, tree["e1"]) == NOTHING
    assert figures(session, exam, tree["w1"]) == Figures(assigned=1, started=1)
    assert nothing_differs(session, now)


def test_a_newcomer_is_assigned_what_is_open_and_not_what_is_over(session, tree, now):
    over = sat.exam(session, "q3", now, closes_at=now + timedelta(days=1))
    current = sat.exam(session, "q4", now)
    later = now + timedelta(days=2)
    new = make.member(session, "new", tree["e1"], later)
    emit(session, MemberJoined(now=later, member_id=new.id, branch_id=tree["e1"].id))
    assert standing(session, over, new) is None
    assert standing(session, current, new).state is StandingState.ASSIGNED
    assert figures(session, current, tree["e1"]).assigned == 3
    assert nothing_differs(session, later)


def test_who_leaves_is_in_no_figure_and_finds_everything_again_on_return(session, tree, now):
    exam = sat.exam(session, "q4", now)
    sat.sit(session, exam, tree["a"], 90, now)
    home, who = tree["e1"], tree["a"]
    session.execute(update(Member).where(Member.id == who.id).values(status=MemberStatus.LEFT))
    emit(session, MemberLeft(now=now, member_id=who.id, branch_id=home.id))
    assert figures(session, exam, home) == Figures(assigned=1)
    assert nothing_differs(session, now)
    session.execute(update(Member).where(Member.id == who.id).values(status=MemberStatus.ACTIVE))
    emit(session, MemberReturned(now=now, member_id=who.id, branch_id=home.id))
    assert standing(session, exam, who).percent == 9000
    assert figures(session, exam, home).finished == 1
    assert nothing_differs(session, now)


def test_marking_the_attempt_of_somebody_who_left_changes_nothing(session, tree, now):
    exam = sat.exam(session, "q4", now)
    attempt = sat.start(session, exam, tree["a"], now)
    session.execute(update(Member).where(Member.id == tree["a"].id).values(status=MemberStatus.LEFT))
    emit(session, MemberLeft(now=now, member_id=tree["a"].id, branch_id=tree["e1"].id))
    sat.mark(session, attempt, 90, now)
    assert figures(session, exam, tree["e1"]) == Figures(assigned=1)
    assert nothing_differs(session, now)


def test_another_pass_line_is_applied_to_what_was_marked_already(session, tree, now):
    exam = sat.exam(session, "q4", now)
    sat.sit(session, exam, tree["a"], 70, now)
    session.execute(update(Exam).where(Exam.id == exam.id).values(pass_percent=8000))
    emit(session, ExamChanged(now=now, exam_id=exam.id))
    assert standing(session, exam, tree["a"]).passed is False
    assert figures(session, exam, tree["e1"]).passed == 0
    assert nothing_differs(session, now)


def test_keeping_another_attempt_is_applied_too(session, tree, now):
    exam = sat.exam(session, "q4", now)
    sat.sit(session, exam, tree["a"], 90, now)
    sat.sit(session, exam, tree["a"], 45, now)
    session.execute(update(Exam).where(Exam.id == exam.id).values(keep=Keep.AVERAGE))
    emit(session, ExamChanged(now=now, exam_id=exam.id))
    assert standing(session, exam, tree["a"]).percent == 6750
    assert nothing_differs(session, now)


def test_an_exam_for_other_branches_keeps_those_who_have_begun(session, tree, now):
    exam = sat.exam(session, "q4", now, branches=(tree["east"],))
    sat.start(session, exam, tree["a"], now)
    session.execute(update(ExamBranch).where(ExamBranch.exam_id == exam.id).values(branch_id=tree["west"].id))
    emit(session, ExamChanged(now=now, exam_id=exam.id))
    assert standing(session, exam, tree["a"]).state is StandingState.STARTED
    assert standing(session, exam, tree["b"]) is None
    assert standing(session, exam, tree["c"]) is not None
    assert nothing_differs(session, now)


@pytest.mark.parametrize("one_by_one", [500, 1], ids=["a-few", "many"])
def test_a_branch_that_moves_under_another_parent_comes_into_that_parents_exams(
    session, tree, now, monkeypatch, one_by_one
):
    monkeypatch.setattr(assigning, "BATCH", one_by_one)
    exam = sat.exam(session, "q4", now, branches=(tree["west"],))
    old, new = tree["e1"].path, tree["west"].path + tree["e1"].path[-6:]
    session.execute(update(Branch).where(Branch.id == tree["e1"].id).values(path=new))
    emit(session, BranchMoved(now=now, branch_id=tree["e1"].id, old_path=old, new_path=new))
    assert figures(session, exam, tree["e1"]).assigned == 2
    assert nothing_differs(session, now)


def test_starting_costs_at_most_two_statements_and_marking_four(session, tree, now, count_statements):
    exam = sat.exam(session, "q4", now)
    with count_statements() as silent:
        listeners = session.info.pop("listeners")
        session.info["listeners"] = {}
        first = sat.start(session, exam, tree["a"], now)
        sat.mark(session, first, 50, now)
    session.info["listeners"] = listeners
    with count_statements() as starting:
        second = sat.start(session, exam, tree["b"], now)
    with count_statements() as marking:
        sat.mark(session, second, 50, now)
    with count_statements() as again:
        third = sat.start(session, exam, tree["b"], now)
        sat.mark(session, third, 90, now)
    own = len(silent)
    beginning = 1 if session.get_bind().dialect.name == "postgresql" else 2
    assert len(starting) + len(marking) - own == beginning + 4
    assert len(again) - own == 2 + 4  # one that was started before is looked for: it may have been taken away


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.INTERNAL, Level.RESTRICTED])
@pytest.mark.parametrize("meant", [(), ("east",), ("east", "e1"), ("w1", "e1")])
def test_an_exam_is_assigned_to_as_many_as_its_page_said_it_is_for(session, tree, now, level, meant):
    """Publishing says for how many (exams); the standings are made of whom it is assigned to (scoring)."""
    make.member(session, "gone", tree["e1"], now, status=MemberStatus.LEFT)
    make.member(session, "new", tree["e1"], now, status=MemberStatus.PROBATIONARY, clearance=Level.PUBLIC)
    make.member(session, "chief", tree["east"], now, clearance=Level.RESTRICTED)
    banks = [bank(session, f"bank-{each}", [], now, level=each).slug for each in {level, Level.PUBLIC}]
    made = sat.exam(session, "for-some", now, level=level, branches=tuple(tree[code] for code in meant))
    assigned = session.scalars(select(STANDING.c.member_id).where(STANDING.c.exam_id == made.id)).all()
    assert len(assigned) == audience.people(session, meant, banks)
