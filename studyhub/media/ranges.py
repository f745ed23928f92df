"""Which part of a file a request wants (RFC 9110 §13-14): a player that seeks asks for a range of bytes.

One range is served; a request for several gets the whole file, which the standard allows. Who names no end
gets a part of the rest (§15.3.7), and asks for more when that is played.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)
LONGEST_OPEN_PART = 1024 * 1024
_TAG = re.compile(r'(W/)?"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` up to, not including, `stop`, of a file of `size` bytes."""

    start: int
    stop: int
    size: int

    @property
    def length(self) -> int:
        return self.stop - self.start

    @property
    def content_range(self) -> str:
        """The header of a 206: `bytes 0-99/1234`."""
        return f"bytes {self.start}-{self.stop - 1}/{self.size}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: 200 and 206 with a part of the file, 304 and 416 without."""

    status: int
    part: Part

    @property
    def has_body(self) -> bool:
        return self.status in (200, 206)


def answer(headers: Mapping[str, str], size: int, etag: str) -> Answer:
    """How to answer a GET with these headers for a file of `size` bytes; `etag` is without quotes.

    A range that is not understood counts as none; one that begins beyond the end is 416.
    """
    whole = Part(0, size, size)
    if _matches(headers.get("If-None-Match", ""), etag):
        return Answer(304, whole)
    wanted = headers.get("Range", "")
    if not wanted or not _is_still(headers.get("If-Range", ""), etag):
        return Answer(200, whole)
    return _ranged(wanted, whole)


def _ranged(wanted: str, whole: Part) -> Answer:
    found = _RANGE.fullmatch(wanted)
    if not found or not (found[1] or found[2]):
        return Answer(200, whole)
    size = whole.size
    if not found[1]:  # the last n bytes
        start, stop = max(0, size - int(found[2])), size
    else:
        start = int(found[1])
        stop = min(size, int(found[2]) + 1 if found[2] else start + LONGEST_OPEN_PART)
        if found[2] and int(found[2]) < start:
            return Answer(200, whole)
    return Answer(206, Part(start, stop, size)) if start < stop else Answer(416, whole)


def _matches(header: str, etag: str) -> bool:
    """Whether the reader already holds this file (`If-None-Match` compares weakly)."""
    return header.strip() == "*" or any(tag == etag for _, tag in _TAG.findall(header))


def _is_still(header: str, etag: str) -> bool:
    """Whether the range is wanted of this very file. `If-Range` compares strongly; a date never matches."""
    return not header or header.strip() == f'"{etag}"'
