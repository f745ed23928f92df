"""Acts on many questions, their undoing, and whether a bank's questions must be released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from studyhub.kernel.errors import Conflict, Unprocessable
from studyhub.kernel.events import ExamNamed
from studyhub.kernel.permissions import Permission
from studyhub.questions import finding, history, jobs, listing, offering, releasing, undoing, wording
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Done, Order
from studyhub.questions.desk import wording as words
from studyhub.questions.history import Change
from studyhub.questions.importing import Doors
from studyhub.questions.listing import BankRow
from studyhub.questions.releasing import Outcome
from studyhub.questions.views import AT_ONCE, wanted_by
from studyhub.tasks import operations as tasks
from studyhub.web.clock import now
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.services import clock
from studyhub.web.transaction import read, write

room = Room("bank_bulk", "studyhub.questions", url_prefix="/admin/banks/<slug>", refusals=wording.REFUSALS)

MANAGE = Permission.MANAGE_BANKS
NAMES_SHOWN = 20
FILTERS = ("q", "type", "difficulty", "tag", "health", "state", "sort", "page")


@room.post("/bulk", permission=MANAGE, transaction=None)
def bulk(slug: str) -> ResponseReturnValue:
    """Do something to the questions that were ticked, or to all that the list found."""
    bank = _bank(slug)
    order = Order(slug, _names(bank), request.form.get("act", ""), request.form.get("value", ""))
    try:
        if not order.names:
            raise Unprocessable("nothing_chosen")
        if not _is_confirmed(order):
            stopped = offering.stopped(_doors(), acts.offers(_doors(), order))
            if stopped or order.act in acts.ASKED_FOR or acts.lacks_tag(order):
                return _confirm(bank, order, stopped)
        if order.act == "move":
            _bank(order.value)  # above one's clearance it does not exist
        if len(order.names) > AT_ONCE:
            return redirect(url_for("tasks.show", task_id=_enqueue(jobs.BULK_KIND, asdict(order))))
        return _told(order, acts.perform(_doors(), order))
    except (Conflict, Unprocessable) as refused:
        flash(sentence(refused.code, refused.params), "error")
        return redirect(_back(slug))


@room.page("/changes/<int:version>/undo", permission=MANAGE, transaction=None, methods=("GET", "POST"))
def undo(slug: str, version: int) -> ResponseReturnValue:
    """Make the questions of a change what they were before it; first say what that is."""
    bank = _bank(slug)
    with read() as session:
        change, _questions = history.touched(session, bank, version)
        others = undoing.banks_of(session, slug, version)
    banks = [_bank(other) for other in others]
    if request.method == "GET":
        return _ask_to_undo(bank, change, banks)
    if change.created + change.changed + change.retired > AT_ONCE:
        payload = {"slug": slug, "version": version}
        return redirect(url_for("tasks.show", task_id=_enqueue(jobs.UNDO_KIND, payload)))
    undone = undoing.undo(_doors(), slug, version)
    for kind, line in words.undone_lines(undone):
        flash(line, kind)
    return redirect(url_for("bank_desk.changes", slug=slug))


def _ask_to_undo(bank: BankRow, change: Change, banks: Sequence[BankRow]) -> str:
    doors = _doors()
    found = undoing.touched(doors, bank.slug, change.version)
    return render_template(
        "banks/undo.html",
        bank=bank,
        change=change,
        banks=banks,
        stopped=offering.stopped(doors, found.offers),
        touched=words.key_line(found.papers),
        words=words,
    )


@room.post("/release-required", permission=MANAGE, transaction=None)
def switch(slug: str) -> ResponseReturnValue:
    """Ask for a release before questions of this bank get into new papers, or no longer."""
    bank = _bank(slug)
    required = request.form.get("required") == "1"
    if required and "confirmed" not in request.form:
        with read() as session:
            left_out = releasing.unreleased(session, slug)
        if left_out:
            stopped = offering.stopped(_doors(), [offering.without(slug, left_out)])
            return render_template(
                "banks/release_required.html", bank=bank, left_out=len(left_out), stopped=stopped
            )
    releasing.switch(_doors(), slug, required)
    flash(
        _("From now on only released questions get into new papers.")
        if required
        else _("From now on every question may get into new papers."),
        "success",
    )
    return redirect(url_for("banks.show", slug=slug))


def _names(bank: BankRow) -> tuple[str, ...]:
    if request.form.get("all") != "1":
        return tuple(dict.fromkeys(request.form.getlist("names")))
    with read() as session:
        return finding.names(session, bank, wanted_by(request.form))


def _is_confirmed(order: Order) -> bool:
    """Of all that the list finds, as many as were shown: else one is asked again."""
    counted = request.form.get("all") != "1" or request.form.get("count") == str(len(order.names))
    return counted and "confirmed" in request.form


def _confirm(bank: BankRow, order: Order, stopped: Sequence[ExamNamed]) -> str:
    return render_template(
        "banks/bulk.html",
        bank=bank,
        order=order,
        asks_tag=acts.lacks_tag(order),
        stopped=stopped,
        every=request.form.get("all") == "1",
        targets=_targets(bank),
        names_shown=NAMES_SHOWN,
        words=words,
        filters={key: request.form[key] for key in (*FILTERS, "question") if request.form.get(key)},
        back=_back(bank.slug),
    )


def _targets(bank: BankRow) -> list[tuple[str, str]]:
    with read() as session:
        return [one for one in listing.choices(session, current_actor()) if one[0] != bank.slug]


def _told(order: Order, done: Done | Outcome) -> ResponseReturnValue:
    """Say what was done, and lead to where it can be undone."""
    lines = words.act_lines(done, order.act)
    if _from_question():
        lines[0] = lines[0][0], _with_way_back(order, done, lines[0][1])
    for kind, line in lines:
        flash(line, kind)
    if isinstance(done, Outcome) or not done.version or _from_question():
        return redirect(_back(order.slug))
    return redirect(url_for("bank_desk.change", slug=order.slug, version=done.version))


def _with_way_back(order: Order, done: Done | Outcome, line: str) -> str:
    """What was done to a question, with a button that undoes it."""
    version = done.version if isinstance(done, Done) else 0
    if not version and not (isinstance(done, Outcome) and done.done):
        return line
    # Made by a template, which escapes.
    return Markup(render_template("banks/_way_back.html", order=order, line=line, version=version))  # noqa: S704


def _from_question() -> bool:
    return bool(request.form.get("question"))


def _back(slug: str) -> str:
    """The question's page or the list that the act was asked for on, as it was filtered."""
    if _from_question():
        return url_for("bank_desk.question", slug=slug, name=request.form["question"])
    filters: dict[str, Any] = {key: request.form[key] for key in FILTERS if request.form.get(key)}
    return url_for("banks.show", slug=slug, **filters)


def _enqueue(kind: str, payload: dict[str, Any]) -> int:
    actor = current_actor()
    asked = {**payload, "clearance": actor.clearance}
    with write() as session:
        return tasks.enqueue(session, kind, asked, created_by=actor.member_id, now=now()).id


def _bank(slug: str) -> BankRow:
    with read() as session:
        return listing.bank(session, current_actor(), slug)


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())
