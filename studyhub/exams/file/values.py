"""The values of an exam file beyond those that a bank has: percentages, moments, lists of one or more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from studyhub.kernel.points import Points, exactly
from studyhub.questions.document import Node, Scalar, Sequence
from studyhub.questions.fields import SLUG, Fields

MOST_POINTS = Points(100_000)
YEARS = range(1900, 3000)
"""Beyond these a moment cannot be moved by a time zone, or a deadline's minutes, and still be one."""
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*%", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_BRANCH_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    """A text of a list, and where it stands."""

    text: str
    node: Node


def whole(fields: Fields, key: str, most: int, *, required: bool = False) -> int | None:
    """A whole number from 1 to `most`."""
    number = fields.number(key, required=required)
    if number is None:
        return None
    if number != number.to_integral_value() or not 1 <= number <= most:
        fields.report.error("not_whole", fields.found[key][1], key=key, least=1, most=most)
        return None
    return int(number)


def percentage(fields: Fields, key: str) -> Fraction | None:
    """A share of one, written as `40%` or `33.33%`."""
    node = fields.value(key)
    if node is None:
        return None
    text = unicodedata.normalize("NFKC", node.value).strip() if isinstance(node, Scalar) else ""
    found = _PERCENT.fullmatch(text)
    share = Fraction(Decimal(found[1])) / 100 if found else None
    if share is None or share > 1:
        fields.report.error("not_a_percentage", node, "write_percent", key=key, value=text)
        return None
    return share


def moment(fields: Fields, key: str, zone: ZoneInfo) -> datetime | None:
    """A day and a time; without a zone it is the organisation's.

    A day alone is refused: `closes: 2026-12-31` would end the exam when that day begins.
    """
    node = fields.value(key)
    if node is None:
        return None
    text = node.value.strip() if isinstance(node, Scalar) else ""
    try:
        written = datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        fields.report.error("not_a_moment", node, "write_moment", key=key, value=text)
        return None
    if written.year not in YEARS:
        fields.report.error("not_a_moment", node, "check_year", key=key, value=text)
        return None
    return written if written.tzinfo else written.replace(tzinfo=zone)


def points(fields: Fields, key: str) -> Points | None:
    """Points above zero with at most two decimals."""
    number = fields.number(key)
    if number is None:
        return None
    try:
        worth = exactly(number)
    except ValueError:
        worth = Points(0)
    if not 0 < worth <= MOST_POINTS:
        fields.report.error("bad_points", fields.found[key][1], key=key, most=MOST_POINTS // 100)
        return None
    return worth


def words(fields: Fields, key: str, *, required: bool = False) -> list[Word]:
    """One text or a list of them; each that is no text, or there twice, is a fault."""
    node = fields.value(key, required=required)
    if node is None:
        return []
    found: list[Word] = []
    for item in node.items if isinstance(node, Sequence) else [node]:
        text = fields.report.text_of(item, key)
        if text is None:
            if isinstance(item, Scalar):
                fields.report.error("empty_value", item, key=key)
        elif any(word.text == text for word in found):
            fields.report.error("listed_twice", item, key=key, value=text)
        else:
            found.append(Word(text, item))
    return found


def slugs(fields: Fields, key: str) -> list[str]:
    """A required list of identities of banks."""
    return _checked(fields, key, words(fields, key, required=True), SLUG.fullmatch, "bad_slug")


def branch_codes(fields: Fields, key: str) -> list[str]:
    """A list of branch codes."""
    return _checked(fields, key, words(fields, key), _BRANCH_CODE.fullmatch, "bad_branch_code")


def _checked(
    fields: Fields, key: str, given: list[Word], fits: Callable[[str], object], code: str
) -> list[str]:
    for word in given:
        if not fits(word.text):
            fields.report.error(code, word.node, key=key, value=word.text, meant="")
    return [word.text for word in given]


def chosen(fields: Fields, key: str, known: Iterable[str], spoken: dict[str, str]) -> list[str]:
    """Some of a few words."""
    allowed = tuple(known)
    given = words(fields, key)
    for word in given:
        if word.text not in allowed:
            fields.unknown_word(word.node, key, allowed, spoken)
    return [word.text for word in given if word.text in allowed]
