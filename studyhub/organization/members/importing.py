"""Putting a plan of members into effect, in parts that each fit into a short write transaction.

Every part leaves whole members behind. A file says how its members are to be, so what is left of a plan after
some of its parts is again a plan: whoever finds it half-way plans anew and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.events import MembersChanged, emit
from studyhub.organization import holding
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, Deed, record, record_all
from studyhub.organization.branches import queries as branch_queries
from studyhub.organization.members import granting, operations, queries
from studyhub.organization.members.ending import end_grants
from studyhub.organization.members.member_import import KnownMember, MemberChange, MemberPlan
from studyhub.organization.models import Branch, Grant, Member, Membership
from studyhub.organization.parts import cut
from studyhub.organization.states import MemberStatus


@dataclass(frozen=True, slots=True)
class _Applied:
    """One change with the ids it needs."""

    change: MemberChange
    member_id: int
    old_branch_id: int
    new_branch_id: int


PART = 100
"""Members of one write transaction: on SQLite everybody else who writes waits for it."""


def check(actor: Actor, plan: MemberPlan) -> None:
    """Raises Unprocessable when the plan has faults, and Conflict when it would shut the actor out."""
    if not plan.sound:
        raise Unprocessable("import_has_faults")
    _refuse_own_exit(actor, plan)


def parts(plan: MemberPlan) -> Iterator[MemberPlan]:
    """The plan cut up. A phone number that moves from one part to another is given up in the earlier one."""
    givers = {
        change.before.phone: change.after.member_no
        for change in plan.changes
        if change.before and change.before.phone and "phone" in change.fields
    }
    for part in cut(plan, {"created": PART, "transferred": PART, "updated": PART}):
        wanted = {one.after.phone for one in part.changes if one.after.phone}
        giving_up = sorted(number for phone, number in givers.items() if phone in wanted)
        yield replace(part, giving_up=tuple(giving_up))
        done = {one.after.member_no for one in part.changes}
        givers = {phone: number for phone, number in givers.items() if number not in done}


def apply_part(session: Session, actor: Actor, part: MemberPlan, now: datetime) -> None:
    """Create, transfer and update the members of a part, and tell the trail and the rooms above."""
    holding.comings(session)
    branches = _branch_ids(session, part)
    _create(session, part, branches, now)
    ids = _ids(session, part)
    applied = [_with_ids(change, ids, branches) for change in part.changes]
    _update(session, applied)
    _move(session, actor, applied, now)
    _set_roles(session, actor, applied, branches, now)
    record_all(session, actor, _deeds(part), now=now)
    # One event for all: whoever listens can settle them in a few statements.
    if concerned := tuple(one.member_id for one in applied if _concerns_others(one)):
        emit(session, MembersChanged(now=now, member_ids=concerned))


def branch_names(session: Session, _plan: MemberPlan) -> dict[str, str]:
    """What every branch is called, by code."""
    return branch_queries.names(session)


def finish(session: Session, actor: Actor, report: dict[str, Any], now: datetime) -> None:
    """Note in the trail that the import is done, and what it did."""
    record(session, actor, Act.MEMBERS_IMPORTED, "members", report, now=now)


def still_so(session: Session, actor: Actor, part: MemberPlan, now: datetime) -> bool:
    """Whether the part can still be done as planned: its members, phones and branches are as they were.

    Raises Forbidden when a role of the actor has been ended: of two who see each other off one stays.
    """
    holding.comings(session)
    needed = {change.after.branch for change in part.changes if _needs_branch(change)}
    needed |= {code for change in part.changes for code in _new_roles_over(change)}
    if not needed <= queries.open_codes(session, needed):
        return False
    present = queries.present(session, [change.after.member_no for change in part.changes], actor.member_id)
    granting.require_roles(session, actor, now)
    if any(not _as_planned(change, present.get(change.after.member_no)) for change in part.changes):
        return False
    wanted = {change.after.phone for change in part.changes if change.after.phone}
    ours = {change.after.member_no for change in part.changes} | set(part.giving_up)
    return queries.holders(session, wanted) <= ours


def _as_planned(change: MemberChange, present: KnownMember | None) -> bool:
    before = change.before
    if before and present and present.phone is None and "phone" in change.fields:
        present = replace(present, phone=before.phone)  # given up in an earlier part
    return before == present


def _needs_branch(change: MemberChange) -> bool:
    return change.before is None or "branch" in change.fields


def _new_roles_over(change: MemberChange) -> set[str]:
    before = change.before.roles if change.before else frozenset()
    return {code for _, code in change.after.roles - before if code}


def counts(plan: MemberPlan) -> dict[str, int]:
    """How many members the plan creates, transfers, updates and leaves as they are."""
    return {
        "created": len(plan.created),
        "transferred": len(plan.transferred),
        "updated": len(plan.updated),
        "unchanged": len(plan.unchanged),
    }


def _refuse_own_exit(actor: Actor, plan: MemberPlan) -> None:
    """Whoever imports must still be there afterwards, with the roles they import with."""
    for change in (*plan.transferred, *plan.updated):
        before, after = change.before, change.after
        if before is None or after.member_no != actor.member_no or actor.member_id is None:
            continue
        if after.status is MemberStatus.LEFT or before.roles - after.roles:
            raise Conflict("not_oneself")


def _branch_ids(session: Session, part: MemberPlan) -> dict[str, int]:
    """The branches that the part speaks of, by code."""
    states = [state for change in part.changes for state in (change.before, change.after) if state]
    codes = {state.branch for state in states} | {code for state in states for _, code in state.roles if code}
    rows = session.execute(select(Branch.code, Branch.id).where(Branch.code.in_(codes)))
    return {row.code: row.id for row in rows}


def _create(session: Session, plan: MemberPlan, branches: dict[str, int], now: datetime) -> None:
    rows = [
        {
            "member_no": change.after.member_no,
            "name": change.after.name,
            "phone": change.after.phone,
            "status": change.after.status,
            "clearance": change.after.clearance,
            "branch_id": branches[change.after.branch],
            "created_at": now,
        }
        for change in plan.created
    ]
    # A number that somebody gives up in this file is free for somebody else in it.
    _free_phones(session, plan)
    if rows:
        session.execute(insert(Member), rows)


def _free_phones(session: Session, plan: MemberPlan) -> None:
    numbers = {c.after.member_no for c in plan.changes if "phone" in c.fields} | set(plan.giving_up)
    if changing := [{"no": number} for number in sorted(numbers)]:
        statement = update(Member.__table__).where(Member.__table__.c.member_no == bindparam("no"))  # type: ignore[arg-type]
        session.connection().execute(statement.values(phone=None), changing)


def _ids(session: Session, plan: MemberPlan) -> dict[str, tuple[int, int]]:
    """Each member's id and present branch, by number."""
    wanted = [change.after.member_no for change in plan.changes]
    rows = session.execute(
        select(Member.member_no, Member.id, Member.branch_id).where(Member.member_no.in_(wanted))
    ).all()
    return {row.member_no: (row.id, row.branch_id) for row in rows}


