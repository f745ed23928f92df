"""What a question of any type may say: its points, its difficulty, its tags, and what it rests on."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from studyhub.kernel.points import Points, exactly
from studyhub.questions.bank import DEFAULT_POINTS
from studyhub.questions.bank_keys import SOURCE, SPOKEN_DIFFICULTIES
from studyhub.questions.difficulty import FACILITY, Band
from studyhub.questions.document import Scalar
from studyhub.questions.fields import NUMBER, Fields

BANDS = tuple(band.value for band in Band)
MOST_POINTS = 1000
MOST_TAGS = 50


def read_points(fields: Fields) -> Points:
    number = fields.number("points")
    if number is None:
        return DEFAULT_POINTS
    try:
        points = exactly(number)
    except ValueError:
        points = Points(0)
    if not 0 < points <= MOST_POINTS * 100:
        fields.report.error("bad_points", fields.found["points"][1], "points_like", most=MOST_POINTS)
    return points


def read_facility(fields: Fields) -> int:
    """The facility in ten-thousandths, of a word or of a number between 0 and 1."""
    node = fields.value("difficulty")
    if node is None:
        return FACILITY[Band.MEDIUM]
    word = node.value.strip() if isinstance(node, Scalar) else ""
    if word[:1].isdigit() or word[:1] in ".+-":
        facility = _in_ten_thousandths(word)
        if facility is None:
            fields.report.error("bad_facility", node, "one_of", value=word, known=BANDS)
            return FACILITY[Band.MEDIUM]
        return facility
    return FACILITY[Band(fields.choice("difficulty", BANDS, SPOKEN_DIFFICULTIES) or Band.MEDIUM)]


def _in_ten_thousandths(word: str) -> int | None:
    """A share of one; None when it is none. What is finer is cut off, so that 0.74999 stays below easy."""
    text = unicodedata.normalize("NFKC", word)
    share = Decimal(text) if NUMBER.fullmatch(text) else Decimal(-1)
    return int(share.scaleb(4)) if 0 <= share <= 1 else None


def read_tags(fields: Fields, defaults: Fields | None) -> tuple[str, ...]:
    """The default's tags, then the question's own."""
    tags: dict[str, None] = {}
    own = fields.found.get("tags")
    inherited = defaults.found.get("tags") if defaults else None
    for pair in (inherited, own if own is not inherited else None):
        if pair is None:
            continue
        fields.found["tags"] = pair
        for node in fields.items("tags") or ():
            tag = fields.report.text_of(node, "tags")
            if tag:
                tags[tag] = None
            elif isinstance(node, Scalar):
                fields.report.error("empty_value", node, key="tags")
    if len(tags) > MOST_TAGS:
        fields.report.error("too_many_tags", fields.found["tags"][1], most=MOST_TAGS)
    return tuple(tags)


def read_source(fields: Fields) -> dict[str, str]:
    inner = fields.mapping("source", SOURCE)
    if inner is None:
        return {}
    return {key: text for key in ("document", "article", "version") if (text := inner.text(key))}
