"""A small tree for XML and HTML alike: an element knows its tag, its attributes and its children in order."""

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

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def all(self, *tags: str) -> list[Element]:
        """The children with one of these tags."""
        return [child for child in self.elements if child.tag in tags]

    def first(self, *path: str) -> Element | None:
        """The first child with this tag, and so on down the path."""
        found: Element | None = self
        for tag in path:
            found = next(iter(found.all(tag)), None) if found else None
        return found

    def descendants(self, *tags: str) -> Iterator[Element]:
        """All elements below with one of these tags (any, when none is named), in the order of the file."""
        stack = list(reversed(self.elements))
        while stack:
            element = stack.pop()
            if not tags or element.tag in tags:
                yield element
            stack.extend(reversed(element.elements))

    def find(self, *tags: str) -> Element | None:
        """The first element below with one of these tags."""
        return next(self.descendants(*tags), None)

    @property
    def own_text(self) -> str:
        """The text directly within, without that of inner elements."""
        return "".join(child for child in self.children if isinstance(child, str))

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

    def text_of(self, *path: str) -> str:
        """The text of the first element down the path, trimmed; "" when there is none."""
        found = self.first(*path)
        return found.text.strip() if found else ""
