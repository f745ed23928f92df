"""Headers and footers of Word documents: never read for questions, and named where they say something."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as Made

from studyhub.questions.formats import wording
from studyhub.questions.formats.docx import read
from studyhub.questions.formats.exchange import Note, Source
from tests.factories import word
from tests.unit.questions.formats.test_docx import reading


def asked() -> Made:
    document = Document()
    for text in ("1. 首都是（B）", "A. 上海", "B. 北京"):
        document.add_paragraph(text)
    return document


def notes_with(header: bytes) -> list[Note]:
    """What is noted of a document whose header is these bytes; its question is read all the same."""
    document = asked()
    document.sections[0].header.paragraphs[0].text = "内部"
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word.saved(document))) as was, zipfile.ZipFile(buffer, "w") as made:
        for name in was.namelist():
            made.writestr(name, header if name == "word/header1.xml" else was.read(name))
    found = read(Source(buffer.getvalue(), "a.docx"))
    assert len(found.questions) == 1
    return found.notes


def test_headers_and_footers_are_named_as_not_read_and_numbers_of_pages_are_not() -> None:
    document = asked()
    section = document.sections[0]
    section.footer.paragraphs[0].text = "第 1 页 共 2 页"
    assert [note.code for note in reading(document).notes] == []
    section.header.paragraphs[0].text = "内部资料 注意保存"
    (note,) = reading(document).notes
    assert (note.code, note.params) == ("margins_left", {"count": 1, "text": "内部资料 注意保存"})


@pytest.mark.parametrize(("text", "says"), [("foo", True), ("Page 1 of 2", False), ("第1页/共2页", False)])
def test_words_about_pages_say_nothing_and_others_of_the_same_letters_do(text: str, *, says: bool) -> None:
    document = asked()
    document.sections[0].footer.paragraphs[0].text = text
    assert [note.params["text"] for note in reading(document).notes] == ([text] if says else [])


@pytest.mark.parametrize(
    "header",
    [
        b"<hdr><p><r><t>a</t></r>",
        b"<hdr><p><r><t>a\x01b</t></r></p></hdr>",
        b'<!DOCTYPE d [<!ENTITY a "aaaa">]><hdr><t>&a;</t></hdr>',
        b"<hdr>" + b"<p>" * 5000 + b"</p>" * 5000 + b"</hdr>",
        b"<hdr><t>" + b"a" * 300_000 + b"</t></hdr>",
    ],
    ids=["broken", "control", "entity", "deep", "large"],
)
def test_a_header_that_cannot_be_looked_at_is_counted_and_the_questions_are_read(header: bytes) -> None:
    (note,) = notes_with(header)
    assert (note.code, note.params) == ("margins_unread", {"count": 1})
    assert "1" in wording.note(note)


def test_headers_beyond_the_most_that_are_looked_at_are_counted() -> None:
    document = asked()
    for _more in range(64):
        section = document.add_section()
        section.header.is_linked_to_previous = False
    assert [(note.code, note.params) for note in reading(document).notes] == [
        ("margins_unread", {"count": 4})
    ]
