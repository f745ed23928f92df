"""Attributes and switches of WordprocessingML, whatever prefix a program gives its names."""

from __future__ import annotations

from studyhub.questions.formats.element import Element

_OFF = frozenset({"0", "false", "off", "none"})


def value(element: Element | None, name: str = "val") -> str:
    """An attribute by its name without a prefix; "" when there is none."""
    if element is None:
        return ""
    for key, text in element.attributes.items():
        if key.rpartition(":")[2] == name:
            return text
    return ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down this path."""
    for tag in path:
        if element is None:
            return None
        element = element.first(tag)
    return element


def number(element: Element | None, name: str = "val") -> int | None:
    text = value(element, name)
    return int(text) if text.lstrip("-").isdigit() and len(text) < 10 else None


def switched(properties: Element | None, tag: str) -> bool | None:
    """Whether a switch such as `<w:b/>` is on; None when nothing is said."""
    found = child(properties, tag)
    return None if found is None else value(found) not in _OFF
