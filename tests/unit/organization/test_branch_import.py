"""A file of branches becomes a plan: rows in any order, no circle, every parent before its children."""

from __future__ import annotations

import random

import pytest

from studyhub.organization.branches.branch_import import (
    COLUMNS,
    BranchPlan,
    KnownBranch,
    plan_branches,
    plan_records,
)
from studyhub.organization.sheets.reading import read_records
from studyhub.organization.states import BranchKind

CITY = KnownBranch("city", "市直机关工委", "", BranchKind.COMMITTEE)
LIB = KnownBranch("lib", "图书馆总支", "city", BranchKind.GENERAL_BRANCH)
KNOWN = {"city": CITY, "lib": LIB}


def plan(body: str) -> BranchPlan:
    return plan_branches(f"code,name,parent,kind\n{body}\n".encode(), KNOWN)


def chinese(body: str, header: str = "编号,名称,上级,类别") -> BranchPlan:
    return plan_branches(f"党组织一览表\n{header}\n{body}\n".encode(), KNOWN)


def codes(found: BranchPlan) -> list[tuple[int, object, str]]:
    return [(fault.line, fault.params.get("header"), fault.code) for fault in found.faults]


def test_rows_come_in_any_order_and_parents_are_made_first() -> None:
    rows = ["a,A,,党委", "b,B,a,党总支", "c,C,b,党支部", "d,D,c,党小组"]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        found = plan("\n".join(rows))
        assert [row.code for row in found.created] == ["a", "b", "c", "d"]


def test_kinds_are_understood_in_both_languages_and_taken_from_the_name_when_blank() -> None:
    found = plan("a,某某党委,,\nb,某某党总支,a,\nc,某某支部,b,\nd,第一党小组,c,\ne,E,a,group\nf,F,a,党支部")
    assert [row.kind.value for row in found.created] == [
        "committee",
        "general_branch",
        "home_branch",
        "group",
        "group",
        "home_branch",
    ]


def test_a_blank_cell_and_a_missing_row_change_nothing() -> None:
    assert plan("lib,,,").unchanged == ("lib",)


def test_a_new_name_is_a_change_and_another_parent_a_move() -> None:
    found = plan("lib,新名,top,\ntop,N,,党委")
    assert [row.code for row in found.changed] == ["lib"]
    assert [row.code for row in found.moved] == ["lib"]


def test_parent_and_child_may_change_places_from_the_top_down() -> None:
    known = {**KNOWN, "top": KnownBranch("top", "T", "", BranchKind.COMMITTEE)}
    data = b"code,name,parent\ncity,,lib\nlib,,top\n"
    assert [row.code for row in plan_branches(data, known).moved] == ["lib", "city"]


def test_a_circle_is_a_fault_in_each_of_its_rows() -> None:
    assert codes(plan("a,A,b,\nb,B,a,")) == [(2, "parent", "circle"), (3, "parent", "circle")]


def test_a_branch_under_itself_is_a_circle() -> None:
    assert codes(plan("a,A,a,")) == [(2, "parent", "circle")]


def test_an_unknown_parent_is_answered_with_the_one_that_was_meant() -> None:
    (fault,) = plan("a,A,cty,").faults
    assert (fault.code, fault.params["meant"]) == ("unknown_branch", "city")


@pytest.mark.parametrize("code", ["new", "import", "template.xlsx", ".."])
def test_a_new_branch_has_no_code_whose_page_is_another(code: str) -> None:
    assert codes(plan(f"{code},A,,党委")) == [(2, "code", "reserved_branch_code")]


def test_a_branch_that_has_such_a_code_already_keeps_it() -> None:
    known = {"new": KnownBranch("new", "新", "", BranchKind.COMMITTEE)}
    assert plan_branches(b"code,name\nnew,A\n", known).faults == ()


def test_every_fault_is_listed() -> None:
    found = plan("a b,A,,\n,B,,\nc,,,\nd,D,,总总支\ne,E,,\ne,E2,,")
    assert codes(found) == [
        (2, "code", "bad_branch_code"),
        (3, "code", "missing_value"),
        (4, "name", "missing_value"),
        (5, "kind", "unknown_kind"),
        (7, "code", "duplicate"),
    ]


def test_children_of_a_faulty_row_are_not_blamed_for_it() -> None:
    assert codes(plan("a,A,,nonsense\nb,B,a,")) == [(2, "kind", "unknown_kind")]


def test_a_tree_too_deep_is_refused() -> None:
    rows = [f"b{n},B,{f'b{n - 1}' if n else ''}," for n in range(30)]
    assert {code for _, _, code in codes(plan("\n".join(rows)))} == {"too_deep"}


def test_who_administers_some_branches_changes_no_other_and_puts_none_elsewhere() -> None:
    def faults(body: str) -> list[tuple[int, object, str]]:
        file = read_records(f"code,name,parent,kind\n{body}\n".encode(), COLUMNS)
        return codes(plan_records(file, KNOWN, {"lib"}))

    assert faults("city,别名,,") == [(2, "code", "branch_elsewhere")]
    assert faults("next,新支部,city,") == [(2, "parent", "branch_elsewhere")]
    assert faults("lib,,top,\ntop,新总支,,") == [(3, "parent", "top_elsewhere")]
    assert faults("city,,,\nlib,新名,,\na,新支部,lib,\nb,新小组,a,") == []


def test_a_chinese_list_names_the_branches_above_by_name_new_ones_too() -> None:
    found = chinese(
        "lib-3,第三党支部,图书馆总支,党支部\nlib-3-1,第一党小组,第三 党支部,党小组\nx,某党委,无,机关党委"
    )
    assert [(row.code, row.parent, row.kind) for row in found.created] == [
        ("lib-3", "lib", BranchKind.HOME_BRANCH),
        ("lib-3-1", "lib-3", BranchKind.GROUP),
        ("x", "", BranchKind.COMMITTEE),
    ]


def test_a_code_above_counts_more_than_the_name_beside_it() -> None:
    found = chinese("a,A,市直机关工委,lib,党支部", "党组织编号,党组织名称,上级名称,上级编号,类型")
    assert found.created[0].parent == "lib"


def test_a_name_above_that_two_branches_have_is_a_fault_with_their_codes() -> None:
    found = chinese("a,第一支部,lib,\nb,第一支部,city,\nc,小组,第一支部,")
    assert codes(found) == [(5, "上级", "ambiguous_branch")]
    assert found.faults[0].params["codes"] == "a、b"


def test_kinds_of_a_company_are_understood() -> None:
    found = chinese("a,A,,总部\nb,B,a,分部\nc,C,b,部门\nd,D,c,小组", "组织编号,组织名称,上级组织,组织类别")
    assert [row.kind.value for row in found.created] == [
        "committee",
        "general_branch",
        "home_branch",
        "group",
    ]


def test_an_unknown_name_above_is_answered_with_the_one_that_was_meant() -> None:
    (fault,) = chinese("a,A,图书馆支部,").faults
    assert (fault.line, fault.params["header"], fault.params["meant"]) == (3, "上级", "图书馆总支")


def test_a_name_means_only_the_branches_that_it_may_mean() -> None:
    twice = {**KNOWN, "old": KnownBranch("old", "图书馆总支", "", BranchKind.GENERAL_BRANCH)}
    file = read_records("编号,名称,上级\na,A,图书馆总支\n".encode(), COLUMNS)
    assert plan_records(file, twice).faults[0].code == "ambiguous_branch"
    assert plan_records(file, twice, named={"lib"}).created[0].parent == "lib"
