"""Reads of branches, each within the actor's scope: what is outside it does not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import Page, PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization import tree
from studyhub.organization.actor import WHOLE_TREE, Actor
from studyhub.organization.branches.branch_import import KnownBranch
from studyhub.organization.models import Branch, Member
from studyhub.organization.states import BranchKind, MemberStatus

SHOWN_WHOLE = 200
"""So many branches are shown at once; of a larger tree one level at a time."""

A_PAGE = 200
"""So many branches of one level, or of what was found, are on a page."""

INDENT = "　"
"""In the names of a list to choose from, one for each step down the tree."""


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch in the tree. `depth` counts from the top of what is shown."""

    id: int
    code: str
    name: str
    kind: BranchKind
    path: str
    depth: int
    members: int
    members_below: int
    branches_below: int


@dataclass(frozen=True, slots=True)
class TreePage:
    """A part of the tree: `above` are the branches that what is shown stands below, from the top.

    A small tree is shown whole. Of a large one those directly below one branch are (`opened`), and any of
    them can be opened in turn.
    """

    above: list[BranchLine]
    page: Page[BranchLine]
    opened: bool = False


def branch(session: Session, actor: Actor, permission: Permission, code: str) -> Branch:
    """The branch, if the actor's scope for the permission holds it. Raises NotFound."""
    found = session.execute(
        select(Branch).where(Branch.code == code, tree.within(Branch.path, actor.scope(permission)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def line(session: Session, path: str) -> list[Branch]:
    """The branches from the root down to the one at `path`."""
    ids = tree.branch_ids(path)
    rows = session.execute(select(Branch).where(Branch.id.in_(ids))).scalars()
    return sorted(rows, key=lambda row: len(row.path))


def tree_lines(session: Session, below: tuple[str, ...], search: str = "") -> list[BranchLine]:
    """The open branches of the subtrees, parents before children, with how many members each has."""
    rows = session.execute(_with_members(below)).all()
    members, branches = _below(rows)
    lines = [
        BranchLine(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            path=row.path,
            depth=_depth(row.path, below),
            members=row.members,
            members_below=members[row.path],
            branches_below=branches[row.path] - 1,
        )
        for row in rows
    ]
    return _around(lines, search) if search else lines


def tree_page(session: Session, below: tuple[str, ...], asked: PageRequest, at: str = "") -> TreePage:
    """What is asked for of the subtrees: what is searched, or of a large tree what is directly below the
    branch with the code `at` (else below the top)."""
    lines = tree_lines(session, below, asked.search)
    opened = not asked.search and len(lines) > SHOWN_WHOLE
    top = _opened(lines, at) if opened else None
    found = [one for one in lines if one.path[: -tree.WIDTH] == top.path] if top else lines
    if opened and top is None:
        found = [one for one in lines if one.depth == 0]
    shown = found[asked.offset : asked.offset + asked.size]
    over = top.path if top else (shown[0].path[: -tree.WIDTH] if shown else "")
    above = [one for one in lines if over.startswith(one.path)] if over else []
    return TreePage(above, Page(shown, len(found), asked), opened)


def _opened(lines: list[BranchLine], at: str) -> BranchLine | None:
    """The branch to look below; the only one at the top goes without saying."""
    tops = [one for one in lines if one.depth == 0]
    named = (one for one in lines if one.code == at)
    return next(named, tops[0] if len(tops) == 1 else None)


def choices(session: Session, below: tuple[str, ...]) -> list[tuple[str, str]]:
    """Code and indented name of each open branch of the subtrees, for a select field."""
    rows = session.execute(
        select(Branch.code, Branch.name, Branch.path)
        .where(tree.within(Branch.path, below), Branch.closed_at.is_(None))
        .order_by(Branch.path)
    ).all()
    return [(row.code, INDENT * _depth(row.path, below) + row.name) for row in rows]


def known(session: Session) -> Mapping[str, KnownBranch]:
    """What a file of branches is checked against: the whole tree by code."""
    columns = Branch.id, Branch.code, Branch.name, Branch.kind, Branch.parent_id, Branch.closed_at
    rows = session.execute(select(*columns)).all()
    above: dict[int | None, str] = {row.id: row.code for row in rows}
    above[None] = ""
    return {
        row.code: KnownBranch(
            row.code, row.name, above[row.parent_id], row.kind, closed=row.closed_at is not None
        )
        for row in rows
    }


def names(session: Session) -> dict[str, str]:
    """What every branch is called, by code."""
    return {row.code: row.name for row in session.execute(select(Branch.code, Branch.name))}


def managed(session: Session, actor: Actor) -> frozenset[str] | None:
    """The codes of the branches that the actor administers; None: all, and those to come."""
    scope = actor.scope(Permission.MANAGE_BRANCHES)
    if WHOLE_TREE in scope:
        return None
    return codes(session, scope)


def codes(session: Session, below: tuple[str, ...]) -> frozenset[str]:
    """The codes of the branches of the subtrees, closed ones too."""
    return frozenset(session.scalars(select(Branch.code).where(tree.within(Branch.path, below))))


def _with_members(below: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    here = (
        select(Member.branch_id, func.count().label("members"))
        .where(Member.status != MemberStatus.LEFT)
        .group_by(Member.branch_id)
        .subquery()
    )
    return (
        select(
            Branch.id,
            Branch.code,
            Branch.name,
            Branch.kind,
            Branch.path,
            func.coalesce(here.c.members, 0).label("members"),
        )
        .outerjoin(here, here.c.branch_id == Branch.id)
        .where(tree.within(Branch.path, below), Branch.closed_at.is_(None))
        .order_by(Branch.path)
    )


def _below(rows: Any) -> tuple[Counter[str], Counter[str]]:
    """How many members and how many branches each path has in its subtree, itself included."""
    members: Counter[str] = Counter()
    branches: Counter[str] = Counter()
    for row in rows:
        for path in _line(row.path):
            members[path] += row.members
            branches[path] += 1
    return members, branches


def _line(path: str) -> Iterator[str]:
    """The paths from the root down to this one."""
    return (path[:end] for end in range(tree.WIDTH, len(path) + 1, tree.WIDTH))


def _depth(path: str, below: tuple[str, ...]) -> int:
    top = max((len(prefix) for prefix in below if path.startswith(prefix)), default=0)
    return len(path) // tree.WIDTH - max(top // tree.WIDTH, 1)


def _around(lines: list[BranchLine], search: str) -> list[BranchLine]:
    """The lines that match, together with those above them, so that each is seen in its place."""
    word = search.strip().lower()
    hits = (one.path for one in lines if word in one.name.lower() or one.code.lower().startswith(word))
    around = {path for hit in hits for path in _line(hit)}
    return [one for one in lines if one.path in around]
