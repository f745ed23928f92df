"""The audit trail is read as sentences: who did what, to whom, in words and names."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import delete

from studyhub.db.database import Database
from studyhub.organization.actor import SYSTEM
from studyhub.organization.audit import Act, record
from studyhub.organization.models import AuditEntry
from studyhub.organization.trail.wording import ACTS, act_name
from tests.conftest import Statements
from tests.web.organization.conftest import Browse, Browser

CountStatements = Callable[[], AbstractContextManager[Statements]]
PLACE = "/admin/audit"


def entries(browser: Browser, query: str = "") -> list[str]:
    """The text of each entry on the page."""
    found = re.findall(r"<li>(.*?)</li>", browser.text(f"{PLACE}{query}").partition('class="trail"')[2], re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_an_entry_is_a_sentence_with_names_for_numbers_and_codes(browse: Browse) -> None:
    admin = browse("admin")
    admin.text("/members/li")
    admin.post("/members/li/transfer", {"branch": "west-1"})
    newest, *_ = entries(browse("auditor"), "?act=member_transferred")
    assert "admin 同志 admin 转移党员 党员 li 同志 li" in newest
    assert "之前：东区第一党支部（east-1） · 之后：西区第一党支部（west-1）" in newest


def test_what_nobody_in_particular_did_was_the_system_or_somebody_not_signed_in(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        record(session, SYSTEM, Act.BACKUP_MADE, "backup", now=now)
    browse().post("/sign-in", {"member_no": "li", "password": "wrong"})
    auditor = browse("auditor")
    assert "系统 制作备份 备份" in entries(auditor, "?act=backup_made")[0]
    assert "未登录者 登录失败 党员 li 同志 li" in entries(auditor, "?act=sign_in_failed")[0]


def test_a_code_that_was_refused_says_so_and_names_no_member(browse: Browse) -> None:
    browse().post("/welcome", {"code": "1" * 20})
    browse().post("/sign-in", {"member_no": "nobody", "password": "wrong"})
    auditor = browse("auditor")
    by_number, by_code = entries(auditor, "?act=sign_in_failed")
    for entry, what in ((by_code, "凭条上的登录码"), (by_number, "密码")):
        assert "未登录者 登录失败 没有找到对应的党员" in entry
        assert f"被拒绝的是：{what}" in entry
        assert "?" not in entry


def test_entries_are_found_by_who_did_it_and_to_whom_it_was_done(browse: Browse) -> None:
    browse("leader").text("/members/li")
    auditor = browse("auditor")
    by_leader = entries(auditor, "?who=leader")
    assert by_leader
    assert all("leader 同志" in one for one in by_leader)
    assert [one for one in by_leader if "查看党员记录" in one]
    assert entries(auditor, "?who=li&act=member_viewed") == []
    assert len(entries(auditor, "?q=li+同志&act=member_viewed")) == 1
    assert "西区第一党支部" not in str(entries(auditor, "?q=东区第一党支部"))


def test_a_day_that_makes_no_sense_says_so_and_the_other_fields_still_count(browse: Browse) -> None:
    auditor = browse("auditor")
    page = auditor.text(f"{PLACE}?first_day=0001-01-01&who=nobody")
    assert "请检查年份" in page
    assert "没有找到记录" in page
    assert "显示全部" in page


def test_an_empty_trail_says_what_will_stand_there(browse: Browse, database: Database) -> None:
    auditor = browse("auditor")
    with database.write() as session:
        session.execute(delete(AuditEntry))
    page = auditor.text(PLACE)
    assert "还没有记录" in page
    assert "显示全部" not in page


def test_a_page_of_the_trail_takes_as_many_statements_for_many_entries_as_for_one(
    browse: Browse,
    database: Database,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    auditor = browse("auditor")
    auditor.text(PLACE)
    with database.write() as session:
        for number in range(40):
            detail = {"branch": "east-1", "member_id": number}
            record(session, SYSTEM, Act.GRANT_GIVEN, f"member:m{number}", detail, now=now)
    with count_statements() as counted:
        assert len(entries(auditor)) > 40
    assert len(counted) <= 12


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_act_is_named_in_one_way(app: Flask, locale: str) -> None:
    with app.test_request_context(headers={"Accept-Language": locale}):
        names = {act: act_name(act) for act in Act}
    assert set(ACTS) == set(Act)
    assert len(set(names.values())) == len(names)
    for act, name in names.items():
        if locale == "zh":
            assert not name.isascii(), act
            assert "了" not in name, act
        else:
            assert re.fullmatch(r"[a-z][a-z' ]+", name), act


def test_whoever_was_given_a_slip_is_counted_and_their_numbers_are_folded(
    browse: Browse, database: Database, now: datetime
) -> None:
    with database.write() as session:
        detail = {"members": ["m7", "m8", "m9"]}
        record(session, SYSTEM, Act.SLIPS_MADE, "branch:east-1", detail, now=now)
    page = browse("auditor").text(f"{PLACE}?act=slips_made")
    assert "人数：3 人" in page
    assert "东区第一党支部" in page
    folded = page.partition('<details class="audit-detail">')[2].partition("</details>")[0]
    assert "m7、m8、m9" in folded
    assert page.count("m7") == 1


def test_a_look_at_a_record_says_what_was_looked_at_and_calls_it_no_change(browse: Browse) -> None:
    browse("leader").text("/members/li/progress")
    page = browse("auditor").text("/admin/audit?act=member.viewed")
    assert "查看内容：进度" in page
    assert "变化：进度" not in page
