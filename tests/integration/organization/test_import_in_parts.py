"""An import holds nobody up, and leaves nothing half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import MembersChanged
from studyhub.organization.actor import SYSTEM
from studyhub.organization.imports import applying, staging
from studyhub.organization.imports.applying import Doors, Waiting
from studyhub.organization.imports.kinds import MEMBERS
from studyhub.organization.imports.staging import UploadedFile
from studyhub.organization.jobs import clear_expired, finish_imports
from studyhub.organization.members import slips
from studyhub.organization.members.ending import end_grants
from studyhub.organization.models import AuditEntry, Branch, Grant, Member, Membership, StagedImport
from studyhub.organization.roles import Role
from studyhub.tasks.context import WorkContext
from tests.conftest import SettableClock
from tests.factories import organization as make
from tests.integration.organization.conftest import Turns

HEADER = "member_no,name,branch,phone,status,clearance,roles\n"
MANY = 2_000
ROWS_A_TURN = 1_500
"""A part of 100 members writes five rows for each, and reads the branches. 2,000 in one turn write 10,000."""


def people(count: int, branch: str = "home") -> bytes:
    rows = (f"m{n},N{n},{branch},139{n:08},,,group_leader" for n in range(count))
    return (HEADER + "\n".join(rows)).encode()


def stage(database: Database, content: bytes, clock: SettableClock) -> tuple[int, str]:
    """A staged file, and the digest of its plan."""
    with database.write() as session:
        number = staging.stage(session, SYSTEM, UploadedFile(MEMBERS.kind, "members.csv", content), clock())
        plan = MEMBERS.plan(session, SYSTEM, MEMBERS.read(content))
    assert plan.sound, plan.faults
    return number, staging.plan_digest(plan)


def bring_in(doors: Doors, content: bytes, staged: tuple[int, str]) -> list[int]:
    number, digest = staged
    return applying.apply(doors, SYSTEM, Waiting(MEMBERS, number, MEMBERS.read(content), digest))


def members(database: Database) -> int:
    with database.read() as session:
        return session.execute(select(func.count()).select_from(Member)).scalar_one()


@pytest.fixture
def home(database: Database, clock: SettableClock) -> None:
    with database.write() as session:
        city = make.branch(session, "city", clock())
        make.branch(session, "home", clock(), parent=city)
        make.branch(session, "other", clock(), parent=city)


@pytest.fixture
def context(settings: Settings, database: Database, clock: SettableClock) -> WorkContext:
    return WorkContext(settings, database, clock)


def crashed_at_part(number: int, database: Database, clock: SettableClock) -> tuple[bytes, tuple[int, str]]:
    """A file of 250 members whose worker dies in the given part; the file, and how it is staged."""
    parts, content = iter(range(1, 1_000)), people(250)
    staged = stage(database, content, clock)

    def listener(_session: Session, _event: MembersChanged) -> None:
        if next(parts) == number:
            raise KeyboardInterrupt

    database.listeners = {MembersChanged: (listener,)}
    with pytest.raises(KeyboardInterrupt):
        bring_in(Doors(database.read, database.write, clock), content, staged)
    database.listeners = {}
    return content, staged


@pytest.mark.usefixtures("home")
def test_no_write_turn_of_2000_members_writes_more_than_a_part(
    database: Database, clock: SettableClock
) -> None:
    turns, content = Turns(database, clock), people(MANY)
    assert bring_in(turns.doors, content, stage(database, content, clock)) == []
    assert members(database) == MANY
    assert max(turns.rows) <= ROWS_A_TURN
    with database.read() as session:
        acts = session.execute(select(AuditEntry.act).where(AuditEntry.act == "members_imported"))
        assert len(acts.all()) == 1


@pytest.mark.usefixtures("home")
def test_slips_for_2000_members_take_few_statements(database: Database, clock: SettableClock) -> None:
    content = people(MANY)
    bring_in(Doors(database.read, database.write, clock), content, stage(database, content, clock))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    with database.write() as session:
        branch = session.execute(select(Branch).where(Branch.code == "city")).scalar_one()
        made = slips.make_for_branch(session, SYSTEM, branch, clock())
    assert len({slip.code for slip in made}) == MANY
    assert len(statements) <= 10


@pytest.mark.usefixtures("home")
def test_a_crash_before_anything_took_effect_leaves_the_file_waiting(
    database: Database, clock: SettableClock
) -> None:
    content, staged = crashed_at_part(1, database, clock)
    assert members(database) == 0
    bring_in(Doors(database.read, database.write, clock), content, staged)
    assert members(database) == 250


@pytest.mark.usefixtures("home")
def test_a_crash_in_the_middle_is_finished_by_the_clock(
    database: Database, clock: SettableClock, context: WorkContext
) -> None:
    crashed_at_part(2, database, clock)
    assert members(database) == 100
    finish_imports(context)
    assert members(database) == 100, "the worker might still be at it"
    clock.advance(days=2)
    clear_expired(context)
    finish_imports(context)
    assert members(database) == 250
    with database.read() as session:
        assert session.execute(select(func.count()).select_from(Membership)).scalar_one() == 250
        assert session.execute(select(StagedImport.applied_at)).scalar_one() == clock()
        done = session.execute(select(AuditEntry.detail).where(AuditEntry.act == "members_imported"))
        assert [detail["created"] for detail in done.scalars()] == [250]


@pytest.mark.usefixtures("home")
def test_what_the_clock_finishes_means_the_branches_that_whoever_began_it_meant(
    database: Database, clock: SettableClock, context: WorkContext
) -> None:
    content = "编号,姓名,党组织\nn1,王芳,第一党支部\n".encode()
    with database.write() as session:
        ours, theirs = (make.branch(session, code, clock(), name=code) for code in ("ours", "theirs"))
        meant = make.branch(session, "ours-1", clock(), parent=ours, name="第一党支部")
        make.branch(session, "theirs-1", clock(), parent=theirs, name="第一党支部")
        number = staging.stage(session, SYSTEM, UploadedFile(MEMBERS.kind, "花名册.csv", content), clock())
        staging.begin(session, number, {"created": 1}, (ours.path,), clock())
    clock.advance(minutes=1)
    finish_imports(context)
    with database.read() as session:
        homes = session.scalars(select(Member.branch_id).where(Member.member_no == "n1"))
        assert homes.all() == [meant.id]


@pytest.mark.usefixtures("home")
def test_one_that_cannot_go_on_is_given_up_and_bars_no_other(
    database: Database, clock: SettableClock, context: WorkContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, _ = crashed_at_part(2, database, clock)
    clock.advance(minutes=1)
    with monkeypatch.context() as others_keep_changing_it:
        others_keep_changing_it.setattr(applying, "PLANS_AT_MOST", 0)
        finish_imports(context)
    with database.read() as session:
        done = session.execute(select(AuditEntry.detail).where(AuditEntry.act == "members_imported"))
        assert done.scalar_one()["given_up"] == "plan_changed"
    another = stage(database, content, clock)
    assert bring_in(Doors(database.read, database.write, clock), content, another) == []
    assert members(database) == 250


@pytest.mark.usefixtures("home")
def test_a_second_file_waits_until_the_first_is_done(database: Database, clock: SettableClock) -> None:
    content, _ = crashed_at_part(2, database, clock)
    another = stage(database, content, clock)
    with pytest.raises(Conflict, match="import_under_way"):
        bring_in(Doors(database.read, database.write, clock), content, another)


@pytest.mark.usefixtures("home")
def test_a_worker_that_was_taken_for_dead_writes_nothing_more(
    database: Database, clock: SettableClock
) -> None:
    number, _ = stage(database, people(3), clock)
    with database.write() as session:
        claim = staging.begin(session, number, {}, ("",), clock())
    clock.advance(minutes=1)
    with database.write() as session:
        assert staging.take_over(session, number, clock()) is not None
        assert staging.take_over(session, number, clock()) is None
    with pytest.raises(Conflict), database.write() as session:
        staging.renew(session, claim, clock())


@pytest.mark.usefixtures("home")
def test_what_somebody_else_takes_in_between_is_left_out_and_named(
    database: Database, clock: SettableClock
) -> None:
    content = people(250)
    staged = stage(database, content, clock)

    def take_phone(session: Session, _event: MembersChanged) -> None:
        database.listeners.clear()  # type: ignore[attr-defined]
        other = session.execute(select(Branch).where(Branch.code == "other")).scalar_one()
        make.member(session, "quick", other, clock(), phone=f"139{249:08}")

    database.listeners = {MembersChanged: (take_phone,)}
    assert bring_in(Doors(database.read, database.write, clock), content, staged) == [251]
    assert members(database) == 250
    with database.read() as session:
        done = session.execute(select(AuditEntry.detail).where(AuditEntry.act == "members_imported"))
        assert done.scalar_one()["left_out"] == [251]


@pytest.mark.usefixtures("home")
def test_who_loses_the_role_in_between_imports_no_more_and_nobody_does_in_their_name(
    database: Database, clock: SettableClock, context: WorkContext
) -> None:
    with database.write() as session:
        home = session.execute(select(Branch).where(Branch.code == "home")).scalar_one()
        admin = make.member(session, "admin", home, clock())
        make.grant(session, admin, Role.ADMIN, clock())
    actor, content = make.actor(admin, home, (Role.ADMIN, None)), people(250)
    number, digest = stage(database, content, clock)

    def end_role(session: Session, _event: MembersChanged) -> None:
        end_grants(session, SYSTEM, Grant.member_id == admin.id, clock())

    database.listeners = {MembersChanged: (end_role,)}
    doors = Doors(database.read, database.write, clock)
    left_out = applying.apply(doors, actor, Waiting(MEMBERS, number, MEMBERS.read(content), digest))
    assert left_out == list(range(102, 252))
    clock.advance(minutes=2)
    finish_imports(context)
    assert members(database) == 101
    with database.read() as session:
        done = session.execute(select(AuditEntry.detail).where(AuditEntry.act == "members_imported"))
        assert done.scalar_one()["given_up"] == "forbidden"


@pytest.mark.usefixtures("home")
def test_phone_numbers_wander_between_parts(database: Database, clock: SettableClock) -> None:
    doors, first = Doors(database.read, database.write, clock), people(250)
    bring_in(doors, first, stage(database, first, clock))
    clock.now += timedelta(days=1)
    rows = (f"m{n},,,139{(n + 1) % 250:08},,," for n in range(250))
    turned = (HEADER + "\n".join(rows)).encode()
    assert bring_in(doors, turned, stage(database, turned, clock)) == []
    with database.read() as session:
        rows_now = session.execute(select(Member.member_no, Member.phone)).all()
        phones = {row.member_no: row.phone for row in rows_now}
    assert phones == {f"m{n}": f"139{(n + 1) % 250:08}" for n in range(250)}
