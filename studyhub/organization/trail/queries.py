"""Reads of the trail: who did what to what, when, and whether the entry is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

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
    """Which entries: by whom (a number, or a part of a name), of one act, between two moments."""

    who: str = ""
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


BRANCH_KEYS = ("branch", "from", "into", "parent", "to")
"""The details that may hold the code of a branch."""


@dataclass(frozen=True, slots=True)
class Names:
    """What members are called, by number, and branches, by code; and the members' numbers by their ids."""

    members: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)


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


def names(session: Session, lines: Iterable[TrailLine]) -> Names:
    """What the members and branches are called of which the entries hold the number or the code."""
    subjects = [line.subject.partition(":") for line in lines]
    numbers = {key for kind, _, key in subjects if kind == "member"}
    codes = {key for kind, _, key in subjects if kind == "branch"}
    codes |= {said for line in lines for key in BRANCH_KEYS if isinstance(said := line.detail.get(key), str)}
    ids = {said for line in lines if isinstance(said := line.detail.get("member_id"), int)}
    meant = or_(Member.member_no.in_(numbers), Member.id.in_(ids))
    people = session.execute(select(Member.id, Member.member_no, Member.name).where(meant)).all()
    branches = session.execute(select(Branch.code, Branch.name).where(Branch.code.in_(codes)))
    return Names(
        {row.member_no: row.name for row in people},
        {row.code: row.name for row in branches},
        {row.id: row.member_no for row in people},
    )


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


def _by(word: str) -> ColumnElement[bool]:
    """What somebody did who has this number, or this in their name."""
    return or_(Member.member_no == word, Member.name.icontains(word, autoescape=True))


def _about(word: str) -> ColumnElement[bool]:
    """What was done to somebody, or to a branch, with this in their name: an entry holds the number only."""
    person, branch = aliased(Member), aliased(Branch)
    people = select("member:" + person.member_no).where(person.name.icontains(word, autoescape=True))
    branches = select("branch:" + branch.code).where(branch.name.icontains(word, autoescape=True))
    return or_(AuditEntry.subject.in_(people), AuditEntry.subject.in_(branches))


def _found(search: str, which: Filter) -> Any:
    conditions = [_by(word) for word in which.who.split()]
    if which.act:
        conditions.append(AuditEntry.act == which.act)
    if which.since:
        conditions.append(AuditEntry.at >= which.since)
    if which.until:
        conditions.append(AuditEntry.at < which.until)
    for word in search.split():
        conditions.append(or_(AuditEntry.subject.icontains(word, autoescape=True), _about(word), _by(word)))
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
