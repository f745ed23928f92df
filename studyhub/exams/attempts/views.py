"""The list of an exam's attempts, and voiding one: for whoever leads the members or sets the exam."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.exams import queries
from studyhub.exams.attempts import voiding
from studyhub.exams.wording import ATTEMPT_STATES, REFUSALS
from studyhub.kernel.errors import Unprocessable
from studyhub.kernel.permissions import Permission as P
from studyhub.organization.audit import Act, record
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.transaction import current_session

room = Room("exam_attempts", "studyhub.exams", refusals=REFUSALS)

_ID = "<int(max=9223372036854775807):attempt_id>"


@room.page("/exams/<slug>/attempts", permission=P.VOID_ATTEMPTS, writes=True)
def index(slug: str) -> ResponseReturnValue:
    """The attempts of members in the actor's branches: marks, never papers or answers."""
    session, actor = current_session(), current_actor()
    title = queries.exam_title(session, actor, slug, P.VOID_ATTEMPTS)
    asked = page_request(queries.ATTEMPT_SORTS, sort="started", descending=True)
    page = queries.desk_attempts(session, actor, slug, asked, P.VOID_ATTEMPTS)
    record(session, actor, Act.ATTEMPTS_LISTED, f"exam:{slug}", {"page": asked.page}, now=now())
    return render_template(
        "exam_desk/attempts.html", slug=slug, title=title, page=page, ATTEMPT_STATES=ATTEMPT_STATES
    )


@room.page(f"/attempts/{_ID}/void", permission=P.VOID_ATTEMPTS, methods=("GET", "POST"), writes=True)
def void(attempt_id: int) -> ResponseReturnValue:
    """Ask for the reason; then take the attempt out of every count."""
    session, actor = current_session(), current_actor()
    attempt = queries.desk_attempt(session, actor, attempt_id, P.VOID_ATTEMPTS)
    error = ""
    if request.method == "POST":
        try:
            voiding.void(session, actor, attempt_id, request.form.get("reason", ""), now=now())
        except Unprocessable as refused:
            error = str(REFUSALS[refused.code])
        else:
            flash(_("The attempt is void. It counts no more, and is still on record."), "success")
            return redirect(url_for("exam_attempts.index", slug=attempt.exam))
    page = render_template("exam_desk/void.html", attempt=attempt, error=error, ATTEMPT_STATES=ATTEMPT_STATES)
    return page, 422 if error else 200
