"""QTI 1.2, which is read and not written: single files, packages, and exports of Canvas and Respondus."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, is_zip
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Carried, Format, Reading, Source
from studyhub.questions.formats.qti.items12 import ItemReader
from studyhub.questions.formats.qti.stimuli12 import Stimuli
from studyhub.questions.formats.qti.texts12 import Materials

_SHARED = frozenset({"explanation", "tags", "points", "images"})
CARRIES: Carried = {
    "single": _SHARED | {"options", "answer", "shuffle", "feedback"},
    "multiple": _SHARED | {"options", "answer", "marking", "shuffle", "feedback"},
    "truefalse": _SHARED | {"answer"},
    "blank": _SHARED | {"answer", "case"},
    "number": _SHARED | {"answer", "tolerance"},
    "match": _SHARED | {"pairs", "distractors"},
    "order": _SHARED | {"items"},
    "essay": _SHARED,
    PASSAGE: frozenset({"questions", "tags", "images", "explanation"}),
}
_ROOT = re.compile(rb"<(?:\w+:)?questestinterop\b")
_SUFFIXES = (".xml", ".qti", ".dat")
_WHOLE = "non_cc_assessments/"
_HEAD = 4096
Items = Iterator[tuple[Element, xml_source.Ancestors]]
# Sections that programs make by themselves say nothing about a question.
_UNNAMED = re.compile(r"root_section|Root Section|Main|Default|Section ?\d*", re.I)


def read(source: Source) -> Reading:
    reading = Reading()
    if not is_zip(source.data):
        roots: list[Element] = []
        items = xml_source.named(source.data, "item", partial(_opened, roots), xml_source.Budget())
        _read_items(reading, items, partial(Materials, None, source.name), alone=True)
        _tell_of_groups(reading, roots)
        return reading
    package = Package(source.data)
    paths = _paths(package)
    if not paths:
        raise Unreadable("no_qti12")
    alone, budget, roots = len(paths) == 1, xml_source.Budget(), []
    for path in paths:
        items = xml_source.named(package.read(path) or b"", "item", partial(_opened, roots), budget)
        _read_items(reading, items, partial(Materials, package, path), alone=alone)
    _tell_of_groups(reading, roots)
    return reading


def _paths(package: Package) -> list[str]:
    """The files of questions. Canvas writes a test twice, once without what Common Cartridge cannot say."""
    found = [path for path in _documents(package) if _ROOT.search(package.head(path, _HEAD))]
    whole = {posixpath.basename(path).partition(".")[0] for path in found if _WHOLE in path}
    return [
        path for path in found if _WHOLE in path or posixpath.basename(posixpath.dirname(path)) not in whole
    ]


def _documents(package: Package) -> Iterator[str]:
    return (name for name in package.names if name.lower().endswith(_SUFFIXES) and "__MACOSX" not in name)


def _read_items(reading: Reading, items: Items, within: Callable[..., Materials], *, alone: bool) -> None:
    def lost(tag: str) -> None:
        reading.note("element_lost", tag=tag)

    stimuli = Stimuli(reading)
    for item, ancestors in items:
        reader = ItemReader(item, within(reading.assets, lost), reading.note, _worth(ancestors))
        stimuli.take(reader, _tags(reading, ancestors, alone=alone))
    stimuli.end()


def _worth(ancestors: xml_source.Ancestors) -> str:
    """What each question of the group counts in its test, where the group says it."""
    group = ancestors[-1] if ancestors else None
    draws = group.first("selection_ordering") if group else None
    said = draws.descendants("points_per_item") if draws else iter(())
    return next((one.text.strip() for one in said), "")


def _opened(roots: list[Element], root: Element) -> None:
    roots.append(root)
    if root.tag != "questestinterop":
        raise Unreadable("xml_root", line=root.line, tag=root.tag[:100], wanted="questestinterop")


def _tags(reading: Reading, ancestors: xml_source.Ancestors, *, alone: bool) -> list[str]:
    """The titles of what an item stands in. One test by itself is the bank."""
    tags = []
    for element in ancestors[1:]:
        title = _title(element)
        if element.tag in ("assessment", "objectbank") and title:
            if alone:
                reading.head["title"] = title
            else:
                tags.append(title)
        elif element.tag == "section" and title and not _UNNAMED.fullmatch(title):
            tags.append(title)
    return list(dict.fromkeys(tags))


def _title(element: Element) -> str:
    """Canvas says what a bank is called in its metadata."""
    title = element.get("title").strip()
    if title or element.tag != "objectbank":
        return title
    fields = element.descendants("qtimetadatafield")
    said = (one.text_of("fieldentry") for one in fields if one.text_of("fieldlabel") == "bank_title")
    return next(said, "").strip()


def _tell_of_groups(reading: Reading, roots: list[Element]) -> None:
    """Note how tests draw questions, and from which banks that are not here."""
    banks = {bank.get("ident") for root in roots for bank in root.all("objectbank")}
    for root in roots:
        for section in root.descendants("section"):
            draws = section.first("selection_ordering")
            if draws is None or not any(draws.descendants("selection_number", "sourcebank_ref")):
                continue
            wanted = [ref.text.strip() for ref in draws.descendants("sourcebank_ref")]
            if any(name not in banks for name in wanted):
                reading.note("bank_elsewhere", group=section.get("title")[:80] or section.get("ident")[:80])
            else:
                reading.note("test_lost")


def recognises(source: Source) -> bool:
    if not is_zip(source.data):
        return _ROOT.search(source.data[:_HEAD].replace(b"\0", b"")) is not None
    package = Package(source.data)
    return any(_ROOT.search(package.head(path, _HEAD)) for path in _documents(package))


FORMAT = Format("qti12", ".xml", CARRIES, recognises, read)
