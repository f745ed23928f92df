"""A hostile file of any format costs at most two seconds and 256 MB, measured in a process of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import packed
from studyhub.questions.formats import FORMATS, detect
from studyhub.questions.formats.conversion import convert
from studyhub.questions.formats.exchange import Source
from tests.memory import PeakMemory
from tests.pace import Stopwatch

SECONDS, BYTES = 2.0, 256 * 1024 * 1024
ITEM = b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q">'
LISTED = b'<resource type="imsqti_item_xmlv2p1" href="%s"/>'


def manifest(*resources: bytes) -> bytes:
    return b'<manifest xmlns="imsqti_v2p1"><resources>' + b"".join(resources) + b"</resources></manifest>"


def moodle(text: bytes) -> bytes:
    start = b'<quiz><question type="essay"><questiontext><text><![CDATA['
    return start + text + b"]]></text></questiontext></question></quiz>"


def many_texts(text: bytes) -> bytes:
    """32 MB of questions, each with as long a text as is looked at."""
    one = moodle(text * (99_000 // len(text)))[len(b"<quiz>") : -len(b"</quiz>")]
    return b"<quiz>" + one * (31 * 1024 * 1024 // len(one)) + b"</quiz>"


def crowded(kind: bytes, elements: int) -> bytes:
    return b"<" + kind + b">" + b"<b/>" * elements + b"</" + kind + b">"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "Moodle: questions of nothing but elements": lambda: (
        crowded(b"quiz", 0)[:6] + b"".join(crowded(b"question", 150_000) for _ in range(30))
    ),
    "Moodle: as many elements as are read": lambda: (
        b"<quiz>" + (b"<question>" + (b"<b>%b</b>" % (b"x" * 40)) * 99 + b"</question>") * 6_800
    ),
    "Moodle: tags that begin and never end": lambda: moodle(b"<i" * 49_000),
    "Moodle: comments that begin and never end": lambda: moodle(b"<!--" * 24_000),
    "Moodle: formulas that begin and never end": lambda: moodle(b"\\(" * 49_000),
    "Moodle: one text of 32 MB": lambda: moodle(b"a" * 31 * 1024 * 1024),
    "Moodle: long texts": lambda: many_texts(b"a b "),
    "Moodle: long texts of lines": lambda: many_texts(b"a\n"),
    "Moodle: long texts of Chinese": lambda: many_texts("党员学习，".encode()),
    "Moodle: long texts of marked words": lambda: many_texts(b"<p>text of <b>x</b></p>"),
    "Moodle: long texts of signs": lambda: many_texts(b"*_`["),
    "Moodle: a document type": lambda: b'<!DOCTYPE quiz [<!ENTITY a "a">]>' + moodle(b"&a;"),
    "QTI: one item listed without number": lambda: packed(
        {"imsmanifest.xml": manifest(*[LISTED % b"a.xml"] * 15_000), "a.xml": ITEM + b"</assessmentItem>"}
    ),
    "QTI: items of nothing but elements": lambda: packed(
        {
            "imsmanifest.xml": manifest(*(LISTED % b"%d.xml" % n for n in range(40))),
            **{f"{n}.xml": ITEM + b"<b/>" * 150_000 + b"</assessmentItem>" for n in range(40)},
        }
    ),
    "text: braces and nothing else": lambda: b"}{" * 1_400_000,
    "text: the beginning of an answer in braces": lambda: b"{~ = = " * 400_000,
    "text: brackets that never close": lambda: b"1." + "（".encode() * 1_400_000,
    "QTI: a manifest with entities": lambda: packed(
        {"imsmanifest.xml": b'<!DOCTYPE m [<!ENTITY a "aaaa">]>' + manifest(LISTED % b"a.xml")}
    ),
    "QTI 1.2: files without number": lambda: packed({f"{n}.xml": b"<a/>" for n in range(9_000)}),
    "QTI 1.2: files of nothing but elements": lambda: packed(
        {
            f"{n}.xml": b"<questestinterop><item>" + b"<b/>" * 150_000 + b"</item></questestinterop>"
            for n in range(40)
        }
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_two_seconds_and_256_mb_at_the_most(name: str) -> None:
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_cost, args=(name, there))
    child.start()
    seconds, grown = here.recv()
    child.join()
    assert seconds < SECONDS
    assert grown < BYTES


def _cost(name: str, told: Connection) -> None:
    source = Source(HOSTILE[name](), "x.zip")
    # What is refused is refused in time; what is read is read in time.
    with PeakMemory() as grown, Stopwatch() as spent, contextlib.suppress(Unreadable):
        convert(source, detect(source), FORMATS["yaml"])
    told.send((spent.seconds, grown.bytes))
