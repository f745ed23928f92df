"""QTI 2.1, 2.2 and 3.0 as exchange formats: one reader for all, one writer with the names of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from studyhub.kernel.package import Package, is_zip
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.carrying import carried, carry
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Carried, Draft, Format, Place, Reading, Source, Writing
from studyhub.questions.formats.qti import package
from studyhub.questions.formats.qti.names import V21, V22, V30, Version, normalised
from studyhub.questions.formats.qti.package import Resource
from studyhub.questions.formats.qti.packing import Packing
from studyhub.questions.formats.qti.passages import Passages, item_of
from studyhub.questions.formats.xml_source import Budget

_SHARED = frozenset({"explanation", "tags", "points", "images", "variables"})
_LOST = {
    "blank": frozenset({"order"}),
    "order": frozenset({"marking"}),
    "essay": frozenset({"rubric", "max_chars"}),
}
CARRIES: Carried = {**carried(_SHARED, but=_LOST), PASSAGE: frozenset({"questions", "tags", "images"})}
_ITEM = re.compile(rb"<(?:\w+:)?(?:assessmentItem|qti-assessment-item)\b")
_HEAD = 256 * 1024
_TESTS = re.compile(r"imsqti_(?:test|section)_xmlv")
_ITEMS = re.compile(r"imsqti_(?:apip)?item_xmlv")


def write(version: Version, draft: Draft) -> Writing:
    packing = Packing(version, draft)
    _, writing = carry(draft, CARRIES, packing.add, frozenset({"bank", "title", "language"}))
    writing.data = packing.packed()
    writing.suffix = ".zip"
    return writing


def read(source: Source) -> Reading:
    """The items of a package, or one item alone."""
    if not is_zip(source.data):
        reading = Reading()
        item = normalised(xml_source.parse(source.data, Budget()))
        _read_item(reading, item, None, Resource("", source.name))
        return reading
    contents = package.opened(source.data)
    reading = Reading(head=dict(contents.head))
    budget = Budget()
    passages = Passages(contents, budget, reading)
    # An item that is listed again is the same item.
    for resource in {one.path: one for one in contents.resources}.values():
        if _ITEMS.match(resource.kind):
            data = contents.package.read(resource.path)
            if data is None:
                reading.note("file_missing", path=resource.path)
                continue
            item = normalised(xml_source.parse(data, budget))
            if not passages.take(item, resource):
                _read_item(reading, item, contents.package, resource)
        elif _TESTS.match(resource.kind) and not passages.knows(resource.path):
            reading.note("test_lost")
    passages.end()
    return reading


def _read_item(reading: Reading, root: Element, held: Package | None, resource: Resource) -> None:
    place = Place.question(reading.read + 1, root.get("identifier")[:80])
    reading.add(place, partial(item_of, reading, root, held, resource))


def recognises(version: Version, source: Source) -> bool:
    names = [name.encode() for name in (version.namespace, version.item_type, *version.earlier)]
    return any(name in head for head in _heads(source) for name in names)


def _heads(source: Source) -> Iterator[bytes]:
    """The beginning of what says of which version the source is."""
    if not is_zip(source.data):
        if _ITEM.search(source.data[:_HEAD]):
            yield source.data[:_HEAD]
        return
    held = Package(source.data)
    for name in held.names:
        if name.lower().endswith(package.MANIFEST):
            yield held.head(name, _HEAD)


def _format(name: str, version: Version) -> Format:
    return Format(name, ".zip", CARRIES, partial(recognises, version), read, partial(write, version))


QTI21, QTI22, QTI30 = _format("qti21", V21), _format("qti22", V22), _format("qti30", V30)
