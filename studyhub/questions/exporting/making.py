"""A bank written into a file, once: the file is kept with the report of what of the bank it holds, so that
whoever asked reads the report first and then takes that same file."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.media.store import Store
from studyhub.organization.actor import Actor
from studyhub.questions import listing, queries
from studyhub.questions.exporting.models import BankDownload
from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.exchange import Writing
from studyhub.questions.formats.stored import with_files
from studyhub.questions.formats.yaml_bank import draft_of
from studyhub.questions.importing import Doors, Progress, silent
from studyhub.questions.listing import BankRow

_REPORT = TypeAdapter(Writing)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made of a bank: its format, what of the bank it holds (`report`, without its bytes),
    and whether the bank has changed since."""

    id: int
    form: str
    report: Writing
    outdated: bool


def make(doors: Doors, slug: str, form: str, store: Store, progress: Progress = silent) -> int:
    """Write the bank in this format and keep the file. Returns its number. Raises NotFound.

    `progress` counts questions; what is made of them all together comes after the last.
    """
    with doors.read() as session:
        shown = listing.bank(session, doors.actor, slug)
        bank = queries.whole_bank(session, slug)
    writer = FORMATS[form].write
    if bank is None or writer is None:
        raise NotFound
    total = len(bank.questions)
    draft = with_files(draft_of(bank), store)
    made = writer(replace(draft, passed=lambda done: progress(done, total)))
    return _keep(doors, shown, form, made)


def _keep(doors: Doors, bank: BankRow, form: str, made: Writing) -> int:
    report = zlib.compress(_REPORT.dump_json(replace(made, data=b"")), 1)
    packed = zlib.compress(made.data, 1)
    with doors.write() as session:
        kept = session.execute(
            insert(BankDownload)
            .values(
                bank_id=bank.id,
                version=bank.version,
                level=bank.level,
                form=form,
                report=report,
                packed=packed,
                created_by=doors.actor.member_id,
                created_at=doors.clock(),
            )
            .returning(BankDownload.id)
        )
        return kept.scalar_one()


def kept(session: Session, actor: Actor, bank: BankRow, download_id: int) -> Made:
    """What the actor had made of this bank. Raises NotFound, also for what was made of it while it was above
    the clearance that the actor has now."""
    row = _own(
        session, actor, bank, download_id, BankDownload.form, BankDownload.version, BankDownload.report
    )
    report = _REPORT.validate_json(zlib.decompress(row.report))
    return Made(download_id, row.form, report, row.version != bank.version)


def file_of(session: Session, actor: Actor, bank: BankRow, download_id: int) -> bytes:
    """The file itself. Raises NotFound like `kept`."""
    return zlib.decompress(_own(session, actor, bank, download_id, BankDownload.packed).packed)


def _own(session: Session, actor: Actor, bank: BankRow, download_id: int, *columns: Any) -> Any:
    found = session.execute(
        select(*columns).where(
            BankDownload.id == download_id,
            BankDownload.bank_id == bank.id,
            BankDownload.created_by == actor.member_id,
            BankDownload.level.in_(actor.levels),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def forget(session: Session, before: datetime) -> None:
    """Delete the files that were made before then."""
    session.execute(delete(BankDownload).where(BankDownload.created_at < before))
