"""What acts and breaks of the trail are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from studyhub.organization.audit import NO_MEMBER, Act
from studyhub.organization.members.wording import last_day
from studyhub.organization.trail.chain import Break
from studyhub.organization.trail.queries import BRANCH_KEYS, Names
from studyhub.organization.wording import LEVELS, ROLES, STATUSES
from studyhub.web.filters import filesize, local_datetime
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext
from studyhub.web.words import lazy_word

ACTS: dict[str, Any] = {
    Act.ATTEMPTS_LISTED: _l("looked at the attempts at an exam"),
    Act.ATTEMPT_EXPIRED: _l("closed an attempt whose time was over"),
    Act.ATTEMPT_STARTED: _l("started an exam"),
    Act.ATTEMPT_SUBMITTED: _l("handed in an exam"),
    Act.ATTEMPT_TAKEN_OVER: _l("continued an exam on another device"),
    Act.ATTEMPT_VOIDED: _l("voided an attempt"),
    Act.AUDIT_VERIFIED: _l("checked the audit trail"),
    Act.BACKUP_MADE: _l("made a backup"),
    Act.BANK_BEGUN: _l("added a bank"),
    Act.BANK_EDITED: _l("changed a bank"),
    Act.BANK_EXPORTED: _l("exported a bank"),
    Act.BANK_IMPORTED: _l("imported a bank"),
    Act.BRANCHES_IMPORTED: _l("imported branches"),
    Act.BRANCH_CLOSED: _l("closed a branch"),
    Act.BRANCH_CREATED: _l("added a branch"),
    Act.BRANCH_EXPORTED: _l("exported a branch's results"),
    Act.BRANCH_MERGED: _l("merged a branch"),
    Act.BRANCH_MOVED: _l("moved a branch"),
    Act.BRANCH_RENAMED: _l("renamed a branch"),
    Act.BRANCH_VIEWED: _l("looked at a branch's results"),
    Act.COURSE_IMPORTED: _l("imported a course"),
    Act.COURSE_PUBLISHED: _l("published a course"),
    Act.COURSE_WITHDRAWN: _l("withdrew a course"),
    Act.EXAM_CHANGED: _l("changed an exam"),
    Act.EXAM_CREATED: _l("added an exam"),
    Act.EXAM_EXTENDED: _l("gave extra time in an exam"),
    Act.EXAM_PUBLISHED: _l("published an exam"),
    Act.EXAM_WITHDRAWN: _l("withdrew an exam"),
    Act.GRANT_ENDED: _l("ended a role"),
    Act.GRANT_GIVEN: _l("gave a role"),
    Act.MEMBERS_IMPORTED: _l("imported members"),
    Act.MEMBERS_LISTED: _l("looked at a list of members"),
    Act.MEMBER_CHANGED: _l("changed a member's details"),
    Act.MEMBER_CREATED: _l("added a member"),
    Act.MEMBER_STATUS_CHANGED: _l("changed a member's status"),
    Act.MEMBER_TRANSFERRED: _l("transferred a member"),
    Act.MEMBER_VIEWED: _l("looked at a member's record"),
    Act.PASSWORD_RESET: _l("reset a password"),
    Act.PASSWORD_SET: _l("set their own password"),
    Act.QUESTIONS_RELEASED: _l("released questions"),
    Act.QUESTIONS_REVIEWED: _l("marked questions as reviewed"),
    Act.QUESTIONS_TAKEN_BACK: _l("took questions back to draft"),
    Act.REFUSED: _l("was refused"),
    Act.RELEASE_SWITCHED: _l("set whether a bank asks for a release"),
    Act.RESTORED: _l("restored a backup"),
    Act.SESSIONS_CLOSED: _l("signed out everywhere"),
    Act.SIGNED_IN: _l("signed in"),
    Act.SIGNED_OUT: _l("signed out"),
    Act.SIGN_IN_FAILED: _l("failed to sign in"),
    Act.SIGN_IN_THROTTLED: _l("failed to sign in too often"),
    Act.SLIPS_MADE: _l("printed slips"),
    Act.DOUBT_RULE_FORGOTTEN: _l("forgot a rule for doubtful questions"),
    Act.DOUBT_RULE_KEPT: _l("kept a rule for doubtful questions"),
    Act.SOURCE_HOLDS_AGAIN: _l("said that a document holds again"),
    Act.SOURCE_SUPERSEDED: _l("said that a document no longer holds"),
}

BREAKS: dict[str, Any] = {
    Break.ENTRY_CHANGED: _l("This entry was changed after it was sealed."),
    Break.ENTRY_MISSING: _l("A sealed entry is gone."),
    Break.SEAL_MISSING: _l("A seal is gone."),
    Break.SEALS_CUT_OFF: _l("The end of the chain was cut off."),
}


SUBJECTS: dict[str, Any] = {
    "attempt": _l("Attempt at an exam"),
    "audit": _l("The whole trail"),
    "backup": _l("Backup"),
    "bank": _l("Question bank"),
    "branch": lazy_word("branch"),
    "branches": lazy_word("branch", 2),
    "course": _l("Course"),
    "document": _l("Source document"),
    "doubt": _l("Rule"),
    "exam": _l("Exam"),
    "member": lazy_word("member"),
    "members": lazy_word("member", 2),
}
_BY_STRANGERS = frozenset({Act.REFUSED, Act.SIGN_IN_FAILED, Act.SIGN_IN_THROTTLED})


def nobody(act: str) -> str:
    """Who did it when no member did: somebody not signed in, or a job or the command line."""
    return _("Somebody not signed in") if act in _BY_STRANGERS else _("The system")


def subject_words(subject: str, names: Names) -> tuple[str, str, str]:
    """To what it was done: its kind in words, what identifies it, and what it is called ("" when unknown)."""
    if subject == NO_MEMBER:
        return _("no member was found for it"), "", ""
    kind, _colon, key = subject.partition(":")
    called = {"member": names.members, "branch": names.branches}.get(kind, {}).get(key, "")
    return str(SUBJECTS.get(kind) or kind), key, called


def act_name(act: str) -> str:
    """The act in words; one that only an older version knew is shown by its code."""
    return str(ACTS.get(act) or act.replace("_", " "))


# The details of an entry in words: the entry itself holds short keys and codes, for ever.
KEYS: dict[str, Any] = {
    "act": _l("Act"),
    "address": _l("Network address"),
    "attempt_id": _l("Attempt number"),
    "bank": _l("Question bank"),
    "began_by": _l("Begun by"),
    "branch": lazy_word("branch"),
    "broken": _l("Broken seal"),
    "brought_back": _l("Brought back"),
    "by": _l("Way"),
    "bytes": _l("Size"),
    "changed": _l("Changed"),
    "children": _l("Branches below"),
    "clearance": _l("Clearance"),
    "count": _l("How many"),
    "counted": _l("Counted"),
    "courses": _l("Courses"),
    "created": _l("New ones"),
    "delegated_by": _l("Delegated by"),
    "digest": _l("Digest"),
    "epoch": _l("Which device, counted"),
    "exam": _l("Exam"),
    "exams": _l("Exams"),
    "fields": _l("Which details"),
    "files": _l("How many files"),
    "form": _l("Format"),
    "from": _l("Before"),
    "given_up": _l("Given up because of"),
    "key_changed": _l("Answer key changed"),
    "kind": _l("Kind"),
    "left_out": _l("Rows left out"),
    "made_at": _l("Made at"),
    "member": lazy_word("member"),
    "member_id": lazy_word("member"),
    "member_no": _l("Member number"),
    "members": _l("Members"),
    "minutes": _l("Minutes"),
    "moved": _l("Moved"),
    "name": _l("Name"),
    "number": _l("Which attempt"),
    "overdue": _l("Overdue"),
    "page": _l("Page"),
    "parent": _l("Branch above"),
    "passed": _l("Passed"),
    "path": _l("Address of the page"),
    "permission": _l("Permission"),
    "questions": _l("Which questions"),
    "reason": _l("Reason"),
    "refused": _l("Refused"),
    "required": _l("Asked for"),
    "retired": _l("Retired"),
    "revision": _l("Revision"),
    "role": _l("Role"),
    "roles": _l("Roles"),
    "score": _l("Score"),
    "sealed": _l("Sealed"),
    "sessions": _l("Sign-ins ended"),
    "sessions_closed": _l("Sign-ins ended"),
    "state": _l("State"),
    "status": _l("Status"),
    "submitted_at": _l("Handed in at"),
    "to": _l("After it"),
    "transferred": _l("Transferred"),
    "unchanged": _l("Unchanged"),
    "until": _l("Until"),
    "updated": _l("Updated"),
    "version": _l("Version"),
    "waiting": _l("Waiting"),
    "was": _l("Before"),
    "what": _l("What was looked at"),
    "whole": _l("Whole"),
}

NO_NAMES = Names()

_CODED = frozenset(
    {"by", "clearance", "counted", "from", "kind", "refused", "role", "state", "status", "to", "was", "what"}
)
"""The keys whose values may be codes; a reason, say, stays as it was written."""

CODES: dict[str, Any] = {
    **{role.value: name for role, name in ROLES.items()},
    **{status.value: name for status, name in STATUSES.items()},
    **{level.value: name for level, name in LEVELS.items()},
    "account": _l("this account, from everywhere"),
    "address": _l("everything from this address"),
    "api": _l("by a program"),
    "begin": _l("Newly begun"),
    "bulk": _l("Many at once"),
    "code": _l("Code of a slip"),
    "codes": _l("codes of slips from this address"),
    "draft": _l("Draft"),
    "edit": _l("Edited"),
    "here": _l("this account from this address"),
    "import": _l("Imported"),
    "marked": _l("Marked"),
    "move": _l("Moved"),
    "open": _l("Under way"),
    "password": _l("Password"),
    "present": _l("Present password"),
    "progress": _l("Progress"),
    "published": _l("Published"),
    "restore": _l("Restored"),
    "review": _l("Reviewed"),
    "submitted": _l("Handed in"),
    "undo": _l("Undone"),
    "void": _l("Voided"),
}


_COUNTS = frozenset(
    {"brought_back", "changed", "created", "key_changed", "left_out", "retired", "transferred", "unchanged"}
    | {"updated"}
)
"""What an import did, by number: nothing of a kind need not be said."""

_MOMENTS = frozenset({"made_at", "submitted_at", "until"})


def in_words(detail: Mapping[str, Any], names: Names = NO_NAMES) -> list[tuple[str, str]]:
    """What an entry tells beside its act, as label and value; a key of another version stays as it is."""
    told = [(key, value) for key, value in detail.items() if not _says_nothing(key, value)]
    return [(_label(key, value), _value(key, value, names)) for key, value in told]


def everyone(detail: Mapping[str, Any]) -> str:
    """The member numbers of a detail that says only how many they are; "" when there are none."""
    members = detail.get("members")
    return _(", ").join(map(str, members)) if isinstance(members, list) else ""


def _says_nothing(key: str, value: Any) -> bool:
    return key in _COUNTS and value == 0 and value is not False


def _label(key: str, value: Any) -> str:
    if key == "questions" and isinstance(value, int):
        return _("Questions in the bank")
    return str(KEYS.get(key, key))


def _moment(key: str, value: Any) -> str:
    """A moment as the reader writes it; of an end, the last day before it."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return last_day(moment) if key == "until" else local_datetime(moment)


def _list(key: str, values: list[Any], names: Names) -> str:
    if key == "members":
        return ngettext("%(num)s person", "%(num)s people", len(values))
    return _(", ").join(_value(key, each, names) for each in values) or "–"


def _value(key: str, value: Any, names: Names) -> str:
    if value is None or isinstance(value, bool):
        return {None: "–", True: _("yes"), False: _("no")}[value]
    if isinstance(value, list):
        return _list(key, value, names)
    if isinstance(value, Mapping):
        return _(", ").join(f"{label} {said}" for label, said in in_words(value, names)) or "–"
    if key == "member_id" and (number := names.numbers.get(value)):
        return _("%(name)s (%(code)s)", name=names.members[number], code=number)
    if key in BRANCH_KEYS and value in names.branches:
        return _("%(name)s (%(code)s)", name=names.branches[value], code=value)
    if key == "bytes":
        return filesize(value)
    if key in _MOMENTS:
        return _moment(key, value)
    return str(CODES.get(value, value) if key in _CODED else value)
