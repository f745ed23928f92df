"""Questions → the files of a package. A passage is a text of its own, which its items name."""

from __future__ import annotations

from typing import Any

from studyhub.questions.bank import PASSAGE
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.exchange import Draft, Item
from studyhub.questions.formats.qti import package
from studyhub.questions.formats.qti.bodies import files, has_title
from studyhub.questions.formats.qti.names import V21, Version
from studyhub.questions.formats.qti.package import Resource
from studyhub.questions.formats.qti.texts import TextWriter
from studyhub.questions.formats.qti.writing import ItemWriter


class Packing:
    """Gathers the resources of one package and their files."""

    def __init__(self, version: Version, draft: Draft) -> None:
        self._version = version
        self._draft = draft
        self._writer = ItemWriter(version, str(draft.head["language"]))
        self._texts = TextWriter(version, str(draft.head["language"]))
        self._resources: list[Resource] = []
        self._held: dict[str, bytes] = {}

    def add(self, question: Item, tell: Tell) -> None:
        """One more question. Raises Skip, and then nothing of it is kept."""
        if question["type"] != PASSAGE:
            self._keep(self._item(question, question["id"]))
        elif self._version is V21:
            self._keep(*self._section(question))
        else:
            self._keep(*self._stimulus(question))
        if has_title(question):
            tell("key_lost", key="title")

    def packed(self) -> bytes:
        head = {key: str(self._draft.head[key]) for key in ("bank", "title", "language")}
        return package.written(self._version, head, self._resources, self._held)

    def _keep(self, *made: tuple[Resource, str]) -> None:
        for resource, text in made:
            self._resources.append(resource)
            self._held[resource.path] = text.encode()
            self._held.update((name, self._draft.assets[name]) for name in resource.files[1:])

    def _item(self, question: Item, name: str, stimulus: str = "") -> tuple[Resource, str]:
        text = self._writer.item(question, name, stimulus)
        needs = [stimulus] if stimulus else []
        return self._resource(self._version.item_type, f"items/{name}.xml", question, question, needs), text

    def _stimulus(self, passage: Item) -> list[tuple[Resource, str]]:
        path = f"passages/{passage['id']}.xml"
        text = self._texts.stimulus(passage)
        whole = self._resource(self._version.stimulus_type, path, passage, passage["prompt"], ())
        return [
            (whole, text),
            *(self._item(part, _name(passage, part), path) for part in passage["questions"]),
        ]

    def _section(self, passage: Item) -> list[tuple[Resource, str]]:
        """2.1 has no text of its own: a section holds it, and the items about it."""
        items = [self._item(part, _name(passage, part)) for part in passage["questions"]]
        paths = [resource.path for resource, _ in items]
        path = f"passages/{passage['id']}.xml"
        text = self._texts.section(passage, paths)
        whole = self._resource(self._version.stimulus_type, path, passage, passage["prompt"], paths)
        return [(whole, text), *items]

    def _resource(self, kind: str, path: str, about: Item, shown: Any, needs: Any) -> Resource:
        return Resource(kind, path, about.get("tags", ()), [path, *files(shown, self._draft.assets)], needs)


def _name(passage: Item, part: Item) -> str:
    """What a question of a passage is called among all others."""
    return f"{passage['id']}.{part['id']}"
