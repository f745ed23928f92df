"""A file of branches checked against the tree as it stands, and what it would change. Pure.

The file's rows may come in any order. A branch that the file does not name stays as it is, and so does
what a blank cell would say; a blank parent of a new branch makes it a root.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from studyhub.kernel.faults import Fault, any_error, in_reading_order, nearest
from studyhub.organization import identifiers
from studyhub.organization.branch_names import BranchNames, listed
from studyhub.organization.identifiers import Suggestions
from studyhub.organization.sheets.headings import Columns
from studyhub.organization.sheets.reading import Record, Records, plain_code, plain_name, read_records
from studyhub.organization.sheets.sheet import cell_fault
from studyhub.organization.states import BranchKind

COLUMNS = Columns(
    required=("code", "name"),
    optional=("parent", "kind"),
    in_chinese={"code": "编号", "name": "名称", "parent": "上级", "kind": "类别"},
    also_called={
        "code": (
            *("编号", "代码", "编码", "党组织编号", "党组织代码", "党组织编码"),
            *("支部编号", "支部代码", "组织编号", "组织代码", "组织编码", "部门编号", "部门代码"),
        ),
        "name": (
            *("名称", "党组织名称", "党组织", "党支部名称", "支部名称", "党支部", "组织名称", "组织"),
            *("部门名称", "部门"),
        ),
        # Of several the code counts most.
        "parent": (
            *(
                "上级编号",
                "上级代码",
                "上级编码",
                "上级党组织编号",
                "上级党组织代码",
                "上级组织编号",
                "上级组织代码",
            ),
            *("上级", "上级党组织", "上级党组织名称", "上级组织", "上级组织名称", "上级名称", "上级部门"),
            *("所属上级", "隶属", "隶属于", "隶属关系"),
        ),
        "kind": (
            *("类别", "类型", "党组织类别", "党组织类型", "组织类别", "组织类型", "部门类别", "部门类型"),
            "性质",
        ),
    },
)

KINDS: Mapping[str, BranchKind] = {
    **{kind.value: kind for kind in BranchKind},
    **dict.fromkeys(("党委", "党工委", "总部"), BranchKind.COMMITTEE),
    **dict.fromkeys(("党总支", "总支", "党总支部", "分部"), BranchKind.GENERAL_BRANCH),
    **dict.fromkeys(("党支部", "支部", "部门", "branch"), BranchKind.HOME_BRANCH),
    **dict.fromkeys(("党小组", "小组"), BranchKind.GROUP),
}
# 机关党委, 临时党支部: which committee or branch it is makes no other kind of it.
_WHICH = re.compile("^(?:机关|基层|临时|联合|流动|离退休)(?=党)")
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class KnownBranch:
    """A branch of the tree before the import; `parent` is a code, "" for a root."""

    code: str
    name: str
    parent: str
    kind: BranchKind
    closed: bool = False


@dataclass(frozen=True, slots=True)
class BranchRow:
    """What a branch is to be after the import, and what it was; a new one was nothing."""

    row: int
    code: str
    name: str
    parent: str
    kind: BranchKind
    before: KnownBranch | None = None


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """What the file would do. With any fault that is not a warning, nothing may be done.

    In `created` and `moved` every parent comes before its children, as they stand in the new tree.
    """

    created: tuple[BranchRow, ...] = ()
    changed: tuple[BranchRow, ...] = ()
    moved: tuple[BranchRow, ...] = ()
    unchanged: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def sound(self) -> bool:
        return not any_error(self.faults)

    @property
    def rows(self) -> list[int]:
        """The rows of the file that change something."""
        return [each.row for each in (*self.created, *self.changed, *self.moved)]


def plan_branches(data: bytes, known: Mapping[str, KnownBranch]) -> BranchPlan:
    """Read the file and say what it would change in `known` (by code)."""
    return plan_records(read_records(data, COLUMNS), known)


def plan_records(
    file: Records,
    known: Mapping[str, KnownBranch],
    within: Collection[str] | None = None,
    named: Collection[str] | None = None,
) -> BranchPlan:
    """As `plan_branches`, of rows already read.

    `within`: the codes that the actor manages (None: all). `named`: those that may be meant by their names.
    """
    faults = list(file.faults)
    names = _names(file, known, named)
    rows: dict[str, BranchRow] = {}
    for record in file.records:
        row = _row(record, known, names, faults)
        if row and row.code in rows:
            faults.append(cell_fault(row.row, "code", "duplicate", {"first_row": rows[row.code].row}))
        elif row:
            rows[row.code] = row
    faults.extend(_parent_faults(rows, known, file, names))
    faults.extend(_beyond(rows, known, within) if within is not None else ())
    faults = in_reading_order(file.in_its_words(faults))
    if any_error(faults):
        return BranchPlan(faults=tuple(faults))
    return _sorted_out(rows, known, tuple(faults))


def _names(file: Records, known: Mapping[str, KnownBranch], named: Collection[str] | None) -> BranchNames:
    """What the branches that a parent may be are called: as the file says, else as they are."""
    here = (one for one in known.values() if not one.closed and (named is None or one.code in named))
    called = {one.code: one.name for one in here}
    for record in file.records:
        code, name = plain_code(record.get("code")), plain_name(record.get("name"))
        called |= {code: name} if code and name else {}
    return BranchNames(called.items())


def _row(
    record: Record, known: Mapping[str, KnownBranch], names: BranchNames, faults: list[Fault]
) -> BranchRow | None:
    code = plain_code(record.get("code"))
    found = list(_code_faults(record, code, known))
    before = known.get(code)
    name = plain_name(record.get("name")) or (before.name if before else "")
    if not identifiers.is_name(name):
        found.append(cell_fault(record.row, "name", "bad_name" if name else "missing_value"))
    kind = _kind(record, before, found)
    parent = _parent(record, known, names, found) or (before.parent if before else "")
    faults.extend(found)
    if found or kind is None:
        return None
    return BranchRow(record.row, code, name, parent, kind, before)


def _parent(record: Record, known: Mapping[str, KnownBranch], names: BranchNames, faults: list[Fault]) -> str:
    """The code of the branch above, that the cell gives or names; an unknown one as it stands there."""
    text = plain_code(record.get("parent"))
    if text in known:
        return text
    called = names.called(text)
    if len(called) > 1:
        params = {"value": text[:64], "codes": listed(called)}
        faults.append(cell_fault(record.row, "parent", "ambiguous_branch", params))
    return called[0] if called else record.optional("parent")


def _code_faults(record: Record, code: str, known: Mapping[str, KnownBranch]) -> Iterator[Fault]:
    if not code:
        yield cell_fault(record.row, "code", "missing_value")
    elif not identifiers.is_branch_code(code):
        yield cell_fault(record.row, "code", "bad_branch_code", {"value": code[:64]})
    elif code in identifiers.RESERVED_BRANCH_CODES and code not in known:
        yield cell_fault(record.row, "code", "reserved_branch_code", {"value": code})


def _kind(record: Record, before: KnownBranch | None, faults: list[Fault]) -> BranchKind | None:
    text = record.optional("kind").lower()
    if not text:
        return before.kind if before else _kind_of_name(record.get("name"))
    kind = KINDS.get(_WHICH.sub("", text))
    if kind is None:
        params = {"value": text[:32], "meant": nearest(text, KINDS)}
        faults.append(cell_fault(record.row, "kind", "unknown_kind", params))
    return kind


def _kind_of_name(name: str) -> BranchKind:
    """A new branch without a kind is what its name ends in; a 党支部 when it says nothing."""
    for ending in ("党委", "党工委", "总支", "党总支部", "小组"):
        if name.endswith(ending):
            return KINDS[ending]
    return BranchKind.HOME_BRANCH


def _parent_faults(
    rows: Mapping[str, BranchRow], known: Mapping[str, KnownBranch], file: Records, names: BranchNames
) -> Iterator[Fault]:
    # A row with another fault still names a branch: its children are not wrong for that.
    named = {plain_code(record.get("code")) for record in file.records}
    suggestions = Suggestions({*known, *rows})
    for row in rows.values():
        if row.parent and row.parent not in known and row.parent not in named:
            meant = suggestions.meant(row.parent) if row.parent.isascii() else names.meant(row.parent)
            params = {"value": row.parent[:64], "meant": meant}
            yield cell_fault(row.row, "parent", "unknown_branch", params)
        elif _goes_below_a_closed_one(row, known):
            yield cell_fault(row.row, "parent", "parent_closed", {"value": row.parent})
        elif problem := _line_fault(row, rows, known):
            yield cell_fault(row.row, "parent", problem)


def _beyond(
    rows: Mapping[str, BranchRow], known: Mapping[str, KnownBranch], within: Collection[str]
) -> Iterator[Fault]:
    """Rows that would change a branch outside the actor's scope, or put one there."""
    for row in rows.values():
        before = known.get(row.code)
        if before and (row.name, row.parent, row.kind) == (before.name, before.parent, before.kind):
            continue
        moves = before is None or row.parent != before.parent
        if before and row.code not in within:
            yield cell_fault(row.row, "code", "branch_elsewhere", {"value": row.code})
        elif moves and row.parent not in within and (row.parent in known or row.parent not in rows):
            code = "branch_elsewhere" if row.parent else "top_elsewhere"
            yield cell_fault(row.row, "parent", code, {"value": row.parent})


