"""The images and sounds that a question's Markdown names by relative path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from studyhub.questions.images import ABSOLUTE as _ABSOLUTE
from studyhub.questions.images import IMAGE as _IMAGE

_SHOWN = re.compile(_IMAGE.pattern + r"\)")
_UNSAFE = re.compile(r"[^\w.-]+")


def named(value: Any) -> Iterator[str]:
    """The relative paths named in all texts of a question."""
    for text in texts(value):
        for match in _IMAGE.finditer(text):
            path = unquote(match[2] or match[3] or "")
            if path and not _ABSOLUTE.match(path):
                yield path


def texts(value: Any) -> Iterator[str]:
    """Every text within a question."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def without_pictures(text: str) -> str:
    """The text without the pictures that it shows."""
    return _SHOWN.sub("", text).strip() if "](" in text else text


def address(path: str) -> str:
    """A path as it stands between the brackets of an image: in angle brackets where it needs them."""
    return f"<{path}>" if re.search(r"[\s()]", path) else path


def free_name(path: str, data: bytes, taken: dict[str, bytes], folder: str = "media") -> str:
    """A safe name for a file in `folder`; the same name for the same bytes, another for others."""
    base = _UNSAFE.sub("-", posixpath.basename(path.replace("\\", "/"))).strip("-.") or "file"
    stem, dot, suffix = base.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem else (base, "")
    name, number = f"{folder}/{stem}{suffix}", 1
    while taken.get(name, data) != data:
        number += 1
        name = f"{folder}/{stem}-{number}{suffix}"
    return name


def moved(text: str, path_of: Callable[[str], str | None]) -> str:
    """The text with each path replaced by what `path_of` gives for it, if anything."""

    def move(match: re.Match[str]) -> str:
        path = path_of(unquote(match[2] or match[3] or ""))
        return f"{match[1]}{address(path)}" if path else match[0]

    return _IMAGE.sub(move, text)
