"""A file as somebody brings it: a bank file, or one of another format of which a bank file is made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studyhub.kernel.errors import Unreadable
from studyhub.questions import bank_file, images
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats import FORMATS, detect, yaml_bank
from studyhub.questions.formats.container import opened
from studyhub.questions.formats.conversion import Admitted, Choose, Settle, admit
from studyhub.questions.formats.exchange import Format, Note, Source
from studyhub.questions.images import Beside

NOTHING = Checked(None, [], 0)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A bank file with what the checker says of it, and the files that it names.

    `admitted` is the report of the conversion; None where the file was a bank file from the first.
    """

    data: bytes
    checked: Checked
    beside: Beside | None = None
    admitted: Admitted | None = None


def read(
    source: Source,
    origin: Format | None = None,
    choose: Choose = lambda said: {},
    settle: Settle = lambda reading: reading,
) -> Incoming:
    """The bank that a file holds.

    `choose`: what a person says of a bank that is made of it; `settle`: what was decided of doubtful items.

    Raises Unreadable when its format is not found, or when it cannot be read as a whole.
    """
    origin = origin or detect(source)
    if not is_foreign(origin):
        data, beside = opened(source.data, source.beside)
        return Incoming(data, bank_file.check(data, beside), beside)
    return of_admitted(admit(source, origin, choose, settle))


def of_admitted(admitted: Admitted) -> Incoming:
    """What a bank is made of, with those of its files that can be shown."""
    shown = {path: data for path, data in admitted.assets.items() if not images.trouble(path, data)}
    hidden = [Note("file_not_shown", {"path": path}) for path in admitted.assets if path not in shown]
    admitted = replace(admitted, notes=[*admitted.notes, *hidden])
    checked = replace(admitted.checked or NOTHING, images=tuple(shown), questions=admitted.read)
    return Incoming(admitted.data, without_lines(checked), shown.get, admitted)


def format_of(source: Source) -> Format:
    """The format of a source; a text of none is a bank file, and the checker says what is wrong with it.

    Raises Unreadable for what is known and cannot be read.
    """
    try:
        return detect(source)
    except Unreadable as error:
        if error.code in ("unknown_format", "empty_source"):
            return yaml_bank.FORMAT
        raise


def of_media_type(media_type: str) -> Format | None:
    """The format that a content type names, if it names one."""
    return next((made for made in FORMATS.values() if made.read and media_type in made.media_types), None)


def media_types() -> list[str]:
    """The content types that name a format which is read."""
    return [media_type for made in FORMATS.values() if made.read for media_type in made.media_types]


def is_foreign(origin: Format) -> bool:
    """Whether a bank must be made of it; a bank file is one already, and its faults have their lines."""
    return origin is not yaml_bank.FORMAT


def without_lines(checked: Checked) -> Checked:
    """What is said about lines that nobody wrote is said about the questions alone."""
    return replace(checked, faults=[replace(fault, line=0, column=0) for fault in checked.faults])
