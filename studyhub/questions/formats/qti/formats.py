"""QTI 2.1, 2.2 and 3.0 as exchange formats: one reader for all, one writer with the names of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, is_zip
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.carrying import Tell, carry
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import (
    Carried,
    Draft,
    Format,
    Item,
    Place,
    Reading,
    Source,
    Writing,
)
from studyhub.questions.formats.qti import package
from studyhub.questions.formats.qti.bodies import Bodies, files
from studyhub.questions.formats.qti.names import V21, V22, V30, Version, normalised
from studyhub.questions.formats.qti.package import Resource
from studyhub.questions.formats.qti.reading import ItemReader
from studyhub.questions.formats.qti.writing import ItemWriter
from studyhub.questions.formats.xml_source import Budget

_SHARED = frozenset({"explanation", "tags", "points", "images"})
CARRIES: Carried = {
    "single": _SHARED | {"options", "answer", "shuffle", "feedback"},
    "multiple": _SHARED | {"options", "answer", "marking", "shuffle", "feedback"},
    "truefalse": _SHARED | {"answer"},
    "blank": _SHARED | {"answer", "case"},
    "number": _SHARED | {"answer", "tolerance", "unit"},
    "match": _SHARED | {"pairs", "distractors", "shuffle"},
    "order": _SHARED | {"items", "shuffle"},
    "essay": _SHARED | {"model_answer"},
}
_ITEM = re.compile(rb"<(?:\w+:)?(?:assessmentItem|qti-assessment-item)\b")
_HEAD = 256 * 1024
_TESTS = re.compile(r"imsqti_(?:test|section)_xmlv")
_ITEMS = re.compile(r"imsqti_(?:apip)?item_xmlv")


def write(version: Version, draft: Draft) -> Writing:
    writer = ItemWriter(version, str(draft.head["language"]))
    items: list[Resource] = []
    held: dict[str, bytes] = {}

    def made(question: Item, tell: Tell) -> None:
        path = f"items/{question['id']}.xml"
        held[path] = writer.item(question, tell).encode()
        shown = files(question, draft.assets)
        held.update((name, draft.assets[name]) for name in shown)
        items.append(Resource(version.item_type, path, question.get("tags", ()), [path, *shown]))

    _, writing = carry(draft, CARRIES, made, frozenset({"bank", "title", "language"}))
    head = {key: str(draft.head[key]) for key in ("bank", "title", "language")}
    writing.data = package.written(version, head, items, held)
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
    # An item that is listed again is the same item.
    for resource in {one.path: one for one in contents.resources}.values():
        if _ITEMS.match(resource.kind):
            data = contents.package.read(resource.path)
            if data is None:
                reading.note("file_missing", path=resource.path)
            else:
                _read_item(reading, normalised(xml_source.parse(data, budget)), contents.package, resource)
        elif _TESTS.match(resource.kind):
            reading.note("test_lost")
    return reading


def _read_item(reading: Reading, root: Element, held: Package | None, resource: Resource) -> None:
    if root.tag != "assessmentItem":
        raise Unreadable("xml_root", line=root.line, tag=root.tag[:100], wanted="assessmentItem")
    bodies = Bodies(held, resource.path, reading.assets, lambda tag: reading.note("element_lost", tag=tag))
    reader = ItemReader(root, bodies, reading.note)
    place = Place.question(reading.read + 1, root.get("identifier")[:80])
    reading.add(place, lambda: reader.item() | ({"tags": list(resource.tags)} if resource.tags else {}))


def recognises(version: Version, source: Source) -> bool:
    return any(
        version.namespace.encode() in head or version.item_type.encode() in head for head in _heads(source)
    )


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
