"""XML of others is read without anything that makes XML dangerous, whatever encoding it comes in."""

from __future__ import annotations

import multiprocessing
import resource
import time
from multiprocessing.connection import Connection

import pytest

from studyhub.questions.formats import xml_source
from studyhub.questions.formats.exchange import Unreadable

LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"ha") for level in range(12)
)
HOSTILE = {
    "entities that multiply": b"<!DOCTYPE a [" + LAUGHS + b"]><a>&l11;</a>",
    "a file of this machine": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    "a document type elsewhere": b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
    "an entity nobody declared": b"<a>&x;</a>",
    "depth": b"<a>" * 1_000_000,
    "elements without number": b"<a>" + b"<b/>" * 5_000_000 + b"</a>",
    "attributes without number": b"<a " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/",
}
SECONDS, BYTES = 2.0, 256 * 1024 * 1024


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_two_seconds_and_256_mb(name: str) -> None:
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_cost, args=(name, there))
    child.start()
    refused, seconds, grown = here.recv()
    child.join()
    assert refused
    assert seconds < SECONDS
    assert grown < BYTES


def _cost(name: str, told: Connection) -> None:
    data = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        xml_source.parse(data)
        refused = False
    except Unreadable:
        refused = True
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    told.send((refused, time.process_time() - start, grown))


def test_a_document_type_is_refused_with_its_line() -> None:
    with pytest.raises(Unreadable) as refusal:
        xml_source.parse(b'<?xml version="1.0"?>\n\n<!DOCTYPE a>\n<a/>')
    assert (refusal.value.code, refusal.value.params) == ("xml_doctype", {"line": 3})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_text_is_the_same_in_every_encoding(encoding: str, end: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?>{end}<a>{end}<b n="1">党支部</b></a>'
    root = xml_source.parse(text.encode(encoding))
    assert root.text_of("b") == "党支部"


def test_children_of_the_root_come_one_after_the_other() -> None:
    parts = list(xml_source.parts(b"<a> <b>1</b> <c><d/></c></a>"))
    assert [part.tag for part in parts] == ["b", "c"]
    assert parts[1].first("d") is not None