def _goes_below_a_closed_one(row: BranchRow, known: Mapping[str, KnownBranch]) -> bool:
    stays = row.before is not None and row.before.parent == row.parent
    return not stays and row.parent in known and known[row.parent].closed


def _line_fault(
    row: BranchRow, rows: Mapping[str, BranchRow], known: Mapping[str, KnownBranch]
) -> str | None:
    """What is wrong with the line of parents above a row: a circle, or too deep."""
    code, above = row.parent, 0
    while code:
        above += 1
        if code == row.code:
            return "circle"
        if above > DEEPEST:
            return "too_deep"
        step = rows.get(code) or known.get(code)
        code = step.parent if step else ""
    return None


def _sorted_out(
    rows: Mapping[str, BranchRow], known: Mapping[str, KnownBranch], faults: tuple[Fault, ...]
) -> BranchPlan:
    changed, moved, unchanged = [], [], []
    for code, row in rows.items():
        before = known.get(code)
        if before is None:
            continue
        if row.parent != before.parent:
            moved.append(row)
        if (row.name, row.kind) != (before.name, before.kind):
            changed.append(row)
        elif row.parent == before.parent:
            unchanged.append(code)
    created = tuple(_parents_first({code: row for code, row in rows.items() if code not in known}))
    # From the top down, so that no step in between puts a branch below itself.
    moved.sort(key=lambda row: _depth(row, rows, known))
    return BranchPlan(created, tuple(changed), tuple(moved), tuple(unchanged), faults)


def _depth(row: BranchRow, rows: Mapping[str, BranchRow], known: Mapping[str, KnownBranch]) -> int:
    depth, step = 0, rows.get(row.parent) or known.get(row.parent)
    while step:
        depth += 1
        step = rows.get(step.parent) or known.get(step.parent)
    return depth


def _parents_first(rows: Mapping[str, BranchRow]) -> Iterator[BranchRow]:
    """Each new branch after its parent, otherwise in the file's order. There is no circle any more."""
    done: set[str] = set()
    for row in rows.values():
        line = []
        step: BranchRow | None = row
        while step and step.code not in done:
            line.append(step)
            step = rows.get(step.parent)
        for ancestor in reversed(line):
            done.add(ancestor.code)
            yield ancestor
