"""What a cell of a workbook says, and whether that is what the person typed."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from studyhub.organization.sheets.sheet import MAX_CELL, tidy

EXACT_INTEGER = 10**15
"""Excel keeps 15 digits of a number: a longer one is no longer what was typed."""

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_PERCENT = re.compile(r"0(?:\.0{1,10})?%")
_ZEROS = re.compile(r"0{2,20}")


def cell_text(value: Any, number_format: str | None = None) -> tuple[str, str | None]:
    """What a person sees in the cell, and why that is not what they typed (or None)."""
    if value is None:
        return "", None
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), None
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    if isinstance(value, datetime | date | time | timedelta):
        return "", "date_value"
    text = tidy(str(value))
    if text in _ERRORS:
        return "", "error_value"
    if len(text) > MAX_CELL:
        return "", "long_value"
    return text, None


def _number_text(value: int | float, number_format: str | None) -> tuple[str, str | None]:
    if not math.isfinite(value) or abs(value) >= EXACT_INTEGER:
        return "", "digits_lost"
    if number_format and _PERCENT.fullmatch(number_format):
        # `50%` is how Excel shows 0.5 to the person who typed 50%.
        shown = (Decimal(repr(value)) * 100).quantize(Decimal("1e-10")).normalize()
        return f"{shown:f}%", None
    if value != int(value):
        return repr(value), None
    text = str(int(value))
    # A format of zeros such as 00000 is how Excel shows 00123 for the number 123.
    if number_format and _ZEROS.fullmatch(number_format):
        text = text.zfill(len(number_format))
    return text, None
