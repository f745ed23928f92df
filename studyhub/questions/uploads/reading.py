"""Reads an upload once: what came of it is kept, for its page, the fix-it desk and the choice of its bank.

Only what was said since of its columns, or decided about its doubtful items, makes it be read again; a large
one as a task.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.db.inserting import insert_into
from studyhub.db.types import dump_json
from studyhub.kernel.errors import NotFound, Unreadable
from studyhub.organization.actor import Actor
from studyhub.questions import images, queries
from studyhub.questions.fixing import queries as fixing
from studyhub.questions.fixing.queries import Settled
from studyhub.questions.formats import FORMATS, conversion, deciding, incoming, sheet_formats
from studyhub.questions.formats.conversion import Admitted
from studyhub.questions.formats.deciding import Doubtful
from studyhub.questions.formats.exchange import Doubt, Note, Place, Reading, Skipped, Source
from studyhub.questions.formats.sheet_formats import TABLES
from studyhub.questions.importing import Doors, Progress, silent
from studyhub.questions.models import BankReading, BankUpload, BankUploadFile
from studyhub.questions.shown_plan import FAULTS_SHOWN
from studyhub.questions.uploads import columns
from studyhub.questions.uploads.columns import Header

LARGE = 256 * 1024
"""Bytes of a compressed upload from which it is read as a task: some 2,000 questions, two seconds."""

STEPS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of an upload. `trouble` is why it cannot be read at all.

    `head` is what its bank would be called, `made` are the ids that its questions got here, `doubtful` what
    there is to decide; of its files, `files` are those that can be shown, `assets` those of questions that
    are taken. `warned` says where the first warnings are: see conversion.warned.
    """

    headers: tuple[Header, ...] = ()
    trouble: tuple[str, Mapping[str, Any]] | None = None
    head: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    read: int = 0
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    made: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    warned: Mapping[str, Place] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        return self.read - len(self.skipped)

    @property
    def unread(self) -> int:
        """How many questions of the file could not be read, or were taken out of it on the fix-it desk."""
        return sum(one.unread for one in self.skipped)

    @property
    def unknown_columns(self) -> list[str]:
        """The words over columns in which something stands and of which nothing was taken."""
        unread = {note.params.get("column") for note in self.notes if note.code == "column_ignored"}
        return [header.text for header in self.headers if header.text[:80] in unread]

    @property
    def columns_unsaid(self) -> bool:
        """Whether a person should first say what columns hold: questions lack what may stand there."""
        if not self.headers or self.trouble:
            return bool(self.headers)
        lacking = any(map(_lacks_a_column, self.skipped)) or any(
            doubt.code == "type_guessed" for doubt in self.doubts
        )
        known = {header.column for header in self.headers}
        return lacking and bool(self.unknown_columns or "answer" not in known)

    @property
    def refusal(self) -> Unreadable | None:
        return Unreadable(self.trouble[0], **self.trouble[1]) if self.trouble else None


_JSON = TypeAdapter(Kept)


def _lacks_a_column(one: Skipped) -> bool:
    """Whether an item was left out because nothing stands where no column is known."""
    if one.code == "cell_no_option":
        return not one.params.get("keys")
    return one.code in ("no_column", "row_without_question")


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a reading rests on beside the file."""

    columns: Mapping[str, str]
    settled: Settled

    def digests(self, items: Sequence[Doubtful]) -> tuple[str, str]:
        """Of the columns, and of what holds for each doubtful item: decided here, before or by a rule."""
        columns = _digest(sorted(self.columns.items()))
        return columns, _digest([columns, *(f"{one.key} {self.settled.decide(one)}" for one in items)])


def own(session: Session, actor: Actor, upload_id: int) -> BankUpload:
    """The actor's own file of another format. Raises NotFound; a bank file is read as it is."""
    found = queries.kept_upload(session, actor, upload_id)
    if not incoming.is_foreign(FORMATS[found.form]):
        raise NotFound
    return found


def is_large(upload: BankUpload) -> bool:
    """Whether it is read as a task."""
    return len(upload.packed) > LARGE


def kept(doors: Doors, upload: BankUpload, *, decided: bool = True) -> Kept | None:
    """What was read of it, or None when that is out of date. Without `decided` it may be older than what was
    decided since: what there is to decide is the same."""
    with doors.read() as session:
        row = session.get(BankReading, upload.id)
        if row is None:
            return None
        found = _JSON.validate_json(zlib.decompress(row.report))
        now = _basis(session, doors.actor, upload, found.headers).digests(found.doubtful)
    same = row.columns == now[0] and (row.decided == now[1] or not decided)
    return found if same else None


