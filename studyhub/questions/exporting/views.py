"""The page on which a bank is downloaded: choose a format, see what of the bank it holds, take the file."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.media.store import Store
from studyhub.organization import audit
from studyhub.organization.audit import Act
from studyhub.questions import jobs, listing, wording
from studyhub.questions.exporting import making
from studyhub.questions.exporting.making import Made
from studyhub.questions.formats import WRITTEN
from studyhub.questions.formats import wording as said
from studyhub.questions.importing import Doors
from studyhub.questions.listing import BankRow
from studyhub.tasks import operations as tasks
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.headers import attachment
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.services import clock, settings
from studyhub.web.transaction import read, write

room = Room("bank_export", "studyhub.questions", url_prefix="/admin/banks/<slug>", refusals=wording.REFUSALS)

MANAGE = Permission.MANAGE_BANKS
SHOWN = 50
"""Of each list of the report; the command line names all."""
AT_ONCE = 500
"""Questions that are written while the browser waits; of more it is a task."""

PURPOSES: dict[Any, tuple[str, ...]] = {
    _l("To print and to proof-read"): ("docx", "text"),
    _l("To edit and to upload again, with everything"): ("xlsx", "yaml", "json"),
    _l("For other programs"): ("moodle-xml", "qti30", "qti22", "qti21", "gift", "aiken", "csv"),
}
"""The formats by what people want them for."""
_BY_TITLE = frozenset({"docx", "text", "xlsx", "csv"})
"""Files that people keep among their own; any other is called by the bank's identifier."""


@room.page("/export", permission=MANAGE, transaction=None)
def form(slug: str) -> ResponseReturnValue:
    """The formats to choose from."""
    return _page(_bank(slug), request.args.get("to", ""))


@room.post("/export", permission=MANAGE, transaction=None)
def make(slug: str) -> ResponseReturnValue:
    """Make the file, of a large bank as a task; then say what of the bank it holds."""
    bank, form = _bank(slug), request.form.get("to", "")
    if form not in WRITTEN:
        return _page(bank), 422
    if bank.questions > AT_ONCE:
        return redirect(url_for("tasks.show", task_id=_enqueue(slug, form)))
    doors = Doors(read, write, current_actor(), clock())
    made_id = making.make(doors, slug, form, Store(settings().data_dir))
    return redirect(url_for("bank_export.made", slug=slug, made_id=made_id))


@room.page("/exports/<int:made_id>", permission=MANAGE, transaction=None)
def made(slug: str, made_id: int) -> ResponseReturnValue:
    """What of the bank the file holds that was made of it."""
    bank = _bank(slug)
    with read() as session:
        found = making.kept(session, current_actor(), bank, made_id)
    return _page(bank, found.form, found)


@room.page("/exports/<int:made_id>/file", permission=MANAGE, transaction=None)
def file(slug: str, made_id: int) -> ResponseReturnValue:
    """That file. That it was taken stands in the trail."""
    bank, actor = _bank(slug), current_actor()
    with read() as session:
        found = making.kept(session, actor, bank, made_id)
        data = making.file_of(session, actor, bank, made_id)
    if not found.report.written:
        raise NotFound
    with write() as session:
        audit.record(session, actor, Act.BANK_EXPORTED, f"bank:{slug}", {"form": found.form}, now=now())
    name, suffix = bank.title if found.form in _BY_TITLE else slug, found.report.suffix
    return Response(
        data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": attachment(f"{slug}{suffix}", f"{name}{suffix}")},
    )


def _bank(slug: str) -> BankRow:
    with read() as session:
        return listing.bank(session, current_actor(), slug)


def _enqueue(slug: str, form: str) -> int:
    actor = current_actor()
    payload = {"slug": slug, "form": form, "clearance": actor.clearance}
    with write() as session:
        kind = jobs.EXPORT_KIND
        return tasks.enqueue(session, kind, payload, created_by=actor.member_id, now=now()).id


def _page(bank: BankRow, chosen: str = "", made: Made | None = None) -> str:
    return render_template(
        "banks/export.html",
        bank=bank,
        chosen=chosen if chosen in WRITTEN else "",
        made=made,
        purposes=PURPOSES,
        shown=SHOWN,
        said=said,
    )
