"""Exchange formats, one module each, and the list of them. A new format is one module and one line here."""

from __future__ import annotations

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import (
    aiken,
    bank_json,
    docx,
    gift,
    moodle_xml,
    sheet_formats,
    text,
    yaml_bank,
)
from studyhub.questions.formats.decoding import is_blank
from studyhub.questions.formats.exchange import Format, Source
from studyhub.questions.formats.qti import format12
from studyhub.questions.formats.qti.formats import QTI21, QTI22, QTI30

FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        docx.FORMAT,
        yaml_bank.FORMAT,
        sheet_formats.XLSX,
        sheet_formats.XLS,
        sheet_formats.CSV,
        bank_json.FORMAT,
        moodle_xml.FORMAT,
        QTI21,
        QTI22,
        QTI30,
        format12.FORMAT,
        gift.FORMAT,
        aiken.FORMAT,
        text.FORMAT,
    )
}
"""In the order in which a file is asked whose it is."""

READ = tuple(name for name, made in FORMATS.items() if made.read)
WRITTEN = tuple(name for name, made in FORMATS.items() if made.write)

_SAVE_AS = {
    ".doc": ".docx",
    ".wps": ".docx",
    ".et": ".xlsx",
    ".rtf": ".docx",
    ".ods": ".xlsx",
    ".odt": ".docx",
}


def detect(source: Source) -> Format:
    """The format of a source. Raises Unreadable when it is none, with what to save it as where we know."""
    suffix = "." + source.name.lower().rpartition(".")[2]
    if suffix in _SAVE_AS:
        raise Unreadable("save_as", suffix=suffix, better=_SAVE_AS[suffix])
    if is_blank(source.data):
        raise Unreadable("empty_source")
    if suffix == gift.FORMAT.suffix:  # it names no other format, whatever the first line begins with
        return gift.FORMAT
    for made in FORMATS.values():
        if made.read and made.recognises(source):
            return made
    raise Unreadable("unknown_format", known=READ)
