"""The images and sounds that a question names by relative path: what may be one, and how texts name them.

What was brought in is named by its content, `media:<digest>/<name>`: the same words with another picture are
another revision, and a plan that was shown is about exactly these pictures.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

IMAGE = re.compile(r"(!\[(?:[^\[\]\\]|\\.)*\]\()(?:<([^<>\n]*)>|([^\s()<>]+))(?=[\s)])")
_CUT = re.compile(r"!\[(?:[^\[\]\\]|\\.)*\]\(([^\s()<>]+)( [^()<>\"'\n]*\.\w{2,4})\)")
_WHOLE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\([^()]*\)")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\\|#")
LARGEST = 10 * 1024 * 1024
"""Bytes of one file: a minute of recorded speech is one megabyte, a photograph of a phone four."""

Beside = Callable[[str], bytes | None]
"""The bytes of a file by its path relative to the bank file, or None when there is none."""

_STORED = re.compile(r"media:([0-9a-f]{64})/([\w.-]+)")
_UNSAFE = re.compile(r"[^\w.-]+")
_AUDIO_BOX = re.compile(rb"....ftyp(?:M4A |M4B |isom|mp42)", re.DOTALL)
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
SUFFIXES = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "audio/mpeg": (".mp3",),
    "audio/ogg": (".ogg", ".oga"),
    "audio/mp4": (".m4a",),
    "audio/wav": (".wav",),
}
KINDS = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


def media_type(data: bytes) -> str | None:
    """What the file is by its first bytes, whatever it is called; None for anything that we do not serve."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12])
    return "audio/mp4" if _AUDIO_BOX.match(data) else None


def trouble(path: str, data: bytes | None) -> str:
    """The code of what is wrong with a named file; "" when nothing is."""
    if data is None:
        return "image_missing"
    if len(data) > LARGEST:
        return "image_too_large"
    kind = media_type(data)
    if kind is None:
        return "image_type"
    return "" if path.lower().endswith(SUFFIXES[kind]) else "image_name"


def named(text: str) -> Iterator[str]:
    """The paths and addresses that a text names."""
    for match in IMAGE.finditer(text):
        yield unquote(match[2] or match[3] or "")


def cut_short(text: str) -> dict[str, str]:
    """The names with blanks that a text gives, by the path that is read of them: up to the first blank."""
    return {unquote(found[1]): found[1] + found[2] for found in _CUT.finditer(text)}


def is_relative(path: str) -> bool:
    return bool(path) and not ABSOLUTE.match(path)


def stored_in(value: Any) -> set[str]:
    """The digests of the stored files that a question, as it is written, names."""
    if isinstance(value, str):
        if "media:" not in value:
            return set()
        return {match[1] for path in named(value) if (match := _STORED.fullmatch(path))}
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
    return set().union(*map(stored_in, inner)) if isinstance(value, dict | list) else set()


def address(path: str) -> str | None:
    """Where a stored file is served; None for anything else."""
    match = _STORED.fullmatch(path)
    return f"/media/{match[1]}/{match[2]}" if match else None


def placed(text: str, digests: dict[str, str]) -> str:
    """The text with each path that has a digest named by it."""

    def place(match: re.Match[str]) -> str:
        path = unquote(match[2] or match[3] or "")
        if path not in digests:
            return match[0]
        name = _UNSAFE.sub("-", posixpath.basename(path)) or "file"
        return f"{match[1]}media:{digests[path]}/{name}"

    return IMAGE.sub(place, text)


def unplaced(text: str, path_of: Callable[[str, str], str | None]) -> str:
    """The text with each stored file named by what `path_of` gives for its digest and name, if anything."""

    def move(match: re.Match[str]) -> str:
        stored = _STORED.fullmatch(unquote(match[2] or match[3] or ""))
        path = path_of(stored[1], stored[2]) if stored else None
        return f"{match[1]}{path}" if path else match[0]

    return IMAGE.sub(move, text)


def in_words(text: str) -> str:
    """The text with what each picture is said to show in its place, for lists where none is shown."""
    return _WHOLE.sub(r"[\1]", text)
