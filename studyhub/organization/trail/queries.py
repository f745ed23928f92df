"""Reads of the trail: who did what to what, when, and whether the entry is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.models import AuditEntry, AuditSeal, Branch, Member
from studyhub.organization.tree import within
from studyhub.tasks.models import Task, TaskState

VERIFY_KIND = "verify_trail"
"""The kind of task that checks the whole trail."""

COUNTED = 10_000
"""Beyond so many hits a list says "more than", instead of counting a trail of millions."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of one act, between two moments, and about or by what was searched for."""

    act: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry, with its place in the chain (None: not sealed yet)."""

    id: int
    at: datetime
    act: str
    subject: str
    detail: dict[str, Any]
    actor_no: str | None
    actor_name: str | None
    sequence: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of the whole trail: when it ended, and `Verification.as_json()`."""

    at: datetime
    result: dict[str, Any]


def trail_page(session: Session, actor: Actor, wanted: PageRequest, which: Filter) -> Page[TrailLine]:
    """A page of what members in the actor's scope did, the newest first; whoever has all of it in scope also
    sees what nobody in particular did. Counts at most COUNTED + 1 hits."""
    found = _found(wanted.search, which).where(_by_those_within(actor))
    few = found.with_only_columns(AuditEntry.id).limit(COUNTED + 1).subquery()
    total = session.execute(select(func.count()).select_from(few)).scalar_one()
    rows = session.execute(
        found.order_by(AuditEntry.id.desc()).limit(wanted.size).offset(wanted.offset)
    ).all()
    return Page([TrailLine(**row._mapping) for row in rows], total, wanted)


def last_verification(session: Session) -> Checked | None:
    """What the last check of the whole trail found."""
    row = session.execute(
        select(Task.finished_at, Task.result)
        .where(Task.kind == VERIFY_KIND, Task.state == TaskState.DONE)
        .order_by(Task.id.desc())
        .limit(1)
    ).first()
    return Checked(row.finished_at, row.result) if row else None


def acts(session: Session) -> list[str]:
    """The acts that occur, for the filter."""
    return sorted(session.execute(select(AuditEntry.act).distinct()).scalars())


def _by_those_within(actor: Actor) -> ColumnElement[bool]:
    scope = actor.scope(Permission.VIEW_AUDIT)
    if WHOLE_TREE in scope:
        return true()
    own = select(Member.id).join(Branch, Branch.id == Member.branch_id).where(within(Branch.path, scope))
    return AuditEntry.actor_id.in_(own)


def _found(search: str, which: Filter) -> Any:
    conditions = []
    if which.act:
        conditions.append(AuditEntry.act == which.act)
    if which.since:
        conditions.append(AuditEntry.at >= which.since)
    if which.until:
        conditions.append(AuditEntry.at < which.until)
    for word in search.split():
        conditions.append(
            or_(
                AuditEntry.subject.icontains(word, autoescape=True),
                Member.member_no == word,
                Member.name.icontains(word, autoescape=True),
            )
        )
    return (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.act,
            AuditEntry.subject,
            AuditEntry.detail,
            Member.member_no.label("actor_no"),
            Member.name.label("actor_name"),
            AuditSeal.sequence,
        )
        .outerjoin(Member, Member.id == AuditEntry.actor_id)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(*conditions)
    )
