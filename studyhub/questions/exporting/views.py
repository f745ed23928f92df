"""The page on which a bank is downloaded: choose a format, see what of the bank it holds, take the file."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound, Unprocessable
from studyhub.kernel.permissions import Permission
from studyhub.media.store import Store
from studyhub.organization import audit
from studyhub.organization.audit import Act
from studyhub.questions import listing, queries, wording
from studyhub.questions.bank import Bank
from studyhub.questions.formats import FORMATS, WRITTEN
from studyhub.questions.formats import wording as said
from studyhub.questions.formats.exchange import Writing
from studyhub.questions.formats.stored import with_files
from studyhub.questions.formats.yaml_bank import draft_of
from studyhub.web.clock import now
from studyhub.web.guard import Room
from studyhub.web.headers import attachment
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.identity import current_actor
from studyhub.web.services import settings
from studyhub.web.transaction import read, write

room = Room("bank_export", "studyhub.questions", url_prefix="/admin/banks", refusals=wording.REFUSALS)

MANAGE = Permission.MANAGE_BANKS
SHOWN = 50
"""Of each list of the report; the command line names all."""
MOST = 2_000
"""Questions that are put into another format while somebody waits."""
_OURS = frozenset({"yaml", "json"})

PURPOSES: dict[Any, tuple[str, ...]] = {
    _l("To print and to proof-read"): ("docx", "text"),
    _l("To edit and to upload again, with everything"): ("xlsx", "yaml", "json"),
    _l("For other programs"): ("moodle-xml", "qti30", "qti22", "qti21", "gift", "aiken", "csv"),
}
"""The formats by what people want them for."""
_BY_TITLE = frozenset({"docx", "text", "xlsx", "csv"})
"""Files that people keep among their own; any other is called by the bank's identifier."""


@room.page("/<slug>/export", permission=MANAGE, transaction=None)
def form(slug: str) -> ResponseReturnValue:
    """The formats; of the one that was chosen, what it holds of the bank."""
    chosen = request.args.get("to", "")
    with read() as session:
        bank = _whole(session, slug)
    known, takes_long = chosen in WRITTEN, _takes_long(bank, chosen)
    return render_template(
        "banks/export.html",
        bank=bank,
        chosen=chosen if known else "",
        written=_written(bank, chosen) if known and not takes_long else None,
        most=MOST if known and takes_long else None,
        purposes=PURPOSES,
        shown=SHOWN,
        said=said,
    )


@room.page("/<slug>/export.<to>", permission=MANAGE, transaction=None)
def file(slug: str, to: str) -> ResponseReturnValue:
    """The file. That it was taken stands in the trail."""
    if to not in WRITTEN:
        raise NotFound
    with read() as session:
        bank = _whole(session, slug)
    if _takes_long(bank, to):
        raise Unprocessable("too_many_to_write", most=MOST)
    made = _written(bank, to)
    if not made.written:
        raise NotFound
    with write() as session:
        audit.record(session, current_actor(), Act.BANK_EXPORTED, f"bank:{slug}", {"form": to}, now=now())
    name = bank.title if to in _BY_TITLE else slug
    return Response(
        made.data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": attachment(f"{slug}{made.suffix}", f"{name}{made.suffix}")},
    )


def _whole(session: Session, slug: str) -> Bank:
    """The bank with its questions; 404 for who may not see it."""
    listing.bank(session, current_actor(), slug)
    whole = queries.whole_bank(session, slug)
    if whole is None:
        raise NotFound
    return whole


def _takes_long(bank: Bank, form: str) -> bool:
    return len(bank.questions) > MOST and form not in _OURS


def _written(bank: Bank, form: str) -> Writing:
    writer = FORMATS[form]
    assert writer.write is not None
    return writer.write(with_files(draft_of(bank), Store(settings().data_dir)))
