"""What acts and breaks of the trail are called."""

from __future__ import annotations

from typing import Any

from studyhub.organization.audit import Act
from studyhub.organization.trail.chain import Break
from studyhub.web.i18n import lazy_gettext as _l

ACTS: dict[str, Any] = {
    Act.ATTEMPTS_LISTED: _l("looked at the attempts at an exam"),
    Act.ATTEMPT_EXPIRED: _l("closed an attempt whose time was over"),
    Act.ATTEMPT_STARTED: _l("started an exam"),
    Act.ATTEMPT_SUBMITTED: _l("handed in an exam"),
    Act.ATTEMPT_TAKEN_OVER: _l("continued an exam on another device"),
    Act.ATTEMPT_VOIDED: _l("voided an attempt"),
    Act.AUDIT_VERIFIED: _l("checked the audit trail"),
    Act.BACKUP_MADE: _l("made a backup"),
    Act.BANK_BEGUN: _l("began a bank"),
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
    Act.EXAM_CREATED: _l("set an exam"),
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
    Act.PASSWORD_SET: _l("set the own password"),
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


def act_name(act: str) -> str:
    """The act in words; one that only an older version knew is shown by its code."""
    return str(ACTS.get(act) or act.replace("_", " "))
