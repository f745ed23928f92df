"""The pages of scores: what they show, to whom, and what leaves the house as a workbook."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import select, update

from studyhub.organization.actor import SYSTEM
from studyhub.organization.branches import operations
from studyhub.organization.models import AuditEntry, Member
from studyhub.organization.roles import Role
from studyhub.scoring import wording
from tests.factories import organization as make
from tests.factories import scoring as sat
from tests.factories.courses import course as make_course


@pytest.fixture
def world(database, clock):
    return sat.world_in(database, clock)


@pytest.fixture
def open_page(client, bearer):
    def get(who, path, **headers):
        return client.get(path, headers=bearer(who) | {"Accept-Language": "zh"} | headers)

    return get


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
    assert "直属人员" in page
    assert "直属人员" not in open_page("secretary", "/branches/root").text


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


def sheets_of(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))


def test_the_workbook_says_what_the_page_says(world, open_page):
    answer = open_page("secretary", "/branches/root/results.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=root-")
    book = sheets_of(answer)
    exams, branches, members = book.worksheets
    assert [sheet.title for sheet in book.worksheets] == ["考试", "党组织", "党员"]
    assert [cell.value for cell in exams[2]][:6] == [
        "考试",
        "应考",
        "已开考",
        "完成",
        "合格",
        "平均成绩（%）",
    ]
    assert [cell.value for cell in exams[4]][:6] == ["done 测试", 16, 8, 8, 4, 70]
    assert branches.max_row == 2 + 2 * 2
    assert members.max_row == 2 + 16
    assert exams.freeze_panes == "B3"
    assert members.freeze_panes == "C3"


def test_the_workbook_counts_courses(world, open_page, database, clock):
    with database.write() as session:
        make_course(session, clock.now)
    courses = sheets_of(open_page("secretary", "/branches/root/results.xlsx"))["课程"]
    assert [cell.value for cell in courses[3]] == ["网络安全入门", 16, 0]


def test_a_name_is_never_a_formula(world, open_page, database):
    trap = '=HYPERLINK("http://example.org","x")'
    with database.write() as session:
        session.execute(update(Member).where(Member.member_no == "d0-h0-m0").values(name=trap))
    members = sheets_of(open_page("leader", "/branches/d0-h0/results.xlsx")).worksheets[-1]
    cell = next(row[0] for row in members.iter_rows(min_row=3) if row[1].value == "d0-h0-m0")
    assert (cell.value, cell.data_type, cell.hyperlink) == (trap, "s", None)


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
    assert "50% · 不合格" in page
    assert "我负责的组织" not in page
    assert 'href="/branches/d0-h0"' in open_page("leader", "/me").text


def test_a_score_that_is_not_released_is_on_no_page_of_its_member(database, clock, open_page):
    with database.write() as session:
        sat.world(session, clock.now, review="closed")
    page = open_page("d0-h0-m0", "/me").text
    assert "90%" not in page
    assert "公布" in page
    clock.advance(hours=2)
    assert "90% · 合格" in open_page("d0-h0-m0", "/me").text


@pytest.fixture
def failed_leaders(database, clock):
    """d0-h0-m1 (50 % in `done`) leads the home branch; so does d0-h0-m0 (90 %). The score is not shown."""

    def made(review):
        with database.write() as session:
            world = sat.world(session, clock.now, review=review)
            for no in ("d0-h0-m0", "d0-h0-m1"):
                leader = session.scalars(select(Member).where(Member.member_no == no)).one()
                home = session.get_one(sat.Branch, leader.branch_id)
                make.grant(session, leader, Role.LEADER, clock.now, over=home)
        return world

    return made


def listed(page):
    """The numbers of the table's members, in its order."""
    return re.findall(r"/members/([^/]+)/progress", page)


def test_the_lists_of_a_branch_tell_a_leader_no_hidden_result_of_their_own(failed_leaders, open_page):
    failed_leaders("never")
    everyone = open_page("d0-h0-m1", "/branches/d0-h0?exam=done&show=all&q=d0-h0-m").text
    assert "50% ·" not in everyone
    assert "90% · 合格" in everyone
    failed = "/branches/d0-h0?exam=done&show=failed"
    assert listed(open_page("d0-h0-m1", failed).text) == []
    assert listed(open_page("d0-h0-m0", failed).text) == ["d0-h0-m1"]
    assert "50% · 不合格" in open_page("d0-h0-m0", failed).text


