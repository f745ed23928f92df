"""A slide script (YAML) → what the studio draws, or every fault in it with its place."""

from __future__ import annotations

import math
from decimal import Decimal

from studyhub.courses.course_keys import SCRIPT, SCRIPT_GRAMMAR, SLIDE
from studyhub.kernel.faults import Fault, in_reading_order
from studyhub.media.slides import Script, Slide
from studyhub.questions import source
from studyhub.questions.document import Node, Scalar
from studyhub.questions.fields import Fields, Flooded, Report, read_mapping
from studyhub.questions.syntax import read

SHORTEST_S, LONGEST_S = 2, 30
SHORTEST_VIDEO_S, LONGEST_VIDEO_S = 5, 300
MOST_LINES = 6
LONGEST_HEADING = 40
LONGEST_LINE = 60
# Captions are read, not heard: nobody reads more Chinese characters in a second.
FASTEST_READING = 9
_LETTERS_A_CHARACTER = 2.5


def check(data: bytes) -> tuple[Script | None, list[Fault]]:
    """The script of a video, when the file has no error; and its faults, top to bottom."""
    text, fault = source.decode(data)
    if fault:
        return None, [fault]
    reading = read(text, SCRIPT_GRAMMAR)
    report = Report(text, SCRIPT_GRAMMAR, list(reading.faults))
    slides: list[Slide] = []
    try:
        if reading.root is not None:
            slides = _slides(reading.root, report)
    except Flooded:
        report.faults.append(Fault("too_many_faults", params={"count": len(report.faults)}))
    faults = in_reading_order(report.faults)
    return None if any(fault.is_error for fault in faults) else Script(tuple(slides)), faults


def _slides(root: Node, report: Report) -> list[Slide]:
    fields = read_mapping(root, SCRIPT, report, "slides")
    nodes = fields.items("slides", required=True) if fields else None
    if fields is None or nodes is None:
        return []
    slides = [slide for node in nodes if (slide := _slide(node, report))]
    seconds = sum(slide.half_seconds for slide in slides) / 2
    if len(slides) == len(nodes) and not SHORTEST_VIDEO_S <= seconds <= LONGEST_VIDEO_S:
        report.error(
            "bad_video_length",
            fields.found["slides"][1],
            seconds=round(seconds),
            least=SHORTEST_VIDEO_S,
            most=LONGEST_VIDEO_S,
        )
    return slides


def _slide(node: Node, report: Report) -> Slide | None:
    fields = read_mapping(node, SLIDE, report, "slides")
    if fields is None:
        return None
    half_seconds = _half_seconds(fields)
    heading = _short(fields, "heading", LONGEST_HEADING)
    lines = _texts(fields, "lines", LONGEST_LINE)
    spoken = _texts(fields, "caption", 1000)
    if len(lines) > MOST_LINES:
        report.error("too_many_lines", fields.found["lines"][1], most=MOST_LINES)
    if half_seconds is None or heading is None:
        return None
    _check_pace(fields, spoken, half_seconds)
    return Slide(half_seconds, heading, tuple(lines), tuple(spoken))


def _half_seconds(fields: Fields) -> int | None:
    number = fields.number("seconds", required=True)
    if number is None:
        return None
    if not SHORTEST_S <= number <= LONGEST_S or number * 2 != int(number * 2):
        node = fields.found["seconds"][1]
        fields.report.error("bad_seconds", node, least=SHORTEST_S, most=LONGEST_S, value=str(number))
        return None
    return int(Decimal(2) * number)


def _short(fields: Fields, key: str, longest: int) -> str | None:
    text = fields.text(key, required=True)
    if text is not None and len(text) > longest:
        fields.report.error("too_long", fields.found[key][1], key=key, longest=longest)
    return text


def _texts(fields: Fields, key: str, longest: int) -> list[str]:
    """A text, or a list of texts."""
    node = fields.value(key)
    if node is None:
        return []
    nodes = [node] if isinstance(node, Scalar) else fields.items(key) or []
    texts = []
    for item in nodes:
        text = fields.report.text_of(item, key)
        if text is None:
            continue
        if len(text) > longest:
            fields.report.error("too_long", item, key=key, longest=longest)
        texts.append(text)
    return texts


def _check_pace(fields: Fields, spoken: list[str], half_seconds: int) -> None:
    characters = sum(_reading_length(text) for text in spoken)
    if characters * 2 > FASTEST_READING * half_seconds:
        needed = math.ceil(characters / FASTEST_READING)
        fields.report.warn("captions_too_fast", fields.found["caption"][1], needed=needed)
    elif not spoken:
        fields.report.warn("no_caption", fields.node)


def _reading_length(text: str) -> float:
    """In Chinese characters; the letters of a word are read together."""
    letters = sum(character.isascii() for character in text)
    return len(text) - letters + letters / _LETTERS_A_CHARACTER
