"""XML of others is read without anything that makes XML dangerous, whatever encoding it comes in."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import decoding, xml_source
from tests.memory import PeakMemory
from tests.pace import Stopwatch

LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"ha") for level in range(12)
)
WHOLE = decoding.LARGEST - 100
HOSTILE: dict[str, Callable[[], bytes]] = {
    "entities that multiply": lambda: b"<!DOCTYPE a [" + LAUGHS + b"]><a>&l11;</a>",
    "a file of this machine": lambda: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    "a document type elsewhere": lambda: b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
    "a document type in UTF-16": lambda: '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16"),
    "an entity nobody declared": lambda: b"<a>&x;</a>",
    "depth": lambda: b"<a>" * 1_000_000,
    "elements without number": lambda: b"<a>" + b"<b/>" * 5_000_000 + b"</a>",
    "attributes without number": lambda: b"<a " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/",
    "an attribute without end": lambda: b'<a b="' + b"x" * WHOLE,
    "a name without end": lambda: b"<" + b"x" * WHOLE,
    "a comment without end": lambda: b"<a><!--" + b"x" * WHOLE,
    "text without end": lambda: b"<a>" + b"x" * WHOLE,
    "lines without number": lambda: b"<a>" + b"\r\n" * (WHOLE // 2),
    "a zero after all lines": lambda: b"<a>" + b"\n" * WHOLE + b"\0",
    "a wrong byte after all lines": lambda: b"<a>" + b"\n" * WHOLE + b"\xff\xff",
    "half a file": lambda: b"<a><b>" + b"<c>1</c>" * 1000,
    "declared GB18030, and neither": lambda: b'<?xml version="1.0" encoding="GB18030"?>\n<a>\xff\xff</a>',
    "more than is read": lambda: b"<a>" + b"x" * decoding.LARGEST,
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
    data = HOSTILE[name]()
    refused = True
    with PeakMemory() as grown, Stopwatch() as spent, suppress(Unreadable):
        xml_source.parse(data)
        refused = False
    told.send((refused, spent.seconds, grown.bytes))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('<?xml version="1.0"?>\n\n<!DOCTYPE a>\n<a/>', "xml_doctype", 3),
        ('<?xml\nversion="1.0"?>\n<a>\n<b></a>', "broken_xml", 4),
        ("<a>\n&x;</a>", "broken_xml", 2),
        (f"<a>\n<b c='{'x' * 2_000_000}'/>\n</a>", "xml_long_tag", 2),
    ],
)
def test_a_refusal_names_the_line(text: str, code: str, line: int) -> None:
    with pytest.raises(Unreadable) as refusal:
        xml_source.parse(text.encode())
    assert (refusal.value.code, refusal.value.params["line"]) == (code, line)


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
