"""The sentences of the organization's codes, in the reader's language."""

from __future__ import annotations

from typing import Any

from studyhub.organization.operating.wording import REFUSALS as OPERATING
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind, Level, MemberStatus
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.words import lazy_title, lazy_word

ROLES: dict[Role, Any] = {
    Role.ADMIN: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
    Role.DEPUTY: lazy_title("deputy"),
    Role.EDITOR: _l("Editor"),
    Role.GROUP_LEADER: lazy_title("group_leader"),
    Role.LEADER: lazy_title("leader"),
}

STATUSES: dict[MemberStatus, Any] = {
    MemberStatus.ACTIVE: lazy_word("active"),
    MemberStatus.PROBATIONARY: lazy_word("probationary"),
    MemberStatus.LEFT: _l("Has left"),
}

LEVELS: dict[Level, Any] = {
    Level.PUBLIC: _l("Public content"),
    Level.INTERNAL: _l("Internal content"),
    Level.RESTRICTED: _l("Restricted content"),
}

KINDS: dict[BranchKind, Any] = {
    BranchKind.COMMITTEE: lazy_title("committee"),
    BranchKind.GENERAL_BRANCH: lazy_title("general_branch"),
    BranchKind.HOME_BRANCH: lazy_title("branch_unit"),
    BranchKind.GROUP: lazy_title("group"),
}

REFUSALS: dict[str, Any] = {
    **OPERATING,
    "already_applied": _l("This import has already been applied."),
    "already_granted": _l("The member already holds this role here."),
    "already_there": _l("The member is already at home in that branch."),
    "branch_closed": _l("That branch is closed."),
    "branch_not_empty": _l(
        "The branch still has %(members)s members and %(children)s branches below it. "
        "Transfer or merge them first."
    ),
    "circle": _l("A branch cannot stand below itself."),
    "code_taken": _l("There is already a branch with this code."),
    "current_password_required": _l("Please give your present password too."),
    "delegation_needs_end": _l("A delegation needs a last day."),
    "delegation_outlasts": _l("Your own role ends before that day. Choose a day up to its end."),
    "delegation_too_long": _l("A delegation lasts a year at most."),
    "ends_in_the_past": _l("The last day lies in the past."),
    "import_under_way": _l(
        "An import is under way. It is finished within two minutes, even if it was interrupted."
    ),
    "import_has_faults": _l("The file has mistakes, so nothing was imported."),
    "may_not_grant": _l("You may not give this role over this branch."),
    "member_left": _l("This member has left. Make them active again first."),
    "not_oneself": _l("You cannot do this to yourself. Ask another administrator."),
    "not_to_oneself": _l("You already have these rights. Delegate to somebody else."),
    "outranked": _l(
        "This member has rights that you do not have. Ask an administrator of the whole organisation."
    ),
    "password_is_known": _l("A password must not be your name, number or phone."),
    "password_too_common": _l("This password is among the first that anyone would guess. Choose another."),
    "password_too_long": _l("A password has at most 128 characters."),
    "password_too_short": _l("A password has at least 8 characters."),
    "phone_taken": _l("Another member has this phone number."),
    "plan_changed": _l("Something changed since the plan was shown. Look at the new plan."),
    "role_needs_branch": _l("This role needs a branch."),
    "sign_in_throttled": _l(
        "Too many failed tries. Wait %(minutes)s minutes, or ask your branch leader for a new slip."
    ),
    "too_deep": _l("The tree can be 20 levels deep."),
    "too_many_slips": _l("More than %(limit)s slips at once: choose a smaller branch."),
    "unknown_branch": _l("There is no branch with the code %(value)s."),
    "unknown_member": _l("There is no member with the number %(value)s."),
    "wrong_code": _l(
        "This code is wrong, was used already, has expired, or a newer slip has taken its place. "
        "Take the newest slip, or ask your branch leader for one."
    ),
    "wrong_credentials": _l("The number or the password is wrong."),
    "wrong_current_password": _l("Your present password is wrong."),
}
