"""The bank file itself as an exchange format: alone, or in a zip with the files that it names."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from studyhub.questions import bank_file
from studyhub.questions.bank import Bank
from studyhub.questions.formats import bank_yaml, pictures
from studyhub.questions.formats.carrying import EVERYTHING, carry
from studyhub.questions.formats.container import Package, inside, is_zip, packed
from studyhub.questions.formats.exchange import Draft, Format, Reading, Source, Unreadable, Writing

_SUFFIXES = (".yaml", ".yml")


def draft_of(bank: Bank, assets: dict[str, bytes] | None = None) -> Draft:
    """A valid bank as writers take it."""
    return Draft(bank.head, [question.written for question in bank.questions], assets or {})


def read(source: Source) -> Reading:
    """A bank file that has no fault; one that has is a matter for `banks check`, which says where each is."""
    data, beside = _opened(source)
    checked = bank_file.check(data)
    if checked.bank is None:
        first = next(fault for fault in checked.faults if fault.is_error)
        raise Unreadable("faulty_bank", errors=checked.errors, line=first.line)
    draft = draft_of(checked.bank)
    reading = Reading(list(draft.questions), head=dict(draft.head))
    for path in sorted({path for question in draft.questions for path in pictures.named(question)}):
        found = beside(path)
        if found is not None:
            reading.assets[path] = found
    return reading


def write(draft: Draft) -> Writing:
    items, writing = carry(draft, EVERYTHING, lambda item, tell: item)
    text = bank_yaml.dump_written(draft.head, items).encode()
    writing.data, writing.suffix = text, ".yaml"
    if draft.assets:
        writing.data = packed({f"{draft.slug}.yaml": text, **draft.assets})
        writing.suffix = ".zip"
    return writing


def recognises(source: Source) -> bool:
    if is_zip(source.data):
        return len(_banks_in(Package(source.data))) == 1
    return source.name.lower().endswith(_SUFFIXES)


def _opened(source: Source) -> tuple[bytes, Callable[[str], bytes | None]]:
    if not is_zip(source.data):
        return source.data, source.beside
    package = Package(source.data)
    names = _banks_in(package)
    if len(names) != 1:
        raise Unreadable("no_bank_in_package")
    folder = posixpath.dirname(names[0])
    return package.read(names[0]) or b"", lambda path: package.read(inside(folder, path))


def _banks_in(package: Package) -> list[str]:
    return [name for name in package.names if name.lower().endswith(_SUFFIXES)]


FORMAT = Format("yaml", ".yaml", EVERYTHING, recognises, read, write)
