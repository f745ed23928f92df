"""The bytes of a file that somebody wrote by hand → text, or the fault that says how to save it."""

from __future__ import annotations

import codecs
import re

from studyhub.kernel.faults import Fault

LARGEST = 32 * 1024 * 1024
"""Bytes; a bank of 50,000 questions is about 24 MB."""

_OTHER_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What no keyboard types: control characters, and separators that editors do not count as line breaks.
_UNTYPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]|(?<=.)\ufeff", re.S
)
_LINE_END = re.compile("\r\n|\r|\n")


def decode(data: bytes) -> tuple[str, Fault | None]:
    """The text of a UTF-8 file and what is wrong with it, if anything.

    A byte-order mark is dropped, and lines end with `\\n` whatever system they were written on.
    """
    if len(data) > LARGEST:
        return "", Fault("too_large", params={"bytes": len(data), "largest": LARGEST})
    if data.startswith(_OTHER_BOMS):
        return "", Fault("not_utf8", 1, 1, {"encoding": "UTF-16"}, "save_as_utf8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", _undecodable(data, error.start)
    untyped = _UNTYPED.search(text)
    if untyped:
        line, column = position(text, untyped.start())
        return "", Fault("bad_character", line, column, {"character": f"U+{ord(untyped[0]):04X}"})
    return _LINE_END.sub("\n", text), None


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column (1-based, in characters) of the character at `index`."""
    # Counted without a copy: a hostile file may be nothing but line ends.
    ends = (text.count(end, 0, index) for end in ("\n", "\r"))
    line = sum(ends) - text.count("\r\n", 0, index) + 1
    last = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index))
    return line, index - last


def lines(text: str) -> list[str]:
    """The lines of a decoded text, without their ends."""
    return text.split("\n")


def _undecodable(data: bytes, start: int) -> Fault:
    before = data[:start].decode("utf-8-sig", errors="ignore")
    line, column = position(before, len(before))
    try:
        data.decode("gb18030")
        encoding = "GB18030"
    except UnicodeDecodeError:
        encoding = ""
    return Fault("not_utf8", line, column, {"encoding": encoding}, "save_as_utf8")
