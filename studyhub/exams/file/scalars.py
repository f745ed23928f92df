"""The small values of an exam file, each read from the text that a person writes.

An error is a `PydanticCustomError` whose type is the fault's code.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from studyhub.kernel import points

SLUG = r"^[a-z0-9-]{1,64}$"
UNLIMITED = "unlimited"
CODE = r"^[A-Za-z0-9._-]{1,64}$"
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*[%％]")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?")


def _percent(value: Any) -> Fraction:
    """A share of one, from a text such as `40%` or `33.33%`."""
    if isinstance(value, Fraction):
        return value
    found = _PERCENT.fullmatch(str(value).strip())
    if found is None:
        raise PydanticCustomError("not_a_percentage", "not a percentage", {"value": str(value)})
    share = Fraction(Decimal(found[1])) / 100
    if share > 1:
        raise PydanticCustomError("over_hundred_percent", "over 100 %", {"value": str(value)})
    return share


def percent_text(share: Fraction) -> str:
    """A share of one as the file says it: `40%`."""
    percent = Decimal((share * 10000).numerator) / 100
    return f"{percent.normalize():f}%"


def _points(value: Any) -> points.Points:
    """Points above zero with at most two decimals."""
    try:
        worth = points.exactly(str(value).strip())
    except ValueError:
        raise PydanticCustomError("not_points", "not a number of points", {"value": str(value)}) from None
    if not 0 < worth <= 100_000:
        raise PydanticCustomError("points_out_of_range", "out of range", {"value": str(value)})
    return worth


def _moment(value: Any) -> datetime:
    """A day and a time; without a zone it is the organisation's.

    A day alone is refused: `closes: 2026-12-31` would end the exam when that day begins.
    """
    if isinstance(value, datetime):
        return value
    text = str(value).strip()
    try:
        if _MOMENT.fullmatch(text) is None:
            raise ValueError(text)
        return datetime.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("not_a_moment", "not a day and time", {"value": text}) from None


def moment_text(moment: datetime) -> str:
    """As the file says it: to the minute where that is exact."""
    exact = "minutes" if moment.second == moment.microsecond == 0 else "auto"
    return moment.isoformat(sep=" ", timespec=exact)


def _attempts(value: Any) -> int | str:
    """A number of attempts, or `unlimited`."""
    text = str(value).strip()
    if text != UNLIMITED and not (text.isdecimal() and 1 <= int(text) <= 1000):
        raise PydanticCustomError("not_attempts", "not a number of attempts", {"value": text})
    return text if text == UNLIMITED else int(text)


def _listed(value: Any) -> Any:
    """One value is a list of one: `from: cyber-hygiene`."""
    return value if isinstance(value, (list, tuple)) else [value]


def _distinct(values: list[str]) -> list[str]:
    twice = next((value for at, value in enumerate(values) if value in values[:at]), None)
    if twice is not None:
        raise PydanticCustomError("listed_twice", "listed twice", {"value": twice})
    return values


Percent = Annotated[
    Fraction,
    BeforeValidator(_percent),
    PlainSerializer(percent_text),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,3}(\.\d{1,2})?\s*%$"}),
]
SectionPoints = Annotated[
    int,
    BeforeValidator(_points),
    PlainSerializer(lambda worth: points.to_text(points.Points(worth))),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1000, "multipleOf": 0.01}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(moment_text),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}"}),
]
Attempts = Annotated[
    int | str,
    BeforeValidator(_attempts),
    WithJsonSchema({"oneOf": [{"type": "integer", "minimum": 1, "maximum": 1000}, {"const": UNLIMITED}]}),
]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
BranchCode = Annotated[str, StringConstraints(pattern=CODE)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
OneOrMore = BeforeValidator(_listed)
Distinct = AfterValidator(_distinct)
