"""WebVTT captions: read and checked at import, shown by the player, and as a transcript below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studyhub.kernel.faults import Fault

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s+(.*))?", re.ASCII)
_LOOKS_LIKE_TIMING = re.compile(r".*-->.*")
# `00:00:01,500`: subtitles of another kind (SubRip) write a comma.
_COMMA_TIME = re.compile(r"\d\d:\d\d,\d{3}")
_TAG = re.compile(r"<[^>]*>")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": ""}
_ENTITY = re.compile("|".join(_ENTITIES))
_BLOCKS = ("NOTE", "STYLE", "REGION")
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said from `start_ms` to `end_ms`, as plain text."""

    start_ms: int
    end_ms: int
    text: str


def parse(text: str) -> tuple[list[Cue], list[Fault]]:
    """The cues of a WebVTT file in their order, and every fault of it with its line."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        return [], [Fault("no_webvtt_header", 1, 1, hint="begin_with_webvtt")]
    cues: list[Cue] = []
    faults: list[Fault] = []
    for first, block in _blocks(lines):
        if block[0].split(" ")[0].split("\t")[0] in _BLOCKS:
            continue
        cue = _cue(first, block, faults)
        if cue and cues and cue.start_ms < cues[-1].start_ms:
            faults.append(Fault("cue_out_of_order", first, 1))
        elif cue:
            cues.append(cue)
    if not cues and not faults:
        faults.append(Fault("no_cues", 1, 1))
    return cues, faults


def write(cues: Iterable[Cue]) -> str:
    """The same as a WebVTT file."""
    blocks = [f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{_escaped(cue.text)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def timed(texts: Sequence[str], start_ms: int, end_ms: int) -> list[Cue]:
    """The texts one after another, each as long as it takes to read: in proportion to its characters."""
    total = sum(len(text) for text in texts)
    cues, spoken = [], 0
    for text in texts:
        begins = start_ms + (end_ms - start_ms) * spoken // total
        spoken += len(text)
        cues.append(Cue(begins, start_ms + (end_ms - start_ms) * spoken // total, text))
    return cues


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The paragraphs after the header, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines[1:], ""], 2):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first: int, block: list[str], faults: list[Fault]) -> Cue | None:
    """The cue of a paragraph: an optional name, the times, the text. None after a fault."""
    at = 0 if _LOOKS_LIKE_TIMING.fullmatch(block[0]) or len(block) == 1 else 1
    timing = _TIMING.fullmatch(block[at])
    if not timing:
        hint = "point_not_comma" if _COMMA_TIME.search(block[at]) else "cue_times"
        faults.append(Fault("bad_cue_times", first + at, 1, hint=hint))
        return None
    start, end = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:8])
    if end <= start:
        faults.append(Fault("cue_ends_before_it_begins", first + at, 1))
        return None
    text = " ".join(_plain(line[:LONGEST_LINE]) for line in block[at + 1 :]).strip()
    if not text:
        faults.append(Fault("empty_cue", first + at, 1))
        return None
    return Cue(start, end, text)


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _plain(line: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], _TAG.sub("", line))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
