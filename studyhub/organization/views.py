"""The rooms of the organization that answer requests, and its entries of the navigation, for `app.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from studyhub.kernel.permissions import Permission as P
from studyhub.organization.branches import views as branches
from studyhub.organization.imports import jobs as imports_jobs
from studyhub.organization.imports import views as imports
from studyhub.organization.imports.staging import ImportKind
from studyhub.organization.members import api as members_api
from studyhub.organization.members import views as members
from studyhub.organization.sign_in import api as sign_in_api
from studyhub.organization.sign_in import views as sign_in
from studyhub.organization.trail import views as trail
from studyhub.organization.trail.jobs import verify_trail
from studyhub.organization.trail.queries import VERIFY_KIND
from studyhub.tasks.context import TaskRunner
from studyhub.tasks.views import TaskPage, Way
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext
from studyhub.web.layout import Entry
from studyhub.web.words import lazy_word

ROOMS: tuple[Room, ...] = (
    sign_in_api.room,
    sign_in.room,
    members_api.room,
    members.room,
    branches.room,
    imports.room,
    trail.room,
)

NAVIGATION: tuple[Entry, ...] = (
    # Short, for the bottom bar of phones: in large type, too, each has one line there.
    Entry(
        _l("Branches"),
        "branches.tree",
        P.VIEW_BRANCH,
        "branch",
        40,
        "/branches",
        tab=True,
        also=("/members", "/grants"),
    ),
    Entry(lazy_word("member", 2), "members.everybody", P.MANAGE_MEMBERS, "members", 70, "/admin/members"),
    Entry(_l("Tree of branches"), "branches.manage", P.MANAGE_BRANCHES, "tree", 72, "/admin/branches"),
    Entry(_l("Audit trail"), "audit.trail", P.VIEW_AUDIT, "audit", 90, "/admin/audit"),
    Entry(_l("Account"), "organization.account", P.SIGNED_IN, "member", 95, "/account", tab=True),
)


TASKS: dict[str, TaskRunner] = {VERIFY_KIND: verify_trail, **imports_jobs.TASKS}


def _trail(_task: Mapping[str, Any]) -> Way:
    return Way(_l("Audit trail"), url_for("audit.trail"))


def _whole_or_not(result: Mapping[str, Any]) -> str:
    if not result["whole"]:
        return _("The trail is not whole. Keep a copy of the database, and tell who is responsible.")
    return ngettext("The one seal holds.", "All %(num)s seals hold.", result["sealed"])


def _members(_task: Mapping[str, Any]) -> Way:
    return Way(lazy_word("member", 2), url_for("members.everybody"))


def _branches(_task: Mapping[str, Any]) -> Way:
    return Way(_l("Tree of branches"), url_for("branches.manage"))


def _plan_again(task: Mapping[str, Any]) -> Way:
    return Way(
        _l("Look at the plan again"), url_for(f"imports.{task['kind']}_plan", staged_id=task["staged_id"])
    )


def _taken(result: Mapping[str, Any]) -> str:
    if result["left_out"]:
        return imports.told_left_out(result["left_out"])
    return ngettext("%(num)s row took effect.", "%(num)s rows took effect.", result["rows"])


TASK_PAGES = {
    VERIFY_KIND: TaskPage(_l("Checking the audit trail"), _trail, _trail, _whole_or_not),
    imports_jobs.TASK_KINDS[ImportKind.MEMBERS]: TaskPage(
        _l("Importing members"), _members, _members, _taken, _plan_again
    ),
    imports_jobs.TASK_KINDS[ImportKind.BRANCHES]: TaskPage(
        _l("Importing branches"), _branches, _branches, _taken, _plan_again
    ),
}
