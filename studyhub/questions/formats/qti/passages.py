"""The texts that several items of a package are about: stimuli, or sections that show one (2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import unquote

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, inside
from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats import xml_source
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Choice, Item, Place, Reading
from studyhub.questions.formats.qti.bodies import Bodies
from studyhub.questions.formats.qti.names import TOOL, normalised
from studyhub.questions.formats.qti.package import Contents, Resource
from studyhub.questions.formats.qti.reading import ItemReader
from studyhub.questions.formats.qti.texts import SHARED
from studyhub.questions.formats.xml_source import Budget

_SHARED = frozenset({"sharedstimulus", SHARED})
"""What a rubric block of a section says, in `use` or `class`, that holds a text and no instruction."""


@dataclass(slots=True)
class _Text:
    """A text of the package; `body` is what holds it."""

    resource: Resource
    root: Element
    body: Element
    items: list[tuple[Element, Resource]] = field(default_factory=list)


class Passages:
    """Gathers the items that follow each other about one text."""

    def __init__(self, contents: Contents, budget: Budget, reading: Reading) -> None:
        self._package = contents.package
        self._budget = budget
        self._reading = reading
        self._resources = {one.path: one for one in contents.resources}
        self._texts: dict[str, _Text | None] = {}
        self._section_of: dict[str, str] = {}
        self._open: _Text | None = None
        for one in contents.resources:
            if one.kind.startswith("imsqti_section_"):
                self._look_at_section(one)

    def knows(self, path: str) -> bool:
        """Whether the resource is a text, whose items name it."""
        return self._texts.get(path) is not None

    def take(self, item: Element, resource: Resource) -> bool:
        """Keep an item that is about a text until its last one has come; whether it is one."""
        text = self._text_of(item, resource)
        if self._open is not None and text is not self._open:
            self.end()
        if text is None:
            return False
        self._open = text
        text.items.append((item, resource))
        return True

    def end(self) -> None:
        """Read the passage that is open."""
        if self._open is not None:
            text, self._open = self._open, None
            items, text.items = text.items, []
            place = Place.question(self._reading.read + 1, text.root.get("identifier")[:80])
            self._reading.add(place, partial(self._passage, text, items))

    def _passage(self, text: _Text, items: list[tuple[Element, Resource]]) -> Item:
        bodies = _bodies(self._reading, self._package, text.resource)
        ours = all(item.get("toolName") == TOOL for item, _ in items)
        name = text.root.get("identifier")
        parts = self._reading.parts(
            (one.get("identifier"), partial(item_of, self._reading, one, self._package, at, alone=False))
            for one, at in items
        )
        if ours:
            name = name.removeprefix("_")
            parts = [part | {"id": part["id"].partition(".")[2]} for part in parts]
        tags = {"tags": list(text.resource.tags)} if text.resource.tags else {}
        prompt = bodies.markdown(text.body.children)
        return {"id": name, "type": PASSAGE, "prompt": prompt, **tags, "questions": parts}

    def _text_of(self, item: Element, resource: Resource) -> _Text | None:
        named = item.first("assessmentStimulusRef")
        if named is None:
            return self._texts.get(self._section_of.get(resource.path, ""))
        path = inside(resource.path.rpartition("/")[0], unquote(named.get("href")))
        if path not in self._texts:
            self._texts[path] = self._stimulus(path)
        return self._texts[path]

    def _stimulus(self, path: str) -> _Text | None:
        data = self._package.read(path)
        if data is None:
            self._reading.note("file_missing", path=path)
            return None
        root = normalised(xml_source.parse(data, self._budget))
        body = root.first("stimulusBody")
        return _Text(self._resources.get(path, Resource("", path)), root, body) if body else None

    def _look_at_section(self, resource: Resource) -> None:
        data = self._package.read(resource.path)
        root = normalised(xml_source.parse(data, self._budget)) if data else Element("")
        shared = [block for block in root.all("rubricBlock") if _SHARED & set(_words(block))]
        if len(shared) == 1:
            self._texts[resource.path] = _Text(resource, root, shared[0])
            folder = resource.path.rpartition("/")[0]
            for named in root.all("assessmentItemRef"):
                self._section_of[inside(folder, unquote(named.get("href")))] = resource.path


def _words(block: Element) -> Iterator[str]:
    yield from block.get("use").split()
    yield from block.get("class").split()


def item_of(
    reading: Reading, root: Element, held: Package | None, resource: Resource, *, alone: bool = True
) -> Item:
    """The question that an item is. Raises Skip."""
    if root.tag != "assessmentItem":
        raise Unreadable("xml_root", line=root.line, tag=root.tag[:100], wanted="assessmentItem")
    if held is None and root.first("assessmentStimulusRef"):
        reading.note("key_lost", key="stimulus")
    reader = ItemReader(root, _bodies(reading, held, resource), reading.note)
    item = reader.item() | ({"tags": list(resource.tags)} if resource.tags else {})
    if reader.differs:
        told = {"declared": reader.differs.declared, "marked": reader.differs.marked}
        # Another reading of a part is none of its passage.
        other = reader.differs.other if alone else {}
        choices = (Choice("by_marking", item | other),) if other else ()
        reading.doubt("key_differs", _in_words(item), choices, **told)
    return item


def _in_words(item: Item) -> str:
    """The question as a person types it, beside what is doubtful about it."""
    options = item.get("options", {}).items()
    texts = (f"{key}. {one['text'] if isinstance(one, dict) else one}" for key, one in options)
    return "\n".join([str(item["prompt"]), *texts])


def _bodies(reading: Reading, held: Package | None, resource: Resource) -> Bodies:
    return Bodies(held, resource.path, reading.assets, lambda tag: reading.note("element_lost", tag=tag))
