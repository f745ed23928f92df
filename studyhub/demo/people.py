"""Who belongs to the demo: the accounts to try, and members with fictional names. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studyhub.demo import tree
from studyhub.demo.chance import chance
from studyhub.demo.names import fictional_names
from studyhub.demo.tree import PlannedBranch
from studyhub.organization.states import BranchKind, Level, MemberStatus

COLUMNS = ("member_no", "name", "branch", "status", "clearance", "roles")


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """One row of the file that is imported; `roles` as that file spells them."""

    member_no: str
    name: str
    branch: str
    status: MemberStatus = MemberStatus.ACTIVE
    clearance: Level = Level.INTERNAL
    roles: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        return (self.member_no, self.name, self.branch, self.status, self.clearance, self.roles)


ACCOUNTS = (
    PlannedMember("admin", "周明远", tree.STAFF_BRANCH, clearance=Level.RESTRICTED, roles="admin"),
    PlannedMember("editor", "林书雅", tree.STAFF_BRANCH, clearance=Level.RESTRICTED, roles="editor"),
    PlannedMember("auditor", "郑守诚", tree.STAFF_BRANCH, clearance=Level.RESTRICTED, roles="auditor"),
    PlannedMember("secretary", "方国栋", tree.STAFF_BRANCH, roles=f"leader@{tree.ROOT}"),
    PlannedMember("leader", "贺秀兰", tree.LEADERS_BRANCH, roles=f"leader@{tree.LEADERS_BRANCH}"),
    PlannedMember("member", "李桂芳", tree.LEADERS_BRANCH),
    PlannedMember("member2", "张卫东", tree.OTHER_DISTRICTS_BRANCH),
)
"""The accounts that can be signed in to; everybody else would get an activation slip first."""

# A home branch with groups is not to grow far beyond the others.
_SIZE = {BranchKind.HOME_BRANCH: 1.0, BranchKind.GROUP: 0.3}


def plan_people(branches: Sequence[PlannedBranch], members: int, seed: int) -> list[PlannedMember]:
    """That many members, the accounts among them; home branches differ in size, each has a leader."""
    fewest = len(ACCOUNTS) + sum(branch.kind is BranchKind.HOME_BRANCH for branch in branches)
    if members < fewest:
        raise ValueError(f"at least {fewest} members for these branches, not {members}")
    randomness = chance("people", seed)
    names = fictional_names(randomness)
    taken = {account.name for account in ACCOUNTS}
    people = list(ACCOUNTS)
    homes = _homes(branches, members - len(ACCOUNTS), randomness)
    for number, (branch, roles) in enumerate(homes, start=1):
        name = next(name for name in names if name not in taken)
        status = _status(randomness, roles)
        people.append(PlannedMember(f"yl{number:05}", name, branch, status, roles=roles))
    return people


def _homes(
    branches: Sequence[PlannedBranch], members: int, randomness: random.Random
) -> Iterator[tuple[str, str]]:
    """The branch and the roles of each member: first a leader for every home branch, then the others."""
    homes = [branch.code for branch in branches if branch.kind is BranchKind.HOME_BRANCH]
    leaders = [(code, f"leader@{code}") for code in homes if code != tree.LEADERS_BRANCH]
    leaders += [(_first_below(branches, b.code, homes), f"leader@{b.code}") for b in branches if _is_above(b)]
    leaders += [(b.code, f"group_leader@{b.code}") for b in branches if b.kind is BranchKind.GROUP]
    leaders = leaders[:members]
    yield from leaders
    places = [b for b in branches if b.kind in (BranchKind.HOME_BRANCH, BranchKind.GROUP)]
    weights = [_SIZE[b.kind] * randomness.uniform(0.6, 1.4) for b in places]
    for branch in randomness.choices(places, weights, k=members - len(leaders)):
        yield branch.code, ""


def _is_above(branch: PlannedBranch) -> bool:
    """A district or a general branch, which has a leader who is at home in one of its home branches."""
    return branch.kind in (BranchKind.COMMITTEE, BranchKind.GENERAL_BRANCH) and branch.code != tree.ROOT


def _first_below(branches: Sequence[PlannedBranch], code: str, homes: list[str]) -> str:
    below = {code}
    for branch in branches:
        if branch.parent in below:
            below.add(branch.code)
    return next(home for home in homes if home in below)


def _status(randomness: random.Random, roles: str) -> MemberStatus:
    if roles or randomness.random() > 0.05:
        return MemberStatus.ACTIVE
    return MemberStatus.PROBATIONARY
