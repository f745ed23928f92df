"""How a branch is chosen in a form: from a list, and in a large tree by typing a part of its name."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import select

from studyhub.db.database import Database
from studyhub.organization.models import Branch, Member
from tests.factories import organization as make
from tests.web.organization.conftest import Browse

TRANSFER = "/members/li/transfer"


@pytest.fixture
def many(database: Database, now: datetime, organisation: None) -> None:
    """300 more branches under east; two of them share a name."""
    with database.write() as session:
        east = session.scalars(select(Branch).where(Branch.code == "east")).one()
        for n in range(300):
            name = "同名支部" if n < 2 else f"新{n}支部"
            make.branch(session, f"new-{n}", now, parent=east, name=name)


def home_of_li(database: Database) -> str:
    with database.read() as session:
        li = session.scalars(select(Member).where(Member.member_no == "li")).one()
        return session.get_one(Branch, li.branch_id).code


def test_a_small_tree_is_a_list(browse: Browse) -> None:
    page = browse("admin").text(TRANSFER)
    assert "<select" in page
    assert "<datalist" not in page


def test_a_large_tree_is_searched_and_each_suggestion_says_what_is_above(browse: Browse, many: None) -> None:
    page = browse("admin").text(TRANSFER)
    assert "<select" not in page
    assert re.search(r'<input[^>]* list="branch-list"', page)
    assert '<option value="新7支部 (new-7)" label="东区党总支">' in page


@pytest.mark.parametrize("said", ["new-7", "新7支部", "新7支部 (new-7)", " new-7 "])
def test_code_name_or_suggestion_means_the_branch(
    browse: Browse, many: None, database: Database, said: str
) -> None:
    browser = browse("admin")
    browser.text(TRANSFER)
    assert browser.post(TRANSFER, {"branch": said, "confirmed": "1"}).status_code == 302
    assert home_of_li(database) == "new-7"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("同名支部", "有几个党组织叫这个名称"),
        ("新支部", "没有这个党组织可选"),
        ("", "请选择一个组织"),
    ],
)
def test_what_means_no_branch_or_several_is_said_at_the_field(
    browse: Browse, many: None, database: Database, said: str, answer: str
) -> None:
    browser = browse("admin")
    browser.text(TRANSFER)
    page = browser.post(TRANSFER, {"branch": said, "confirmed": "1"}).get_data(as_text=True)
    assert answer in page
    assert f'value="{said}"' in page
    assert home_of_li(database) == "east-1"


def test_nothing_typed_in_is_not_the_whole_organisation(browse: Browse, many: None) -> None:
    browser = browse("admin")
    assert '<option value="整个组织" label=""' in browser.text("/members/li/roles/new")
    page = browser.post("/members/li/roles/new", {"role": "auditor", "branch": "", "last_day": ""})
    assert "请选择一个组织" in page.get_data(as_text=True)
    page = browser.post("/members/li/roles/new", {"role": "auditor", "branch": "整个组织", "last_day": ""})
    assert page.status_code == 302


def test_a_list_asks_to_choose_and_takes_nobody_to_the_first_branch_unseen(
    browse: Browse, database: Database
) -> None:
    browser = browse("admin")
    for address in ("/members/li/transfer", "/admin/members/new"):
        page = browser.text(address)
        assert re.search(
            r'<select[^>]* name="branch"[^>]* required[^>]*><option value="">请选择</option>', page
        )
    page = browser.post(TRANSFER, {"branch": "", "confirmed": "1"}).get_data(as_text=True)
    assert "请选择一个组织" in page
    assert home_of_li(database) == "east-1"


def test_what_nothing_can_be_merged_into_is_said_instead_of_an_empty_list(browse: Browse) -> None:
    page = browse("admin").text("/admin/branches/city/merge")
    assert "没有其他组织可以并入" in page
    assert "<select" not in page
