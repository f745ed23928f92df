"""What leaders, admins and auditors do on the pages, and what they cannot reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.organization.branches import queries
from studyhub.organization.models import AuditEntry, Branch, Grant, Member
from studyhub.organization.roles import Role
from tests.conftest import SettableClock
from tests.factories import organization as make
from tests.web.organization.conftest import Browse

LEADERS = (
    "/branches/{branch}/members",
    "/branches/{branch}/slips",
    "/members/{member}",
    "/members/{member}/password",
    "/members/{member}/roles/new",
)
ADMINS = (
    "/admin/members",
    "/admin/members/new",
    "/admin/members/import",
    "/admin/branches",
    "/admin/branches/east",
    "/admin/branches/import",
    "/members/li/transfer",
    "/members/li/status",
    "/members/li/edit",
)


def test_a_leader_sees_the_own_branch_and_another_branch_does_not_exist(browse: Browse) -> None:
    browser = browse("leader")
    for page in LEADERS:
        assert browser.get(page.format(branch="east-1", member="li")).status_code == 200, page
        assert browser.get(page.format(branch="west-1", member="wang")).status_code == 404, page
        assert browser.get(page.format(branch="nowhere", member="nobody")).status_code == 404, page


def test_outside_and_missing_are_answered_alike(browse: Browse) -> None:
    browser = browse("leader")
    pages = [browser.get(f"/members/{number}").get_data(as_text=True) for number in ("wang", "nobody")]
    varying = r"<code>\w+</code>|nonce-\w+|content=\"[^\"]+\"|value=\"[^\"]+\""
    without_id = [re.sub(varying, "", page) for page in pages]
    assert without_id[0] == without_id[1]


def test_the_desk_of_admins_is_closed_to_leaders_and_members(browse: Browse) -> None:
    leader, li, admin = browse("leader"), browse("li"), browse("admin")
    for address in ADMINS:
        assert leader.get(address).status_code == 403, address
        assert li.get(address).status_code == 403, address
        assert admin.get(address).status_code == 200, address


def test_a_member_sees_no_list_and_the_refusal_is_recorded(browse: Browse, database: Database) -> None:
    assert browse("li").get("/branches/east-1/members").status_code == 403
    with database.read() as session:
        entry = session.execute(select(AuditEntry).where(AuditEntry.act == "refused")).scalar_one()
    assert entry.detail == {"path": "/branches/east-1/members", "permission": "view_members"}


def test_a_look_at_somebodys_record_is_recorded(browse: Browse, database: Database) -> None:
    browser = browse("leader")
    browser.text("/members/li")
    browser.text("/branches/east-1/members")
    with database.read() as session:
        acts = session.execute(select(AuditEntry.act, AuditEntry.subject).order_by(AuditEntry.id)).all()
    assert [tuple(act) for act in acts][-2:] == [
        ("member_viewed", "member:li"),
        ("members_listed", "branch:east-1"),
    ]


def test_a_leader_makes_a_deputy_who_then_sees_the_branch(browse: Browse) -> None:
    browser = browse("leader")
    assert "请li 同志代管" in browser.text("/members/li/roles/new")
    answer = browser.post(
        "/members/li/roles/new", {"role": "deputy", "branch": "east-1", "last_day": "2026-11-20"}
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert "li 同志已获得代管人角色，至11月20日止。" in browser.text("/members/li")
    assert browse("li").get("/branches/east-1/members").status_code == 200
    assert browse("li").get("/branches/east/members").status_code == 404
    assert "至11月20日止" in browser.text("/members/li")


def test_a_last_day_that_no_calendar_reaches_is_explained_at_its_field(browse: Browse) -> None:
    browser = browse("leader")
    role = {"role": "deputy", "branch": "east-1", "last_day": "9999-12-31"}
    assert "请检查年份" in browser.post("/members/li/roles/new", role).get_data(as_text=True)


def test_a_delegation_without_an_end_is_explained_at_its_field(browse: Browse) -> None:
    browser = browse("leader")
    answer = browser.post("/members/li/roles/new", {"role": "deputy", "branch": "east-1", "last_day": ""})
    assert "必须写明截止日期" in answer.get_data(as_text=True)


def test_a_leader_is_told_to_open_the_page_of_whoever_is_to_act(browse: Browse) -> None:
    browser = browse("leader")
    assert "请打开那个人的页面" in browser.text("/members/leader")
    assert "/members/li/roles/new" in browser.text("/members/li")
    body = {"role": "deputy", "branch": "east-1", "last_day": "2026-11-20"}
    answer = browser.post("/members/leader/roles/new", body)
    assert "您已经有这些权限" in answer.get_data(as_text=True)


def test_a_leader_cannot_smuggle_in_a_higher_role_or_another_branch(
    browse: Browse, database: Database
) -> None:
    browser = browse("leader")
    for role, branch in (("admin", ""), ("leader", "east-1"), ("deputy", "west-1")):
        body = {"role": role, "branch": branch, "last_day": "2026-11-20"}
        browser.post("/members/li/roles/new", body)
    with database.read() as session:
        assert len(session.execute(select(Grant)).all()) == 3


def test_a_role_is_ended_after_being_asked_and_at_once(browse: Browse, database: Database) -> None:
    with database.read() as session:
        number = session.execute(select(Grant.id).where(Grant.role == "leader")).scalar_one()
    theirs, browser = browse("leader"), browse("admin")
    assert "结束这个角色" in browser.text(f"/grants/{number}/end")
    browser.post(f"/grants/{number}/end", {"confirmed": "1"})
    assert theirs.get("/branches/east-1/members").status_code == 403


def test_ending_a_leaders_role_says_which_delegations_end_with_it(browse: Browse, database: Database) -> None:
    body = {"role": "deputy", "branch": "east-1", "last_day": "2026-11-20"}
    browse("leader").post("/members/li/roles/new", body)
    with database.read() as session:
        number = session.execute(select(Grant.id).where(Grant.role == "leader")).scalar_one()
    page = browse("admin").text(f"/grants/{number}/end")
    assert "由此委托出去的角色将一并结束" in page
    assert "li 同志" in page


def test_transfer_status_and_details_by_an_admin(browse: Browse, database: Database) -> None:
    browser = browse("admin")
    browser.post("/members/li/transfer", {"branch": "west-1"})
    browser.post("/members/li/edit", {"name": "李秀蘭", "phone": "138 0013 8000", "clearance": "restricted"})
    browser.post("/members/wang/status", {"status": "left"})
    page = browser.text("/members/li")
    assert "西区第一党支部" in page
    assert "13800138000" in page
    with database.read() as session:
        wang = session.execute(select(Member).where(Member.member_no == "wang")).scalar_one()
        assert wang.status.value == "left"


def test_an_admin_of_some_branches_gives_no_clearance_above_their_own(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        leader = session.execute(select(Member).where(Member.member_no == "leader")).scalar_one()
        east = session.execute(select(Branch).where(Branch.code == "east")).scalar_one()
        make.grant(session, leader, Role.ADMIN, now, over=east)
    browser = browse("leader")
    assert 'value="restricted"' not in browser.text("/members/leader/edit")
    for path, more in (
        ("/members/leader/edit", {}),
        ("/admin/members/new", {"member_no": "10001", "branch": "east-1"}),
    ):
        browser.post(path, {"name": "李", "phone": "", "clearance": "restricted", **more})
    with database.read() as session:
        assert "restricted" not in session.execute(select(Member.clearance)).scalars().all()


def test_a_phone_number_of_somebody_else_is_told_at_its_field(browse: Browse) -> None:
    browser = browse("admin")
    browser.post("/members/li/edit", {"name": "李", "phone": "13800138000", "clearance": "internal"})
    answer = browser.post(
        "/members/wang/edit", {"name": "王", "phone": "13800138000", "clearance": "internal"}
    )
    assert "已有其他人使用这个电话号码" in answer.get_data(as_text=True)


def test_an_admin_adds_a_member_and_an_id_number_is_refused(browse: Browse) -> None:
    browser = browse("admin")
    body = {"member_no": "11010519491231002X", "name": "新人", "branch": "east-1", "clearance": "internal"}
    assert "不得用身份证号" in browser.post("/admin/members/new", body).get_data(as_text=True)
    answer = browser.post("/admin/members/new", {**body, "member_no": "10001"})
    assert answer.headers["Location"] == "/members/10001"


def test_a_large_tree_is_opened_a_level_at_a_time_and_searched_whole(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN_WHOLE", 2)
    browser = browse("admin")
    for place in ("/admin/branches", "/branches"):
        page = browser.text(place)
        assert "东区党总支" in page
        assert "东区第一党支部" not in page
        assert f'href="{place}?below=east"' in page
        assert "东区第一党支部" in browser.text(f"{place}?below=east")
        assert "东区第一党支部" in browser.text(f"{place}?q=东区第一")


def test_an_auditor_reads_the_trail_and_finds_what_is_searched_for(browse: Browse) -> None:
    browse("leader").text("/members/li")
    browser = browse("auditor")
    assert "查看党员记录" in browser.text("/admin/audit?q=member:li")
    assert "没有找到记录" in browser.text("/admin/audit?q=nothing-like-this")
    assert "查看党员记录" in browser.text("/admin/audit?act=member_viewed&first_day=2026-11-01")
    assert browser.get("/admin/members").status_code == 403
    assert browser.get("/members/li/password").status_code == 403


def test_an_auditor_of_a_district_reads_what_its_members_did(browse: Browse, database: Database) -> None:
    with database.write() as session:
        li = session.execute(select(Member).where(Member.member_no == "li")).scalar_one()
        east = session.execute(select(Branch).where(Branch.code == "east")).scalar_one()
        make.grant(session, li, Role.AUDITOR, li.created_at, over=east)
    browse("wang")
    page = browse("li").text("/admin/audit?act=signed_in")
    assert 'who=li"' in page
    assert "wang" not in page


def test_a_day_that_no_calendar_reaches_filters_nothing(browse: Browse) -> None:
    browser = browse("auditor")
    for day in ("9999-12-31", "0001-01-01"):
        assert "没有找到记录" not in browser.text(f"/admin/audit?first_day={day}&last_day={day}")


def test_entries_that_nobody_seals_are_an_alarm_on_the_page(browse: Browse, clock: SettableClock) -> None:
    browser = browse("auditor")
    assert 'role="alert"' not in browser.text("/admin/audit")
    clock.advance(seconds=61)
    assert "超过一分钟仍未封存" in browser.text("/admin/audit")


def test_an_auditor_starts_a_check_of_the_whole_trail(browse: Browse) -> None:
    browser = browse("auditor")
    answer = browser.post("/admin/audit/verify")
    assert answer.headers["Location"].startswith("/tasks/")
    assert "校验审计记录" in browser.text(answer.headers["Location"])


def test_lists_are_searched_sorted_and_paged(browse: Browse) -> None:
    browser = browse("admin")
    page = browser.text("/admin/members?q=li+同志&sort=-name")
    assert "li 同志" in page
    assert "wang 同志" not in page
    assert "没有找到党员" in browser.text("/admin/members?q=zzz")
    assert browser.get("/admin/members?page=zzz&sort=nonsense&size=-4").status_code == 200


def test_a_list_takes_the_same_few_statements_however_long(
    browse: Browse, database: Database, count_statements: Callable[[], Any]
) -> None:
    browser = browse("admin")
    with count_statements() as short:
        browser.text("/branches/city/members")
    with database.write() as session:
        home = session.execute(select(Branch).where(Branch.code == "east-1")).scalar_one()
        for number in range(30):
            make.member(session, f"x{number}", home, home.created_at)
    with count_statements() as long:
        browser.text("/branches/city/members")
    assert len(short) == len(long) <= 8
