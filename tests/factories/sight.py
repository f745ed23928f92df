"""What a reader sees of Markdown: its words and formulas, drawn by the renderer and by no format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from studyhub.questions.formats import to_markup

_NAMESPACE = re.compile(r' xmlns="[^"]*"')
_BREAKS = frozenset({"br", "p", "li", "td", "th"})
_UNSEEN = {
    ("columnalign", "center"),
    ("fence", "true"),
    ("form", "prefix"),
    ("form", "postfix"),
    ("stretchy", "true"),
}
"""What brackets and arrows are without being told."""


def words(markdown: str) -> str:
    """The same where a formula may as well stand between dollars, as it is typed."""
    html = _NAMESPACE.sub("", to_markup.HTML.block(markdown))
    root = ElementTree.fromstring(f"<root>{html}</root>")
    for element in root.iter("math"):
        typed = next(element.iter("annotation")).text
        element[:] = []
        element.tag, element.text = "span", f"${typed}$"
    return " ".join("".join(one for one in _seen(root)).replace("$$", "$").split())


def seen(markdown: str) -> tuple[Any, ...]:
    """The words one after the other, and each formula as its MathML without groups of one."""
    html = _NAMESPACE.sub("", to_markup.HTML.block(markdown))
    pieces = _seen(ElementTree.fromstring(f"<root>{html}</root>"))
    runs = (list(run) for _, run in groupby(pieces, key=lambda one: isinstance(one, str)))
    return tuple(part for run in runs for part in ("".join(run).split() if isinstance(run[0], str) else run))


def _seen(element: ElementTree.Element) -> Iterator[Any]:
    if element.tag == "math":
        for inner in list(element.iter("semantics")):
            inner.remove(inner[-1])
        yield _drawn(element[0])
        return
    yield element.text or element.get("alt") or ""
    for number, part in enumerate(element, int(element.get("start", "1"))):
        if part.tag == "li":  # on paper as on a page, an item has a sign before it
            yield " · " if element.tag == "ul" else f" （{number}） "
        yield from _seen(part)
        yield f"{' ' if part.tag in _BREAKS else ''}{part.tail or ''}"


def _drawn(element: ElementTree.Element) -> Any:
    parts = [_drawn(part) for part in element]
    if element.tag in ("semantics", "mrow", "mtd", "msqrt"):
        parts = [
            inner for part in parts for inner in (part[3] if part[0] == "mrow" and not part[1] else (part,))
        ]
        if len(parts) == 1 and element.tag in ("mrow", "semantics"):
            return parts[0]
    # `\\ldots` and `\\dots` are the same three dots.
    name = {"semantics": "mrow"}.get(element.tag, "mi" if element.text == "…" else element.tag)
    return (name, frozenset(element.items()) - _UNSEEN, element.text or "", tuple(parts))
