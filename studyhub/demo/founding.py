"""The demo's organisation in the database: tree, members and accounts, by the site's own operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.demo import tree
from studyhub.demo.people import COLUMNS, PlannedMember
from studyhub.demo.tree import PlannedBranch
from studyhub.organization.actor import SYSTEM, Actor
from studyhub.organization.imports.kinds import BRANCHES, MEMBERS, Importer
from studyhub.organization.members import granting
from studyhub.organization.models import Branch, Member
from studyhub.organization.sign_in import operations as sign_in


def found(
    session: Session, planned: Sequence[PlannedBranch], people: Iterable[PlannedMember], now: datetime
) -> None:
    """Import the tree and its members as an admin would: from two files."""
    rows = [(branch.code, branch.name, branch.parent, branch.kind.value) for branch in planned]
    data = tree.to_csv(rows, ("code", "name", "parent", "kind"))
    _bring_in(session, BRANCHES, data, now)
    data = tree.to_csv((person.row for person in people), COLUMNS)
    _bring_in(session, MEMBERS, data, now)


def _bring_in(session: Session, importer: Importer, data: bytes, now: datetime) -> None:
    plan = importer.plan(session, SYSTEM, importer.read(data))
    importer.apply(session, SYSTEM, plan, now)


def open_accounts(session: Session, hashes: Mapping[str, str], now: datetime) -> None:
    """Give each account its password (as a hash), as if the person had set it and read the welcome page."""
    for member_no, password_hash in hashes.items():
        actor = acting(session, member_no, now)
        sign_in.set_password(session, actor, password_hash, now, keep=None)
        sign_in.finish_welcome(session, actor, large_type=actor.large_type, now=now)


def password_hashes(session: Session, numbers: Sequence[str]) -> dict[str, str | None]:
    """What is stored for these accounts."""
    rows = session.execute(
        select(Member.member_no, Member.password_hash).where(Member.member_no.in_(numbers))
    ).all()
    return {row.member_no: row.password_hash for row in rows}


def acting(session: Session, member_no: str, now: datetime) -> Actor:
    """The member as who acts, with the roles held at that moment."""
    member, home = session.execute(
        select(Member, Branch)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.member_no == member_no)
    ).one()
    return Actor(
        member_id=member.id,
        member_no=member.member_no,
        name=member.name,
        branch_id=home.id,
        branch_path=home.path,
        branch_code=home.code,
        branch_name=home.name,
        clearance=member.clearance,
        status=member.status,
        large_type=member.large_type,
        roles=granting.held_by(session, member.id, now),
    )


class Cast:
    """Members as who acts in the history, looked up once each: they only study and sit exams there."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}

    def actor(self, session: Session, member_no: str, now: datetime) -> Actor:
        """The member; roles and branch as they were the first time."""
        if member_no not in self._actors:
            self._actors[member_no] = acting(session, member_no, now)
        return self._actors[member_no]
