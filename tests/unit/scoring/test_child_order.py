"""The branches below a branch, in the order that a leader asks for."""

from __future__ import annotations

import pytest

from studyhub.kernel.page import PageRequest
from studyhub.organization.states import BranchKind
from studyhub.scoring.branch_queries import ChildLine, Children
from studyhub.scoring.rollup import Figures

EXAM = 1


def line(name: str, members: int, figures: Figures | None = None) -> ChildLine:
    return ChildLine(name, name, BranchKind.HOME_BRANCH, members, {EXAM: figures} if figures else {})


CHILDREN = Children(
    [
        line("c", 3, Figures(assigned=4, started=4, finished=4, passed=1, percent_sum=20_000)),
        line("a", 9),
        line("b", 6, Figures(assigned=4, started=3, finished=2, passed=2, percent_sum=18_000)),
    ],
    None,
)


@pytest.mark.parametrize(
    ("sort", "upwards", "downwards"),
    [
        ("name", "abc", "cba"),
        ("members", "cba", "abc"),
        ("finished", "bca", "cba"),
        ("passed", "cba", "bca"),
        ("mean", "cba", "bca"),
        ("", "cab", "cab"),
        ("code", "cab", "cab"),
    ],
)
def test_a_branch_without_the_figure_comes_last_either_way(sort: str, upwards: str, downwards: str) -> None:
    for descending, expected in ((False, upwards), (True, downwards)):
        ordered = CHILDREN.ordered(EXAM, PageRequest(sort=sort, descending=descending))
        assert "".join(each.name for each in ordered) == expected
