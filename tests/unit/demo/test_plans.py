"""Who and what the demo consists of, before anything is stored."""

from __future__ import annotations

from collections import Counter

import pytest

from studyhub.demo import tree
from studyhub.demo.people import ACCOUNTS, plan_people
from studyhub.demo.tree import plan_tree
from studyhub.organization.states import BranchKind


@pytest.mark.parametrize("home_branches", [3, 4, 14, 200])
def test_a_tree_has_as_many_home_branches_as_asked_for(home_branches: int) -> None:
    planned = plan_tree(home_branches)
    assert sum(branch.kind is BranchKind.HOME_BRANCH for branch in planned) == home_branches


def test_every_branch_comes_after_its_parent_and_codes_and_names_are_not_repeated() -> None:
    planned = plan_tree(200)
    seen = {""}
    for branch in planned:
        assert branch.parent in seen
        seen.add(branch.code)
    assert len({branch.code for branch in planned}) == len(planned)
    assert len({branch.name for branch in planned}) == len(planned)


def test_the_accounts_to_try_are_there_whatever_the_size() -> None:
    for home_branches, members in ((4, 40), (14, 300)):
        people = plan_people(plan_tree(home_branches), members, seed=1)
        assert len(people) == members
        assert people[: len(ACCOUNTS)] == list(ACCOUNTS)


def test_member_and_leader_share_a_branch_and_member2_is_in_another_district() -> None:
    home = {account.member_no: account.branch for account in ACCOUNTS}
    assert home["member"] == home["leader"]
    parent = {branch.code: branch.parent for branch in plan_tree(14)}
    assert parent[home["member"]] != parent[home["member2"]]


def test_every_home_branch_has_one_leader_and_no_two_members_share_a_name() -> None:
    planned = plan_tree(14)
    people = plan_people(planned, 300, seed=1)
    led = Counter(person.roles for person in people if person.roles.startswith("leader@"))
    homes = {branch.code for branch in planned if branch.kind is BranchKind.HOME_BRANCH}
    assert all(led[f"leader@{code}"] == 1 for code in homes)
    assert len({person.name for person in people}) == len(people)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    planned = plan_tree(14)
    assert plan_people(planned, 300, seed=1) == plan_people(planned, 300, seed=1)
    assert plan_people(planned, 300, seed=1) != plan_people(planned, 300, seed=2)


def test_too_few_members_or_branches_are_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="at least"):
        plan_people(plan_tree(14), 10, seed=1)
    with pytest.raises(ValueError, match="at least"):
        plan_tree(tree.FEWEST_BRANCHES - 1)
