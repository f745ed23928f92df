"""The moment of this request, from the application's clock (which a test can set)."""

from __future__ import annotations

from datetime import datetime

from studyhub.web.services import clock


def now() -> datetime:
    """The time on the server, aware, in UTC."""
    return clock()()
