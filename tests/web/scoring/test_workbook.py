"""The results of a branch as a workbook: it says what the pages say, and its reader's day."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote

from sqlalchemy import select, update

from studyhub.courses.models import CourseProgress
from studyhub.organization.models import Member
from tests.factories import scoring as sat
from tests.factories.courses import course as make_course

from .conftest import listed, sheets_of


def test_the_workbook_says_what_the_page_says(world, open_page):
    answer = open_page("secretary", "/branches/root/results.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=results-root-")
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


def test_the_workbook_bears_the_readers_day_and_its_year(world, open_page, clock):
    clock.now = datetime(2026, 11, 25, 19, 30, tzinfo=UTC)  # the 26th in China
    answer = open_page("leader", "/branches/d0-h0/results.xlsx")
    plain, for_people = answer.headers["Content-Disposition"].split("; ")[1:]
    assert plain == "filename=results-d0-h0-20261126.xlsx"
    kind, name = for_people.split("''")
    assert (kind, unquote(name).startswith("学习情况-")) == ("filename*=UTF-8", True)
    assert unquote(name).endswith("-20261126.xlsx")
    assert sheets_of(answer).worksheets[0]["B1"].value == "2026-11-26 03:30"


def test_the_workbook_says_of_a_person_what_the_page_says(world, open_page):
    rows = sheets_of(open_page("leader", "/branches/d0-h0/results.xlsx")).worksheets[-1]
    said = {cell for row in rows.iter_rows(min_row=3, values_only=True) for cell in row}
    assert "未参加" in said
    assert "应考" not in said


def test_the_workbook_says_of_every_member_how_far_they_are_in_each_course(world, open_page, database, clock):
    with database.write() as session:
        course, _ = make_course(session, clock.now)
        home = session.scalars(select(sat.Branch).where(sat.Branch.code == "d0-h1")).one()
        make_course(session, clock.now, "other", only_for=[home], title="另一门课")
        for no, lessons, completed_at in (("d0-h0-m0", 2, clock.now), ("d0-h0-m1", 1, None)):
            who = session.scalars(select(Member.id).where(Member.member_no == no)).one()
            session.add(
                CourseProgress(
                    member_id=who,
                    course_id=course.id,
                    lessons_completed=lessons,
                    started_at=clock.now,
                    completed_at=completed_at,
                )
            )
    sheet = sheets_of(open_page("secretary", "/branches/d0/results.xlsx"))["课程进度"]
    heads, *rows = sheet.iter_rows(min_row=2, values_only=True)
    assert sorted(heads[3:]) == ["另一门课", "网络安全入门"]
    found = {row[1]: dict(zip(heads, row, strict=True)) for row in rows}
    states = [found[no]["网络安全入门"] for no in ("d0-h0-m0", "d0-h0-m1", "d0-h0-m2")]
    assert states == ["已学完", "学习中", "未开始"]
    assert (found["d0-h0-m0"]["另一门课"], found["d0-h1-m0"]["另一门课"]) == (None, "未开始")


def test_the_unfinished_are_names_and_what_is_common_to_them_is_said_once(world, open_page):
    page = open_page("leader", "/branches/d0-h0?exam=q4").text
    members = page[page.index('id="members"') :]
    names = re.search(r'<p id="names">([^<]+)</p>', members)
    assert names is not None
    assert len(names[1].split("、")) == len(listed(members)) > 1
    assert members.count("截止") == 1
    assert members.count("0区第0党支部") == 1
    assert "of-rows" not in members.split("</table>")[0]  # three columns fit a phone as they are
    above = open_page("secretary", "/branches/d0?exam=q4").text
    above = above[above.index('id="members"') :]
    assert above.count("0区第0党支部") > 1
    assert "of-rows" not in above.split("</table>")[0]
