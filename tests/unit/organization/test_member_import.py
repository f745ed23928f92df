"""A file of members becomes a plan, or the list of everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from studyhub.organization.imports import examples
from studyhub.organization.imports.kinds import MEMBERS
from studyhub.organization.imports.wording import hint
from studyhub.organization.members import member_rows
from studyhub.organization.members.member_import import Known, KnownMember, MemberPlan, plan_members
from studyhub.organization.roles import Role
from studyhub.organization.states import Level, MemberStatus
from studyhub.web.words import PACKS, in_chinese

LI = KnownMember(
    "10001",
    "李秀兰",
    "lib-3",
    "13800138000",
    MemberStatus.ACTIVE,
    Level.INTERNAL,
    frozenset({(Role.LEADER, "lib-3")}),
)
KNOWN = Known(
    {"10001": LI}, {"lib-3": "图书馆第三党支部", "lib-4": "图书馆第四党支部", "city": "市直机关工委"}
)
CHINESE = "编号,姓名,党组织,手机号,状态,知悉范围,角色"


def plan(body: str, header: str = "member_no,name,branch,phone,status,clearance,roles") -> MemberPlan:
    return plan_members(f"{header}\n{body}\n".encode(), KNOWN)


def codes(found: MemberPlan) -> list[tuple[int, object, str]]:
    return [(fault.line, fault.params.get("header"), fault.code) for fault in found.faults]


def test_a_new_member_is_active_and_cleared_for_internal_content() -> None:
    found = plan("10002,王建国,lib-4,,,,")
    (change,) = found.created
    assert change.after == KnownMember("10002", "王建国", "lib-4", None, MemberStatus.ACTIVE, Level.INTERNAL)


def test_a_blank_cell_changes_nothing() -> None:
    assert plan("10001,,,,,,").unchanged == ("10001",)


def test_the_same_file_again_changes_nothing() -> None:
    assert plan("10001,李秀兰,lib-3,138 0013 8000,active,internal,leader").unchanged == ("10001",)


def test_another_branch_is_a_transfer_whatever_else_changes() -> None:
    found = plan("10001,李秀蘭,lib-4,,,,")
    assert [change.fields for change in found.transferred] == [("name", "branch")]
    assert found.updated == ()


def test_a_leader_who_moves_is_told_that_the_role_stays() -> None:
    found = plan("10001,,lib-4,,,,")
    assert found.sound
    assert codes(found) == [(2, "branch", "role_stays_behind")]


def test_a_bare_leader_leads_the_branch_of_the_row() -> None:
    assert plan("2,王,lib-4,,,,leader").created[0].after.roles == {(Role.LEADER, "lib-4")}


def test_a_bare_leader_with_a_blank_branch_leads_where_they_are() -> None:
    assert plan("10001,,,,,,leader").unchanged == ("10001",)


def test_a_role_may_name_another_branch_and_an_admin_needs_none() -> None:
    roles = plan("2,王,lib-4,,,,leader@city; admin；组长").created[0].after.roles
    assert roles == {(Role.LEADER, "city"), (Role.ADMIN, None), (Role.GROUP_LEADER, "lib-4")}


def test_roles_that_a_filled_cell_does_not_name_end() -> None:
    (change,) = plan("10001,,,,,,deputy").updated
    assert change.after.roles == {(Role.DEPUTY, "lib-3")}


def test_words_are_understood_in_chinese_too() -> None:
    after = plan("2,王,lib-4,,预备党员,受控,书记").created[0].after
    assert (after.status, after.clearance) == (MemberStatus.PROBATIONARY, Level.RESTRICTED)


def test_every_faulty_row_is_listed_and_nothing_is_planned() -> None:
    found = plan(
        "11010519491231002X,李,lib-3,,,,\n"
        "a b,,lib-9,12,actve,secret,boss\n"
        "2,,,,,,\n"
        "3,王,lib-3,13800138000,,,\n"
        "4,赵,lib-3,,,,\n"
        "4,钱,lib-4,,,,"
    )
    assert codes(found) == [
        (2, "member_no", "id_number"),
        (3, "member_no", "bad_member_no"),
        (3, "branch", "unknown_branch"),
        (3, "phone", "bad_phone"),
        (3, "status", "unknown_status"),
        (3, "clearance", "unknown_clearance"),
        (3, "roles", "unknown_role"),
        (4, "name", "missing_value"),
        (4, "branch", "missing_value"),
        (5, "phone", "phone_taken"),
        (7, "member_no", "duplicate"),
    ]
    assert (found.created, found.updated, found.sound) == ((), (), False)


@pytest.mark.parametrize("phone", ["1380000", "138000000012345"])
def test_a_new_phone_number_that_is_probably_mistyped_is_a_warning(phone: str) -> None:
    found = plan(f"2,王,lib-3,{phone},,,")
    assert found.sound
    assert codes(found) == [(2, "phone", "unlikely_phone")]
    assert found.created[0].after.phone == phone


def test_an_unlikely_phone_number_is_named_beside_mistakes_in_its_row_and_in_others() -> None:
    found = plan("2,王,lib-3,1380000,,,\n3,,lib-3,1390000,,,\n10001,,nowhere,1370000,,,")
    assert not found.sound
    assert codes(found) == [
        (2, "phone", "unlikely_phone"),
        (3, "name", "missing_value"),
        (3, "phone", "unlikely_phone"),
        (4, "branch", "unknown_branch"),
        (4, "phone", "unlikely_phone"),
    ]
    assert [fault.params["name"] for fault in found.faults if "name" in fault.params] == ["王", "3", "李秀兰"]


def test_a_number_that_the_member_has_already_is_not_warned_of() -> None:
    known = Known({"10001": replace(LI, phone="1380000")}, KNOWN.branches)
    assert plan_members(b"member_no,name,branch,phone\n10001,Li,,1380000\n", known).faults == ()


@pytest.mark.parametrize(
    ("code", "words"), [("status", "正式, 预备 or 已离开"), ("clearance", "公开, 内部 or 受控")]
)
def test_a_word_that_is_not_known_is_answered_with_those_of_both_languages(
    app: Flask, code: str, words: str
) -> None:
    (fault,) = plan("2,王,lib-3,积极分子", f"member_no,name,branch,{code}").faults
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert words in hint(fault)


def test_an_id_number_is_not_repeated_in_the_fault() -> None:
    found = plan("11010519491231002X,李,lib-3,,,,")
    assert "1949" not in repr(found.faults)


def test_a_mistyped_branch_is_answered_with_the_one_that_was_meant() -> None:
    assert plan("2,王,lib3,,,,").faults[0].params["meant"] == "lib-3"


def test_two_people_may_exchange_their_numbers_in_one_file() -> None:
    other = KnownMember("2", "王", "lib-3", "13900139000", MemberStatus.ACTIVE, Level.INTERNAL)
    known = Known({"10001": LI, "2": other}, KNOWN.branches)
    data = b"member_no,name,branch,phone\n10001,,,13900139000\n2,,,13800138000\n"
    assert len(plan_members(data, known).updated) == 2


def test_a_member_outside_the_scope_is_not_touched() -> None:
    known = Known({"10001": LI}, {"lib-4": ""})
    found = plan_members(b"member_no,name,branch\n10001,x,lib-4\n", known)
    assert codes(found) == [(2, "member_no", "member_elsewhere")]


def test_who_administers_some_branches_gives_and_ends_no_role_beyond_them() -> None:
    boss = replace(LI, roles=frozenset({(Role.ADMIN, None), (Role.LEADER, "lib-3")}))
    known = Known({"10001": boss}, {"lib-3": ""}, everywhere=False)
    header = b"member_no,name,branch,roles\n"
    for body in (b"2,x,lib-3,admin\n", b"10001,,,leader\n"):
        assert codes(plan_members(header + body, known)) == [(2, "roles", "role_elsewhere")]
    assert plan_members(header + b"2,x,lib-3,leader\n10001,,,admin;deputy\n", known).sound


def test_who_administers_some_branches_sees_nobody_off_who_has_a_role_beyond_them() -> None:
    boss = replace(LI, roles=frozenset({(Role.ADMIN, None)}))
    body = b"member_no,name,branch,status\n10001,,,left\n"
    known = Known({"10001": boss}, {"lib-3": ""}, everywhere=False)
    assert codes(plan_members(body, known)) == [(2, "status", "role_elsewhere")]
    assert plan_members(body, replace(known, members={"10001": LI})).sound
    assert plan_members(body, replace(known, everywhere=True)).sound


def test_nobody_clears_others_for_more_than_themselves() -> None:
    known = replace(KNOWN, levels=(Level.PUBLIC, Level.INTERNAL))
    header = b"member_no,name,branch,clearance\n"
    for body in (b"2,x,lib-3,restricted\n", b"10001,,,restricted\n"):
        assert codes(plan_members(header + body, known)) == [(2, "clearance", "clearance_beyond")]
    cleared = replace(LI, clearance=Level.RESTRICTED)
    unchanged = plan_members(header + b"10001,,,restricted\n", replace(known, members={"10001": cleared}))
    assert unchanged.unchanged == ("10001",)


def test_full_width_digits_of_a_chinese_keyboard_are_meant_as_digits() -> None:
    assert plan("１０００１,,,,,,").unchanged == ("10001",)


def test_a_chinese_list_is_a_plan_like_the_english_one() -> None:
    found = plan("10002,王　芳,图书馆第四党支部,138 0013 8001,预备党员,内部,无", CHINESE)
    assert found.created[0].after == KnownMember(
        "10002", "王芳", "lib-4", "13800138001", MemberStatus.PROBATIONARY, Level.INTERNAL
    )


def test_a_branch_may_be_meant_by_its_name_in_whatever_width_and_spacing() -> None:
    assert plan("10001,,图书馆 第三党支部,,,,", CHINESE).unchanged == ("10001",)


def test_a_name_of_several_branches_is_a_fault_that_lists_their_codes() -> None:
    known = replace(KNOWN, branches={"east-1": "第一党支部", "west-1": "第一党支部", "city": "市直机关工委"})
    (fault,) = plan_members(f"{CHINESE}\n2,王,第一党支部,,,,\n".encode(), known).faults
    assert (fault.line, fault.code, fault.params["header"]) == (2, "ambiguous_branch", "党组织")
    assert fault.params["codes"] == "east-1、west-1"
    assert plan_members(f"{CHINESE}\n2,王,west-1,,,,\n".encode(), known).sound


def test_a_name_that_is_somebody_elses_branch_too_means_ones_own() -> None:
    known = replace(KNOWN, branches={"east-1": "第一党支部"})
    assert (
        plan_members(f"{CHINESE}\n2,王,第一党支部,,,,\n".encode(), known).created[0].after.branch == "east-1"
    )


def test_a_mistyped_name_is_answered_with_the_one_that_was_meant() -> None:
    (fault,) = plan("2,王,图书馆第三支部,,,,", CHINESE).faults
    assert (fault.code, fault.params["meant"]) == ("unknown_branch", "图书馆第三党支部")


def test_roles_in_chinese_name_their_branch_by_its_name() -> None:
    roles = plan("2,王,lib-4,,,,书记、组长＠图书馆第三党支部", CHINESE).created[0].after.roles
    assert roles == {(Role.LEADER, "lib-4"), (Role.GROUP_LEADER, "lib-3")}


def test_a_leader_of_a_branch_that_the_row_names_leads_that_one() -> None:
    roles = plan("2,王,图书馆第四党支部,,,,书记", CHINESE).created[0].after.roles
    assert roles == {(Role.LEADER, "lib-4")}


def test_a_fault_names_the_heading_as_it_stands_in_the_file() -> None:
    found = plan("10001,,,12,在职,,", "党员编号,姓 名,所在党支部,联系电话（手机）,党员状态,密级,角色")
    assert codes(found) == [(2, "联系电话（手机）", "bad_phone"), (2, "党员状态", "unknown_status")]


def test_the_words_of_another_organisation_are_understood() -> None:
    body = "2,王,图书馆第三党支部,成员,负责人\n3,赵,图书馆第三党支部,试用成员,"
    found = plan(body, "成员编号,姓名,部门,成员状态,角色")
    assert [change.after.status for change in found.created] == [
        MemberStatus.ACTIVE,
        MemberStatus.PROBATIONARY,
    ]


def test_who_is_written_down_as_gone_has_left() -> None:
    for word in ("离开", "已离开", "转出", "left"):
        assert plan(f"10001,,,,{word},,", CHINESE).updated[0].after.status is MemberStatus.LEFT


@pytest.mark.parametrize("pack", PACKS)
def test_the_workbook_to_fill_in_calls_a_status_as_lists_do(pack: str) -> None:
    words = in_chinese(pack)
    headings, rows = examples.in_chinese(MEMBERS, words.__getitem__)
    said = [row[headings.index("状态")] for row in rows]
    assert said == [words["active"], words["probationary"]]
    assert [member_rows.STATUSES[one] for one in said] == [MemberStatus.ACTIVE, MemberStatus.PROBATIONARY]
