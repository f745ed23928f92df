"""The bank file itself as an exchange format: alone, or in a zip with the files that it names."""

from __future__ import annotations

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, is_zip, packed
from studyhub.questions import bank_file
from studyhub.questions.bank import Bank
from studyhub.questions.formats import bank_yaml, pictures
from studyhub.questions.formats.carrying import EVERYTHING, carry
from studyhub.questions.formats.container import BANK_SUFFIXES, banks_in, opened
from studyhub.questions.formats.exchange import Draft, Format, Place, Reading, Source, Writing


def draft_of(bank: Bank, assets: dict[str, bytes] | None = None) -> Draft:
    """A valid bank as writers take it."""
    return Draft(bank.head, [question.written for question in bank.questions], assets or {})


def read(source: Source) -> Reading:
    """A bank file that has no fault; one that has is a matter for `banks check`, which says where each is."""
    data, beside = opened(source.data, source.beside)
    checked = bank_file.check(data)
    if checked.bank is None:
        first = next(fault for fault in checked.faults if fault.is_error)
        raise Unreadable("faulty_bank", errors=checked.errors, line=first.line)
    draft = draft_of(checked.bank)
    places = [Place.named(question["id"]) for question in draft.questions]
    reading = Reading(list(draft.questions), places, [""] * len(places), head=dict(draft.head))
    for path in sorted({path for question in draft.questions for path in pictures.named(question)}):
        found = beside(path) if beside else None
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
        return len(banks_in(Package(source.data))) == 1
    return source.name.lower().endswith(BANK_SUFFIXES)


MEDIA_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
FORMAT = Format("yaml", ".yaml", EVERYTHING, recognises, read, write, MEDIA_TYPES)
