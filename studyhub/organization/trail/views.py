"""The auditor's pages: the trail, its seals, and whether it is whole."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studyhub.kernel.permissions import Permission as P
from studyhub.organization.branches.forms import select_choices
from studyhub.organization.trail import queries, sealing
from studyhub.organization.trail.forms import FilterForm
from studyhub.organization.trail.queries import Filter
from studyhub.organization.trail.wording import BREAKS, act_name, everyone, in_words, nobody, subject_words
from studyhub.tasks import operations as tasks
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import settings
from studyhub.web.transaction import current_session

room = Room("audit", "studyhub.organization")

WORDS: dict[str, Any] = {
    "BREAKS": BREAKS,
    "act_name": act_name,
    "counted": queries.COUNTED,
    "everyone": everyone,
    "in_words": in_words,
    "nobody": nobody,
    "subject_words": subject_words,
}


@room.page("/admin/audit", permission=P.VIEW_AUDIT)
def trail() -> ResponseReturnValue:
    """The trail, the newest first."""
    session = current_session()
    form, asked = _filter_form(session), page_request(size=50)
    which = _filter(form)
    page = queries.trail_page(session, current_actor(), asked, which)
    return render_template(
        "audit/trail.html",
        form=form,
        asked=asked,
        page=page,
        names=queries.names(session, page.items),
        filtered=bool(asked.search) or which != Filter(),
        narrowed=which != Filter(),
        head=sealing.head(session)[0],
        overdue=sealing.overdue(session, now()),
        checked=queries.last_verification(session),
        **WORDS,
    )


def _filter_form(session: Session) -> FilterForm:
    """What was asked for, with the acts that there are to choose from."""
    form = FilterForm(request.args)
    acts = [("", _("Every act")), *((act, act_name(act)) for act in queries.acts(session))]
    form.act.choices = select_choices(acts)
    form.validate()
    return form


@room.post("/admin/audit/verify", permission=P.VIEW_AUDIT, writes=True)
def verify() -> ResponseReturnValue:
    """Start checking the whole trail."""
    actor = current_actor()
    task = tasks.enqueue(current_session(), queries.VERIFY_KIND, {}, created_by=actor.member_id, now=now())
    return redirect(url_for("tasks.show", task_id=task.id))


def _filter(form: Any) -> Filter:
    """What was asked for, without the fields that make no sense: these say so, and the rest still counts."""
    zone = settings().zone
    said = {field.name: field.data for field in form if field.data and not field.errors}
    first, last = said.get("first_day"), said.get("last_day")
    return Filter(
        who=said.get("who", ""),
        act=said.get("act", ""),
        since=first and datetime.combine(first, time(), tzinfo=zone),
        until=last and datetime.combine(last + timedelta(days=1), time(), tzinfo=zone),
    )
