"""What a table file is to us: numbered rows of text, whatever program wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.faults import Fault, Severity

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 64
MOST_COLUMNS = 80  # of a workbook, read so that one that is too wide is told
MAX_CELL = 2_000

# What people paste around a value without seeing it: blanks of every width, and marks of no width.
UNSEEN = " \t\r\n\f\v\u00a0\u2002\u2003\u2009\u3000\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Row:
    """One row with anything in it. `number` is what Excel or an editor shows beside it, from 1.

    `unreadable` maps a cell's index to why its value is not what the person typed.
    """

    number: int
    cells: tuple[str, ...]
    unreadable: Mapping[int, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return not any(self.cells) and not self.unreadable


def cell_fault(
    row: int, header: str | None, code: str, params: Mapping[str, Any] | None = None, *, warning: bool = False
) -> Fault:
    """What is wrong in one row, under the column called `header` (None: the whole row; row 0: the file)."""
    named = {**(params or {}), **({"header": header} if header else {})}
    return Fault(code, line=row, params=named, severity=Severity.WARNING if warning else Severity.ERROR)


def file_fault(refused: Unreadable) -> Fault:
    """Why the file as a whole cannot be read, as the one fault that it has."""
    return cell_fault(0, None, refused.code, refused.params)


def tidy(text: str) -> str:
    """A cell's text without what surrounds it unseen."""
    return text.strip(UNSEEN)
