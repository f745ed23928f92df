"""Writing and changing one question on the desk. Works as a plain form; a script adds the live preview."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from studyhub.kernel.errors import Conflict, NotFound, Unprocessable
from studyhub.kernel.events import PapersFound
from studyhub.kernel.faults import Fault
from studyhub.kernel.permissions import Permission
from studyhub.questions import finding, listing, touching, wording
from studyhub.questions.bank import PASSAGE, Question
from studyhub.questions.desk import wording as words
from studyhub.questions.desk.views import preview
from studyhub.questions.editor import editing, question_form, rows
from studyhub.questions.editor.editing import Draft
from studyhub.questions.editor.question_form import Values
from studyhub.questions.editor.usual import usual
from studyhub.questions.importing import Doors
from studyhub.questions.listing import BankRow
from studyhub.questions.touching import NO_PAPERS
from studyhub.questions.variants import as_written
from studyhub.web.errors import sentence
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import in_a_row
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.services import clock
from studyhub.web.transaction import read, write

room = Room(
    "question_editor", "studyhub.questions", url_prefix="/admin/banks/<slug>", refusals=wording.REFUSALS
)

MANAGE = Permission.MANAGE_BANKS
LARGEST = 512 * 1024
MORE_ROWS = 2
STAYS = frozenset({"more", "preview", "draw", "add", "take-out", "earlier"})
"""The buttons that save nothing."""

ASKED = {"answer": _l("Say which answer is right."), "options": _l("Write the options here.")}
"""What is asked for where one of these keys is missing: its place may hold fields that are filled in."""

NOT_JUDGED = Draft(None, {})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the editor shows. `name` is the question's id, "" for a new one; `text` is None in a form; `drawn`
    says which values the preview has, 0 the first of each variable."""

    bank: BankRow
    kind: str
    name: str = ""
    seen: int = 0
    values: Values | None = None
    text: str | None = None
    draft: Draft = NOT_JUDGED
    rows: int = 0
    drawn: int = 0
    refused: str = ""
    touched: PapersFound = NO_PAPERS
    """the papers of another key, when somebody has to agree to that before it is saved"""

    @property
    def fields(self) -> Values:
        """What stands in the fields; of a text nothing."""
        return self.values or {}


@room.page("/new-question", permission=MANAGE, transaction=None)
def new(slug: str) -> ResponseReturnValue:
    """An empty form of the type that was chosen; first the choice."""
    bank, kind = _bank(slug), request.args.get("type", "")
    if kind not in wording.TYPES:
        return render_template("banks/new_question.html", bank=bank, wording=wording, words=words)
    blank = {"id": _proposed(kind), "type": kind, **_usual(bank, kind)}
    if tags := request.args.getlist("tag"):
        blank["tags"] = tags
    if kind not in question_form.SHOWN or request.args.get("as") == "text":
        return _page(Sheet(bank, kind, text=editing.begun(blank)))
    return _page(Sheet(bank, kind, values=question_form.values_of(blank)))


@room.post("/new-question", permission=MANAGE, transaction=None, max_body=LARGEST)
def create(slug: str) -> ResponseReturnValue:
    """Put the new question at the end of the bank."""
    return _save(_typed(_bank(slug), ""))


@room.page("/questions/<name>/edit", permission=MANAGE, transaction=None)
def edit(slug: str, name: str) -> ResponseReturnValue:
    """The question in its form, or as text where the form does not show all of it."""
    bank = _bank(slug)
    question, number = _in_force(bank, name)
    as_text = request.args.get("as") == "text" or not question_form.fits(question.written)
    sheet = Sheet(bank, question.type, name, number, draft=Draft(question, {}))
    if as_text:
        return _page(replace(sheet, text=editing.text_of(question.written)))
    return _page(replace(sheet, values=question_form.values_of(question.written)))


@room.post("/questions/<name>/edit", permission=MANAGE, transaction=None, max_body=LARGEST)
def change(slug: str, name: str) -> ResponseReturnValue:
    """Save it as a new revision, unless somebody else was faster."""
    return _save(_typed(_bank(slug), name))


@room.post("/question-preview", permission=MANAGE, transaction=None, max_body=LARGEST)
def live(slug: str) -> ResponseReturnValue:
    """What the editor's script shows while one types: the preview, and the faults of each field."""
    sheet = _typed(_bank(slug), request.form.get("name", ""))
    return {
        "preview": _preview(sheet),
        "faults": {
            field: [told(fault, sheet.text is not None) for fault in faults]
            for field, faults in sheet.draft.faults.items()
        },
    }


def _proposed(kind: str) -> str:
    """An id such as imports make for a prompt without Latin words."""
    return f"{kind}-{secrets.token_hex(4)}"


def _usual(bank: BankRow, kind: str) -> dict[str, Any]:
    with read() as session:
        return usual(finding.facets(session, bank), kind)


def _bank(slug: str) -> BankRow:
    with read() as session:
        return listing.bank(session, current_actor(), slug)


def _in_force(bank: BankRow, name: str) -> tuple[Question, int]:
    with read() as session:
        revision = finding.question(session, bank, name)
    if revision is None:
        raise NotFound
    return revision.question, revision.number


