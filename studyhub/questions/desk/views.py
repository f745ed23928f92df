"""One question on the desk, and what became of it; the changes of a bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.questions import (
    difference,
    finding,
    history,
    listing,
    releasing,
    reviews,
    touching,
    undoing,
    wording,
)
from studyhub.questions.desk import hooks, restoring
from studyhub.questions.desk import wording as words
from studyhub.questions.history import Past
from studyhub.questions.importing import Doors
from studyhub.questions.listing import BankRow
from studyhub.questions.revisions import Revision
from studyhub.questions.variants import as_written
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.identity import current_actor
from studyhub.web.paging import page_request
from studyhub.web.services import clock, settings
from studyhub.web.transaction import current_session, read, write

room = Room("bank_desk", "studyhub.questions", url_prefix="/admin/banks/<slug>", refusals=wording.REFUSALS)

VIEW, MANAGE = Permission.VIEW_BANKS, Permission.MANAGE_BANKS


@room.page("/questions/<name>", permission=VIEW)
def question(slug: str, name: str) -> ResponseReturnValue:
    """One question in force."""
    session, actor = current_session(), current_actor()
    bank = listing.bank(session, actor, slug)
    revision = finding.question(session, bank, name)
    if revision is None:
        raise NotFound
    return render_template(
        "banks/question.html",
        bank=bank,
        touched=words.counted(replace(touching.of_questions(session, slug, [name], now()), results=0)),
        today=now().astimezone(settings().zone).date(),
        band=finding.band_of_question(revision),
        is_own=releasing.is_own(session, actor, slug, name),
        may_manage=actor.may(MANAGE),
        wording=wording,
        words=words,
        **_looked_at(session, bank, revision),
    )


def _looked_at(session: Session, bank: listing.BankRow, revision: Revision) -> dict[str, Any]:
    """The question as it is written and as it is met, and what there is to say about it."""
    return {
        "revision": as_written(revision)[0],
        "preview": preview(revision),
        "warned": finding.ailments(session, bank, [revision.id]).get(revision.id, ()),
        "review": reviews.of_revisions(session, [revision.id]).get(revision.id),
    }


@room.page("/changes", permission=MANAGE)
def changes(slug: str) -> ResponseReturnValue:
    """Who changed the bank, when and how."""
    session = current_session()
    bank = listing.bank(session, current_actor(), slug)
    found = history.changes(session, bank, page_request())
    return render_template("banks/changes.html", bank=bank, changes=found, wording=wording, words=words)


@room.page("/changes/<int:version>", permission=MANAGE)
def change(slug: str, version: int) -> ResponseReturnValue:
    """One change, with the questions that it concerned."""
    session = current_session()
    bank = listing.bank(session, current_actor(), slug)
    made, questions = history.touched(session, bank, version)
    titles = dict(listing.choices(session, current_actor()))
    return render_template(
        "banks/change.html",
        bank=bank,
        change=made,
        questions=questions,
        beside=[(*one, titles[one[0]]) for one in undoing.beside(session, slug, version) if one[0] in titles],
        wording=wording,
        words=words,
    )


@room.page("/questions/<name>/history", permission=MANAGE)
def question_history(slug: str, name: str) -> ResponseReturnValue:
    """The revisions of a question, and what differs between two of them."""
    session = current_session()
    bank = listing.bank(session, current_actor(), slug)
    revisions = history.of_question(session, bank, name)
    old, new = _compared(revisions)
    return render_template(
        "banks/history.html",
        bank=bank,
        name=name,
        revisions=revisions,
        old=old,
        new=new,
        differences=difference.between(old.written, new.written),
        wording=wording,
        words=words,
    )


def _compared(revisions: Sequence[Past]) -> tuple[Past, Past]:
    """The two that the address asks for; else the newest and the one before it."""
    by_number = {str(each.number): each for each in revisions}
    newest = revisions[0]
    new = by_number.get(request.args.get("new", ""), newest)
    before = next((each for each in revisions if each.number < new.number), new)
    return by_number.get(request.args.get("old", ""), before), new


@room.post("/questions/<name>/restore", permission=MANAGE, transaction=None)
def restore(slug: str, name: str) -> ResponseReturnValue:
    """What an older revision said, as a new one."""
    doors = Doors(read, write, current_actor(), clock())
    with read() as session:
        bank = listing.bank(session, current_actor(), slug)
    number, seen = _number_in("number"), _number_in("seen")
    wanted = restoring.revision(doors, bank, name, number)
    touched = words.key_line(touching.by_another_key(doors, slug, wanted))
    if touched and "confirmed" not in request.form:
        return _ask_restore(bank, name, number, touched)
    restoring.restore(doors, bank, wanted, seen)
    flash(_("Revision %(number)s is in force again, as a new one.", number=number), "success")
    return redirect(url_for("bank_desk.question", slug=slug, name=name))


def _ask_restore(bank: BankRow, name: str, number: int, touched: str) -> str:
    """What restoring would change, and whose papers have the question."""
    with read() as session:
        revisions = history.of_question(session, bank, name)
    wanted = next(each for each in revisions if each.number == number)
    return render_template(
        "banks/restore.html",
        bank=bank,
        name=name,
        number=number,
        seen=_number_in("seen"),
        touched=touched,
        differences=difference.between(revisions[0].written, wanted.written),
        words=words,
    )


def _number_in(field: str) -> int:
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def preview(revision: Revision, seed: bytes | None = None) -> Markup:
    """The question as the taking page shows it, with the values of a seed."""
    return cast(hooks.DeskHooks, current_app.extensions[hooks.KEY]).preview(revision, seed)
