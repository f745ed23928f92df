"""A file of members checked against those there are, and what it would change. Pure.

A blank cell and a missing row change nothing. Another branch is a transfer. A filled `roles` cell says
all the roles without an end that the member is to hold; delegations, which have an end, stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from studyhub.kernel.faults import Fault, any_error, in_reading_order
from studyhub.organization import identifiers
from studyhub.organization.branch_names import BranchNames
from studyhub.organization.members.member_rows import COLUMNS, HeldRole, MemberRow, RowReader
from studyhub.organization.sheets.reading import Records, read_records
from studyhub.organization.sheets.sheet import cell_fault
from studyhub.organization.states import Level, MemberStatus


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member before the import; `roles` are those without an end."""

    member_no: str
    name: str
    branch: str
    phone: str | None
    status: MemberStatus
    clearance: Level
    roles: frozenset[HeldRole] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the file is checked against: members by number, the branches in the actor's scope by code.

    `everywhere`: the actor administers the whole organisation, so no role is beyond them. `levels`: the
    clearances that the actor may give.
    """

    members: Mapping[str, KnownMember]
    branches: Mapping[str, str]
    everywhere: bool = True
    levels: Collection[Level] = tuple(Level)
    named: Mapping[str, str] | None = None
    """the branches that may be meant by their names, where these are others"""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One member of the plan, with every value as it is to be. `fields` names what differs from `before`."""

    row: int
    after: KnownMember
    before: KnownMember | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What the file would do. With any fault that is no warning, nothing may be done.

    Who changes branch is in `transferred` even when more than the branch changes. A part of a plan names in
    `giving_up` whose phone number, given up in another part, somebody in this one is to have.
    """

    created: tuple[MemberChange, ...] = ()
    transferred: tuple[MemberChange, ...] = ()
    updated: tuple[MemberChange, ...] = ()
    unchanged: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    giving_up: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not any_error(self.faults)

    @property
    def changes(self) -> Iterator[MemberChange]:
        yield from self.created
        yield from self.transferred
        yield from self.updated

    @property
    def rows(self) -> list[int]:
        """The rows of the file that change something."""
        return [change.row for change in self.changes]


def plan_members(data: bytes, known: Known) -> MemberPlan:
    """Read the file and say what it would change."""
    return plan_records(read_records(data, COLUMNS), known)


def plan_records(file: Records, known: Known) -> MemberPlan:
    """As `plan_members`, of rows already read."""
    named = known.branches if known.named is None else known.named
    reader = RowReader(known.members, known.branches, BranchNames(named.items()))
    rows = [row for record in file.records if (row := reader.read(record))]
    faults = [*file.faults, *reader.faults, *_duplicates(rows)]
    changes = [_change(row, known.members.get(row.member_no)) for row in rows]
    faults += _phone_clashes(changes, known.members)
    faults += _out_of_scope(changes, known)
    faults += _roles_beyond(changes, known)
    faults += _clearance_beyond(changes, known)
    faults += _unlikely_phones(reader.seen, known)
    if any_error(faults):
        return MemberPlan(faults=tuple(in_reading_order(file.in_its_words(faults))))
    faults += _leaders_elsewhere(changes, known.branches)
    return _sorted_out(changes, tuple(in_reading_order(file.in_its_words(faults))))


def _duplicates(rows: Iterable[MemberRow]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        if row.member_no in first:
            yield cell_fault(row.row, "member_no", "duplicate", {"first_row": first[row.member_no]})
        first.setdefault(row.member_no, row.row)


def _change(row: MemberRow, before: KnownMember | None) -> MemberChange:
    if before is None:
        after = KnownMember(
            member_no=row.member_no,
            name=row.name,
            branch=row.branch,
            phone=row.phone,
            status=row.status or MemberStatus.ACTIVE,
            clearance=row.clearance or Level.INTERNAL,
            roles=frozenset(row.roles or ()),
        )
        return MemberChange(row.row, after, None)
    branch = row.branch or before.branch
    roles = before.roles if row.roles is None else frozenset(_held(row.roles, branch))
    after = replace(
        before,
        name=row.name or before.name,
        branch=branch,
        phone=row.phone or before.phone,
        status=row.status or before.status,
        clearance=row.clearance or before.clearance,
        roles=roles,
    )
    return MemberChange(row.row, after, before, _differing(before, after))


def _held(roles: Iterable[HeldRole], branch: str) -> Iterator[HeldRole]:
    for role, code in roles:
        yield role, branch if code == "" else code


def _differing(before: KnownMember, after: KnownMember) -> tuple[str, ...]:
    names = ("name", "branch", "phone", "status", "clearance", "roles")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _phone_clashes(changes: list[MemberChange], members: Mapping[str, KnownMember]) -> Iterator[Fault]:
    """Two people with one number after the import: each signs in by phone, so it must be theirs alone."""
    in_file = {change.after.member_no for change in changes}
    holders = {
        member.phone: member.member_no for member in members.values() if member.member_no not in in_file
    }
    for change in changes:
        phone = change.after.phone
        holder = holders.get(phone) if phone else None
        if holder and holder != change.after.member_no:
            yield cell_fault(change.row, "phone", "phone_taken", {"member_no": holder})
        elif phone:
            holders[phone] = change.after.member_no


def _out_of_scope(changes: list[MemberChange], known: Known) -> Iterator[Fault]:
    """Who is at home outside the actor's scope is not the actor's to change."""
    for change in changes:
        if change.before and change.before.branch not in known.branches:
            yield cell_fault(change.row, "member_no", "member_elsewhere")


def _roles_beyond(changes: list[MemberChange], known: Known) -> Iterator[Fault]:
    """Who administers some branches gives and ends no role over others, or over the whole organisation."""
    for change in changes:
        before = change.before.roles if change.before else frozenset()
        leaves = change.after.status is MemberStatus.LEFT
        after = frozenset() if leaves else change.after.roles  # who leaves loses them all
        for role, code in sorted(before ^ after, key=str):
            if not known.everywhere and code not in known.branches:
                column = "status" if leaves else "roles"
                yield cell_fault(change.row, column, "role_elsewhere", {"role": role.value})


def _clearance_beyond(changes: list[MemberChange], known: Known) -> Iterator[Fault]:
    """Nobody gives what they are not cleared for themselves, least of all to themselves."""
    for change in changes:
        given = change.before is None or "clearance" in change.fields
        if given and change.after.clearance not in known.levels:
            params = {"value": change.after.clearance.value}
            yield cell_fault(change.row, "clearance", "clearance_beyond", params)


def _unlikely_phones(rows: Iterable[MemberRow], known: Known) -> Iterator[Fault]:
    """A new number that is probably mistyped: it is taken, but somebody should look at it.

    Who is at home outside the actor's scope is called by no name that the file does not have.
    """
    for row in rows:
        before = known.members.get(row.member_no)
        known_name = before.name if before and before.branch in known.branches else ""
        is_new = before is None or row.phone != before.phone
        if is_new and row.phone and not identifiers.is_likely_phone(row.phone):
            params = {"value": row.phone, "name": row.name or known_name or row.member_no}
            yield cell_fault(row.row, "phone", "unlikely_phone", params, warning=True)


def _leaders_elsewhere(changes: list[MemberChange], names: Mapping[str, str]) -> Iterator[Fault]:
    """A transfer moves no role: say so, because it is easily forgotten."""
    for change in changes:
        if "branch" not in change.fields or change.before is None:
            continue
        for role, code in sorted(change.after.roles & change.before.roles, key=str):
            if code == change.before.branch:
                params = {"role": role.value, "branch": names.get(code) or code}
                yield cell_fault(change.row, "branch", "role_stays_behind", params, warning=True)


def _sorted_out(changes: list[MemberChange], faults: tuple[Fault, ...]) -> MemberPlan:
    known = [change for change in changes if change.before]
    return MemberPlan(
        created=tuple(change for change in changes if change.before is None),
        transferred=tuple(change for change in known if "branch" in change.fields),
        updated=tuple(change for change in known if change.fields and "branch" not in change.fields),
        unchanged=tuple(change.after.member_no for change in known if not change.fields),
        faults=faults,
    )
