"""The records of a workbook from before Excel 2007, without those that only cost: names of ranges.

xlrd evaluates the formula of each name, for whoever asks for names; nobody here does, and a small file holds
a hundred thousand of them. Their records are told to be of no kind that it knows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TextIO

from xlrd import compdoc

from studyhub.kernel.errors import Unreadable

MOST_RECORDS = 100_000
"""Before the first sheet: formats, fonts and styles have thousands at most, and texts 8 kB each."""
_MOST_OF_ANCIENT = 1_000_000
"""Before Excel 5 the cells are among them."""

_NAMES = frozenset({0x18, 0x218, 0x23, 0x223})
_UNKNOWN = b"\xfe\x00"
_END = 0x0A
_BEGINS = b"\x09\x08"
_STREAMS = ("Workbook", "Book")


def without_names(data: bytes, silence: TextIO) -> bytes:
    """The workbook as xlrd takes it; as it is, where it has no names. Raises Unreadable."""
    records, start, length = _stream(data, silence)
    names = list(_names(records, start, start + length))
    if not names:
        return data
    bare = bytearray(records[start : start + length])
    for at in names:
        bare[at - start : at - start + 2] = _UNKNOWN
    return bytes(bare)


def _names(records: bytes, at: int, end: int) -> Iterator[int]:
    """Where the records of names begin, up to the end of what is said of the book as a whole."""
    most = MOST_RECORDS if records[at : at + 2] == _BEGINS else _MOST_OF_ANCIENT
    for _ in range(most):
        if at + 4 > end:
            return
        kind, length = struct.unpack_from("<HH", records, at)
        if kind == _END:
            return
        if kind in _NAMES:
            yield at
        at += 4 + length
    raise Unreadable("too_many_elements")


def _stream(data: bytes, silence: TextIO) -> tuple[bytes, int, int]:
    """The records: what they lie in, from where, and how many bytes."""
    if not data.startswith(compdoc.SIGNATURE):
        return data, 0, len(data)
    container = compdoc.CompDoc(data, logfile=silence)
    for name in _STREAMS:
        found, start, length = container.locate_named_stream(name)
        if found:
            return found, start, length
    raise Unreadable("broken_workbook")
