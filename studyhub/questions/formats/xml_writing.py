"""XML as text, element by element: enough to write formats, and nothing that could be badly nested."""

from __future__ import annotations

import html
from collections.abc import Iterable

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def tag(name: str, /, *inner: str, **attributes: str) -> str:
    """An element around XML that is already written. `class_` is written `class`, `a__b` `a:b`."""
    said = "".join(f' {_spelt(key)}="{escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inner)}</{name}>" if inner else f"<{name}{said}/>"


def lines(children: Iterable[str], indent: str = "  ") -> str:
    """Children on lines of their own, where white space between elements means nothing."""
    return "".join(f"\n{indent}{child}" for child in children) + "\n" + indent[:-2]


def escaped(text: str) -> str:
    """Text or the value of an attribute. A line end within an attribute would be read as a blank."""
    return html.escape(text).replace("\n", "&#10;").replace("\t", "&#9;")


def content(text: str) -> str:
    """Text as it is read most easily: markup stands in CDATA, as it is."""
    if "<" not in text and "&" not in text and "]]>" not in text:
        return text
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _spelt(key: str) -> str:
    return key.removesuffix("_").replace("__", ":")
