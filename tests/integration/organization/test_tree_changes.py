"""The tree changes, and the past stays where it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import BranchMoved
from studyhub.kernel.page import PageRequest
from studyhub.kernel.permissions import Permission
from studyhub.organization import tree
from studyhub.organization.actor import SYSTEM
from studyhub.organization.branches import operations, queries
from studyhub.organization.branches.operations import NewBranch, Title
from studyhub.organization.models import Branch, BranchParent, Membership
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind
from tests.factories import organization as make
from tests.integration.organization.conftest import Town


def test_a_branch_moves_with_everything_below_it_and_its_old_place_is_dated(
    session: Session, town: Town, now: datetime
) -> None:
    events: list[BranchMoved] = []
    session.info["listeners"] = {BranchMoved: (lambda _, event: events.append(event),)}
    old, later = town.east.path, now + timedelta(days=1)
    operations.move(session, town.as_admin, town.east, town.west, later)
    assert town.east_1.path == town.west.path + tree.segment(town.east.id) + tree.segment(town.east_1.id)
    places = session.execute(
        select(BranchParent.parent_id, BranchParent.since, BranchParent.until)
        .where(BranchParent.branch_id == town.east.id)
        .order_by(BranchParent.id)
    ).all()
    assert [tuple(place) for place in places] == [(town.city.id, now, later), (town.west.id, later, None)]
    assert events == [BranchMoved(later, town.east.id, old, town.east.path)]


def test_a_branch_never_stands_below_itself(session: Session, town: Town, now: datetime) -> None:
    for target in (town.east, town.east_1):
        with pytest.raises(Conflict, match="circle"):
            operations.move(session, town.as_admin, town.east, target, now)


def test_paths_tell_subtrees_apart_even_when_one_id_begins_like_another(
    session: Session, now: datetime
) -> None:
    root = make.branch(session, "root", now)
    children = [make.branch(session, f"c{n}", now, parent=root) for n in range(40)]
    for child in children[:3]:
        make.branch(session, f"{child.code}-a", now, parent=child)
    found = session.execute(select(Branch.code).where(tree.subtree(Branch.path, children[0].path))).scalars()
    assert sorted(found) == ["c0", "c0-a"]


def test_merging_transfers_everybody_and_closes_the_branch(
    session: Session, town: Town, now: datetime
) -> None:
    below = make.branch(session, "west-1-a", now, parent=town.west_1, kind=BranchKind.GROUP)
    grant = make.grant(session, town.wang, Role.LEADER, now, over=town.west_1)
    later = now + timedelta(days=1)
    moved = operations.merge(session, town.as_admin, town.west_1, town.east_1, later)
    assert moved == 1
    session.refresh(town.wang)
    assert town.wang.branch_id == town.east_1.id
    session.refresh(below)
    assert below.parent_id == town.east_1.id
    session.refresh(town.west_1)
    assert town.west_1.closed_at == later
    session.refresh(grant)
    assert grant.until == later
    then = session.execute(
        select(Membership.branch_id).where(Membership.member_id == town.wang.id, Membership.since <= now)
    )
    assert then.scalar_one() == town.west_1.id


def test_a_merge_takes_as_many_statements_however_many_move(
    database: Database, now: datetime, count_statements: Callable[[], Any]
) -> None:
    counts = []
    for size in (2, 40):
        with database.write() as session:
            root = make.branch(session, f"root{size}", now)
            old, new = (make.branch(session, f"{code}{size}", now, parent=root) for code in ("old", "new"))
            for number in range(size):
                make.member(session, f"{size}-{number}", old, now)
        with count_statements() as statements, database.write() as session:
            old, new = (session.get_one(Branch, branch.id) for branch in (old, new))
            assert operations.merge(session, SYSTEM, old, new, now + timedelta(days=1)) == size
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20


def test_a_branch_with_people_or_branches_is_not_closed(session: Session, town: Town, now: datetime) -> None:
    for branch in (town.east, town.east_1):
        with pytest.raises(Conflict, match="branch_not_empty"):
            operations.close(session, town.as_admin, branch, now)


def test_nobody_is_transferred_into_a_closed_branch(session: Session, town: Town, now: datetime) -> None:
    empty = operations.create(
        session, town.as_admin, NewBranch("empty", Title("空支部", BranchKind.HOME_BRANCH), town.city), now
    )
    operations.close(session, town.as_admin, empty, now)
    with pytest.raises(Conflict, match="branch_closed"):
        operations.create(
            session, town.as_admin, NewBranch("below", Title("下级", BranchKind.GROUP), empty), now
        )


def test_a_tree_too_deep_is_refused_before_anything_is_written(
    session: Session, town: Town, now: datetime
) -> None:
    deepest = town.city
    for level in range(2, 21):
        deepest = make.branch(session, f"level-{level}", now, parent=deepest)
    with pytest.raises(Conflict, match="too_deep"):
        operations.create(
            session, town.as_admin, NewBranch("below", Title("下级", BranchKind.GROUP), deepest), now
        )
    with pytest.raises(Conflict, match="too_deep"):
        operations.move(session, town.as_admin, town.east, deepest, now)
    assert session.execute(select(Branch).where(Branch.code == "below")).first() is None


def test_a_code_is_used_once(session: Session, town: Town, now: datetime) -> None:
    with pytest.raises(Conflict, match="code_taken"):
        operations.create(
            session, town.as_admin, NewBranch("east", Title("又一个", BranchKind.GROUP), town.city), now
        )


def test_the_tree_counts_members_below_and_leaves_closed_branches_out(
    session: Session, town: Town, now: datetime
) -> None:
    empty = operations.create(
        session, town.as_admin, NewBranch("empty", Title("空支部", BranchKind.HOME_BRANCH), town.city), now
    )
    operations.close(session, town.as_admin, empty, now)
    lines = {line.code: line for line in queries.tree_lines(session, ("",))}
    assert "empty" not in lines
    assert (lines["city"].members_below, lines["city"].members, lines["city"].depth) == (4, 1, 0)
    assert (lines["east-1"].members_below, lines["east-1"].depth) == (2, 2)


def test_a_search_shows_each_hit_in_its_place(session: Session, town: Town) -> None:
    assert [line.code for line in queries.tree_lines(session, ("",), "west-1")] == ["city", "west", "west-1"]


def test_a_small_tree_is_shown_whole_and_a_large_one_a_level_at_a_time(
    session: Session, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(at: str = "", **asked: int | str) -> tuple[list[str], list[str]]:
        tree = queries.tree_page(session, ("",), PageRequest(size=50, **asked), at)  # type: ignore[arg-type]
        return [one.code for one in tree.above], [one.code for one in tree.page.items]

    assert shown() == ([], ["city", "east", "east-1", "west", "west-1"])
    monkeypatch.setattr(queries, "SHOWN_WHOLE", 2)
    assert shown() == (["city"], ["east", "west"])
    assert shown("east") == (["city", "east"], ["east-1"])
    assert shown("no-such-branch") == shown()
    assert shown("east", search="west-1") == ([], ["city", "west", "west-1"])


def test_a_later_page_of_the_tree_begins_with_what_its_first_branch_stands_below(
    session: Session, town: Town
) -> None:
    tree = queries.tree_page(session, ("",), PageRequest(size=2, page=2))
    assert [one.code for one in tree.above] == ["city", "east"]
    assert [one.code for one in tree.page.items] == ["east-1", "west"]
    assert tree.page.total == 5


def test_who_has_some_branches_opens_no_others(
    session: Session, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN_WHOLE", 1)
    scope = town.as_leader.scope(Permission.VIEW_BRANCH)
    for at in ("", "west", "city"):
        tree = queries.tree_page(session, scope, PageRequest(), at)
        assert [one.code for one in (*tree.above, *tree.page.items)] == ["east", "east-1"]


def test_a_leader_sees_only_the_own_subtree(session: Session, town: Town) -> None:
    scope = town.as_leader.scope(Permission.VIEW_BRANCH)
    assert [line.code for line in queries.tree_lines(session, scope)] == ["east", "east-1"]
