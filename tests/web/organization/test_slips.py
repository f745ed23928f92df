"""Slips for the first sign-in and for a new password: who makes them, how they look, who still holds one."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import unquote

from sqlalchemy import select, update

from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM
from studyhub.organization.models import Branch, Member
from studyhub.organization.roles import Role
from studyhub.organization.sign_in import operations
from tests.conftest import SettableClock
from tests.factories import organization as make
from tests.web.organization.conftest import Browse


def test_a_leader_resets_a_password_after_being_asked_and_sees_the_slip_once(browse: Browse) -> None:
    theirs, browser = browse("li"), browse("leader")
    assert "重置密码</button>" in " ".join(browser.text("/members/li/password").split())
    answer = browser.post("/members/li/password")
    page = answer.get_data(as_text=True)
    assert re.search(r"\d{4}( \d{4}){4}", page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert theirs.get("/account").status_code == 302
    assert "重设密码凭条" in page
    assert "首次登录" not in page
    assert re.search(r"打开 http://\S+ 点“我有登录凭条”", page)


def test_the_slip_of_somebody_without_a_password_is_for_the_first_sign_in(
    browse: Browse, database: Database
) -> None:
    with database.write() as session:
        session.execute(update(Member).where(Member.member_no == "li").values(password_hash=None))
    page = browse("leader").post("/members/li/password").get_data(as_text=True)
    assert "首次登录凭条" in page
    assert "重设密码" not in page


def test_slips_of_a_branch_come_as_a_pdf(browse: Browse, database: Database) -> None:
    with database.write() as session:
        session.execute(select(Member).where(Member.member_no == "li")).scalar_one().password_hash = None
        session.flush()
    browser = browse("leader")
    page = browser.text("/branches/east/slips")
    assert "有 1 人还没有设置密码" in page
    assert "每次生成 PDF，以前制作而没有使用的凭条随即失效" in page
    answer = browser.post("/branches/east/slips")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.data.startswith(b"%PDF-")
    plain, for_people = answer.headers["Content-Disposition"].split("; ")[1:]
    assert (plain, unquote(for_people)) == (
        "filename=slips-east.pdf",
        "filename*=UTF-8''登录凭条-东区党总支.pdf",
    )


def test_printing_slips_says_who_holds_one_that_still_works_and_who_is_left_out(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        east_1 = session.execute(select(Branch).where(Branch.code == "east-1")).scalar_one()
        li = session.execute(select(Member).where(Member.member_no == "li")).scalar_one()
        chief = make.member(session, "chief", east_1, now)
        li.password_hash = chief.password_hash = None
        make.grant(session, chief, Role.ADMIN, now)
        old = operations.make_code(session, SYSTEM, li.id, now)
    browser = browse("leader")
    page = browser.text("/branches/east/slips")
    assert "有 1 人还没有设置密码" in page
    assert "其中 1 人手里的凭条仍然有效。他们也会得到新凭条，原来的随即失效" in page
    assert "另有 1 人没有密码，但权限高于您" in page
    assert "<li>李秀兰（chief）</li>" in page
    browser.post("/branches/east/slips")
    refused = browse().get(f"/welcome?code={old}").get_data(as_text=True)
    assert "已被新凭条取代" in refused
    with database.write() as session:
        session.execute(update(Member).where(Member.member_no == "li").values(password_hash="x"))
    page = browser.text("/branches/east/slips")
    assert "这里没有您可以为其制作凭条的人" in page
    assert "<li>李秀兰（chief）</li>" in page


def test_lists_tell_who_has_no_slip_who_has_not_used_it_and_who_is_in(
    browse: Browse, database: Database, clock: SettableClock
) -> None:
    with database.write() as session:
        session.execute(update(Member).where(Member.member_no == "li").values(password_hash=None))
    browser, admin = browse("leader"), browse("admin")

    def listed(entry: str) -> list[str]:
        lists = [
            one.text(f"{place}?entry={entry}")
            for one, place in ((browser, "/branches/east/members"), (admin, "/admin/members"))
        ]
        return [
            number
            for number in ("li", "leader")
            if all(re.search(f"<td[^>]*>{number}</td>", page) for page in lists)
        ]

    assert (listed("no_slip"), listed("slip"), listed("password")) == (["li"], [], ["leader"])
    assert "还没有凭条" in browser.text("/branches/east/members")
    browser.post("/branches/east/slips")
    assert (listed("no_slip"), listed("slip")) == ([], ["li"])
    assert "11月2日</time>的凭条，尚未使用" in browser.text("/branches/east/members")
    assert "11月2日</time>的凭条，仍然有效" in browser.text("/members/li")
    clock.advance(days=30)
    admin, browser = browse("admin"), browse("leader")
    assert (listed("no_slip"), listed("slip")) == (["li"], [])
    assert listed("nonsense") == ["li", "leader"]


def test_no_slip_is_offered_for_whom_it_would_be_refused_and_a_role_ends_an_older_one(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        east = session.execute(select(Branch).where(Branch.code == "east")).scalar_one()
        wang = session.execute(select(Member).where(Member.member_no == "wang")).scalar_one()
        make.grant(session, wang, Role.DEPUTY, now, over=east)
    deputy, admin = browse("wang"), browse("admin")
    assert "重置密码" not in deputy.text("/members/leader")
    assert deputy.get("/members/leader/password").status_code == 403
    assert "重置密码" in deputy.text("/members/li")
    deputy.post("/members/li/password")
    given = {"role": "leader", "branch": "east-1", "last_day": ""}
    admin.get("/members/li/roles/new")
    assert admin.post("/members/li/roles/new", given).status_code == 302
    assert "以前制作的凭条已失效" in admin.text("/members/li")


def test_nobody_is_offered_to_end_their_own_office_or_to_leave(browse: Browse) -> None:
    admin = browse("admin")
    assert "/end" not in admin.text("/members/admin")
    assert 'value="left"' not in admin.text("/members/admin/status")
    assert 'value="left"' in admin.text("/members/li/status")


def test_a_label_begins_with_a_capital_in_english(browse: Browse) -> None:
    page = browse("admin").client.get("/admin/members/new", headers={"Accept-Language": "en"})
    assert ">Home branch<" in page.get_data(as_text=True)
