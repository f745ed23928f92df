"""A tree of thousands of branches comes in without holding anybody up, and never half."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.config import Settings
from studyhub.db.database import Database
from studyhub.organization import tree
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.branches import operations
from studyhub.organization.branches.branch_import import BranchPlan
from studyhub.organization.imports import applying, staging
from studyhub.organization.imports.applying import Doors, Waiting
from studyhub.organization.imports.kinds import BRANCHES, Importer
from studyhub.organization.imports.staging import UploadedFile
from studyhub.organization.jobs import finish_imports
from studyhub.organization.models import AuditEntry, Branch, BranchParent
from studyhub.tasks.context import WorkContext
from tests.conftest import SettableClock
from tests.factories import organization as make
from tests.integration.organization.conftest import Turns

MANY = 1_000
ROWS_A_TURN = 1_700
"""A part makes 200 branches: each counts five values (its id comes back), its place, its dated parent and its
entry in the trail. A thousand in one turn count 8,000."""


def listed(*rows: str) -> bytes:
    return "\n".join(("code,name,parent,kind", *rows)).encode()


def bushy(count: int, name: str = "N") -> bytes:
    """Each branch has up to ten below it; b0 is the root."""
    return listed(*(f"b{n},{name}{n},{f'b{(n - 1) // 10}' if n else ''}," for n in range(count)))


def bring_in(doors: Doors, content: bytes, importer: Importer = BRANCHES) -> list[int]:
    records = importer.read(content)
    with doors.write() as session:
        number = staging.stage(
            session, SYSTEM, UploadedFile(importer.kind, "branches.csv", content), doors.clock()
        )
        plan = importer.plan(session, SYSTEM, records)
    assert plan.sound, plan.faults
    return applying.apply(doors, SYSTEM, Waiting(importer, number, records, staging.plan_digest(plan)))


def paths(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.code: row.path for row in session.execute(select(Branch.code, Branch.path))}


def acts(database: Database, act: str) -> list[Any]:
    with database.read() as session:
        found = select(AuditEntry.detail).where(AuditEntry.act == act).order_by(AuditEntry.id)
        return list(session.scalars(found))


def is_whole(database: Database) -> bool:
    """Every branch stands below its parent, and has stood there since one open day."""
    with database.read() as session:
        rows = {row.id: row for row in session.execute(select(Branch.id, Branch.path, Branch.parent_id))}
        dated = session.execute(
            select(BranchParent.branch_id, BranchParent.parent_id).where(BranchParent.until.is_(None))
        )
        agree = sorted(map(tuple, dated)) == sorted((row.id, row.parent_id) for row in rows.values())
    return agree and all(
        row.path == (rows[row.parent_id].path if row.parent_id else "") + tree.segment(row.id)
        for row in rows.values()
    )


@pytest.fixture
def doors(database: Database, clock: SettableClock) -> Doors:
    return Doors(database.read, database.write, clock)


@pytest.fixture
def context(settings: Settings, database: Database, clock: SettableClock) -> WorkContext:
    return WorkContext(settings, database, clock)


def test_no_write_turn_of_a_thousand_branches_writes_more_than_a_part(
    database: Database, clock: SettableClock
) -> None:
    turns = Turns(database, clock)
    assert bring_in(turns.doors, bushy(MANY)) == []
    assert bring_in(turns.doors, bushy(MANY, "M")) == []
    assert max(turns.rows) <= ROWS_A_TURN
    assert len(paths(database)) == MANY
    assert is_whole(database)
    assert [detail["created"] for detail in acts(database, "branches_imported")] == [MANY, 0]
    assert len(acts(database, "branch_created")) == len(acts(database, "branch_renamed")) == MANY


def test_branches_move_a_few_at_a_time_from_the_top_down(database: Database, clock: SettableClock) -> None:
    turns = Turns(database, clock)
    bring_in(turns.doors, bushy(60))
    turns.rows.clear()
    turned = [f"b{n},N{n},b1," for n in range(30, 60)]
    assert bring_in(turns.doors, listed("b2,N2,b1,", "b21,N21,b0,", *turned)) == []
    assert is_whole(database)
    assert paths(database)["b22"].startswith(paths(database)["b1"] + paths(database)["b2"][-tree.WIDTH :])
    assert max(turns.rows) <= 100, "five moves of a few statements each"


def test_a_crash_in_the_middle_leaves_a_whole_tree_and_is_finished_by_the_clock(
    database: Database, doors: Doors, clock: SettableClock, context: WorkContext
) -> None:
    dies_in_the_third = iter((False, False, True))

    def apply_part(session: Session, actor: Actor, part: BranchPlan, now: datetime) -> None:
        if next(dies_in_the_third):
            raise KeyboardInterrupt
        BRANCHES.apply_part(session, actor, part, now)

    with pytest.raises(KeyboardInterrupt):
        bring_in(doors, bushy(MANY), replace(BRANCHES, apply_part=apply_part))
    assert len(paths(database)) == 400
    assert is_whole(database)
    clock.advance(minutes=2)
    finish_imports(context)
    assert len(paths(database)) == MANY
    assert is_whole(database)
    assert [detail["created"] for detail in acts(database, "branches_imported")] == [MANY]


def test_what_goes_below_a_branch_that_was_closed_meanwhile_is_left_out_and_named(
    database: Database, doors: Doors, clock: SettableClock
) -> None:
    bring_in(doors, listed("root,根,,", "a,甲,root,", "b,乙,root,"))
    content = listed(*(f"n{n},新{n},b," for n in range(250)), "z,末,a,")
    first = iter((True, False, False, False))

    def apply_part(session: Session, actor: Actor, part: BranchPlan, now: datetime) -> None:
        BRANCHES.apply_part(session, actor, part, now)
        if next(first):
            closed = session.execute(select(Branch).where(Branch.code == "a")).scalar_one()
            operations.close(session, SYSTEM, closed, now)

    assert bring_in(doors, content, replace(BRANCHES, apply_part=apply_part)) == [252]
    assert paths(database).keys() & {"n249", "z"} == {"n249"}
    assert acts(database, "branches_imported")[-1]["left_out"] == [252]


def test_a_file_that_names_a_closed_parent_is_told_so_in_its_row(session: Session, now: datetime) -> None:
    root = make.branch(session, "root", now)
    closed = make.branch(session, "gone", now, parent=root)
    operations.close(session, SYSTEM, closed, now)
    plan = BRANCHES.plan(session, SYSTEM, BRANCHES.read(listed("n,新,gone,", "gone,旧,,")))
    assert [(fault.line, fault.code) for fault in plan.faults] == [(2, "parent_closed")]