def _typed(bank: BankRow, name: str) -> Sheet:
    """What the browser sent, judged."""
    form = request.form
    seen = _number_of(form.get("seen", ""))
    if "text" in form:
        draft = editing.read_text(bank, form["text"])
        sheet = Sheet(bank, form.get("type", ""), name, seen, text=form["text"], draft=draft)
    else:
        values = form.to_dict(flat=False)
        values = _arranged(bank, values, form) | ({"id": [name]} if name else {})
        draft = editing.read_form(bank, values)
        sheet = Sheet(bank, form.get("type", ""), name, seen, values, draft=draft)
    more = MORE_ROWS if "more" in form else 0
    return replace(
        sheet,
        rows=_number_of(form.get("rows", "")) + more,
        drawn=_number_of(form.get("drawn", "")) + ("draw" in form),
        draft=_named(sheet),
    )


def _arranged(bank: BankRow, values: dict[str, list[str]], form: Mapping[str, str]) -> dict[str, list[str]]:
    """The questions of a passage as a button of the form wants them."""
    if "add" in form and form.get("part-type") in question_form.SHOWN:
        return rows.with_part(values, form["part-type"], _usual(bank, form["part-type"]).get("points", ""))
    if "take-out" in form:
        return rows.without_part(values, _number_of(form["take-out"]))
    if "earlier" in form:
        return rows.part_earlier(values, _number_of(form["earlier"]))
    return values


def _named(sheet: Sheet) -> Draft:
    question = sheet.draft.question
    if question is None or question.id == sheet.name:
        return sheet.draft
    with read() as session:
        taken = finding.question(session, sheet.bank, question.id) is not None
    return editing.named(sheet.draft, sheet.name, taken=taken, in_text=sheet.text is not None)


def _save(sheet: Sheet) -> ResponseReturnValue:
    question = sheet.draft.question
    if not STAYS.isdisjoint(request.form):
        return _page(sheet)
    if question is None:
        return _page(sheet), 422
    touched = touching.by_another_key(_doors(), sheet.bank.slug, question) if sheet.name else NO_PAPERS
    # Agreed to is the key that was on the page: not another one that was typed since.
    if touched != NO_PAPERS and request.form.get("new-key") != question.key_digest:
        return _page(replace(sheet, touched=touched))
    try:
        reach = touching.reach(_doors(), sheet.bank.slug, question)
        done = editing.save(_doors(), sheet.bank.slug, question, sheet.seen)
    except (Conflict, Unprocessable) as refused:
        # What was typed stays on the page.
        return _page(replace(sheet, refused=sentence(refused.code, refused.params))), refused.status
    flash(_saved(sheet, question, done.plan.changes_anything), "success")
    for line in words.exam_lines(reach) if done.plan.changes_anything else ():
        flash(line, "warning")
    return redirect(url_for("bank_desk.question", slug=sheet.bank.slug, name=question.id))


def _saved(sheet: Sheet, question: Question, changed: bool) -> str:
    """What came of saving; below a new question, the way to one more like it."""
    if sheet.name:
        return _("Saved as a new revision.") if changed else _("Nothing was changed.")
    # Made by a template, which escapes.
    return Markup(render_template("banks/_another.html", bank=sheet.bank, question=question))  # noqa: S704


def _page(sheet: Sheet) -> str:
    values = sheet.fields
    return render_template(
        "banks/editor.html",
        sheet=sheet,
        bank=sheet.bank,
        preview=_preview(sheet),
        told=told,
        values=values,
        parts=rows.part_numbers(values),
        part_types=[kind for kind in question_form.SHOWN if kind != PASSAGE],
        letters=lambda prefix: rows.letters(values, prefix, sheet.rows),
        unfolded=lambda names: bool(rows.filled(values, names)),
        numbered=lambda names, fewest: rows.shown(values, names, fewest, sheet.rows),
        wording=wording,
        words=words,
        touched=words.key_line(sheet.touched),
    )


def _preview(sheet: Sheet) -> Markup:
    """The question as a member sees it with the values that were drawn, and its key."""
    question = sheet.draft.question
    if question is None:
        return Markup()
    revision = editing.shown(sheet.bank.slug, question)
    seed = str(sheet.drawn).encode() if sheet.drawn else None
    page = render_template(
        "banks/_preview.html",
        preview=preview(revision, seed),
        keyed=as_written(revision, seed)[0],
        exam_lines=words.exam_lines(touching.reach(_doors(), sheet.bank.slug, question)),
        varies=any(part.variables for part in question.parts or (question,)),
        wording=wording,
    )
    return Markup(page)  # noqa: S704  made by a template, which escapes


def told(fault: Fault, with_line: bool) -> dict[str, Any]:
    """A fault in words. In a text it says in which line; beside a field there is no key of a file to name."""
    if not with_line and fault.code in wording.MISSING:
        asked = ASKED.get(str(fault.params.get("key")), _l("Please fill this in."))
        return {"message": str(asked), "error": fault.is_error}
    place = _("Line %(line)s:", line=fault.line) + " " if with_line and fault.line else ""
    said = wording.message(fault) if with_line else wording.on_a_page(fault)
    message = place + in_a_row(said, wording.hint(fault))
    return {"message": message, "error": fault.is_error}


def _number_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())
