"""A result that is not released is on no page, in no order and in no workbook of its member, a leader too."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from studyhub.organization.models import Member
from studyhub.organization.roles import Role
from tests.factories import organization as make
from tests.factories import scoring as sat

from .conftest import listed, sheets_of


def test_a_score_that_is_not_released_is_on_no_page_of_its_member(database, clock, open_page):
    with database.write() as session:
        sat.world(session, clock.now, review="closed")
    page = open_page("d0-h0-m0", "/me").text
    assert "90 / 100 分" not in page
    assert "公布" in page
    clock.advance(hours=2)
    assert "90 / 100 分 · 合格" in open_page("d0-h0-m0", "/me").text


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


def test_the_lists_of_a_branch_tell_a_leader_no_hidden_result_of_their_own(failed_leaders, open_page):
    failed_leaders("never")
    everyone = open_page("d0-h0-m1", "/branches/d0-h0?exam=done&show=all&q=d0-h0-m").text
    assert "50 / 100 分" not in everyone
    assert "90 / 100 分 · 合格" in everyone
    failed = "/branches/d0-h0?exam=done&show=failed"
    assert listed(open_page("d0-h0-m1", failed).text) == []
    assert listed(open_page("d0-h0-m0", failed).text) == ["d0-h0-m1"]
    assert "50 / 100 分 · 不合格" in open_page("d0-h0-m0", failed).text


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
