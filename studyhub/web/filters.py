"""How moments and amounts are written for people. Every moment is shown in the organisation's time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from flask import Flask
from markupsafe import Markup

from studyhub.kernel.points import Points, to_text
from studyhub.web import tables
from studyhub.web.clock import now
from studyhub.web.i18n import gettext, language, ngettext
from studyhub.web.services import settings

_TAG = re.compile("<[^>]*>")
_CHINESE = re.compile("[\u3400-\u9fff]")
_FINEST = 1_000_000
"""The largest whole that a percentage is read of: the share 0.29 is a float a little below 29 of 100."""


def init(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters["local_datetime"] = _in_one_piece(local_datetime)
    app.jinja_env.filters["local_date"] = _in_one_piece(local_date)
    for function in (
        local_time,
        until,
        percent,
        points,
        filesize,
        duration,
        clocked,
        in_language,
        in_its_language,
        lang_attribute,
        worth,
        tables.is_wide,
        tables.row_by_row,
    ):
        app.jinja_env.filters[function.__name__] = function


def _in_one_piece(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """The same as a <time>, which programs can read and no narrow screen breaks in two."""

    def written(moment: datetime | date | None) -> str:
        if moment is None:
            return ""
        return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), write(moment))

    return written


def worth(points: Any) -> str:
    """`1 point`, `2.5 points`: a number of points as it is written."""
    return gettext("1 point") if str(points) == "1" else gettext("%(points)s points", points=points)


def local_datetime(moment: datetime | None) -> str:
    """`11月25日 14:03`, with the year when it is not this one; `` for None."""
    return "" if moment is None else f"{local_date(moment)} {local_time(moment)}"


def local_date(moment: datetime | date | None) -> str:
    """`11月25日`, with the year when it is not this one; `` for None."""
    if moment is None:
        return ""
    day = _local(moment).date() if isinstance(moment, datetime) else moment
    this_year = day.year == _local(now()).year
    if language() == "zh":
        return f"{day.month}月{day.day}日" if this_year else f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%b}" if this_year else f"{day.day} {day:%b} {day.year}"


def local_time(moment: datetime | None) -> str:
    """`14:03`."""
    return "" if moment is None else f"{_local(moment):%H:%M}"


def until(moment: datetime | None) -> str:
    """How long there still is: `3 天后`, `5 小时后`, `已过` for what has passed; days are calendar days."""
    if moment is None:
        return ""
    left = moment - now()
    if left <= timedelta(0):
        return gettext("past")
    days = (_local(moment).date() - _local(now()).date()).days
    if left >= timedelta(hours=24) and days:
        return ngettext("in %(num)s day", "in %(num)s days", days)
    minutes = max(1, int(left.total_seconds() // 60))
    if minutes >= 60:
        return ngettext("in %(num)s hour", "in %(num)s hours", minutes // 60)
    return ngettext("in %(num)s minute", "in %(num)s minutes", minutes)


def percent(part: float, whole: float = 1) -> str:
    """`part` of `whole` as a percentage, rounded down: 99.9 % is never shown as 100 %, and 0.29 is 29 %."""
    if not whole:
        return "–"
    return f"{int(Fraction(part / whole).limit_denominator(_FINEST) * 100)}%"


def points(value: Points | None) -> str:
    """Hundredths of a point as people write them: `2.5`; `–` for None."""
    return "–" if value is None else to_text(value)


def filesize(size: int) -> str:
    """Bytes as `820 KB` or `3.4 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def duration(seconds: float) -> str:
    """`1 分 20 秒`, `45 秒`, `30 分钟`, `2 小时 5 分`."""
    total = round(seconds)
    hours, minutes, rest = total // 3600, total % 3600 // 60, total % 60
    if hours:
        return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    if minutes and rest:
        return gettext("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
    if minutes:
        return gettext("%(minutes)s min", minutes=minutes)
    return gettext("%(seconds)s s", seconds=rest)


def clocked(seconds: float) -> str:
    """As a player shows it, whole seconds that have passed: `2:40`, `1:02:05`."""
    total = int(seconds)
    hours, minutes, rest = total // 3600, total % 3600 // 60, total % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_language(text: str, spoken: str) -> str:
    """Text of the content; what is not in the page's language names its own, to be read aloud rightly."""
    return text if spoken == language() else Markup('<span lang="{}">{}</span>').format(spoken, text)


def in_its_language(text: str) -> str:
    """As `in_language`, of a text that nobody said the language of: its script tells Chinese from English."""
    spoken = _script(text)
    return in_language(text, spoken) if spoken else text


def lang_attribute(html: str) -> str:
    """The same for the element that holds rendered text: what its tag says of the language, or nothing."""
    spoken = _script(_TAG.sub("", html))
    return Markup(' lang="{}"').format(spoken) if spoken and spoken != language() else ""


def _script(text: str) -> str | None:
    if _CHINESE.search(text):
        return "zh"
    return "en" if re.search("[A-Za-z]", text) else None


def _local(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(settings().zone)