def test_the_order_by_result_tells_a_leader_no_hidden_result_of_their_own(failed_leaders, open_page):
    failed_leaders("never")
    best_first = "/branches/d0-h0?exam=done&show=all&q=d0-h0-m&sort=-percent"
    assert listed(open_page("leader", best_first).text)[:2] == ["d0-h0-m0", "d0-h0-m1"]
    assert listed(open_page("d0-h0-m0", best_first).text)[0] == "d0-h0-m1"


def test_a_released_result_of_a_leader_is_on_the_list(failed_leaders, open_page, clock):
    world = failed_leaders("closed")
    failed = "/branches/d0-h0?exam=done&show=failed"
    assert listed(open_page("d0-h0-m1", failed).text) == []
    clock.now = world.later
    assert listed(open_page("d0-h0-m1", failed).text) == ["d0-h0-m1"]


def test_the_workbook_tells_a_leader_no_hidden_result_of_their_own(failed_leaders, open_page):
    failed_leaders("never")

    def results(reader, no):
        sheet = sheets_of(open_page(reader, "/branches/d0-h0/results.xlsx")).worksheets[-1]
        row = next(row for row in sheet.iter_rows(min_row=3, values_only=True) if row[1] == no)
        return row[3:]

    assert not any(isinstance(cell, int | float) for cell in results("d0-h0-m1", "d0-h0-m1"))
    assert {"合格", "不合格"}.isdisjoint(results("d0-h0-m1", "d0-h0-m1"))
    assert {50, "不合格"} <= set(results("d0-h0-m0", "d0-h0-m1"))
    assert {90, "合格"} <= set(results("d0-h0-m1", "d0-h0-m0"))


def test_hiding_takes_few_statements(failed_leaders, client, bearer, count_statements):
    failed_leaders("never")
    headers = bearer("d0-h0-m1")
    for path in ("/branches/d0-h0?exam=done&show=all&sort=-percent", "/branches/d0-h0/results.xlsx"):
        with count_statements() as statements:
            assert client.get(path, headers=headers).status_code == 200
        assert len(statements) <= 20


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


def test_the_whole_organisation_is_not_compared_with_itself(world, open_page):
    assert "全部：" not in open_page("secretary", "/branches/root?exam=done").text
    assert "全部：" in open_page("secretary", "/branches/d0?exam=done").text


def test_the_workbook_bears_the_readers_day_and_its_year(world, open_page, clock):
    clock.now = datetime(2026, 11, 25, 19, 30, tzinfo=UTC)  # the 26th in China
    answer = open_page("leader", "/branches/d0-h0/results.xlsx")
    assert "d0-h0-20261126.xlsx" in answer.headers["Content-Disposition"]
    assert sheets_of(answer).worksheets[0]["B1"].value == "2026-11-26 03:30"


def test_the_workbook_says_of_a_person_what_the_page_says(world, open_page):
    rows = sheets_of(open_page("leader", "/branches/d0-h0/results.xlsx")).worksheets[-1]
    said = {cell for row in rows.iter_rows(min_row=3, values_only=True) for cell in row}
    assert "未参加" in said
    assert "应考" not in said


@pytest.mark.parametrize(
    ("basis_points", "text"), [(8333, "83.33%"), (6360, "63.6%"), (8000, "80%"), (5, "0.05%")]
)
def test_a_percentage_has_no_more_digits_than_it_needs(basis_points, text):
    assert wording.percent_text(basis_points) == text


def test_what_can_be_done_and_until_when_is_one_sentence(world, open_page, database, clock):
    until = clock.now + timedelta(days=3)
    with database.write() as session:
        session.execute(
            update(sat.Exam).where(sat.Exam.slug == "done").values(attempts_allowed=5, closes_at=until)
        )
    page = open_page("leader", "/branches/d0-h0?exam=done&show=failed").text
    assert re.search(r"还可考 \d 次，<time", page)
