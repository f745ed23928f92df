"""From what was read of an upload, and which bank it becomes, to the plan of its import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.media.store import Store
from studyhub.questions import importing, intake
from studyhub.questions.formats import conversion, incoming
from studyhub.questions.importing import Doors, Offer, Prepared, Progress, silent
from studyhub.questions.models import BankUpload
from studyhub.questions.uploads import reading

STEPS = 3


def plan(
    doors: Doors, upload: BankUpload, head: Mapping[str, Any], store: Store, progress: Progress = silent
) -> Prepared:
    """Make the bank of it that is called so, and plan its import. What was read is not read again.

    Raises Unreadable, and like `importing.plan_import`.
    """
    kept = reading.kept(doors, upload) or reading.read(doors, upload)
    with doors.read() as session:
        data = reading.bank_of(session, upload.id)
    checked, data = conversion.under_head(data, head)
    checked = incoming.without_lines(replace(checked, images=kept.assets, questions=kept.read))
    progress(1, STEPS)

    def beside(path: str) -> bytes | None:
        with doors.read() as session:
            return reading.file_of(session, upload.id, path)

    taken = intake.take(data, checked, beside, store)
    if taken.checked.bank is None:
        raise Unreadable("nothing_taken")
    known = conversion.placed(importing.beside_known(doors, taken.checked), kept.warned, {})
    progress(2, STEPS)
    offer = Offer(taken.checked.bank, taken.data, upload.file_name, taken.kept, upload.id, known)
    return importing.plan_import(doors, replace(offer, made=frozenset(kept.made), unread=kept.unread))
