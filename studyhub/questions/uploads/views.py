"""The page of a file of another format: what was read and what was skipped, and which bank it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.permissions import Permission
from studyhub.media.store import Store
from studyhub.organization.branches.forms import select_choices
from studyhub.questions import importing, jobs, listing, operations, queries, wording
from studyhub.questions.fixing import queries as fixing
from studyhub.questions.fixing import wording as words
from studyhub.questions.formats import conversion, deciding
from studyhub.questions.formats import wording as said
from studyhub.questions.formats.deciding import Doubtful
from studyhub.questions.formats.sheet_formats import XLSX_TYPE
from studyhub.questions.formats.sheets import wording as sheet_words
from studyhub.questions.formats.sheets.template import template
from studyhub.questions.importing import Doors
from studyhub.questions.models import BankUpload
from studyhub.questions.uploads import columns, heads, planning, reading
from studyhub.questions.uploads.forms import TargetForm
from studyhub.questions.uploads.reading import Kept
from studyhub.tasks import operations as tasks
from studyhub.tasks import queries as task_queries
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import language as reading_language
from studyhub.web.identity import current_actor
from studyhub.web.services import clock, settings
from studyhub.web.transaction import read, write

room = Room("bank_uploads", "studyhub.questions", refusals=wording.REFUSALS)

MANAGE = Permission.MANAGE_BANKS
ITEMS_SHOWN = 300
UNKNOWN_SHOWN = 8


@room.page("/admin/banks/template.xlsx", permission=MANAGE, transaction=None)
def sheet_template() -> ResponseReturnValue:
    """A workbook to begin with, in the reader's language."""
    language = reading_language()
    file = template(language, _("How to fill it in"), sheet_words.columns_explained(language))
    disposition = 'attachment; filename="studyhub-questions.xlsx"'
    return Response(file, content_type=XLSX_TYPE, headers={"Content-Disposition": disposition})


@room.page("/admin/banks/uploads/<int:upload_id>", permission=MANAGE, transaction=None)
def show(upload_id: int) -> ResponseReturnValue:
    """The report of the file, and the form that says which bank it becomes."""
    upload = _upload(upload_id)
    kept = reading.ready(_doors(), upload)
    return _page(upload, kept, _prefilled(kept)) if kept else _waiting(upload)


@room.post("/admin/banks/uploads/<int:upload_id>", permission=MANAGE, transaction=None)
def choose(upload_id: int) -> ResponseReturnValue:
    """Make the bank of it, and go on to the plan; of a large file as a task."""
    upload = _upload(upload_id)
    kept = reading.ready(_doors(), upload)
    if kept is None:
        return _waiting(upload)
    form = _form(request.form)
    form.proposed = _proposed(kept)
    if not form.validate():
        return _page(upload, kept, form), 422
    try:
        head = conversion.head_with(kept.head, _chosen(form, kept))
        if reading.is_large(upload):
            return redirect(url_for("tasks.show", task_id=_enqueue(upload, jobs.PLANNING_KIND, head=head)))
        prepared = planning.plan(_doors(), upload, head, Store(settings().data_dir))
    except Unreadable as error:
        return _page(upload, kept, form, said.refusal(error)), 422
    return redirect(url_for("banks.plan", plan_id=prepared.plan_id))


@room.post("/admin/banks/uploads/<int:upload_id>/columns", permission=MANAGE, transaction=None)
def choose_columns(upload_id: int) -> ResponseReturnValue:
    """Remember what each column of the sheet is, or forget it, and read the file again."""
    upload = _upload(upload_id)
    kept = reading.ready(_doors(), upload, decided=False)
    headers = [header.text for header in kept.headers] if kept else []
    chosen = dict(zip(request.form.getlist("header"), request.form.getlist("column"), strict=False))
    with write() as session:
        if "forget" in request.form:
            columns.forget(session, headers)
        else:
            columns.remember(session, current_actor(), headers, chosen, now())
    return redirect(url_for("bank_uploads.show", upload_id=upload_id))


@room.post("/admin/banks/plans/<int:plan_id>/matches", permission=MANAGE, transaction=None)
def keep_apart(plan_id: int) -> ResponseReturnValue:
    """Plan again, with what was ticked as other questions than those of the bank."""
    prepared = importing.keep_apart(_doors(), plan_id, request.form.getlist("apart"))
    return redirect(url_for("banks.plan", plan_id=prepared.plan_id))


def _upload(upload_id: int) -> BankUpload:
    with read() as session:
        return reading.own(session, current_actor(), upload_id)


def _doors() -> Doors:
    return Doors(read, write, current_actor(), clock())


def _waiting(upload: BankUpload) -> ResponseReturnValue:
    """To the task that reads the file; it is begun unless it is under way."""
    with read() as session:
        under_way = upload.task_id is not None and task_queries.is_open(session, upload.task_id)
    task_id = upload.task_id if under_way else _enqueue(upload, jobs.READING_KIND)
    return redirect(url_for("tasks.show", task_id=task_id))


def _enqueue(upload: BankUpload, kind: str, **more: Any) -> int:
    actor = current_actor()
    payload = {"upload_id": upload.id, "clearance": actor.clearance, **more}
    with write() as session:
        task = tasks.enqueue(session, kind, payload, created_by=actor.member_id, now=now())
        operations.note_task(session, upload.id, task.id)
    return task.id


def _prefilled(kept: Kept) -> TargetForm:
    form = _form(None, language=kept.head.get("language"), **_proposed(kept))
    form.level.data = kept.head.get("level", "internal")
    # A bank that only has the name of the file is not chosen for anybody: all its questions would go.
    if kept.said.get("bank") in {choice.value for choice in form.bank.choices}:
        form.bank.data = kept.said["bank"]
    return form


def _proposed(kept: Kept) -> dict[str, str | None]:
    return {"slug": kept.head.get("bank"), "title": kept.head.get("title")}


def _form(given: Any, **data: Any) -> TargetForm:
    form = TargetForm(given, data=data)
    with read() as session:
        known = listing.choices(session, current_actor())
        form.bank.choices = select_choices([("", _("A new bank")), *known])
        form.taken = queries.all_slugs(session)
    return form


def _chosen(form: TargetForm, kept: Kept) -> Mapping[str, Any]:
    if not form.bank.data:
        return form.new_head
    with read() as session:
        known = queries.bank_in_force(session, form.bank.data).head
    return heads.of_known(known, kept.said)


def _page(upload: BankUpload, kept: Kept, form: TargetForm, refusal: str = "") -> str:
    texts = [header.text for header in kept.headers]
    with read() as session:
        settled = fixing.settled(session, current_actor(), upload.id)
        remembered = columns.remembered(session, texts) if texts else columns.NOTHING
    return render_template(
        "banks/uploaded.html",
        upload=upload,
        kept=kept,
        form=form,
        refusal=refusal or (said.refusal(kept.refusal) if kept.refusal else ""),
        shown=ITEMS_SHOWN,
        said=said,
        columns=sheet_words,
        columns_first=kept.columns_unsaid and remembered.at is None,
        unknown=_(", ").join(_("“%(text)s”", text=text) for text in kept.unknown_columns[:UNKNOWN_SHOWN]),
        remembered=remembered,
        **_of_doubts(kept.doubtful, settled),
    )


def _of_doubts(doubtful: Sequence[Doubtful], settled: fixing.Settled) -> dict[str, Any]:
    """What the report says of what is doubtful, or could not be read."""
    return {
        "case": words.case(doubtful),
        "undecided": len(deciding.undecided(doubtful, settled.decide)),
        "recalled": settled.recalled(doubtful),
    }
