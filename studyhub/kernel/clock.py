"""The one place that reads the time. Everything below the edge takes `now` as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The server's time, aware, in UTC."""
    return datetime.now(tz=UTC)