def ready(doors: Doors, upload: BankUpload, *, decided: bool = True) -> Kept | None:
    """The same; a small one is read now when it has to be, of a large one None means that it must be."""
    found = kept(doors, upload, decided=decided)
    return found if found or is_large(upload) else read(doors, upload)


def read(doors: Doors, upload: BankUpload, progress: Progress = silent) -> Kept:
    """Read the file, judge what is in it, and keep both."""
    source = Source(zlib.decompress(upload.packed), upload.file_name)
    tables = None
    try:
        tables = TABLES[upload.form](source.data) if upload.form in TABLES else None
        headers = columns.described(tables or (), {})
        with doors.read() as session:
            basis = _basis(session, doors.actor, upload, headers)
        headers = columns.described(tables or (), basis.columns)
    except Unreadable as error:
        return _keep(doors, upload, _Basis({}, Settled({}, {})), Kept(trouble=_told(error)), b"")
    try:
        source = Source(source.data, source.name, basis.columns)
        found = _reading(upload.form, source, tables)
        progress(1, STEPS)
        made, admitted = _judged(found, upload, basis.settled, headers)
        progress(2, STEPS)
    except Unreadable as error:
        return _keep(doors, upload, basis, Kept(headers=headers, trouble=_told(error)), b"")
    _keep_files(doors, upload, found.assets)
    return _keep(doors, upload, basis, made, admitted.data if admitted.bank else b"")


def _basis(session: Session, actor: Actor, upload: BankUpload, headers: Sequence[Header]) -> _Basis:
    texts = [header.text for header in headers]
    chosen = columns.remembered(session, texts).columns if texts else {}
    return _Basis(chosen, fixing.settled(session, actor, upload.id))


def _reading(form: str, source: Source, tables: Any) -> Reading:
    if tables is not None:
        return sheet_formats.read_tables(form, source, tables)
    reader = FORMATS[form].read
    assert reader is not None
    return reader(source)


def _judged(
    found: Reading, upload: BankUpload, settled: Settled, headers: tuple[Header, ...]
) -> tuple[Kept, Admitted]:
    first = conversion.admit_reading(replace(found, notes=list(found.notes)), upload.file_name)
    refused, doubtful = first.refused, deciding.doubtful(found, first.refused)
    if any(settled.decide(one) for one in doubtful):
        made = deciding.decided(found, settled.decide, refused, FORMATS[upload.form])
        first = conversion.admit_reading(made, upload.file_name)
    arrived = incoming.of_admitted(first)
    admitted = arrived.admitted
    assert admitted is not None
    kept = Kept(
        headers=headers,
        head=admitted.head if admitted.bank else {},
        said=admitted.said,
        read=admitted.read,
        skipped=tuple(admitted.skipped),
        notes=tuple(admitted.notes),
        doubts=tuple(admitted.doubts),
        made=tuple(sorted(admitted.made)),
        files=tuple(path for path, data in found.assets.items() if not images.trouble(path, data)),
        assets=arrived.checked.images,
        doubtful=tuple(doubtful),
        warned=conversion.warned(admitted, FAULTS_SHOWN),
    )
    return kept, admitted


def _keep(doors: Doors, upload: BankUpload, basis: _Basis, made: Kept, bank: bytes) -> Kept:
    of_columns, of_decisions = basis.digests(made.doubtful)
    values = {
        "columns": of_columns,
        "decided": of_decisions,
        "report": zlib.compress(_JSON.dump_json(made), 1),
        "bank": zlib.compress(bank, 1),
    }
    with doors.write() as session:
        row = insert_into(session, BankReading).values(upload_id=upload.id, **values)
        session.execute(row.on_conflict_do_update(index_elements=["upload_id"], set_=values))
    return made


def _keep_files(doors: Doors, upload: BankUpload, assets: Mapping[str, bytes]) -> None:
    for path, data in assets.items():
        if not images.trouble(path, data):
            with doors.write() as session:
                row = insert_into(session, BankUploadFile)
                session.execute(
                    row.values(upload_id=upload.id, path=path, data=data).on_conflict_do_nothing()
                )


def bank_of(session: Session, upload_id: int) -> bytes:
    """The bank file that was made of an upload."""
    packed = session.scalars(select(BankReading.bank).where(BankReading.upload_id == upload_id)).one()
    return zlib.decompress(packed)


def file_of(session: Session, upload_id: int, path: str) -> bytes | None:
    """A file that came within an upload."""
    wanted = BankUploadFile.upload_id == upload_id, BankUploadFile.path == path
    return session.scalars(select(BankUploadFile.data).where(*wanted)).one_or_none()


def _told(error: Unreadable) -> tuple[str, Mapping[str, Any]]:
    return error.code, error.params


def _digest(value: Any) -> str:
    return hashlib.sha256(dump_json(value).encode()).hexdigest()
