"""The bytes of a text file from any system → text: UTF-8 with or without a mark, GB18030, UTF-16."""

from __future__ import annotations

import codecs
import re

from studyhub.kernel.errors import Unreadable
from studyhub.questions import source

LARGEST = source.LARGEST
MOST_CHARACTERS = 3_000_000
MOST_LINES = 250_000
"""Of a text that is read sentence by sentence: about 20,000 questions, which take seconds and not minutes."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANK = b"".join(
    [*(mark for mark, _encoding in _MARKS), b"\0 \t\n\r\v\f", "\u3000\u00a0".encode(), b"\xa1\x30"]
)
"""Every byte of a text that shows nothing, in these encodings."""
# What no text needs. Found in a file, it is a program or a picture, or somebody's trick.
_UNTYPED = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# What a text may hold in other formats and not in a bank file: removed, never refused.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def is_blank(data: bytes) -> bool:
    """Whether a text says nothing: there is at most the mark of its encoding, and blanks."""
    if data.strip(_BLANK):
        return False
    try:
        return not decode(data).strip()
    except Unreadable:
        return False


def prose(data: bytes) -> str:
    """The same of a file that is read sentence by sentence. Raises Unreadable when it is too long for it."""
    text = decode(data)
    if is_too_long(text):
        raise Unreadable("too_much_text", characters=MOST_CHARACTERS, lines=MOST_LINES)
    return text


def is_too_long(text: str) -> bool:
    """Whether it is more than is read sentence by sentence."""
    return len(text) > MOST_CHARACTERS or text.count("\n") >= MOST_LINES


def decode(data: bytes) -> str:
    """The text, its lines ended by `\\n`. Raises Unreadable with the line for what is in none of these."""
    if len(data) > LARGEST:
        raise Unreadable("too_large_file", bytes=len(data), largest=LARGEST)
    text = _decoded(data)
    untyped = _UNTYPED.search(text)
    if untyped:
        line, column = source.position(text, untyped.start())
        character = f"U+{ord(untyped[0]):04X}"
        raise Unreadable("control_character", line=line, column=column, character=character)
    return _one_line_end(text)


def without_unseen(text: str) -> str:
    """The text without characters that a bank file does not take."""
    return _UNSEEN.sub("", _one_line_end(text).replace("\u2028", "\n").replace("\u2029", "\n"))


def _one_line_end(text: str) -> str:
    # A regular expression would hold every line of a file of nothing but line ends at once.
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def strictly(data: bytes, encoding: str) -> str:
    """The text in this encoding. Raises Unreadable with the line."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start) from error


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return strictly(data, encoding)
    wide = _utf16_without_mark(data)
    if wide:
        return strictly(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise _undecodable(data, error.start) from error
        return _as_gb18030(data, error.start)


def _as_gb18030(data: bytes, first_bad: int) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        # Whichever reading got further was probably meant.
        raise _undecodable(data, max(first_bad, error.start)) from error


def _undecodable(data: bytes, start: int) -> Unreadable:
    before = data[:start]
    line = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
    return Unreadable("undecodable", line=line)


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII is good UTF-8: read as GB18030 it would be quiet nonsense."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    return good > 4 * bad


def _utf16_without_mark(data: bytes) -> str:
    """The byte order of UTF-16 text: read the right way round, far more of it is ASCII (blanks, digits).

    Not all of it is so that way alone: 一 read the wrong way round is N. The room before a paragraph would be
    0, which is often there and counts neither way.
    """
    head = data[: 4096 - len(data) % 2]
    if not head.count(0):
        return ""
    little, big = (_ascii_units(head[low::2], head[1 - low :: 2]) for low in (0, 1))
    if max(little, big) < 2 or min(little, big) * 2 >= max(little, big):
        return ""
    return "utf-16-le" if little > big else "utf-16-be"


def _ascii_units(low: bytes, high: bytes) -> int:
    return sum(
        other == 0 and one != ord("0") and (one >= 32 or one in b"\t\r\n")
        for one, other in zip(low, high, strict=False)
    )
