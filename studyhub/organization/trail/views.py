"""The auditor's pages: the trail, its seals, and whether it is whole."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.permissions import Permission as P
from studyhub.organization.branches.forms import select_choices
from studyhub.organization.trail import queries, sealing
from studyhub.organization.trail.forms import FilterForm
from studyhub.organization.trail.queries import Filter
from studyhub.organization.trail.wording import BREAKS, act_name, in_words
from studyhub.tasks import operations as tasks
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session

room = Room("audit", "studyhub.organization")


@room.page("/admin/audit", permission=P.VIEW_AUDIT)
def trail() -> ResponseReturnValue:
    """The trail, the newest first."""
    session = current_session()
    form = FilterForm(request.args)
    acts = [("", _("Every act")), *((act, act_name(act)) for act in queries.acts(session))]
    form.act.choices = select_choices(acts)
    asked = page_request(size=50)
    which = _filter(form) if form.validate() else Filter()
    return render_template(
        "audit/trail.html",
        form=form,
        asked=asked,
        page=queries.trail_page(session, current_actor(), asked, which),
        counted=queries.COUNTED,
        act_name=act_name,
        in_words=in_words,
        head=sealing.head(session)[0],
        overdue=sealing.overdue(session, now()),
        checked=queries.last_verification(session),
        BREAKS=BREAKS,
    )


@room.post("/admin/audit/verify", permission=P.VIEW_AUDIT, writes=True)
def verify() -> ResponseReturnValue:
    """Start checking the whole trail."""
    actor = current_actor()
    task = tasks.enqueue(current_session(), queries.VERIFY_KIND, {}, created_by=actor.member_id, now=now())
    return redirect(url_for("tasks.show", task_id=task.id))


def _filter(form: Any) -> Filter:
    zone = settings().zone
    since = form.first_day.data and datetime.combine(form.first_day.data, time(), tzinfo=zone)
    last = form.last_day.data
    until = last and datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return Filter(form.act.data or "", since or None, until or None)
