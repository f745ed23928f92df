"""A small tree of what HTML says: an element knows its tag, its attributes and its children in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Element:
    """`tag` has no namespace. Children are elements and texts, as they follow each other."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    line: int = 0
    """where it begins in its file, from 1; 0 when nobody counted"""

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def all(self, *tags: str) -> list[Element]:
        """The children with one of these tags."""
        return [child for child in self.elements if child.tag in tags]

    def first(self, *tags: str) -> Element | None:
        """The first child with one of these tags."""
        return next((child for child in self.elements if child.tag in tags), None)

    def text_of(self, tag: str) -> str:
        """All text within the first child of this tag; "" when there is none."""
        child = self.first(tag)
        return child.text if child else ""

    def descendants(self, *tags: str) -> Iterator[Element]:
        """All elements below with one of these tags (any, when none is named), in the order of the file."""
        stack = list(reversed(self.elements))
        while stack:
            element = stack.pop()
            if not tags or element.tag in tags:
                yield element
            stack.extend(reversed(element.elements))

    @property
    def text(self) -> str:
        """All text within."""
        parts: list[str] = []
        stack: list[Element | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                stack.extend(reversed(node.children))
        return "".join(parts)
