"""The page on which a bank begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import Conflict
from studyhub.kernel.faults import Fault
from studyhub.kernel.permissions import Permission
from studyhub.organization.states import Level, readable
from studyhub.questions import queries, wording
from studyhub.questions.beginning import head, operations
from studyhub.questions.editor.editing import Draft
from studyhub.questions.editor.views import told
from studyhub.questions.importing import Doors
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import language
from studyhub.web.identity import current_actor
from studyhub.web.services import clock
from studyhub.web.transaction import current_session, read, write

room = Room("bank_beginning", "studyhub.questions", url_prefix="/admin/banks", refusals=wording.REFUSALS)

MANAGE = Permission.MANAGE_BANKS


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form shows, with the faults of each field; never a text: see the editor's sheet."""

    head: Mapping[str, str]
    draft: Draft = field(default_factory=lambda: Draft(None, {}))
    text: str | None = None


# No bank can have this name: its identifier holds no underscore.
@room.page("/new_bank", permission=MANAGE, transaction=None)
def form() -> ResponseReturnValue:
    """What a bank needs before its first question."""
    return _page(Sheet({"bank": "", "title": "", "language": language(), "level": Level.INTERNAL.value}))


@room.post("/new_bank", permission=MANAGE, transaction=None)
def begin() -> ResponseReturnValue:
    """Begin it, and go on to its first question."""
    sheet = _typed()
    if sheet.draft.faults:
        return _page(sheet), 422
    try:
        operations.begin(Doors(read, write, current_actor(), clock()), sheet.head)
    except Conflict as refused:
        flash(sentence(refused.code, refused.params), "error")
        return _page(sheet), 409
    flash(_("The bank has begun. Write its first question."), "success")
    return redirect(url_for("question_editor.new", slug=sheet.head["bank"]))


@room.post("/new-bank-check", permission=MANAGE)
def live() -> ResponseReturnValue:
    """What the form's script shows while one types."""
    typed = head.read(request.form)
    faults = _judged(typed, queries.all_slugs(current_session()))
    return {
        "preview": "",
        "faults": {key: [told(fault, False) for fault in each] for key, each in faults.items() if typed[key]},
    }


def _typed() -> Sheet:
    with read() as session:
        taken = queries.all_slugs(session)
    typed = head.read(request.form)
    return Sheet(typed, Draft(None, _judged(typed, taken)))


def _judged(typed: Mapping[str, str], taken: set[str]) -> dict[str, list[Fault]]:
    faults = head.judge(typed)
    if typed["bank"] in taken:
        faults["bank"] = [Fault("bank_taken", params={"bank": typed["bank"]})]
    if "level" not in faults and typed["level"] not in _levels():
        faults["level"] = [Fault("above_clearance")]
    return faults


def _levels() -> list[str]:
    return [level.value for level in readable(Level(current_actor().clearance))]


def _page(sheet: Sheet) -> str:
    return render_template(
        "banks/new_bank.html",
        sheet=sheet,
        values={key: [text] for key, text in sheet.head.items()},
        told=told,
        levels={level: wording.LEVELS[level] for level in _levels()},
        wording=wording,
    )
