"""Dashboards over HTTP: their shape, their figures, and who may see them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from studyhub.courses.models import CourseProgress
from studyhub.organization.actor import SYSTEM
from studyhub.organization.branches import operations
from studyhub.organization.models import AuditEntry, Branch, Member
from studyhub.organization.roles import Role
from tests.factories import organization as make
from tests.factories import scoring as sat
from tests.factories.courses import course as make_course


@pytest.fixture
def world(database, clock):
    return sat.world_in(database, clock)


@pytest.fixture
def ask(client, bearer):
    """`ask(who, path)` answers the response of the API."""

    def get(who, path):
        return client.get(f"/api/v1{path}", headers=bearer(who))

    return get


def test_a_branch_adds_up_its_subtree(world, ask):
    answer = ask("secretary", "/branches/root/dashboard").get_json()
    assert answer["branch"] == {"code": "root", "name": "市直机关党工委", "kind": "committee", "members": 16}
    q4, done = answer["exams"]
    expected = {
        "slug": "q4",
        "state": "open",
        "assigned": 16,
        "started": 8,
        "finished": 4,
        "passed": 4,
        "mean": 90,
    }
    assert {name: q4[name] for name in expected} == expected
    assert (done["state"], done["finished"], done["passed"], done["mean"]) == ("closed", 8, 4, 70)
    assert done["histogram"] == [0, 0, 0, 0, 0, 4, 0, 0, 0, 4]


def test_courses_are_counted_for_those_they_are_for(world, ask, database, clock):
    with database.write() as session:
        course, _ = make_course(session, clock.now)
        who = session.scalars(select(Member).where(Member.member_no == "d0-h0-m0")).one()
        moment = {"started_at": clock.now, "completed_at": clock.now}
        session.add(CourseProgress(member_id=who.id, course_id=course.id, lessons_completed=2, **moment))
    shown = {"slug": "cyber-basics", "title": "网络安全入门"}
    answer = ask("secretary", "/branches/root/dashboard").get_json()
    assert answer["courses"] == [{**shown, "assigned": 16, "completed": 1}]
    answer = ask("d0-h0-m1", "/me/dashboard").get_json()
    assert answer["courses"] == [{**shown, "lessons": 2, "completed": 0}]
    assert (answer["next"][0]["kind"], answer["next"][0]["slug"]) == ("lesson", "phishing")


def test_its_children_have_their_own_figures(world, ask):
    children = ask("secretary", "/branches/root/dashboard").get_json()["children"]
    assert [(child["code"], child["members"]) for child in children] == [("d0", 10), ("d1", 6)]
    assert [exam["finished"] for exam in children[0]["exams"]] == [2, 4]


def test_a_closed_branch_is_there_for_what_was_counted_in_it(world, ask, database, clock):
    with database.write() as session:
        branches = {branch.code: branch for branch in session.scalars(select(Branch))}
        empty = make.branch(session, "empty", clock.now, parent=branches["d0"])
        operations.merge(session, SYSTEM, branches["d0-h1"], branches["d0-h0"], clock.now)
        operations.close(session, SYSTEM, empty, clock.now)
    answer = ask("secretary", "/branches/d0/dashboard").get_json()
    assert [(child["code"], child["closed"]) for child in answer["children"]] == [
        ("d0-h0", False),
        ("d0-h1", True),
    ]
    (_, done), children = answer["exams"], answer["children"]
    finished = [exam["finished"] for child in children for exam in child["exams"] if exam["slug"] == "done"]
    assert finished == [2, 2]
    assert sum(finished) == done["finished"]


def test_not_yet_names_those_who_have_not_finished_what_is_open(world, ask):
    answer = ask("leader", "/branches/d0-h0/dashboard").get_json()
    found = {entry["member_no"]: entry for entry in answer["not_yet"]}
    assert set(found) == {"d0-h0-m1", "d0-h0-m2", "secretary", "leader", "group", "admin"}
    assert found["d0-h0-m1"]["reason"] == "in_progress"
    assert found["d0-h0-m2"]["reason"] == "not_started"
    assert found["d0-h0-m2"]["exam"] == "q4"
    assert found["d0-h0-m2"]["branch"] == {"code": "d0-h0", "name": "0区第0党支部"}
    assert found["d0-h0-m2"]["closes_at"].startswith("2026-12-02")
    assert answer["not_yet_total"] == 6


def test_where_nobody_finished_there_is_no_mean(database, clock, ask):
    with database.write() as session:
        world = sat.world(session, clock.now, districts=1, homes=1)
        empty = sat.make.branch(session, "empty", clock.now, name="新支部")
        sat.make.member(session, "newcomer", empty, clock.now)
        sat.settle(session, world.q4, clock.now)
    exam = ask("admin", "/branches/empty/dashboard").get_json()["exams"][0]
    assert (exam["assigned"], exam["finished"], exam["mean"]) == (1, 0, None)


def test_what_is_outside_the_subtree_does_not_exist(world, ask):
    outside = ask("leader", "/branches/d1/dashboard")
    missing = ask("leader", "/branches/nowhere/dashboard")
    above = ask("leader", "/branches/root/dashboard")
    assert outside.status_code == missing.status_code == above.status_code == 404
    assert outside.get_json() == missing.get_json() == above.get_json()
    assert ask("leader", "/members/d1-h0-m0/dashboard").status_code == 404


def test_members_and_strangers_see_no_branch(world, ask, client):
    assert ask("d0-h0-m0", "/branches/d0-h0/dashboard").status_code == 403
    assert client.get("/api/v1/branches/d0-h0/dashboard").status_code == 401


def test_a_leader_sees_results_of_a_member_and_the_look_is_written_down(world, ask, database):
    answer = ask("leader", "/members/d0-h0-m1/dashboard").get_json()
    assert answer["member"]["member_no"] == "d0-h0-m1"
    done = next(entry for entry in answer["exams"] if entry["exam"] == "done")
    assert (done["score"], done["max_score"], done["percent"], done["passed"]) == (50, 100, 50, False)
    q4 = next(entry for entry in answer["exams"] if entry["exam"] == "q4")
    assert q4["state"] == "started"
    assert "score" not in q4
    with database.read() as session:
        looks = select(func.count()).where(AuditEntry.subject == "member:d0-h0-m1")
        assert session.scalar(looks) == 1


def test_a_member_sees_what_to_do_and_how_it_went(world, ask):
    answer = ask("d0-h0-m1", "/me/dashboard").get_json()
    assert [(item["kind"], item["slug"], item["state"]) for item in answer["next"]] == [
        ("exam", "q4", "in_progress")
    ]
    states = {exam["slug"]: exam["state"] for exam in answer["exams"]}
    assert states == {"q4": "in_progress", "done": "closed"}
    (done,) = answer["history"]
    assert (done["exam"], done["score"], done["passed"]) == ("done", 50, False)


@pytest.mark.parametrize(("policy", "shown_later"), [("closed", True), ("never", False)])
def test_a_hidden_score_is_hidden_from_its_own_member_too(database, clock, ask, policy, shown_later):
    with database.write() as session:
        world = sat.world(session, clock.now, review=policy)
    hidden = {entry["exam"]: entry for entry in ask("d0-h0-m0", "/me/dashboard").get_json()["history"]}
    for entry in hidden.values():
        assert entry["state"] == "finished"
        assert not {"score", "max_score", "percent", "passed"} & set(entry)
    assert (hidden["done"]["score_available_at"] is not None) == (policy == "closed")
    clock.now = world.later
    # The attempt that is still open was begun at `q4`; `done` is over for everyone.
    later = {entry["exam"]: entry for entry in ask("d0-h0-m0", "/me/dashboard").get_json()["history"]}
    assert ("score" in later["done"]) == shown_later
    assert ask("leader", "/members/d0-h0-m0/dashboard").get_json()["exams"][0]["percent"] == 90


def test_a_leader_sees_no_hidden_score_of_their_own(database, clock, ask, client, bearer):
    with database.write() as session:
        sat.world(session, clock.now, review="never")
        leader = session.scalars(select(Member).where(Member.member_no == "d0-h0-m0")).one()
        make.grant(session, leader, Role.LEADER, clock.now, over=session.get_one(Branch, leader.branch_id))
    own = ask("d0-h0-m0", "/members/d0-h0-m0/dashboard").get_json()["exams"]
    assert own
    assert not any({"score", "percent", "passed"} & set(entry) for entry in own)
    page = client.get("/members/d0-h0-m0/progress", headers=bearer("d0-h0-m0") | {"Accept-Language": "zh"})
    assert page.status_code == 200
    assert "90%" not in page.text
    other = ask("d0-h0-m0", "/members/d0-h0-m1/dashboard").get_json()["exams"]
    assert any("score" in entry for entry in other)


def test_not_yet_names_nobody_for_their_result(database, clock, ask):
    with database.write() as session:
        world = sat.world(session, clock.now, review="never")
        leader = session.scalars(select(Member).where(Member.member_no == "d0-h0-m2")).one()
        make.grant(session, leader, Role.LEADER, clock.now, over=session.get_one(Branch, leader.branch_id))
        sat.sit(session, session.get_one(sat.Exam, world.q4), leader, 40, clock.now)
    clock.now = world.later
    answer = ask("d0-h0-m2", "/branches/d0-h0/dashboard").get_json()
    assert answer["not_yet"]
    assert "d0-h0-m2" not in {entry["member_no"] for entry in answer["not_yet"]}
    assert {entry["reason"] for entry in answer["not_yet"]} <= {"not_started", "in_progress", "missed"}


def test_a_dashboard_takes_as_many_statements_in_a_large_tree_as_in_a_small_one(
    database, clock, client, bearer, count_statements
):
    with database.write() as session:
        world = sat.world(session, clock.now, districts=1, homes=1)
    clock.now = world.later
    headers = bearer("secretary")

    def count(path):
        with count_statements() as statements:
            assert client.get(f"/api/v1{path}", headers=headers).status_code == 200
        return len(statements)

    paths = ("/branches/root/dashboard", "/me/dashboard", "/members/d0-h0-m0/dashboard")
    small = [count(path) for path in paths]
    with database.write() as session:
        root = session.scalars(select(sat.Branch).where(sat.Branch.code == "root")).one()
        for at in range(12):
            home = sat.make.branch(session, f"more{at}", clock.now, parent=root)
            who = sat.make.member(session, f"more{at}-m", home, clock.now)
            exam = sat.exam(session, f"exam{at}", clock.now, closes_at=clock.now.replace(year=2027))
            sat.sit(session, exam, who, 70, clock.now)
    assert [count(path) for path in paths] == small
    assert max(small) <= 20
