"""Roles are sets of permissions. What a grant gives, it gives over a branch and everything below it."""

from __future__ import annotations

from enum import StrEnum

from studyhub.kernel.permissions import Permission as P


class Role(StrEnum):
    ADMIN = "admin"
    AUDITOR = "auditor"
    DEPUTY = "deputy"
    EDITOR = "editor"
    GROUP_LEADER = "group_leader"
    LEADER = "leader"


# Roles that concern the whole organisation: a grant of one needs no branch.
ORGANISATION_WIDE = frozenset({Role.ADMIN, Role.AUDITOR, Role.EDITOR})

EVERY_MEMBER = frozenset({P.PUBLIC, P.SIGNED_IN, P.SET_PASSWORD, P.STUDY, P.TAKE_EXAMS})

_GROUP_LEADER = frozenset({P.VIEW_BRANCH, P.VIEW_MEMBERS})
_DEPUTY = _GROUP_LEADER | {P.EXPORT_BRANCH, P.RESET_PASSWORDS}
_LEADER = _DEPUTY | {P.DELEGATE, P.VOID_ATTEMPTS}
_EDITOR = frozenset({P.MANAGE_BANKS, P.MANAGE_COURSES, P.MANAGE_EXAMS, P.VIEW_BANKS, P.VIEW_TASKS})

PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.GROUP_LEADER: _GROUP_LEADER,
    Role.DEPUTY: _DEPUTY,
    Role.LEADER: _LEADER,
    Role.EDITOR: _EDITOR,
    Role.AUDITOR: frozenset({P.VIEW_AUDIT, P.VIEW_BANKS, P.VIEW_BRANCH, P.VIEW_MEMBERS, P.VIEW_TASKS}),
    Role.ADMIN: _LEADER
    | _EDITOR
    | {P.IMPORT_MEMBERS, P.MANAGE_BRANCHES, P.MANAGE_GRANTS, P.MANAGE_MEMBERS, P.VIEW_AUDIT},
}
