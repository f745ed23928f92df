"""A bank as it comes, alone, in a folder or in a `.zip`: its files go to the store, and it names them so."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.kernel.errors import Unprocessable
from studyhub.media import operations as media
from studyhub.media import queries as media_queries
from studyhub.media.models import MediaUse
from studyhub.media.operations import Audience
from studyhub.media.store import Kept, Store
from studyhub.organization.states import Level
from studyhub.questions import bank_file, images
from studyhub.questions.bank import Bank, Question
from studyhub.questions.bank_file import Checked
from studyhub.questions.images import Beside


@dataclass(frozen=True, slots=True)
class Taken:
    """A bank whose files are in the store: its text names them by their digests."""

    data: bytes
    checked: Checked
    kept: tuple[Kept, ...] = ()


def in_folder(file: Path, largest: int = images.LARGEST) -> Beside:
    """The files in the folder of a bank file, and below it; never what a link or `..` leads out to.

    One larger than `largest` is read one byte further and no more.
    """
    folder = file.parent.resolve()

    def beside(path: str) -> bytes | None:
        place = (folder / path).resolve()
        if not place.is_relative_to(folder) or not place.is_file():
            return None
        with place.open("rb") as handle:
            return handle.read(largest + 1)

    return beside


def take(data: bytes, checked: Checked, beside: Beside | None, store: Store) -> Taken:
    """Put the files of a bank without mistakes into the store. Without any, nothing is done."""
    if checked.bank is None or beside is None or not checked.images:
        return Taken(data, checked)
    kept = {path: _keep(store, found) for path in checked.images if (found := beside(path)) is not None}
    digests = {path: one.stored.digest for path, one in kept.items()}
    named = images.placed(checked.text, digests).encode()
    return Taken(named, bank_file.check(named), tuple(kept.values()))


def _keep(store: Store, data: bytes) -> Kept:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return Kept(store.add(Path(file.name)), images.media_type(data) or "application/octet-stream")


def check_stored(session: Session, digests: Collection[str]) -> None:
    """Raises Unprocessable `unknown_media` when one of these files is not here."""
    missing = set(digests) - media_queries.sizes(session, digests).keys() if digests else None
    if missing:
        raise Unprocessable("unknown_media", digest=min(missing))


def digests_of(questions: Sequence[Question]) -> set[str]:
    """The stored files that these questions name. Reads them all: not within a write transaction."""
    return images.stored_in([question.written for question in questions])


def open_files(session: Session, bank: Bank, named: Collection[str]) -> None:
    """Let everyone who is cleared for the bank fetch these files, and those of its earlier revisions.

    Their addresses are digests: nobody learns one but from a question that they are shown.
    """
    owner = f"bank:{bank.slug}"
    before = session.scalars(select(MediaUse.digest).where(MediaUse.owner == owner)).all()
    digests = {*named, *before}
    if digests:
        media.use(session, owner, digests, Audience(Level(bank.level)))
