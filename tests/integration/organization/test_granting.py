"""Roles reach as far as whoever gives them, and no further."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.organization import sessions
from studyhub.organization.audit import Act
from studyhub.organization.branches import operations as branches
from studyhub.organization.imports.kinds import MEMBERS
from studyhub.organization.members import granting, operations, queries, slips
from studyhub.organization.members.ending import end_grants
from studyhub.organization.members.granting import NewGrant
from studyhub.organization.models import AuditEntry, Grant
from studyhub.organization.roles import Role
from studyhub.organization.sign_in import operations as doors
from studyhub.organization.sign_in import queries as sign_in
from studyhub.organization.states import Level, MemberStatus
from tests.factories import organization as make
from tests.integration.organization.conftest import Town

WEEK = timedelta(days=7)
SOON = timedelta(seconds=40)


def test_a_leader_makes_a_deputy_until_a_day_and_it_ends_by_itself(
    session: Session, town: Town, now: datetime
) -> None:
    granting.give(session, town.as_leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + WEEK), now)
    token, _ = sessions.open_session(session, town.li.id, now)
    deputy = sessions.identify(session, token, now + timedelta(days=6))
    assert deputy is not None
    assert deputy.covers(Permission.VIEW_MEMBERS, town.east_1.path)
    afterwards = sessions.identify(session, token, now + WEEK)
    assert afterwards is not None
    assert not afterwards.may(Permission.VIEW_MEMBERS)


def test_a_delegation_has_an_end_within_a_year(session: Session, town: Town, now: datetime) -> None:
    for until, code in (
        (None, "delegation_needs_end"),
        (now + timedelta(days=400), "delegation_too_long"),
        (now - WEEK, "ends_in_the_past"),
    ):
        with pytest.raises(Unprocessable, match=code):
            granting.give(session, town.as_leader, NewGrant(town.li, Role.DEPUTY, town.east_1, until), now)


def test_a_leader_gives_no_role_elsewhere_and_none_above_a_deputy(
    session: Session, town: Town, now: datetime
) -> None:
    for role, over in ((Role.DEPUTY, town.west_1), (Role.LEADER, town.east_1), (Role.ADMIN, None)):
        with pytest.raises(Forbidden, match="may_not_grant"):
            granting.give(session, town.as_leader, NewGrant(town.li, role, over, now + WEEK), now)


def test_a_deputy_cannot_delegate_further(session: Session, town: Town, now: datetime) -> None:
    deputy = make.actor(town.li, town.east_1, (Role.DEPUTY, town.east_1))
    with pytest.raises(Forbidden):
        granting.give(session, deputy, NewGrant(town.wang, Role.DEPUTY, town.east_1, now + WEEK), now)


def test_the_same_role_is_not_given_twice(session: Session, town: Town, now: datetime) -> None:
    granting.give(session, town.as_admin, NewGrant(town.li, Role.LEADER, town.east_1, None), now)
    with pytest.raises(Conflict, match="already_granted"):
        granting.give(session, town.as_admin, NewGrant(town.li, Role.LEADER, town.east_1, now + WEEK), now)


def test_a_grant_is_ended_only_by_who_could_have_given_it(
    session: Session, town: Town, now: datetime
) -> None:
    elsewhere = make.grant(session, town.wang, Role.DEPUTY, now, over=town.west_1, until=now + WEEK)
    lasting = make.grant(session, town.li, Role.LEADER, now, over=town.east_1)
    for grant in (elsewhere, lasting):
        with pytest.raises(NotFound):
            granting.end(session, town.as_leader, grant.id, now)
    granting.end(session, town.as_admin, lasting.id, now)
    assert queries.grants(session, town.li.id, now) == []


def test_an_admin_cannot_end_the_own_administration(session: Session, town: Town, now: datetime) -> None:
    (own,) = queries.grants(session, town.admin.id, now)
    with pytest.raises(Conflict, match="not_oneself"):
        granting.end(session, town.as_admin, own.id, now)


def test_nobody_resets_the_password_of_somebody_with_more_rights(
    session: Session, town: Town, now: datetime
) -> None:
    make.grant(session, town.li, Role.ADMIN, now)
    with pytest.raises(Forbidden, match="outranked"):
        slips.make_for_reset(session, town.as_leader, town.li, now)
    deputy = make.actor(town.wang, town.west_1, (Role.DEPUTY, town.east))
    with pytest.raises(Forbidden, match="outranked"):
        slips.make_for_reset(session, deputy, town.leader, now)


def test_nobody_sees_off_somebody_with_more_rights(session: Session, town: Town, now: datetime) -> None:
    admin_of_east = make.actor(town.leader, town.east_1, (Role.ADMIN, town.east))
    make.grant(session, town.leader, Role.ADMIN, now, over=town.east)
    make.grant(session, town.li, Role.AUDITOR, now)
    with pytest.raises(Forbidden, match="outranked"):
        operations.change_status(session, admin_of_east, town.li, MemberStatus.LEFT, now)
    operations.change_status(session, town.as_admin, town.li, MemberStatus.LEFT, now)
    assert town.li.status is MemberStatus.LEFT


def test_a_clearance_reaches_as_far_as_that_of_whoever_gives_it(town: Town) -> None:
    admin_of_east = make.actor(town.li, town.east_1, (Role.ADMIN, town.east))
    assert admin_of_east.clearances == (Level.PUBLIC, Level.INTERNAL)
    assert replace(admin_of_east, clearance="restricted").clearances == tuple(Level)
    assert replace(admin_of_east, clearance="public").clearances == (Level.PUBLIC, Level.INTERNAL)
    assert town.as_admin.clearances == tuple(Level)


def test_a_reset_signs_out_everywhere_and_the_old_password_is_gone(
    session: Session, town: Town, now: datetime
) -> None:
    token, _ = sessions.open_session(session, town.li.id, now)
    slip = slips.make_for_reset(session, town.as_leader, town.li, now)
    assert sessions.identify(session, token, now) is None
    found = sign_in.valid_code(session, slip.code, now)
    assert found is not None
    assert found.member_no == "li"
    account = sign_in.account(session, "li")
    assert account is not None
    assert account.password_hash is None


def test_a_newer_slip_makes_the_older_one_worthless(session: Session, town: Town, now: datetime) -> None:
    first = slips.make_for_reset(session, town.as_leader, town.li, now)
    second = slips.make_for_reset(session, town.as_leader, town.li, now)
    assert sign_in.valid_code(session, first.code, now) is None
    assert sign_in.valid_code(session, second.code, now) is not None


def test_a_slip_opens_no_account_that_may_do_more_than_who_made_it(
    session: Session, town: Town, now: datetime
) -> None:
    """It was made before the account had the role."""
    by_leader = slips.make_for_reset(session, town.as_leader, town.li, now)
    by_admin = slips.make_for_reset(session, town.as_admin, town.wang, now)
    granting.give(session, town.as_leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + WEEK), now)
    assert sign_in.valid_code(session, by_leader.code, now) is not None
    for member in (town.li, town.wang):
        granting.give(session, town.as_admin, NewGrant(member, Role.ADMIN, None), now)
    assert sign_in.valid_code(session, by_leader.code, now) is None
    assert sign_in.valid_code(session, by_admin.code, now) is not None


def test_nor_does_what_such_a_slip_has_opened(session: Session, town: Town, now: datetime) -> None:
    """Whoever spent it before the account had the role has set no password yet."""
    entered = {}
    for member, maker in ((town.li, town.as_leader), (town.wang, town.as_admin)):
        slip = slips.make_for_reset(session, maker, member, now)
        code = sign_in.valid_code(session, slip.code, now)
        assert code is not None
        assert doors.spend_code(session, code, now)
        entered[member.id], _ = sessions.open_session(session, member.id, now, must_set_password=True)
    granting.give(session, town.as_leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + WEEK), now)
    assert sessions.identify(session, entered[town.li.id], now) is not None
    own, _ = sessions.open_session(session, town.li.id, now)
    for member in (town.li, town.wang):
        granting.give(session, town.as_admin, NewGrant(member, Role.ADMIN, None), now)
    assert sessions.identify(session, entered[town.li.id], now) is None
    assert sessions.identify(session, entered[town.wang.id], now) is not None
    assert sessions.identify(session, own, now) is not None


def test_a_slip_of_long_ago_ends_nothing_that_a_later_one_opened(
    session: Session, town: Town, now: datetime
) -> None:
    for maker, day in ((town.as_leader, now), (town.as_admin, now + WEEK)):
        slip = slips.make_for_reset(session, maker, town.li, day)
        code = sign_in.valid_code(session, slip.code, day)
        assert code is not None
        assert doors.spend_code(session, code, day)
    entered, _ = sessions.open_session(session, town.li.id, now + WEEK, must_set_password=True)
    granting.give(session, town.as_admin, NewGrant(town.li, Role.ADMIN, None), now + WEEK)
    assert sessions.identify(session, entered, now + WEEK) is not None
    assert sign_in.has_slip(session, town.li.id, now + WEEK)


def test_a_code_works_for_thirty_days(session: Session, town: Town, now: datetime) -> None:
    slip = slips.make_for_reset(session, town.as_leader, town.li, now)
    assert sign_in.valid_code(session, slip.code, now + timedelta(days=29, hours=23)) is not None
    assert sign_in.valid_code(session, slip.code, now + timedelta(days=30)) is None


def test_slips_are_for_those_without_a_password_and_not_for_those_above(
    session: Session, town: Town, now: datetime
) -> None:
    for member in (town.li, town.admin, town.wang):
        member.password_hash = None
    town.admin.branch_id = town.east_1.id
    session.flush()
    made = slips.make_for_branch(session, town.as_leader, town.east, now)
    assert [slip.member_no for slip in made] == ["li"]


def test_a_member_outside_the_scope_does_not_exist(session: Session, town: Town) -> None:
    assert queries.member(session, town.as_leader, Permission.VIEW_MEMBERS, "li").id == town.li.id
    with pytest.raises(NotFound):
        queries.member(session, town.as_leader, Permission.VIEW_MEMBERS, "wang")


@pytest.fixture
def deputy(session: Session, town: Town, now: datetime) -> Grant:
    """Li acts for the leader of east in east-1."""
    return granting.give(
        session, town.as_leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + WEEK), now
    )


def leading(session: Session, town: Town, now: datetime) -> int:
    (own,) = queries.grants(session, town.leader.id, now)
    return own.id


LEADER_OF_EAST = ("member:leader", {"role": "leader", "branch": "east"})
LIS_DELEGATION = ("member:li", {"role": "deputy", "branch": "east-1", "delegated_by": "leader"})


def ended(session: Session) -> list[tuple[str, dict[str, str]]]:
    """Whose roles the trail says were ended, and which."""
    found = select(AuditEntry).where(AuditEntry.act == Act.GRANT_ENDED).order_by(AuditEntry.id)
    return [(entry.subject, entry.detail) for entry in session.scalars(found)]


def test_nobody_acts_for_a_leader_whose_role_was_ended_and_the_trail_says_why(
    session: Session, town: Town, deputy: Grant, now: datetime
) -> None:
    granting.end(session, town.as_admin, leading(session, town, now), now)
    assert queries.grants(session, town.li.id, now) == []
    assert ended(session) == [LEADER_OF_EAST, LIS_DELEGATION]


def test_nobody_acts_for_a_leader_who_left(
    session: Session, town: Town, deputy: Grant, now: datetime
) -> None:
    operations.change_status(session, town.as_admin, town.leader, MemberStatus.LEFT, now)
    assert queries.grants(session, town.li.id, now) == []
    assert ended(session) == [LEADER_OF_EAST, LIS_DELEGATION]


def test_a_leader_who_left_by_a_file_takes_the_delegations_along_and_the_trail_names_each(
    session: Session, town: Town, deputy: Grant, now: datetime
) -> None:
    rows = MEMBERS.read(b"member_no,name,branch,status\nleader,,,left\n")
    MEMBERS.apply(session, town.as_admin, MEMBERS.plan(session, town.as_admin, rows), now)
    assert queries.grants(session, town.li.id, now) == []
    assert ended(session) == [LEADER_OF_EAST, LIS_DELEGATION]


def test_roles_over_a_branch_that_is_closed_end_and_the_trail_names_each(
    session: Session, town: Town, now: datetime
) -> None:
    empty = make.branch(session, "empty", now, parent=town.west)
    make.grant(session, town.wang, Role.LEADER, now, over=empty)
    as_wang = make.actor(town.wang, town.west_1, (Role.LEADER, empty))
    granting.give(session, as_wang, NewGrant(town.li, Role.DEPUTY, empty, now + WEEK), now)
    branches.close(session, town.as_admin, empty, now)
    assert queries.grants(session, town.wang.id, now) == queries.grants(session, town.li.id, now) == []
    assert sorted(ended(session), key=str) == [
        ("member:li", {"role": "deputy", "branch": "empty", "delegated_by": "wang"}),
        ("member:wang", {"role": "leader", "branch": "empty"}),
    ]


def test_a_role_that_was_over_is_not_ended_once_more(session: Session, town: Town, now: datetime) -> None:
    make.grant(session, town.wang, Role.DEPUTY, now, over=town.west_1, until=now + WEEK)
    operations.change_status(session, town.as_admin, town.wang, MemberStatus.LEFT, now + 2 * WEEK)
    assert ended(session) == []


def test_the_same_role_given_by_an_admin_stays_when_the_leader_goes(
    session: Session, town: Town, now: datetime
) -> None:
    granting.give(session, town.as_admin, NewGrant(town.li, Role.DEPUTY, town.east_1, now + WEEK), now)
    granting.end(session, town.as_admin, leading(session, town, now), now)
    assert len(queries.grants(session, town.li.id, now)) == 1


def test_a_delegation_does_not_outlast_the_role_that_it_rests_on(
    session: Session, town: Town, now: datetime
) -> None:
    session.get_one(Grant, leading(session, town, now)).until = now + WEEK
    session.flush()
    leader = replace(town.as_leader, roles=granting.held_by(session, town.leader.id, now))
    with pytest.raises(Unprocessable, match="delegation_outlasts"):
        granting.give(session, leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + 2 * WEEK), now)
    granting.give(session, leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + WEEK), now)


def test_a_role_counts_until_its_end_also_in_its_last_minute(
    session: Session, town: Town, now: datetime
) -> None:
    session.get_one(Grant, leading(session, town, now)).until = now + SOON
    session.flush()
    leader = replace(town.as_leader, roles=granting.held_by(session, town.leader.id, now))
    granting.give(session, leader, NewGrant(town.li, Role.DEPUTY, town.east_1, now + SOON), now)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=40)])
def test_an_admin_is_not_kept_from_anything_by_another_role_of_theirs_that_runs_out(
    session: Session, town: Town, now: datetime, later: timedelta
) -> None:
    make.grant(session, town.admin, Role.DEPUTY, now, over=town.east, until=now + SOON)
    admin = replace(town.as_admin, roles=granting.held_by(session, town.admin.id, now))
    granting.give(session, admin, NewGrant(town.li, Role.LEADER, town.east_1), now + later)


def test_who_lost_a_role_since_they_were_let_in_acts_by_none(
    session: Session, town: Town, now: datetime
) -> None:
    make.grant(session, town.li, Role.ADMIN, now, until=now + WEEK)
    li = replace(town.as_admin, member_id=town.li.id, roles=granting.held_by(session, town.li.id, now))
    ours = Grant.member_id == town.li.id
    end_grants(session, town.as_admin, ours, now + timedelta(seconds=2))
    with pytest.raises(Forbidden):
        granting.give(session, li, NewGrant(town.wang, Role.LEADER, town.east_1), now)
