"""Putting a plan of branches into effect, in parts that each fit into a short write transaction.

Every part leaves a whole tree behind: new branches come after their parents, and what moves is moved from the
top down. A file says how its branches are to be, so what is left of a plan after some of its parts is again a
plan: whoever finds it half-way plans anew and goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.organization import holding, tree
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, Deed, record, record_all
from studyhub.organization.branches import operations, queries
from studyhub.organization.branches.branch_import import DEEPEST, BranchPlan, BranchRow, KnownBranch
from studyhub.organization.members import granting
from studyhub.organization.models import Branch, BranchParent
from studyhub.organization.parts import cut

PART = 200
"""Branches made or renamed in one write transaction."""

MOVES = 5
"""Branches moved in one: with each goes everything below it, and the exams of its members follow."""


def check(_actor: Actor, plan: BranchPlan) -> None:
    """Raises Unprocessable when the plan has faults."""
    if not plan.sound:
        raise Unprocessable("import_has_faults")


def counts(plan: BranchPlan) -> dict[str, int]:
    """How many branches the plan creates, changes, moves and leaves as they are."""
    return {
        "created": len(plan.created),
        "changed": len(plan.changed),
        "moved": len(plan.moved),
        "unchanged": len(plan.unchanged),
    }


def parts(plan: BranchPlan) -> Iterator[BranchPlan]:
    """The plan cut up, in the order in which it can be done."""
    return cut(plan, {"created": PART, "changed": PART, "moved": MOVES})


def still_so(session: Session, actor: Actor, part: BranchPlan, now: datetime) -> bool:
    """Whether the part can still be done as planned: its branches are as they were, parents are open.

    It stays so until the transaction ends. Raises Forbidden when a role of the actor has been ended.
    """
    holding.tree(session)
    holding.members(session, actor.member_id)
    granting.require_roles(session, actor, now)
    present = _present(session, [row.code for row in (*part.created, *part.changed, *part.moved)])
    if any(row.code in present for row in part.created):
        return False
    if any(_named(present.get(row.code)) != _named(row.before) for row in part.changed):
        return False
    if any(_above(present.get(row.code)) != _above(row.before) for row in part.moved):
        return False
    made = {row.code for row in part.created}
    needed = {row.parent for row in (*part.created, *part.moved) if row.parent} - made
    return needed <= _open(session, needed)


def apply_part(session: Session, actor: Actor, part: BranchPlan, now: datetime) -> None:
    """Create, change and move as the part says."""
    if part.created:
        _create(session, part.created, now)
        record_all(session, actor, map(_created, part.created), now=now)
    if part.changed:
        _rename(session, part.changed)
        record_all(session, actor, map(_renamed, part.changed), now=now)
    for row in part.moved:
        branch, parent = _of_code(session, row.code), _of_code(session, row.parent) if row.parent else None
        operations.move(session, actor, branch, parent, now)


def branch_names(session: Session, plan: BranchPlan) -> dict[str, str]:
    """What every branch is called once the plan is done, by code."""
    rows = (*plan.created, *plan.changed, *plan.moved)
    return queries.names(session) | {row.code: row.name for row in rows}


def finish(session: Session, actor: Actor, report: dict[str, Any], now: datetime) -> None:
    """Note in the trail that the import is done, and what it did."""
    record(session, actor, Act.BRANCHES_IMPORTED, "branches", report, now=now)


def _create(session: Session, rows: tuple[BranchRow, ...], now: datetime) -> None:
    places = _places(session, {row.parent for row in rows})
    new = [
        # The path holds the branch's own id, which is only known once the row is there.
        {"code": row.code, "name": row.name, "kind": row.kind, "path": f"?{row.code}", "created_at": now}
        for row in rows
    ]
    made = session.execute(insert(Branch).returning(Branch.code, Branch.id), new)
    ids = {row.code: row.id for row in made}
    for row in rows:
        _, above = places[row.parent]
        if len(above) >= DEEPEST * tree.WIDTH:
            raise Conflict("too_deep")
        places[row.code] = (ids[row.code], above + tree.segment(ids[row.code]))
    placed = [(*places[row.code], places[row.parent][0]) for row in rows]
    session.execute(update(Branch), [{"id": id_, "path": path, "parent_id": up} for id_, path, up in placed])
    session.execute(
        insert(BranchParent), [{"branch_id": id_, "parent_id": up, "since": now} for id_, _, up in placed]
    )


def _places(session: Session, codes: Iterable[str]) -> dict[str, tuple[int | None, str]]:
    """Id and path by code; of "", above the roots, none."""
    found = select(Branch.code, Branch.id, Branch.path).where(Branch.code.in_(codes))
    return {"": (None, ""), **{row.code: (row.id, row.path) for row in session.execute(found)}}


def _rename(session: Session, rows: tuple[BranchRow, ...]) -> None:
    ids = _places(session, [row.code for row in rows])
    session.execute(
        update(Branch), [{"id": ids[row.code][0], "name": row.name, "kind": row.kind} for row in rows]
    )


def _created(row: BranchRow) -> Deed:
    return Deed(Act.BRANCH_CREATED, f"branch:{row.code}", {"parent": row.parent or None})


def _renamed(row: BranchRow) -> Deed:
    before = row.before.name if row.before else ""
    detail = {"from": before, "to": row.name, "kind": row.kind.value}
    return Deed(Act.BRANCH_RENAMED, f"branch:{row.code}", detail)


def _of_code(session: Session, code: str) -> Branch:
    return session.execute(select(Branch).where(Branch.code == code)).scalar_one()


def _present(session: Session, codes: list[str]) -> dict[str, KnownBranch]:
    above = aliased(Branch)
    rows = session.execute(
        select(Branch.code, Branch.name, Branch.kind, above.code.label("parent"))
        .outerjoin(above, above.id == Branch.parent_id)
        .where(Branch.code.in_(codes))
    )
    return {row.code: KnownBranch(row.code, row.name, row.parent or "", row.kind) for row in rows}


def _open(session: Session, codes: set[str]) -> set[str]:
    found = select(Branch.code).where(Branch.code.in_(codes), Branch.closed_at.is_(None))
    return set(session.scalars(found))


def _named(branch: KnownBranch | None) -> tuple[str, str] | None:
    return (branch.name, branch.kind) if branch else None


def _above(branch: KnownBranch | None) -> str | None:
    return branch.parent if branch else None
