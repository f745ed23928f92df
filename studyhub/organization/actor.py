"""Who is acting, as a value: what every operation and query takes to decide what is in scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from studyhub.kernel.permissions import Permission
from studyhub.organization.roles import EVERY_MEMBER, PERMISSIONS, Role
from studyhub.organization.states import Level, readable

WHOLE_TREE = ""
"""The path prefix that every branch path begins with."""


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role in force, and the path of the branch it covers (WHOLE_TREE: everything).

    `until` is when it ends by itself, as it was when the role was read; it makes it no other role.
    """

    role: Role
    branch_path: str
    until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member, or the system itself (`member_id` is None)."""

    member_id: int | None
    member_no: str
    name: str
    branch_id: int | None = None
    branch_path: str = ""
    branch_code: str = ""
    branch_name: str = ""
    clearance: str = "internal"
    status: str = "active"
    session_id: int | None = None
    must_set_password: bool = False
    locale: str | None = None
    large_type: bool = False
    roles: tuple[RoleHeld, ...] = ()

    def may(self, permission: Permission) -> bool:
        """Whether the actor has the permission anywhere at all."""
        if self.member_id is None or permission in EVERY_MEMBER:
            return True
        return any(permission in PERMISSIONS[held.role] for held in self.roles)

    def scope(self, permission: Permission) -> tuple[str, ...]:
        """The path prefixes over which the actor has it; none inside another, sorted."""
        if self.member_id is None:
            return (WHOLE_TREE,)
        paths = sorted({held.branch_path for held in self.roles if permission in PERMISSIONS[held.role]})
        outermost: list[str] = []
        for path in paths:
            if not (outermost and path.startswith(outermost[-1])):
                outermost.append(path)
        return tuple(outermost)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of content that the actor is cleared for."""
        return tuple(Level) if self.member_id is None else readable(Level(self.clearance))

    @property
    def clearances(self) -> tuple[Level, ...]:
        """The clearances that the actor may give to others: none above their own, but for whoever manages the
        members of the whole organisation. Internal, with which every member begins, is always among them."""
        if self.covers(Permission.MANAGE_MEMBERS, WHOLE_TREE):
            return tuple(Level)
        return max(self.levels, readable(Level.INTERNAL), key=len)

    def covers(self, permission: Permission, branch_path: str) -> bool:
        """Whether the actor has the permission over the branch at that path."""
        return any(branch_path.startswith(prefix) for prefix in self.scope(permission))


SYSTEM = Actor(member_id=None, member_no="system", name="system")
"""Jobs and the command line: whoever runs them already holds the machine."""
