"""One row of a member file made into values: what each column may hold, in English or as people write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from studyhub.kernel.faults import Fault, nearest
from studyhub.organization import identifiers
from studyhub.organization.branch_names import BranchNames, listed
from studyhub.organization.identifiers import Suggestions
from studyhub.organization.roles import ORGANISATION_WIDE, Role
from studyhub.organization.sheets.headings import Columns
from studyhub.organization.sheets.reading import Record, plain_code, plain_name
from studyhub.organization.sheets.sheet import cell_fault
from studyhub.organization.states import Level, MemberStatus

COLUMNS = Columns(
    required=("member_no", "name", "branch"),
    optional=("phone", "status", "clearance", "roles"),
    in_chinese={
        "member_no": "编号",
        "name": "姓名",
        "branch": "党组织",
        "phone": "手机号",
        "status": "状态",
        "clearance": "知悉范围",
        "roles": "角色",
    },
    also_called={
        "member_no": (
            *("编号", "人员编号", "党员编号", "成员编号", "会员编号", "人员编码"),
            *("工号", "员工号", "职工号", "员工编号", "职工编号", "学号"),
        ),
        "name": ("姓名", "名字", "党员姓名", "成员姓名"),
        # Of several the code counts most, and where people work (部门) least.
        "branch": (
            *(
                "党组织编号",
                "党组织代码",
                "党组织编码",
                "支部编号",
                "支部代码",
                "组织编号",
                "组织代码",
                "部门编号",
            ),
            *(
                "党组织",
                "党组织名称",
                "所在党组织",
                "所属党组织",
                "所在党支部",
                "所属党支部",
                "党支部",
                "党支部名称",
            ),
            *("所在支部", "所属支部", "支部", "支部名称", "所在组织", "所属组织", "组织", "组织名称"),
            *("所在部门", "所属部门", "部门", "部门名称"),
        ),
        "phone": (
            *("手机号", "手机号码", "手机", "移动电话", "联系电话", "电话", "电话号码", "联系方式"),
            *("mobile", "telephone"),
        ),
        "status": (
            *("状态", "党员状态", "成员状态", "人员状态", "党员类别", "党员类型", "成员类别", "人员类别"),
            *("类别", "党员身份"),
        ),
        "clearance": ("知悉范围", "密级", "阅读范围"),
        "roles": ("角色", "系统角色", "role"),
    },
)

STATUSES: Mapping[str, MemberStatus] = {
    **{status.value: status for status in MemberStatus},
    "正式": MemberStatus.ACTIVE,
    **dict.fromkeys(("正式党员", "中共党员", "党员", "正式成员", "成员", "在册"), MemberStatus.ACTIVE),
    "预备": MemberStatus.PROBATIONARY,
    **dict.fromkeys(("预备党员", "中共预备党员", "试用", "试用成员", "预备成员"), MemberStatus.PROBATIONARY),
    "离开": MemberStatus.LEFT,
    "已离开": MemberStatus.LEFT,
    "转出": MemberStatus.LEFT,
}
LEVELS: Mapping[str, Level] = {
    **{level.value: level for level in Level},
    **dict.fromkeys(("公开", "公开内容"), Level.PUBLIC),
    **dict.fromkeys(("内部", "内部内容"), Level.INTERNAL),
    **dict.fromkeys(("受控", "受控内容"), Level.RESTRICTED),
}
ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role},
    "管理员": Role.ADMIN,
    **dict.fromkeys(("审计", "审计员"), Role.AUDITOR),
    **dict.fromkeys(("代管人", "副书记", "支部副书记", "党支部副书记", "副负责人"), Role.DEPUTY),
    "编辑": Role.EDITOR,
    **dict.fromkeys(("组长", "小组组长", "党小组组长", "小组长", "党小组长"), Role.GROUP_LEADER),
    **dict.fromkeys(("书记", "支部书记", "党支部书记", "党总支书记", "党委书记", "负责人"), Role.LEADER),
}

_BETWEEN_ROLES = re.compile("[;、]")

HeldRole = tuple[Role, str | None]
"""A role and the code of the branch it covers (None: the whole organisation, "": the member's own)."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What a row says. None (or "" for the name and branch) is a blank cell: it changes nothing."""

    row: int
    member_no: str
    name: str
    branch: str
    phone: str | None = None
    status: MemberStatus | None = None
    clearance: Level | None = None
    roles: tuple[HeldRole, ...] | None = None


_Word = TypeVar("_Word", bound=StrEnum)


class RowReader:
    """Reads rows one by one and gathers what is wrong with them.

    `members` are the numbers that are known: theirs may leave name and branch blank. `branches` are the codes
    in scope, `names` finds them by what they are called.
    """

    def __init__(
        self, members: Mapping[str, object], branches: Mapping[str, object], names: BranchNames
    ) -> None:
        self.faults: list[Fault] = []
        self.seen: list[MemberRow] = []
        """every row, also those that something is wrong with"""
        self._members = members
        self._branches = branches
        self._names = names
        self._suggestions = Suggestions(branches)

    def read(self, record: Record) -> MemberRow | None:
        """The row's values, or None when any of them is wrong (the faults say which)."""
        before = len(self.faults)
        member_no, name, home = self._member_no(record), self._name(record), self._home(record)
        row = MemberRow(
            row=record.row,
            member_no=member_no,
            name=name,
            branch=home,
            phone=self._phone(record),
            status=self._word(record, "status", STATUSES),
            clearance=self._word(record, "clearance", LEVELS),
            roles=self._roles(record, home),
        )
        self.seen.append(row)
        return row if len(self.faults) == before else None

    def fault(self, record: Record, column: str, code: str, **params: object) -> None:
        self.faults.append(cell_fault(record.row, column, code, params))

    def _member_no(self, record: Record) -> str:
        member_no = plain_code(record.get("member_no"))
        if not member_no:
            self.fault(record, "member_no", "missing_value")
        elif identifiers.is_id_number(member_no):
            # The number itself is not repeated: faults are shown, saved and mailed around.
            self.fault(record, "member_no", "id_number")
        elif not identifiers.is_member_no(member_no):
            self.fault(record, "member_no", "bad_member_no", value=member_no[:40])
        return member_no

    def _name(self, record: Record) -> str:
        name = plain_name(record.get("name"))
        if name and not identifiers.is_name(name):
            self.fault(record, "name", "bad_name")
        elif not name and self._is_new(record):
            self.fault(record, "name", "missing_value")
        return name

    def _home(self, record: Record) -> str:
        text = record.get("branch")
        if not text and self._is_new(record):
            self.fault(record, "branch", "missing_value")
        return self._branch(record, "branch", text)

    def _is_new(self, record: Record) -> bool:
        member_no = plain_code(record.get("member_no"))
        return identifiers.is_member_no(member_no) and member_no not in self._members

    def _branch(self, record: Record, column: str, text: str) -> str:
        """The code of the branch that the text means, by its code or by its name."""
        code = plain_code(text)
        if not code or code in self._branches:
            return code
        found = self._names.called(text)
        if len(found) == 1:
            return found[0]
        if found:
            self.fault(record, column, "ambiguous_branch", value=text[:64], codes=listed(found))
        else:
            meant = self._suggestions.meant(code) if code.isascii() else self._names.meant(text)
            self.fault(record, column, "unknown_branch", value=text[:64], meant=meant)
        return code

    def _phone(self, record: Record) -> str | None:
        text = record.optional("phone")
        if not text:
            return None
        number = identifiers.phone_number(text)
        if number is None:
            self.fault(record, "phone", "bad_phone")
        return number

    def _word(self, record: Record, column: str, words: Mapping[str, _Word]) -> _Word | None:
        text = record.optional(column).lower()
        if text and text not in words:
            self.fault(record, column, f"unknown_{column}", value=text[:32], meant=nearest(text, words))
        return words.get(text)

    def _roles(self, record: Record, home: str) -> tuple[HeldRole, ...] | None:
        text = record.optional("roles")
        if not text:
            return None
        return tuple(dict.fromkeys(self._held(record, text, home)))

    def _held(self, record: Record, text: str, home: str) -> Iterator[HeldRole]:
        for part in _BETWEEN_ROLES.split(text):
            word, _, branch = (piece.strip() for piece in part.partition("@"))
            if not word and not branch:
                continue
            role = ROLES.get(word.lower())
            if role is None:
                meant = nearest(word, ROLES)
                self.fault(record, "roles", "unknown_role", value=word[:32], meant=meant)
            elif branch:
                yield role, self._branch(record, "roles", branch)
            elif role in ORGANISATION_WIDE:
                yield role, None
            else:
                # A bare leader leads the row's branch; with a blank branch, the one they are in.
                yield role, home
