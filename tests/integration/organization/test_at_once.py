"""Two people at work on the same members and branches at the same moment, on PostgreSQL.

Where SQLite lets one write at a time, locks must: what somebody decided by still holds when it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.organization import tree
from studyhub.organization.actor import Actor
from studyhub.organization.branches import operations as branches
from studyhub.organization.branches.operations import NewBranch, Title
from studyhub.organization.imports.kinds import MEMBERS
from studyhub.organization.members import granting, operations
from studyhub.organization.members.granting import NewGrant
from studyhub.organization.models import Branch, Grant, Member, Membership
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind, MemberStatus
from tests.factories import organization as make
from tests.integration.organization.conftest import Town, town_in
from tests.overtaking import overtaken

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

WEEK = timedelta(days=7)
Act = Callable[[Session], object]


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    """The town, committed."""
    with database.write() as session:
        return town_in(session, now)


def once(database: Database, act: Act) -> Callable[[], None]:
    """The act in a transaction of its own."""

    def acting() -> None:
        with database.write() as session:
            act(session)

    return acting


def branch(session: Session, code: str) -> Branch:
    return session.execute(select(Branch).where(Branch.code == code)).scalar_one()


def member(session: Session, member_no: str) -> Member:
    return session.execute(select(Member).where(Member.member_no == member_no)).scalar_one()


def new(session: Session, code: str, above: str) -> NewBranch:
    return NewBranch(code, Title(code, BranchKind.HOME_BRANCH), branch(session, above))


def paths_are_those_of_the_tree(database: Database) -> bool:
    with database.read() as session:
        found = {each.id: each for each in session.scalars(select(Branch))}
    return all(
        each.path == (found[each.parent_id].path if each.parent_id else "") + tree.segment(each.id)
        for each in found.values()
    )


class TestTheTree:
    """A path is made of the paths above it, so one change of the tree waits for another."""

    @pytest.fixture
    def empty(self, database: Database, town: Town, now: datetime) -> None:
        """A branch below east without anybody in it."""
        with database.write() as session:
            make.branch(session, "empty", now, parent=branch(session, "east"))

    def test_two_branches_never_move_below_each_other(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        def move(session: Session, what: str, below: str) -> None:
            branches.move(session, town.as_admin, branch(session, what), branch(session, below), now)

        move_west = once(database, lambda session: move(session, "west", "east"))
        with overtaken(database, "UPDATE branch ", move_west) as other, database.write() as session:
            move(session, "east", "west")
        assert other.refused == "circle"
        assert paths_are_those_of_the_tree(database)

    def test_a_branch_begun_below_one_that_moves_goes_with_it(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        def move(session: Session) -> None:
            branches.move(session, town.as_admin, branch(session, "east"), branch(session, "west"), now)

        with overtaken(database, "INSERT INTO branch ", once(database, move)), database.write() as session:
            branches.create(session, town.as_admin, new(session, "east-2", "east"), now)
        assert paths_are_those_of_the_tree(database)

    @pytest.mark.usefixtures("empty")
    def test_nothing_is_begun_below_a_branch_that_closes(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        begin = once(
            database,
            lambda session: branches.create(session, town.as_admin, new(session, "late", "empty"), now),
        )
        with overtaken(database, "UPDATE branch ", begin) as other, database.write() as session:
            branches.close(session, town.as_admin, branch(session, "empty"), now)
        assert other.refused == "branch_closed"

    @pytest.mark.usefixtures("empty")
    def test_nobody_comes_into_a_branch_that_closes(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        close = once(
            database, lambda session: branches.close(session, town.as_admin, branch(session, "empty"), now)
        )
        with overtaken(database, "INSERT INTO member ", close) as other, database.write() as session:
            zhao = operations.NewMember("zhao", "Zhao")
            operations.create(session, town.as_admin, zhao, branch(session, "empty"), now)
        assert other.refused == "branch_not_empty"

    @pytest.mark.usefixtures("empty")
    def test_nobody_is_moved_into_a_branch_that_closes(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        def transfer(session: Session) -> None:
            operations.transfer(session, town.as_admin, member(session, "li"), branch(session, "empty"), now)

        with (
            overtaken(database, "UPDATE branch ", once(database, transfer)) as other,
            database.write() as session,
        ):
            branches.close(session, town.as_admin, branch(session, "empty"), now)
        assert other.refused == "branch_closed"

    @pytest.mark.usefixtures("empty")
    def test_no_role_is_given_over_a_branch_that_closes(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        def give(session: Session) -> None:
            granted = NewGrant(member(session, "li"), Role.LEADER, branch(session, "empty"))
            granting.give(session, town.as_admin, granted, now)

        with (
            overtaken(database, "UPDATE branch ", once(database, give)) as other,
            database.write() as session,
        ):
            branches.close(session, town.as_admin, branch(session, "empty"), now)
        assert other.refused == "branch_closed"

    @pytest.mark.usefixtures("empty")
    def test_a_file_brings_nobody_into_a_branch_that_closes(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        csv = "member_no,name,branch\nzhao,赵一,empty\n".encode()
        with database.read() as session:
            plan = MEMBERS.plan(session, town.as_admin, MEMBERS.read(csv))
        (part,) = MEMBERS.parts(plan)
        close = once(
            database, lambda session: branches.close(session, town.as_admin, branch(session, "empty"), now)
        )
        with overtaken(database, "INSERT INTO member ", close) as other, database.write() as session:
            assert MEMBERS.still_so(session, town.as_admin, part, now)
            MEMBERS.apply_part(session, town.as_admin, part, now)
        assert other.refused == "branch_not_empty"

    def test_a_file_brings_people_into_branches_that_are_being_merged(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        """The file locks by id, the merge from above: a child may be older than the branch above it."""
        with database.write() as session:
            upper = make.branch(session, "upper", now, parent=branch(session, "east"))
            branches.move(session, town.as_admin, branch(session, "east-1"), upper, now)
        csv = "member_no,name,branch\nzhao,赵一,east-1\nqian,钱二,upper\n".encode()
        with database.read() as session:
            plan = MEMBERS.plan(session, town.as_admin, MEMBERS.read(csv))
        (part,) = MEMBERS.parts(plan)

        def come(session: Session) -> None:
            if MEMBERS.still_so(session, town.as_admin, part, now):
                MEMBERS.apply_part(session, town.as_admin, part, now)

        with (
            overtaken(database, "UPDATE branch ", once(database, come)) as other,
            database.write() as session,
        ):
            branches.merge(session, town.as_admin, branch(session, "upper"), branch(session, "west"), now)
        assert other.refused == ""
        assert paths_are_those_of_the_tree(database)


class TestRoles:
    """Whoever gives or ends a role must still be who they were when they were let in."""

    def held(self, database: Database, role: Role, now: datetime) -> int:
        with database.read() as session:
            lasting = Grant.until.is_(None) | (Grant.until > now)
            wanted = select(func.count()).select_from(Grant).where(Grant.role == role, lasting)
            return session.execute(wanted).scalar_one()

    @pytest.fixture
    def second(self, database: Database, town: Town, now: datetime) -> int:
        """A second admin's role: li's."""
        with database.write() as session:
            return make.grant(session, member(session, "li"), Role.ADMIN, now).id

    def test_of_two_admins_who_end_each_others_role_one_stays(
        self, database: Database, town: Town, second: int, now: datetime
    ) -> None:
        with database.read() as session:
            first = session.scalars(select(Grant.id).where(Grant.member_id == town.admin.id)).one()
        as_li = make.actor(town.li, town.east_1, (Role.ADMIN, None))
        end_first = once(database, lambda session: granting.end(session, as_li, first, now))
        with overtaken(database, "UPDATE role_grant ", end_first) as other, database.write() as session:
            granting.end(session, town.as_admin, second, now)
        assert other.refused == "forbidden"
        assert self.held(database, Role.ADMIN, now) == 1

    @pytest.mark.usefixtures("second")
    def test_of_two_admins_who_see_each_other_off_one_stays(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        as_li = make.actor(town.li, town.east_1, (Role.ADMIN, None))

        def see_off_admin(session: Session) -> None:
            operations.change_status(session, as_li, member(session, "admin"), MemberStatus.LEFT, now)

        left = once(database, see_off_admin)
        with overtaken(database, "UPDATE member ", left) as other, database.write() as session:
            operations.change_status(session, town.as_admin, member(session, "li"), MemberStatus.LEFT, now)
        assert other.refused == "forbidden"
        assert self.held(database, Role.ADMIN, now) == 1

    @pytest.mark.usefixtures("second")
    def test_of_two_admins_whose_files_see_each_other_off_one_stays(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        as_li = make.actor(town.li, town.east_1, (Role.ADMIN, None))

        def planned(actor: Actor, csv: str) -> Act:
            with database.read() as session:
                (part,) = MEMBERS.parts(MEMBERS.plan(session, actor, MEMBERS.read(csv.encode())))

            def put_into_effect(session: Session) -> None:
                assert MEMBERS.still_so(session, actor, part, now)
                MEMBERS.apply_part(session, actor, part, now)

            return put_into_effect

        ours = planned(town.as_admin, "member_no,name,branch,status,roles\nli,,,left,-\n")
        theirs = once(database, planned(as_li, "member_no,name,branch,status,roles\nadmin,,,left,-\n"))
        with overtaken(database, "UPDATE member ", theirs) as other, database.write() as session:
            ours(session)
        assert other.refused == "forbidden"
        assert self.held(database, Role.ADMIN, now) == 1

    def test_nothing_is_delegated_from_a_role_that_ends(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        with database.read() as session:
            leading = session.scalars(select(Grant.id).where(Grant.member_id == town.leader.id)).one()

        def delegate(session: Session) -> None:
            deputy = NewGrant(member(session, "li"), Role.DEPUTY, branch(session, "east-1"), now + WEEK)
            granting.give(session, town.as_leader, deputy, now)

        with (
            overtaken(database, "UPDATE role_grant ", once(database, delegate)) as other,
            database.write() as session,
        ):
            granting.end(session, town.as_admin, leading, now + timedelta(seconds=2))
        assert other.refused == "forbidden"
        assert self.held(database, Role.DEPUTY, now) == 0

    def test_the_same_role_given_by_two_at_once_is_given_once(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        def give(session: Session) -> None:
            granted = NewGrant(member(session, "li"), Role.LEADER, branch(session, "east-1"))
            granting.give(session, town.as_admin, granted, now)

        with (
            overtaken(database, "INSERT INTO role_grant ", once(database, give)) as other,
            database.write() as session,
        ):
            give(session)
        assert other.refused == "already_granted"

    def test_no_role_is_given_to_somebody_who_is_just_leaving(
        self, database: Database, town: Town, now: datetime
    ) -> None:
        def give(session: Session) -> None:
            granted = NewGrant(member(session, "li"), Role.LEADER, branch(session, "east-1"))
            granting.give(session, town.as_admin, granted, now)

        with (
            overtaken(database, "UPDATE member ", once(database, give)) as other,
            database.write() as session,
        ):
            operations.change_status(session, town.as_admin, member(session, "li"), MemberStatus.LEFT, now)
        assert other.refused == "member_left"


def test_a_transfer_of_somebody_who_leaves_meanwhile_begins_no_stay(
    database: Database, town: Town, now: datetime
) -> None:
    def leave(session: Session) -> None:
        operations.change_status(session, town.as_admin, member(session, "li"), MemberStatus.LEFT, now)

    def transfer(session: Session) -> None:
        operations.transfer(session, town.as_admin, member(session, "li"), branch(session, "west-1"), now)

    with overtaken(database, "UPDATE member ", once(database, leave)), database.write() as session:
        transfer(session)
    with database.read() as session:
        mine = Membership.member_id == town.li.id, Membership.until.is_(None)
        assert session.scalars(select(Membership).where(*mine)).all() == []


def test_who_is_moved_by_two_at_once_is_told_so(database: Database, town: Town, now: datetime) -> None:
    def transfer(session: Session) -> None:
        operations.transfer(session, town.as_admin, member(session, "li"), branch(session, "west-1"), now)

    with (
        overtaken(database, "UPDATE member ", once(database, transfer)) as other,
        database.write() as session,
    ):
        transfer(session)
    assert other.refused == "already_there"
