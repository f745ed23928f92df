"""The package that a Word document is: told from others, and refused when it is old, locked or hostile."""

from __future__ import annotations

import io
import zipfile

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import detect
from studyhub.questions.formats.docx import read
from studyhub.questions.formats.exchange import Source
from tests.factories import word
from tests.pace import Stopwatch


def test_a_word_document_is_told_from_other_packages() -> None:
    data = word.made(["1. 甲。（√）"])
    assert detect(Source(data, "题库.docx")).name == "docx"
    assert detect(Source(data, "没有后缀")).name == "docx"


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.et"])
def test_old_documents_are_told_how_to_be_saved(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        detect(Source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name))
    assert refused.value.code == "save_as"


def test_an_old_or_locked_document_under_a_new_name_is_refused() -> None:
    source = Source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "a.docx")
    assert detect(source).name == "docx"
    with pytest.raises(Unreadable) as refused:
        read(source)
    assert refused.value.code == "old_office_file"


def _package(body: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE d [<!ENTITY a "aaaa">]><document><body><p><r><t>&a;</t></r></p></body></document>',
        b"<document><body>" + b"<sdt>" * 5000 + b"</sdt>" * 5000 + b"</body></document>",
        b"<document><body>" + b"<p/>" * 300_000,
        b"<document><body><tbl>" + b"<tr><tc><p/></tc></tr>" * 90_000 + b"</tbl></body></document>",
        b"\0" * 4_000_000,
    ],
)
def test_a_hostile_document_costs_little_and_is_refused(body: bytes) -> None:
    source = Source(_package(body), "a.docx")
    with Stopwatch() as spent, pytest.raises(Unreadable):
        read(source)
    assert spent.seconds < 2


def test_a_picture_outside_of_the_package_is_not_fetched() -> None:
    relations = (
        b'<Relationships><Relationship Id="r1" Type="x/image" Target="../../../etc/passwd"/>'
        b'<Relationship Id="r2" Type="x/image" Target="http://example.org/a.png" TargetMode="External"/>'
        b"</Relationships>"
    )
    blips = "".join(f'<r><drawing><blip embed="{name}"/></drawing></r>' for name in ("r1", "r2"))
    body = f"<document><body><p><r><t>1. 甲。（√）</t></r>{blips}</p></body></document>".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", body)
        archive.writestr("word/_rels/document.xml.rels", relations)
    found = read(Source(buffer.getvalue(), "a.docx"))
    assert found.assets == {}
    assert [doubt.code for doubt in found.doubts] == ["picture_unshown"]
