"""One row of a member file made into values: what each column may hold, in English or as people write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from studyhub.kernel.faults import Fault, nearest
from studyhub.organization import identifiers
from studyhub.organization.identifiers import Suggestions
from studyhub.organization.roles import ORGANISATION_WIDE, Role
from studyhub.organization.sheets.reading import Columns, Record, plain_code
from studyhub.organization.sheets.sheet import cell_fault
from studyhub.organization.states import Level, MemberStatus

COLUMNS = Columns(
    required=("member_no", "name", "branch"),
    optional=("phone", "status", "clearance", "roles"),
    also_called={
        "工号": "member_no",
        "编号": "member_no",
        "人员编号": "member_no",
        "党员编号": "member_no",
        "学号": "member_no",
        "姓名": "name",
        "名字": "name",
        "支部": "branch",
        "党支部": "branch",
        "所在支部": "branch",
        "所在党支部": "branch",
        "党组织": "branch",
        "手机": "phone",
        "手机号": "phone",
        "手机号码": "phone",
        "电话": "phone",
        "联系电话": "phone",
        "mobile": "phone",
        "状态": "status",
        "密级": "clearance",
        "知悉范围": "clearance",
        "角色": "roles",
        "职务": "roles",
    },
)

STATUSES: Mapping[str, MemberStatus] = {
    **{status.value: status for status in MemberStatus},
    "正式": MemberStatus.ACTIVE,
    "正式党员": MemberStatus.ACTIVE,
    "在册": MemberStatus.ACTIVE,
    "预备": MemberStatus.PROBATIONARY,
    "预备党员": MemberStatus.PROBATIONARY,
    "离开": MemberStatus.LEFT,
    "已离开": MemberStatus.LEFT,
    "转出": MemberStatus.LEFT,
}
LEVELS: Mapping[str, Level] = {
    **{level.value: level for level in Level},
    "公开": Level.PUBLIC,
    "内部": Level.INTERNAL,
    "受控": Level.RESTRICTED,
}
ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role},
    "管理员": Role.ADMIN,
    "审计": Role.AUDITOR,
    "副书记": Role.DEPUTY,
    "编辑": Role.EDITOR,
    "组长": Role.GROUP_LEADER,
    "书记": Role.LEADER,
}

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
    in scope.
    """

    def __init__(self, members: Mapping[str, object], branches: Mapping[str, object]) -> None:
        self.faults: list[Fault] = []
        self._members = members
        self._branches = branches
        self._suggestions = Suggestions(branches)

    def read(self, record: Record) -> MemberRow | None:
        """The row's values, or None when any of them is wrong (the faults say which)."""
        before = len(self.faults)
        row = MemberRow(
            row=record.row,
            member_no=self._member_no(record),
            name=self._name(record),
            branch=self._home(record),
            phone=self._phone(record),
            status=self._word(record, "status", STATUSES),
            clearance=self._word(record, "clearance", LEVELS),
            roles=self._roles(record),
        )
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
        name = record.get("name")
        if name and not identifiers.is_name(name):
            self.fault(record, "name", "bad_name")
        elif not name and self._is_new(record):
            self.fault(record, "name", "missing_value")
        return name

    def _home(self, record: Record) -> str:
        code = plain_code(record.get("branch"))
        if not code and self._is_new(record):
            self.fault(record, "branch", "missing_value")
        return self._branch(record, "branch", code)

    def _is_new(self, record: Record) -> bool:
        member_no = plain_code(record.get("member_no"))
        return identifiers.is_member_no(member_no) and member_no not in self._members

    def _branch(self, record: Record, column: str, code: str) -> str:
        if code and code not in self._branches:
            meant = self._suggestions.meant(code)
            self.fault(record, column, "unknown_branch", value=code[:64], meant=meant)
        return code

    def _phone(self, record: Record) -> str | None:
        text = plain_code(record.get("phone"))
        if not text:
            return None
        number = identifiers.phone_number(text)
        if number is None:
            self.fault(record, "phone", "bad_phone")
        return number

    def _word(self, record: Record, column: str, words: Mapping[str, _Word]) -> _Word | None:
        text = plain_code(record.get(column)).lower()
        if text and text not in words:
            self.fault(record, column, f"unknown_{column}", value=text[:32], meant=nearest(text, words))
        return words.get(text)

    def _roles(self, record: Record) -> tuple[HeldRole, ...] | None:
        text = plain_code(record.get("roles"))
        if not text:
            return None
        return tuple(dict.fromkeys(self._held(record, text)))

    def _held(self, record: Record, text: str) -> Iterator[HeldRole]:
        for part in text.split(";"):
            word, _, code = (piece.strip() for piece in part.partition("@"))
            if not word and not code:
                continue
            role = ROLES.get(word.lower())
            if role is None:
                meant = nearest(word, ROLES)
                self.fault(record, "roles", "unknown_role", value=word[:32], meant=meant)
            elif code:
                yield role, self._branch(record, "roles", code)
            elif role in ORGANISATION_WIDE:
                yield role, None
            else:
                # A bare leader leads the row's branch; with a blank branch, the one they are in.
                yield role, plain_code(record.get("branch"))
