"""The demo's tree: a fictional city, its districts, their general branches and home branches. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studyhub.organization.states import BranchKind

FEWEST_BRANCHES = 3
"""So that two districts have a home branch, and the city has one of its own."""

ROOT = "city"
LEADERS_BRANCH = "east-01"
OTHER_DISTRICTS_BRANCH = "west-01"
STAFF_BRANCH = "city-01"

_DISTRICTS = {"east": "东湖区", "west": "西山区", "city": "云岭市", "new": "高新区"}
# What a general branch covers: its name, and the units that have a home branch each.
_FIELDS = (
    ("education", "教育卫生", ("实验小学", "第三中学", "人民医院", "社区卫生服务中心")),
    ("works", "城建政务", ("住房和城乡建设局", "城市管理局", "政务服务中心", "市场监督管理局")),
    ("culture", "文化宣传", ("图书馆", "档案馆", "融媒体中心", "文化馆")),
    ("water", "农林水务", ("水务局", "农业农村局", "林业工作站", "气象服务中心")),
)
_CITYS_OWN = ("市直机关第一", "市直机关第二", "市直机关离退休干部第一", "市直机关第三")


@dataclass(frozen=True, slots=True)
class PlannedBranch:
    """One row of the file that is imported."""

    code: str
    name: str
    parent: str
    kind: BranchKind


def plan_tree(home_branches: int) -> list[PlannedBranch]:
    """A city with that many home branches, each after its parent; two of them have groups."""
    if home_branches < FEWEST_BRANCHES:
        raise ValueError(f"at least {FEWEST_BRANCHES} home branches, not {home_branches}")
    tree = [PlannedBranch(ROOT, "云岭市市直机关工作委员会", "", BranchKind.COMMITTEE)]
    for prefix in list(_DISTRICTS)[:home_branches]:
        if prefix != ROOT:
            name = f"{_DISTRICTS[prefix]}机关党委"
            tree.append(PlannedBranch(f"{prefix}-district", name, ROOT, BranchKind.COMMITTEE))
    there = {branch.code for branch in tree}
    for number in range(home_branches):
        prefix = list(_DISTRICTS)[number % len(_DISTRICTS)]
        for branch in _home_branch(prefix, number // len(_DISTRICTS)):
            if branch.code not in there:
                there.add(branch.code)
                tree.append(branch)
    names = {branch.code: branch.name for branch in tree}
    grouped = (LEADERS_BRANCH, OTHER_DISTRICTS_BRANCH)
    return [*tree, *(group for code in grouped for group in _groups(code, names[code]))]


def to_csv(rows: Iterable[tuple[str, ...]], columns: tuple[str, ...]) -> bytes:
    """A file as an admin would upload it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _home_branch(prefix: str, place: int) -> Iterator[PlannedBranch]:
    """The district's home branch number `place`, after the general branch that it stands under."""
    code = f"{prefix}-{place + 1:02}"
    if prefix == "city":
        round_, which = divmod(place, len(_CITYS_OWN))
        name = f"{_CITYS_OWN[which]}{_round(round_)}党支部"
        yield PlannedBranch(code, name, ROOT, BranchKind.HOME_BRANCH)
    elif place == 0:
        name = f"{_DISTRICTS[prefix]}机关第一党支部"
        yield PlannedBranch(code, name, f"{prefix}-district", BranchKind.HOME_BRANCH)
    else:
        yield from _unit_branch(prefix, code, place - 1)


def _unit_branch(prefix: str, code: str, place: int) -> Iterator[PlannedBranch]:
    field_number, which = divmod(place, 4)
    # Each district begins elsewhere, so that a small tree shows more than schools.
    field_number += list(_DISTRICTS).index(prefix)
    round_, field_number = divmod(field_number, len(_FIELDS))
    field, title, units = _FIELDS[field_number]
    district = _DISTRICTS[prefix]
    general = f"{prefix}-{field}" + (f"-{round_ + 1}" if round_ else "")
    name = f"{district}{title}{_round(round_)}党总支"
    yield PlannedBranch(general, name, f"{prefix}-district", BranchKind.GENERAL_BRANCH)
    name = f"{district}{units[which]}{_round(round_)}党支部"
    yield PlannedBranch(code, name, general, BranchKind.HOME_BRANCH)


def _round(number: int) -> str:
    """What tells units of the same name apart in a very large tree."""
    return f"第{number + 1}" if number else ""


def _groups(code: str, name: str) -> Iterator[PlannedBranch]:
    for number, ordinal in enumerate("一二", start=1):
        yield PlannedBranch(f"{code}-g{number}", f"{name}第{ordinal}党小组", code, BranchKind.GROUP)
