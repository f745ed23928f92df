"""A slide script drawn as pictures: a title and a few lines, calm, readable on a phone held at arm's length.

There is no speech: what would be said stands in the captions, so the lowest part of every picture is left
free for them. Lines appear one after another while their slide shows.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from studyhub.kernel.font import font_path
from studyhub.media import captions
from studyhub.media.captions import Cue

FRAMES_PER_SECOND = 2
WIDTH, HEIGHT = 640, 360

# The colours of the pages (web/static/css), on paper.
_GROUND, _PAPER, _LINE = "#f6f4f0", "#ffffff", "#e3ddd4"
_INK, _INK_2 = "#1d1b19", "#5c564f"
_RED, _SLATE, _TRACK = "#a4161a", "#36536e", "#e8e2d9"

_MARGIN = 40
_LINE_SIZES = {1: 32, 2: 29, 3: 26}
"""Few lines are written large."""
_SMALLEST = 15
_TEXT_WIDTH = WIDTH - 2 * _MARGIN
CAPTIONS = 88
"""Pixels at the bottom that nothing is drawn in: the captions, two lines of them on a phone, stand there."""
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”」』）)]*|[^。！？；!?;]+$|(?<=[a-z])\. ")
_CLAUSE = re.compile(r"[^，、：,]*[，、：,]+|[^，、：,]+$")
LONGEST_CUE = 40
_WORD = re.compile(r"[!-~]+ ?|.", re.DOTALL)
_NEVER_FIRST = "，。、；：？！）》”’」』…,.;:?!)%"


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture's worth: it shows for `half_seconds` halves of a second. `spoken` becomes captions."""

    half_seconds: int
    heading: str
    lines: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A micro-video: its slides in their order."""

    slides: tuple[Slide, ...]

    @property
    def half_seconds(self) -> int:
        return sum(slide.half_seconds for slide in self.slides)

    @property
    def duration_ms(self) -> int:
        return self.half_seconds * 500


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, and for how many frames it stands still."""

    picture: Image.Image
    frames: int


def cues(script: Script) -> list[Cue]:
    """What is said on each slide, cut into captions short enough to read."""
    found: list[Cue] = []
    start = 0
    for slide in script.slides:
        end = start + slide.half_seconds * 500
        pieces = [piece for text in slide.spoken for piece in _short(text)]
        if pieces:
            found += captions.timed(pieces, start, end)
        start = end
    return found


def shots(script: Script) -> Iterator[Shot]:
    """The pictures of the video, in order."""
    shown = 0
    for place, slide in enumerate(script.slides):
        is_cover = place == 0 and not slide.lines
        for visible, frames in _steps(slide):
            shown += frames
            picture, pen = _sheet(shown / script.half_seconds)
            if is_cover:
                _draw_cover(pen, slide.heading)
            else:
                _draw_slide(pen, slide, visible)
            yield Shot(picture, frames)


def _steps(slide: Slide) -> list[tuple[int, int]]:
    """How many lines are visible for how many frames: all of them by two thirds of the time."""
    count = len(slide.lines)
    if count <= 1 or slide.half_seconds < 2 * count:
        return [(count, slide.half_seconds)]
    step = max(1, slide.half_seconds * 2 // 3 // count)
    steps = [(visible, step) for visible in range(1, count)]
    return [*steps, (count, slide.half_seconds - step * (count - 1))]


def _sheet(share: float) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty picture with the part of the video that has passed drawn along its top edge."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 4), fill=_TRACK)
    pen.rectangle((0, 0, round(WIDTH * share), 4), fill=_RED)
    return picture, pen


def _draw_cover(pen: ImageDraw.ImageDraw, heading: str) -> None:
    font = _font(42)
    lines = wrapped(heading, font, _TEXT_WIDTH)
    # Above the middle: while a player shows its buttons, the captions stand higher.
    top = (HEIGHT - 2 * CAPTIONS - 60 * len(lines)) // 2 + 16
    pen.rectangle((_MARGIN, top - 22, _MARGIN + 56, top - 16), fill=_RED)
    for place, line in enumerate(lines):
        pen.text((_MARGIN, top + 60 * place), line, _INK, font, stroke_width=1, stroke_fill=_INK)


def _draw_slide(pen: ImageDraw.ImageDraw, slide: Slide, visible: int) -> None:
    font = _font(30)
    top = 34
    for line in wrapped(slide.heading, font, _TEXT_WIDTH):
        pen.text((_MARGIN, top), line, _INK, font, stroke_width=1, stroke_fill=_INK)
        top += 42
    if slide.lines:
        _draw_lines(pen, slide.lines, visible, top + 10)


def _draw_lines(pen: ImageDraw.ImageDraw, lines: Sequence[str], visible: int, top: int) -> None:
    """The lines on a card; those to come are left out, so that nobody reads ahead of the captions."""
    left, room = _MARGIN + 42, HEIGHT - CAPTIONS - 17 - top
    font, texts = _fitting(lines, WIDTH - _MARGIN - 18 - left, room)
    rows = sum(len(text) for text in texts)
    leading = min(round(font.size) * 8 // 5, room // rows)
    bottom = top + rows * leading + 16
    pen.rounded_rectangle((_MARGIN, top, WIDTH - _MARGIN, bottom), 12, _PAPER, _LINE)
    at = top + 8
    for place, text in enumerate(texts):
        if place < visible:
            _draw_line(pen, text, (left, at, leading), font, newest=place == visible - 1)
        at += len(text) * leading


def _fitting(lines: Sequence[str], width: int, room: int) -> tuple[ImageFont.FreeTypeFont, list[list[str]]]:
    """The largest font, and the lines wrapped in it, that leaves the captions their place."""
    for size in range(_LINE_SIZES.get(len(lines), 23), _SMALLEST, -1):
        texts = [wrapped(line, _font(size), width) for line in lines]
        if sum(len(text) for text in texts) * size * 13 // 10 <= room:
            break
    return _font(size), texts


def _draw_line(
    pen: ImageDraw.ImageDraw,
    text: Sequence[str],
    place: tuple[int, int, int],
    font: ImageFont.FreeTypeFont,
    *,
    newest: bool,
) -> None:
    """One line of the slide, which may wrap; `place` is left, top and leading in pixels."""
    left, top, leading = place
    middle = top + leading // 2
    pen.ellipse((left - 22, middle - 4, left - 14, middle + 4), fill=_RED if newest else _SLATE)
    for row, part in enumerate(text):
        pen.text((left, middle + row * leading), part, _INK if newest else _INK_2, font, anchor="lm")


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path()), size)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines no wider than `width` pixels: Chinese breaks anywhere but before a closing mark."""
    lines = [""]
    for word in _WORD.findall(" ".join(text.split())):
        line = lines[-1]
        if not line or font.getlength((line + word).rstrip()) <= width or word[0] in _NEVER_FIRST:
            lines[-1] = line + word
        else:
            lines.append(word)
    return [line.strip() for line in lines]


def _short(text: str) -> list[str]:
    """The text cut at the ends of sentences, and at commas where a sentence is long."""
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(" ".join(text.split())):
        for part in [sentence] if len(sentence) <= LONGEST_CUE else _CLAUSE.findall(sentence):
            joined = pieces[-1] + part if pieces else ""
            if joined and len(joined) <= LONGEST_CUE and not _ends_sentence(pieces[-1]):
                pieces[-1] = joined
            else:
                pieces.append(part)
    return [piece.strip() for piece in pieces if piece.strip()]


def _ends_sentence(piece: str) -> bool:
    return piece.rstrip("”」』）) ")[-1:] in "。！？；!?;"
