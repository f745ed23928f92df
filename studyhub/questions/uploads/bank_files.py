"""A bank file on its way to a plan: checked while the browser waits, a large one as a task."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from studyhub.db.inserting import insert_into
from studyhub.kernel.faults import Fault, told_once
from studyhub.media.store import Store
from studyhub.questions import importing, intake
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats import FORMATS, incoming
from studyhub.questions.formats.exchange import Format, Source
from studyhub.questions.importing import Doors, Offer, Prepared, Progress, silent
from studyhub.questions.models import BankMistakes, BankUpload
from studyhub.questions.shown_plan import FAULTS_SHOWN, excerpts

STEPS = 3


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What keeps a bank file out, as its page shows it: the first of `count` faults, and their lines."""

    faults: Sequence[Fault]
    count: int
    errors: int
    lines: Mapping[int, str]

    @property
    def told(self) -> Sequence[Sequence[Fault]]:
        """The errors one by one, and warnings that say the same together."""
        return told_once(self.faults)


_JSON = TypeAdapter(Mistakes)


def plan(
    doors: Doors, arrived: Source, origin: Format, store: Store, progress: Progress = silent
) -> Prepared | Mistakes:
    """The plan of the import of a bank file, or its mistakes. Raises Unreadable when it cannot be opened."""
    found = incoming.read(arrived, origin)
    progress(1, STEPS)
    taken = intake.take(found.data, found.checked, found.beside, store)
    bank = taken.checked.bank
    if bank is None:
        return _mistakes(taken.checked)
    known = importing.beside_known(doors, taken.checked)
    progress(2, STEPS)
    offer = Offer(bank, taken.data, arrived.name, taken.kept, checked=known)
    return importing.plan_import(doors, offer)


def plan_kept(doors: Doors, upload: BankUpload, store: Store, progress: Progress = silent) -> dict[str, Any]:
    """The same of a file that was kept: the number of its plan, or how many errors `mistakes_of` finds."""
    arrived = Source(zlib.decompress(upload.packed), upload.file_name)
    came_to = plan(doors, arrived, FORMATS[upload.form], store, progress)
    if isinstance(came_to, Prepared):
        return {"plan_id": came_to.plan_id}
    values = {"report": zlib.compress(_JSON.dump_json(came_to), 1)}
    with doors.write() as session:
        row = insert_into(session, BankMistakes).values(upload_id=upload.id, **values)
        session.execute(row.on_conflict_do_update(index_elements=["upload_id"], set_=values))
    return {"errors": came_to.errors}


def mistakes_of(doors: Doors, upload: BankUpload) -> Mistakes | None:
    """What was found in a file that was kept; None while it was not checked, or when it has none."""
    with doors.read() as session:
        row = session.get(BankMistakes, upload.id)
        return _JSON.validate_json(zlib.decompress(row.report)) if row else None


def _mistakes(checked: Checked) -> Mistakes:
    shown = checked.faults[:FAULTS_SHOWN]
    return Mistakes(shown, len(checked.faults), checked.errors, excerpts(checked.text, shown))