def _with_ids(change: MemberChange, ids: dict[str, tuple[int, int]], branches: dict[str, int]) -> _Applied:
    member_id, branch_id = ids[change.after.member_no]
    return _Applied(change, member_id, branch_id, branches[change.after.branch])


def _update(session: Session, applied: list[_Applied]) -> None:
    rows = [
        {
            "id": one.member_id,
            "name": one.change.after.name,
            "phone": one.change.after.phone,
            "status": one.change.after.status,
            "clearance": one.change.after.clearance,
            "branch_id": one.new_branch_id,
        }
        for one in applied
        if one.change.before
    ]
    if rows:
        session.execute(update(Member), rows)


def _move(session: Session, actor: Actor, applied: list[_Applied], now: datetime) -> None:
    """End the stays that end and begin those that begin."""
    ending = [one.member_id for one in applied if _was_here(one) and (_moves(one) or not _is_here(one))]
    if ending:
        table = Membership.__table__
        open_stay = (table.c.member_id == bindparam("member")) & table.c.until.is_(None)
        statement = update(table).where(open_stay).values(until=now)  # type: ignore[arg-type]
        session.connection().execute(statement, [{"member": member_id} for member_id in ending])
    beginning = [one for one in applied if _is_here(one) and (_moves(one) or not _was_here(one))]
    if beginning:
        session.execute(
            insert(Membership),
            [{"member_id": o.member_id, "branch_id": o.new_branch_id, "since": now} for o in beginning],
        )
    for one in applied:
        if _was_here(one) and not _is_here(one):
            operations.take_everything(session, actor, one.member_id, now)


def _roles_before(one: _Applied) -> frozenset[Any]:
    return one.change.before.roles if one.change.before else frozenset()


def _set_roles(
    session: Session, actor: Actor, applied: list[_Applied], branches: dict[str, int], now: datetime
) -> None:
    for one in applied:
        before = _roles_before(one)
        for role, code in before - one.change.after.roles:
            here = Grant.branch_id.is_(None) if code is None else Grant.branch_id == branches[code]
            lasting = and_(Grant.member_id == one.member_id, Grant.role == role, here, Grant.until.is_(None))
            end_grants(session, actor, lasting, now)
        for role, code in one.change.after.roles - before:
            branch_id = branches[code] if code else None
            session.add(
                Grant(
                    member_id=one.member_id,
                    role=role,
                    branch_id=branch_id,
                    granted_by=actor.member_id,
                    since=now,
                )
            )
    session.flush()
    risen = [o.member_id for o in applied if o.change.after.roles - _roles_before(o)]
    granting.spoil_slips(session, risen, now)


def _deeds(plan: MemberPlan) -> Iterator[Deed]:
    for change in plan.changes:
        subject = f"member:{change.after.member_no}"
        before, after = change.before, change.after
        if before is None:
            yield Deed(Act.MEMBER_CREATED, subject, {"branch": after.branch})
            before = after
        elif rest := sorted(set(change.fields) - {"branch", "status", "roles"}):
            yield Deed(Act.MEMBER_CHANGED, subject, {"fields": rest})
        if before.branch != after.branch:
            yield Deed(Act.MEMBER_TRANSFERRED, subject, {"from": before.branch, "to": after.branch})
        if before.status != after.status:
            detail = {"from": before.status.value, "to": after.status.value}
            yield Deed(Act.MEMBER_STATUS_CHANGED, subject, detail)
        held = change.before.roles if change.before else frozenset()
        for role, code in sorted(change.after.roles - held, key=str):
            yield Deed(Act.GRANT_GIVEN, subject, {"role": role.value, "branch": code})


def _concerns_others(one: _Applied) -> bool:
    """Whether the rooms above must hear of it: who is where, in which status, cleared for what."""
    return one.change.before is None or not {"branch", "status", "clearance"}.isdisjoint(one.change.fields)


def _was_here(one: _Applied) -> bool:
    return one.change.before is not None and one.change.before.status is not MemberStatus.LEFT


def _is_here(one: _Applied) -> bool:
    return one.change.after.status is not MemberStatus.LEFT


def _moves(one: _Applied) -> bool:
    return one.old_branch_id != one.new_branch_id
