"""The page of a file of another format: what was read and what was skipped, and which bank it becomes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.permissions import Permission
from studyhub.media.store import Store
from studyhub.organization.branches.forms import select_choices
from studyhub.questions import importing, intake, listing, queries, wording
from studyhub.questions.bank_file import Checked
from studyhub.questions.fixing import queries as fixing
from studyhub.questions.formats import FORMATS, incoming
from studyhub.questions.formats import wording as said
from studyhub.questions.formats.conversion import Choose
from studyhub.questions.formats.deciding import Settling
from studyhub.questions.formats.exchange import Source
from studyhub.questions.formats.incoming import Incoming
from studyhub.questions.formats.sheet_formats import XLSX_TYPE
from studyhub.questions.formats.sheets.template import template
from studyhub.questions.importing import Doors, Offer
from studyhub.questions.models import BankUpload
from studyhub.questions.uploads import columns, heads
from studyhub.questions.uploads.columns import Remembered
from studyhub.questions.uploads.forms import TargetForm
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
REPORTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Arrived:
    """The file as a bank, and what there was to decide about it."""

    file: Incoming
    settling: Settling

    @property
    def refused(self) -> int:
        """How many questions wait on the fix-it desk because the checker refuses them."""
        return self.settling.refused(self.file.admitted.skipped) if self.file.admitted else 0

    @property
    def report(self) -> Arrived:
        """Without the questions and files themselves: what the page says of them."""
        bank = self.file.checked.bank
        admitted = self.file.admitted
        file = Incoming(
            b"",
            Checked(bank and replace(bank, questions=()), [], self.file.checked.questions),
            admitted=admitted
            and replace(admitted, checked=None, data=b"", assets=dict.fromkeys(admitted.assets, b"")),
        )
        return Arrived(file, self.settling)


@room.page("/admin/banks/template.xlsx", permission=MANAGE, transaction=None)
def sheet_template() -> ResponseReturnValue:
    """A workbook to begin with, in the reader's language."""
    language = reading_language()
    file = template(language, _("How to fill it in"), said.columns_explained(language))
    disposition = 'attachment; filename="studyhub-questions.xlsx"'
    return Response(file, content_type=XLSX_TYPE, headers={"Content-Disposition": disposition})


@room.page("/admin/banks/uploads/<int:upload_id>", permission=MANAGE, transaction=None)
def show(upload_id: int) -> ResponseReturnValue:
    """The report of the file, and the form that says which bank it becomes."""
    upload = _upload(upload_id)
    try:
        arrived = _report(upload)
    except Unreadable as error:
        return _page(upload, None, _form(None), said.refusal(error))
    return _page(upload, arrived, _prefilled(arrived.file))


@room.post("/admin/banks/uploads/<int:upload_id>", permission=MANAGE, transaction=None)
def choose(upload_id: int) -> ResponseReturnValue:
    """Make the bank of it, and go on to the plan."""
    upload = _upload(upload_id)
    form = _form(request.form)
    if not form.validate():
        return _page(upload, _report(upload), form), 422
    try:
        arrived = _read(upload, _chosen(form))
    except Unreadable as error:
        return _page(upload, _report(upload), form, said.refusal(error)), 422
    file = arrived.file
    taken = intake.take(file.data, file.checked, file.beside, Store(settings().data_dir))
    if taken.checked.bank is None:
        return _page(upload, arrived, form, _("Nothing of the file can be taken.")), 422
    assert file.admitted is not None
    doors = Doors(read, write, current_actor(), clock())
    known = importing.beside_known(doors, taken.checked)
    offer = Offer(taken.checked.bank, taken.data, upload.file_name, taken.kept, upload.id, known)
    prepared = importing.plan_import(doors, replace(offer, made=file.admitted.made))
    return redirect(url_for("banks.plan", plan_id=prepared.plan_id))


@room.post("/admin/banks/uploads/<int:upload_id>/columns", permission=MANAGE, transaction=None)
def choose_columns(upload_id: int) -> ResponseReturnValue:
    """Remember what each column of the sheet is, or forget it, and read the file again."""
    upload = _upload(upload_id)
    headers = columns.headers_of(_plain(upload), upload.form)
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
    doors = Doors(read, write, current_actor(), clock())
    prepared = importing.keep_apart(doors, plan_id, request.form.getlist("apart"))
    return redirect(url_for("banks.plan", plan_id=prepared.plan_id))


def _upload(upload_id: int) -> BankUpload:
    with read() as session:
        return queries.kept_upload(session, current_actor(), upload_id)


def _plain(upload: BankUpload) -> Source:
    return Source(zlib.decompress(upload.packed), upload.file_name)


def _remembered(upload: BankUpload) -> Remembered:
    headers = columns.headers_of(_plain(upload), upload.form)
    with read() as session:
        return columns.remembered(session, headers) if headers else columns.NOTHING


def _report(upload: BankUpload) -> Arrived:
    """What the page says of an upload. It is read once for what is decided and known of its columns: each
    process remembers some reports."""
    with read() as session:
        settled = fixing.settled(session, current_actor(), upload.id)
        chosen = columns.source_of(session, upload).columns
        kept: dict[object, Arrived] = session.info["memory"].setdefault("questions.uploads", {})
    told = (frozenset(settled.decisions.items()), frozenset(settled.rules.items()), frozenset(chosen.items()))
    key = (upload.id, told)
    if key not in kept:
        arrived = _read(upload).report
        for oldest in list(kept)[: len(kept) + 1 - REPORTS_KEPT]:
            kept.pop(oldest, None)
        kept[key] = arrived
    return kept[key]


def _read(upload: BankUpload, choose: Choose = lambda said: {}) -> Arrived:
    """The upload, with what was decided on the fix-it desk and what rules decide, and with its columns."""
    with read() as session:
        decide = fixing.decide_of(session, current_actor(), upload.id)
        source = columns.source_of(session, upload)
    settling = Settling(decide)
    return Arrived(incoming.read(source, FORMATS[upload.form], choose, settling), settling)


def _prefilled(arrived: Incoming) -> TargetForm:
    head = arrived.checked.bank.head if arrived.checked.bank else {}
    form = _form(None, slug=head.get("bank"), **{key: head.get(key) for key in ("title", "language")})
    form.level.data = head.get("level", "internal")
    if form.slug.data in {choice.value for choice in form.bank.choices}:
        form.bank.data = form.slug.data
    return form


def _form(given: Any, **data: Any) -> TargetForm:
    form = TargetForm(given, data=data)
    with read() as session:
        known = listing.choices(session, current_actor())
        form.bank.choices = select_choices([("", _("A new bank")), *known])
        form.taken = queries.all_slugs(session)
    return form


def _chosen(form: TargetForm) -> Choose:
    if not form.bank.data:
        return lambda said: form.new_head
    with read() as session:
        known = queries.bank_in_force(session, form.bank.data).head
    return lambda said: heads.of_known(known, said)


def _page(upload: BankUpload, arrived: Arrived | None, form: TargetForm, refusal: str = "") -> str:
    remembered = _remembered(upload)
    described = columns.described(replace(_plain(upload), columns=remembered.columns), upload.form)
    return render_template(
        "banks/uploaded.html",
        upload=upload,
        arrived=arrived.file if arrived else None,
        doubtful=len(arrived.settling.items) + arrived.refused if arrived else 0,
        undecided=arrived.settling.undecided + arrived.refused if arrived else 0,
        form=form,
        refusal=refusal,
        shown=ITEMS_SHOWN,
        said=said,
        headers=described,
        remembered=remembered,
    )
