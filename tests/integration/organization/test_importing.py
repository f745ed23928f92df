"""An import takes effect whole or not at all, and leaves the past where it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.kernel.events import Event, MembersChanged
from studyhub.organization import sessions
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.imports import staging
from studyhub.organization.imports.kinds import BRANCHES, MEMBERS, Importer
from studyhub.organization.imports.staging import UploadedFile
from studyhub.organization.members import slips
from studyhub.organization.models import AuditEntry, Branch, Grant, Member, Membership
from studyhub.organization.roles import Role
from studyhub.organization.sign_in.queries import valid_code
from studyhub.organization.states import MemberStatus
from tests.factories import organization as make
from tests.integration.organization.conftest import Town

HEADER = "member_no,name,branch,phone,status,clearance,roles\n"


def do(session: Session, body: str, now: datetime, actor: Actor = SYSTEM, importer: Importer = MEMBERS):  # type: ignore[no-untyped-def]
    header = HEADER if importer is MEMBERS else "code,name,parent,kind\n"
    plan = importer.plan(session, actor, importer.read((header + body).encode()))
    assert plan.sound, plan.faults
    importer.apply(session, actor, plan, now)
    session.expire_all()
    return plan


@contextmanager
def heard(session: Session) -> Iterator[list[Event]]:
    """The events of a block."""
    events: list[Event] = []
    session.info["listeners"] = {MembersChanged: (lambda _, event: events.append(event),)}
    yield events


def stays(session: Session, member: Member) -> list[tuple[int, bool]]:
    rows = session.execute(
        select(Membership.branch_id, Membership.until)
        .where(Membership.member_id == member.id)
        .order_by(Membership.id)
    )
    return [(row.branch_id, row.until is None) for row in rows]


def test_new_members_join_with_a_dated_membership_their_roles_and_no_password(
    session: Session, town: Town, now: datetime
) -> None:
    with heard(session) as events:
        do(session, "10001,新人,east-1,13900139000,probationary,,leader", now)
    member = session.execute(select(Member).where(Member.member_no == "10001")).scalar_one()
    assert member.password_hash is None
    assert stays(session, member) == [(town.east_1.id, True)]
    grant = session.execute(select(Grant).where(Grant.member_id == member.id)).scalar_one()
    assert (grant.role.value, grant.branch_id, grant.until) == ("leader", town.east_1.id, None)
    assert events == [MembersChanged(now, (member.id,))]


def test_another_branch_is_a_transfer_dated_now(session: Session, town: Town, now: datetime) -> None:
    later = now + timedelta(days=3)
    with heard(session) as events:
        do(session, "li,,west-1,,,,", later)
    assert stays(session, town.li) == [(town.east_1.id, False), (town.west_1.id, True)]
    assert town.li.branch_id == town.west_1.id
    assert events == [MembersChanged(later, (town.li.id,))]


def test_who_leaves_is_signed_out_and_who_returns_begins_a_new_stay(
    session: Session, town: Town, now: datetime
) -> None:
    token, _ = sessions.open_session(session, town.leader.id, now)
    with heard(session) as events:
        do(session, "leader,,,,left,,", now)
        assert sessions.identify(session, token, now) is None
        assert (
            session.execute(select(Grant.until).where(Grant.member_id == town.leader.id)).scalar_one() == now
        )
        do(session, "leader,,,,active,,", now + timedelta(days=1))
    assert stays(session, town.leader) == [(town.east_1.id, False), (town.east_1.id, True)]
    assert len(events) == 2


def test_a_filled_roles_cell_ends_the_lasting_roles_and_not_a_delegation(
    session: Session, town: Town, now: datetime
) -> None:
    from_leader = make.grant(
        session, town.leader, Role.DEPUTY, now, over=town.west, until=now + timedelta(days=9)
    )
    do(session, "leader,,,,,,group_leader", now)
    ended = session.execute(
        select(Grant.role).where(Grant.member_id == town.leader.id, Grant.until == now)
    ).scalars()
    assert [role.value for role in ended] == ["leader"]
    assert session.get_one(Grant, from_leader.id).until == now + timedelta(days=9)


def test_a_role_from_a_file_ends_a_slip_of_somebody_with_fewer_rights(
    session: Session, town: Town, now: datetime
) -> None:
    slip = slips.make_for_reset(session, town.as_leader, town.li, now)
    do(session, "li,li,east-1,,active,internal,auditor\n", now)
    assert valid_code(session, slip.code, now) is None


def test_a_new_name_or_phone_concerns_no_other_room(session: Session, town: Town, now: datetime) -> None:
    with heard(session) as events:
        do(session, "li,李秀蘭,,13700137000,,,", now)
    assert events == []


def test_two_members_exchange_their_phone_numbers(session: Session, town: Town, now: datetime) -> None:
    town.wang.phone = "13900139000"
    session.flush()
    do(session, "li,,,13900139000,,,\nwang,,,13800138000,,,", now)
    assert (town.li.phone, town.wang.phone) == ("13900139000", "13800138000")


def test_the_same_file_again_changes_nothing(session: Session, town: Town, now: datetime) -> None:
    body = "10001,新人,east-1,13900139000,probationary,restricted,leader;deputy@west"
    do(session, body, now)
    again = do(session, body, now)
    assert again.unchanged == ("10001",)


def test_a_plan_with_a_fault_is_not_applied(session: Session, town: Town, now: datetime) -> None:
    plan = MEMBERS.plan(session, SYSTEM, MEMBERS.read((HEADER + "1,A,east-1,,,,\n2,B,nowhere,,,,").encode()))
    with pytest.raises(Unprocessable):
        MEMBERS.apply(session, SYSTEM, plan, now)
    assert session.execute(select(func.count()).select_from(Member)).scalar_one() == 4


def test_a_failure_in_the_middle_leaves_nothing_behind(database: Database, now: datetime) -> None:
    with database.write() as session:
        make.branch(session, "home", now)

    def listener(_session: Session, event: MembersChanged) -> None:
        raise ValueError("the last listener fails")

    database.listeners = {MembersChanged: (listener,)}
    with pytest.raises(ValueError, match="last listener"), database.write() as session:
        do(session, "1,A,home,,,,\n2,B,home,,,,", now)
    with database.read() as session:
        assert session.execute(select(func.count()).select_from(Member)).scalar_one() == 0
        assert session.execute(select(func.count()).select_from(AuditEntry)).scalar_one() == 0


def test_whoever_imports_cannot_shut_themselves_out(session: Session, town: Town, now: datetime) -> None:
    for body in ("admin,,,,left,,", "admin,,,,,,editor"):
        with pytest.raises(Conflict):
            do(session, body, now, town.as_admin)


def test_an_admin_of_a_district_imports_nothing_beyond_it(
    session: Session, town: Town, now: datetime
) -> None:
    admin_of_east = make.actor(town.li, town.east_1, (Role.ADMIN, town.east))
    for importer, data in (
        (MEMBERS, f"{HEADER}10001,新人,east-1,,,,admin"),
        (MEMBERS, f"{HEADER}wang,,east-1,,,,"),
        (MEMBERS, f"{HEADER}li,,,,,restricted,"),
        (BRANCHES, "code,name\nwest,别名"),
        (BRANCHES, "code,name\ntop,新的顶层"),
    ):
        plan = importer.plan(session, admin_of_east, importer.read(data.encode()))
        with pytest.raises(Unprocessable):
            importer.apply(session, admin_of_east, plan, now)
    do(session, "10001,新人,east-1,,,,leader@east", now, admin_of_east)
    do(session, "east-2,新支部,east,", now, admin_of_east, importer=BRANCHES)


def test_the_trail_says_what_changed_and_keeps_no_phone_number(
    session: Session, town: Town, now: datetime
) -> None:
    do(session, "li,李秀蘭,west-1,13700137000,,,", now)
    entries = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars().all()
    assert [entry.act for entry in entries] == ["member_changed", "member_transferred", "members_imported"]
    assert entries[0].detail == {"fields": ["name", "phone"]}
    assert "137" not in repr([entry.detail for entry in entries])


def test_an_import_takes_few_statements_however_long_the_file(
    database: Database, now: datetime, count_statements
) -> None:  # type: ignore[no-untyped-def]
    with database.write() as session:
        make.branch(session, "home", now)
    lengths = []
    for size in (10, 60):
        body = "\n".join(f"{size}-{n},N{n},home,,,," for n in range(size))
        with count_statements() as statements, database.write() as session:
            session.info["listeners"] = {}  # what other rooms do with the news is theirs to count
            do(session, body, now)
        lengths.append(len(statements))
    assert lengths[0] == lengths[1] <= 15


def test_branches_come_in_any_order_and_a_move_keeps_its_dates(
    session: Session, town: Town, now: datetime
) -> None:
    do(session, "n-1,新支部,n,\nn,新总支,city,党总支\nwest-1,,n,", now, importer=BRANCHES)
    found = {b.code: b for b in session.execute(select(Branch)).scalars()}
    assert found["n-1"].path.startswith(found["n"].path)
    assert found["west-1"].path.startswith(found["n"].path)


def test_an_upload_is_applied_once_and_only_by_who_staged_it(
    session: Session, town: Town, now: datetime
) -> None:
    number = staging.stage(session, town.as_admin, UploadedFile(MEMBERS.kind, "a.csv", b"content"), now)
    assert staging.staged(session, town.as_admin, MEMBERS.kind, number, now).content == b"content"
    with pytest.raises(NotFound):
        staging.staged(session, town.as_leader, MEMBERS.kind, number, now)
    staging.mark_applied(session, staging.begin(session, number, {}, ("",), now), now)
    with pytest.raises(Conflict):
        staging.begin(session, number, {}, ("",), now)


def test_a_plan_is_recognised_by_what_it_would_do(session: Session, town: Town) -> None:
    def digest(body: str) -> str:
        return staging.plan_digest(MEMBERS.plan(session, SYSTEM, MEMBERS.read((HEADER + body).encode())))

    first = digest("li,,west-1,,,,")
    assert first == digest("li,,west-1,,,,")
    assert first != digest("li,,west-1,,,,deputy")
    town.li.name = "改名"
    session.flush()
    assert first != digest("li,,west-1,,,,")


def test_the_database_refuses_a_second_open_stay(session: Session, town: Town, now: datetime) -> None:
    with pytest.raises(SQLAlchemyError), session.begin_nested():
        session.add(Membership(member_id=town.li.id, branch_id=town.west_1.id, since=now))
        session.flush()


def test_members_who_left_are_left(session: Session, town: Town, now: datetime) -> None:
    do(session, "old,老人,east-1,,left,,", now)
    old = session.execute(select(Member).where(Member.member_no == "old")).scalar_one()
    assert (old.status, stays(session, old)) == (MemberStatus.LEFT, [])
