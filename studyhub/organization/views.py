"""The rooms of the organization that answer requests, and its entries of the navigation, for `app.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from studyhub.kernel.permissions import Permission as P
from studyhub.organization.branches import views as branches
from studyhub.organization.imports import views as imports
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
    Entry(
        lazy_word("branch", 2),
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
    Entry(_l("My account"), "organization.account", P.SIGNED_IN, "member", 95, "/account", tab=True),
)


TASKS: dict[str, TaskRunner] = {VERIFY_KIND: verify_trail}


def _trail(_task: Mapping[str, Any]) -> Way:
    return Way(_l("Audit trail"), url_for("audit.trail"))


def _whole_or_not(result: Mapping[str, Any]) -> str:
    if not result["whole"]:
        return _("The trail is not whole. Keep a copy of the database, and tell who is responsible.")
    return ngettext("The one seal holds.", "All %(num)s seals hold.", result["sealed"])


TASK_PAGES = {VERIFY_KIND: TaskPage(_l("Checking the audit trail"), _trail, _trail, _whole_or_not)}
