"""The pages of scores: what they show, to whom, and what leaves the house as a workbook."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import select, update

from studyhub.kernel.points import Points
from studyhub.organization.actor import SYSTEM
from studyhub.organization.branches import operations
from studyhub.organization.members import operations as members
from studyhub.organization.models import AuditEntry, Member
from studyhub.organization.roles import Role
from studyhub.organization.states import Level
from studyhub.scoring import wording
from studyhub.scoring.rows import STANDING
from tests.factories import organization as make
from tests.factories import scoring as sat
from tests.factories.courses import course as make_course


def test_a_branch_shows_its_figures_and_the_way_down(world, open_page):
    page = open_page("secretary", "/branches/root?exam=done").text
    assert "市直机关党工委" in page
    assert 'href="/branches/d0?exam=done"' in page
    assert "bins=0,0,0,0,0,4,0,0,0,4" in page.replace("%2C", ",")
    assert "8 人的成绩分布图；人数最多的是 50–60%，4 人。" in page


def test_the_branches_below_come_in_the_order_that_is_asked_for(world, open_page, database):
    def below(query):
        return re.findall(r'href="/branches/(d\d)\?', open_page("secretary", f"/branches/root?{query}").text)

    with database.write() as session:
        session.execute(update(sat.Branch).where(sat.Branch.code == "d0").values(name="乙区"))
        session.execute(update(sat.Branch).where(sat.Branch.code == "d1").values(name="甲区"))
    assert below("order=name") != below("order=-name")
    assert below("order=nonsense") == below("") == ["d0", "d1"]
    assert {*below("order=mean"), *below("order=-finished")} == {"d0", "d1"}


def test_ordering_one_list_leaves_the_other_as_it_is(world, open_page):
    page = open_page("secretary", "/branches/root?exam=done&show=all&sort=name&order=-mean").text
    assert 'aria-sort="ascending"' in page
    assert 'aria-sort="descending"' in page
    assert "order=mean" in page
    assert "sort=-name&amp;order=-mean#members" in page


def test_members_outside_the_branches_below_have_their_own_line(world, open_page, database, clock):
    with database.write() as session:
        home = session.scalars(select(sat.Branch).where(sat.Branch.code == "d0-h0")).one()
        make.branch(session, "group-1", clock.now, parent=home, name="第一党小组")
    page = open_page("leader", "/branches/d0-h0?exam=done").text
    assert "第一党小组" in page
    assert "直属党员" in page
    assert "直属党员" not in open_page("secretary", "/branches/root").text


def test_the_own_members_of_a_branch_are_listed_by_their_line(world, open_page, database, clock):
    with database.write() as session:
        home = session.scalars(select(sat.Branch).where(sat.Branch.code == "d0-h0")).one()
        group = make.branch(session, "group-1", clock.now, parent=home, name="第一党小组")
        moved = session.scalars(select(Member).where(Member.member_no == "d0-h0-m1")).one()
        members.transfer(session, SYSTEM, moved, group, clock.now)

    def listed(query):
        return {
            *re.findall(
                r"/members/(d0-h0-m\d)/progress", open_page("leader", f"/branches/d0-h0?{query}").text
            )
        }

    page = open_page("leader", "/branches/d0-h0?exam=q4").text
    way = re.search(r'href="/branches/d0-h0\?([^"]+)#members">直属党员</a>', page)
    assert way is not None
    assert listed(way[1].replace("&amp;", "&")) == listed("exam=q4&show=all") - {"d0-h0-m1"}
    assert "同时显示下级组织的党员" in open_page("leader", "/branches/d0-h0?exam=q4&of=own").text


def test_a_closed_branch_says_so_beside_what_was_counted_in_it(world, open_page, database, clock):
    with database.write() as session:
        branches = {branch.code: branch for branch in session.scalars(select(sat.Branch))}
        operations.merge(session, SYSTEM, branches["d0-h1"], branches["d0-h0"], clock.now)
    page = open_page("secretary", "/branches/d0?exam=done").text
    assert re.search(r'href="/branches/d0-h1\?exam=done">.*?</a> <span class="tag ">已撤销</span>', page)
    book = openpyxl.load_workbook(io.BytesIO(open_page("secretary", "/branches/d0/results.xlsx").data))
    assert "0区第1党支部 (已撤销)" in {row[0] for row in book.worksheets[1].iter_rows(values_only=True)}


def test_breadcrumbs_end_where_the_scope_ends(world, open_page):
    assert 'href="/branches/d0"' in open_page("secretary", "/branches/d0-h0").text
    assert 'href="/branches/d0"' not in open_page("leader", "/branches/d0-h0").text


def test_the_lists_show_who_is_asked_for(world, open_page):
    def names(query):
        page = open_page("leader", f"/branches/d0-h0?{query}").text
        return {no for no in ("d0-h0-m0", "d0-h0-m1", "d0-h0-m2") if f"/members/{no}/progress" in page}

    assert names("exam=q4") == {"d0-h0-m1", "d0-h0-m2"}
    assert names("exam=q4&show=all") == {"d0-h0-m0", "d0-h0-m1", "d0-h0-m2"}
    assert names("exam=done&show=failed") == {"d0-h0-m1"}
    assert names("exam=q4&show=all&q=d0-h0-m2") == {"d0-h0-m2"}
    assert names("exam=nonsense&show=nonsense&sort=nonsense&page=nonsense") == {"d0-h0-m1", "d0-h0-m2"}


def test_what_is_outside_the_subtree_does_not_exist(world, open_page):
    for path in ("/branches/d1", "/branches/d1/results.xlsx", "/members/d1-h0-m0/progress", "/branches/x"):
        assert open_page("leader", path).status_code == 404


def test_members_see_no_branch_and_no_other_member(world, open_page):
    for path in ("/branches/d0-h0", "/branches/d0-h0/results.xlsx", "/members/d0-h0-m1/progress"):
        assert open_page("d0-h0-m0", path).status_code == 403


def test_a_group_leader_looks_but_does_not_export(world, open_page):
    page = open_page("group", "/branches/d0-h0")
    assert page.status_code == 200
    assert "results.xlsx" not in page.text
    assert open_page("group", "/branches/d0-h0/results.xlsx").status_code == 403


def test_looks_and_exports_are_written_down(world, open_page, database):
    open_page("leader", "/branches/d0-h0")
    open_page("leader", "/branches/d0-h0/results.xlsx")
    open_page("leader", "/members/d0-h0-m0/progress")
    with database.read() as session:
        acts = set(session.scalars(select(AuditEntry.act)))
    assert {"branch_viewed", "branch_exported", "member_viewed"} <= acts


def test_a_branch_without_exams_says_what_to_expect(database, clock, open_page):
    with database.write() as session:
        home = make.branch(session, "home", clock.now)
        make.grant(
            session, make.member(session, "leader", home, clock.now), Role.LEADER, clock.now, over=home
        )
    page = open_page("leader", "/branches/home").text
    assert "还没有成绩" in page
    assert "results.xlsx" not in page


def test_the_first_page_says_what_to_do_and_how_it_went(world, open_page):
    page = open_page("d0-h0-m1", "/me").text
    assert "今天有 1 件事可做" in page
    assert "50 / 100 分 · 不合格" in page
    assert "我负责的组织" not in page
    assert 'href="/branches/d0-h0"' in open_page("leader", "/me").text


PICTURES = (
    "histogram.svg?bins=0,0,0,0,0,4,0,0,0,4&pass=6000&size=wide",
    "histogram.svg?bins=0,0,0,0,0,4,0,0,0,4",
    "comparison.svg?here=7600&whole=7100",
)
NONSENSE = (
    "histogram.svg",
    "histogram.svg?bins=1,2,3",
    "histogram.svg?bins=0,0,0,0,0,4,0,0,0,-4",
    "histogram.svg?bins=0,0,0,0,0,4,0,0,0,99999999999999999999",
    "histogram.svg?bins=0,0,0,0,0,4,0,0,0,4&pass=10001",
    "histogram.svg?bins=0,0,0,0,0,4,0,0,0,4&size=huge",
    "comparison.svg?here=1",
    "comparison.svg?here=1&whole=x",
)


def test_a_picture_is_drawn_from_its_address_and_nonsense_is_refused(database, clock, client, bearer):
    with database.write() as session:
        make.member(session, "m", make.branch(session, "home", clock.now), clock.now)
    headers = bearer("m")
    for address in PICTURES:
        answer = client.get(f"/charts/{address}", headers=headers)
        assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
        assert "max-age" in answer.headers["Cache-Control"]
    for address in NONSENSE:
        assert client.get(f"/charts/{address}", headers=headers).status_code == 400, address


def test_a_page_takes_as_many_statements_in_a_large_tree_as_in_a_small_one(
    database, clock, client, bearer, count_statements
):
    with database.write() as session:
        world = sat.world(session, clock.now, districts=1, homes=1)
    clock.now = world.later
    headers = bearer("secretary")

    def count(path):
        with count_statements() as statements:
            assert client.get(path, headers=headers).status_code == 200
        return len(statements)

    paths = ("/branches/root?show=all", "/me", "/members/d0-h0-m0/progress")
    small = [count(path) for path in paths]
    with database.write() as session:
        root = session.scalars(select(sat.Branch).where(sat.Branch.code == "root")).one()
        for at in range(12):
            home = make.branch(session, f"more{at}", clock.now, parent=root)
            who = make.member(session, f"more{at}-m", home, clock.now)
            exam = sat.exam(session, f"exam{at}", clock.now, closes_at=clock.now.replace(year=2027))
            sat.sit(session, exam, who, 70, clock.now)
    assert [count(path) for path in paths] == small
    assert max(small) <= 20


def test_a_members_progress_leads_to_the_members_own_page(world, open_page):
    page = open_page("leader", "/members/d0-h0-m0/progress").text
    assert 'href="/members/d0-h0-m0"' in page
    assert open_page("leader", "/members/d0-h0-m0").status_code == 200


def test_the_whole_organisation_is_not_compared_with_itself(world, open_page):
    assert "全部：" not in open_page("secretary", "/branches/root?exam=done").text
    assert "全部：" in open_page("secretary", "/branches/d0?exam=done").text


@pytest.mark.parametrize(
    ("basis_points", "text"), [(9999, "99%"), (6360, "63%"), (8000, "80%"), (5, "0%"), (None, "–")]
)
def test_a_percentage_is_whole_and_rounded_down_as_on_every_page(basis_points, text):
    assert wording.percent_text(basis_points) == text


def test_no_percentage_that_was_rounded_down_stands_beside_the_points(world, open_page, database):
    with database.write() as session:
        exact = {"score": Points(63_60), "max_score": Points(100_00), "percent": 6360, "passed": True}
        session.execute(update(STANDING).where(STANDING.c.score == Points(90_00)).values(exact))
    for who, path in (
        ("d0-h0-m0", "/me"),
        ("leader", "/members/d0-h0-m0/progress"),
        ("leader", "/branches/d0-h0?exam=done&show=all"),
    ):
        page = open_page(who, path).text
        assert "63.6 / 100 分 · 合格" in page
        assert "63%</span>" not in page
        assert "63% ·" not in page


def test_a_pass_line_is_said_as_it_was_set():
    assert [wording.line_text(line) for line in (6000, 6250)] == ["60%", "62.5%"]


def test_what_can_be_done_and_until_when_is_one_sentence(world, open_page, database, clock):
    until = clock.now + timedelta(days=3)
    with database.write() as session:
        session.execute(
            update(sat.Exam).where(sat.Exam.slug == "done").values(attempts_allowed=5, closes_at=until)
        )
    page = open_page("leader", "/branches/d0-h0?exam=done&show=failed").text
    assert re.search(r"还可考 \d 次，<time", page)


def test_an_exam_that_runs_stands_above_the_lesson_with_its_end(world, open_page, database, clock):
    with database.write() as session:
        make_course(session, clock.now)
    before = open_page("d0-h0-m1", "/me").text
    running = before.index("正在答题，")
    ends = (clock.now + timedelta(minutes=30)).astimezone(ZoneInfo("Asia/Shanghai"))
    assert before[running:].startswith(f"正在答题，{ends:%H:%M} 结束")
    assert running < before.index("学点新的")
    assert re.findall(r"btn-primary[^>]*>(?:<svg.*?</svg>)?([^<]+)", before) == ["继续作答"]
    assert "q4 测试" not in before[before.index("学点新的") : before.index("我的成绩")]
    calm = open_page("d0-h0-m2", "/me").text
    assert "正在答题" not in calm
    assert re.findall(r"btn-primary[^>]*>(?:<svg.*?</svg>)?([^<]+)", calm) == ["开始学习"]


def test_the_names_of_a_course_are_a_click_away(world, open_page, database, clock):
    with database.write() as session:
        make_course(session, clock.now)
    way = "/admin/courses/cyber-basics/learners?branch=d0-h1&amp;show=not_yet"
    page = open_page("secretary", "/branches/d0-h1").text
    assert f'href="{way}"' in page
    names = open_page("secretary", way.replace("&amp;", "&")).text
    assert {*re.findall(r"/members/([^/]+)/progress", names)} == {"d0-h1-m0", "d0-h1-m1", "d0-h1-m2"}
    assert 'name="branch" value="d0-h1"' in names
    assert open_page("leader", way.replace("&amp;", "&")).status_code == 404


def test_a_leader_follows_a_course_of_their_members_that_is_not_for_themselves(
    world, open_page, client, bearer, database, clock, count_statements
):
    with database.write() as session:
        theirs = session.scalars(select(sat.Branch).where(sat.Branch.code == "d0-h1")).one()
        make_course(session, clock.now, "other", only_for=[theirs], title="别处的课")
        make_course(session, clock.now, "secret", only_for=[theirs], level=Level.RESTRICTED, title="受控的课")
    way = "/admin/courses/other/learners"
    page = open_page("secretary", "/branches/d0-h1").text
    assert f'href="{way}?branch=d0-h1&amp;show=not_yet"' in page
    assert "/admin/courses/secret/learners" not in page
    headers = bearer("secretary") | {"Accept-Language": "zh"}
    with count_statements() as statements:
        names = client.get(f"{way}?branch=d0-h1&show=not_yet", headers=headers).text
    assert len(statements) <= 20
    assert {*re.findall(r"/members/([^/]+)/progress", names)} == {"d0-h1-m0", "d0-h1-m1", "d0-h1-m2"}
    assert "别处的课" in names
    assert 'href="/branches/d0-h1"' in names
    assert 'href="/courses/other"' not in names, "the lessons are not for the leader"
    assert open_page("secretary", "/courses/other").status_code == 404
    assert open_page("secretary", way).status_code == 200
    beyond = ("/admin/courses/secret/learners", f"{way}?branch=absent")
    assert [open_page("secretary", path).status_code for path in beyond] == [404, 404]
    assert open_page("leader", way).status_code == 404, "for none of those whom this leader leads"
