"""The pages of the source documents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.questions import offering, wording
from studyhub.questions.desk import wording as words
from studyhub.questions.importing import Doors
from studyhub.questions.sources import documents
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import clock
from studyhub.web.transaction import current_session, read, write

room = Room(
    "bank_sources", "studyhub.questions", url_prefix="/admin/source-documents", refusals=wording.REFUSALS
)

VIEW, MANAGE = Permission.VIEW_BANKS, Permission.MANAGE_BANKS
LONGEST = 500


@room.page("", permission=VIEW)
def index() -> ResponseReturnValue:
    """What the questions of all banks rest on."""
    actor = current_actor()
    found = documents.page(current_session(), actor, page_request(documents.SORTS, sort="document"))
    return render_template("banks/sources.html", documents=found, may_manage=actor.may(MANAGE))


@room.page("/questions", permission=VIEW)
def questions() -> ResponseReturnValue:
    """The questions that rest on one document."""
    source = request.args.get("document", "")[:LONGEST], request.args.get("version", "")[:LONGEST]
    session, actor = current_session(), current_actor()
    return render_template(
        "banks/source.html",
        source=source,
        superseded_at=documents.one(session, source),
        questions=documents.resting_on(session, actor, source, page_request()),
        may_manage=actor.may(MANAGE),
        words=words,
    )


@room.page("/mark", permission=MANAGE, transaction=None, methods=("GET", "POST"))
def mark() -> ResponseReturnValue:
    """Say that a document no longer holds, asked first what that does, or that it does hold after all."""
    source = request.values.get("document", "")[:LONGEST], request.values.get("version", "")[:LONGEST]
    doors = Doors(read, write, current_actor(), clock())
    if request.method == "POST" and request.form.get("superseded") != "1":
        _hold_again(doors, source)
    elif "confirmed" not in request.form:
        return _ask(doors, source)
    else:
        _supersede(doors, source)
    return redirect(url_for("bank_sources.questions", document=source[0], version=source[1]))


def _hold_again(doors: Doors, source: tuple[str, str]) -> None:
    missed = documents.hold_again(doors, source)
    flash(_("The document holds again. What it had pulled back stands where it stood."), "success")
    if missed:
        names = _(", ").join(missed)
        flash(
            _("Being changed at this moment, their questions stay drafts: %(banks)s.", banks=names), "warning"
        )


def _ask(doors: Doors, source: tuple[str, str]) -> str:
    """What the mark would do, before it is set. A document on which nothing rests that one may see is not
    found."""
    with read() as session:
        touched = documents.superseding(session, doors.actor, source, doors.clock())
        changes = documents.offers(session, source)
    if not touched.banks:
        raise NotFound
    return render_template(
        "banks/source_ask.html", source=source, touched=touched, stopped=offering.stopped(doors, changes)
    )


def _supersede(doors: Doors, source: tuple[str, str]) -> None:
    missed = documents.supersede(doors, source)
    flash(_("Its questions are to be reviewed."), "success")
    if missed:
        names = _(", ").join(missed)
        flash(_("Being changed at this moment, mark it once more: %(banks)s.", banks=names), "warning")
