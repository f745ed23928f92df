"""The text of a passage as a file of its own: a stimulus, or in 2.1 a section that holds its items, too."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from urllib.parse import quote

from studyhub.questions.formats import to_markup
from studyhub.questions.formats.exchange import Item
from studyhub.questions.formats.qti import bodies
from studyhub.questions.formats.qti.names import LONGEST_TITLE, TOOL, XSI, Version, identifier
from studyhub.questions.formats.xml_writing import DECLARATION, lines

SHARED = "passage"
"""The class of a rubric block that holds a text and no instruction."""


class TextWriter:
    """Writes the texts of one bank in one version."""

    def __init__(self, version: Version, language: str) -> None:
        self._version = version
        self._tag = version.tag
        self._language = language

    def stimulus(self, passage: Item) -> str:
        body = self._tag("stimulusBody", bodies.block(passage["prompt"]))
        return self._root("assessmentStimulus", passage, [body], xml__lang=self._language, toolName=TOOL)

    def section(self, passage: Item, items: Sequence[str]) -> str:
        """The text with the items at these paths of the package."""
        shown = self._version.content(bodies.block(passage["prompt"]))
        block = self._tag("rubricBlock", shown, view="candidate", class_=SHARED)
        named = (self._tag("assessmentItemRef", **referred(path)) for path in items)
        return self._root("assessmentSection", passage, [block, *named], visible="true")

    def _root(self, name: str, passage: Item, children: Sequence[str], **more: str) -> str:
        root = self._tag(
            name,
            lines(children),
            xmlns=self._version.namespace,
            xmlns__xsi=XSI,
            xsi__schemaLocation=f"{self._version.namespace} {self._version.schema}",
            identifier=identifier(passage["id"]),
            title=to_markup.plain(passage["prompt"])[:LONGEST_TITLE] or passage["id"],
            **more,
        )
        return f"{DECLARATION}{root}\n"


def referred(path: str) -> dict[str, str]:
    """The identifier and the address, from another folder, of what lies at a path of the package."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return {"identifier": identifier(stem), "href": f"../{quote(path)}"}
