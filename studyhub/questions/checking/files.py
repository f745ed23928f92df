"""Bank files on disk: found, read, and checked together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from studyhub.kernel import package
from studyhub.kernel.errors import Unreadable
from studyhub.questions import across, bank_file, intake, source
from studyhub.questions.across import Known
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats import container, incoming
from studyhub.questions.formats.conversion import Admitted, Choose
from studyhub.questions.formats.exchange import Format, Skipped, Source
from studyhub.questions.images import Beside


@dataclass(frozen=True, slots=True)
class BankFile:
    """A bank file; of a `.zip`, the one in it. `beside` gives the files that it names; `admitted` is the
    report of a file of another format that it was made of."""

    path: Path
    data: bytes
    checked: Checked
    beside: Beside | None = None
    admitted: Admitted | None = None
    trouble: Unreadable | None = None
    """why it cannot be read as a whole"""
    found_out: Format | None = None
    """the other format that its content showed, where nobody said it"""

    @property
    def unread(self) -> Sequence[Skipped]:
        """What could not be read of a file of another format."""
        return self.admitted.unread if self.admitted else ()

    def is_refused(self, *, strict: bool) -> bool:
        """Whether it has errors, or nothing that can be taken; `strict`: or warnings, or anything skipped."""
        nothing = self.trouble or (self.admitted is not None and self.checked.bank is None)
        skipped = self.admitted is not None and bool(self.admitted.skipped)
        return bool(nothing or self.checked.errors or (strict and (self.checked.warnings or skipped)))


@dataclass(frozen=True, slots=True)
class Reader:
    """How files are read: in this format (else it is found out), with the bank chosen so."""

    origin: Format | None = None
    choose: Callable[[Path], Choose] = lambda path: lambda said: {}

    def read(self, path: Path) -> BankFile:
        source = Source(read(path), path.name, beside=intake.in_folder(path))
        found = None
        try:
            origin = self.origin or incoming.format_of(source)
            found = origin if self.origin is None and incoming.is_foreign(origin) else None
            arrived = incoming.read(source, origin, self.choose(path))
        except Unreadable as error:
            return BankFile(path, source.data, incoming.NOTHING, trouble=error, found_out=found)
        return BankFile(
            path, arrived.data, arrived.checked, arrived.beside, arrived.admitted, found_out=found
        )


def find(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and the bank files in the folders."""
    return [file for path in paths for file in (_in_folder(path) if path.is_dir() else [path])]


def _in_folder(folder: Path) -> list[Path]:
    return sorted(
        file for file in folder.iterdir() if file.suffix in container.BANK_SUFFIXES and file.is_file()
    )


def read(path: Path) -> bytes:
    """The file, or a little more than the most that is read: a huge one must not fill the memory first."""
    with path.open("rb") as file:
        return file.read(max(source.LARGEST, package.LARGEST) + 1)


def is_bank_file(path: Path, data: bytes) -> bool:
    """Whether it is the text of a bank file: no package, and of no other format."""
    try:
        return not package.is_zip(data) and not incoming.is_foreign(
            incoming.format_of(Source(data, path.name))
        )
    except Unreadable:
        return False


def check(
    paths: Sequence[Path],
    each: Callable[[int], object] = lambda number: None,
    reader: Reader | None = None,
) -> list[BankFile]:
    """Check the files, each by itself. `each` hears of every file that is done."""
    reader, files = reader or Reader(), []
    for path in paths:
        files.append(reader.read(path))
        each(1)
    return files


def beside_each_other(files: Sequence[BankFile]) -> list[BankFile]:
    """The files with what is wrong among them: a bank twice, a prompt that another bank has as well."""
    results = bank_file.refuse_twins([(str(file.path), file.checked) for file in files])
    return _with(files, across.warn(results))


def beside_known(files: Sequence[BankFile], known: Sequence[Known]) -> list[BankFile]:
    """The files with warnings of what banks in force ask as well."""
    return _with(files, across.warn_of_known([file.checked for file in files], known))


def _with(files: Sequence[BankFile], results: Sequence[Checked]) -> list[BankFile]:
    return [replace(file, checked=checked) for file, checked in zip(files, results, strict=True)]
