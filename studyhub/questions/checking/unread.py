"""What could not be read of a file of another format, reported beside what the checker says of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.faults import Fault
from studyhub.questions import wording
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats.conversion import Admitted, located
from studyhub.questions.formats.exchange import Place, Skipped
from studyhub.questions.formats.wording import offending, place, place_of, reason, refusal

_NUMBERED = ("row", "line")
"""Places that a person counts in the file itself."""


def fault(skipped: Skipped) -> Fault:
    """It as an error of the file: in the row and column of its sheet, or the line of its text."""
    where = skipped.place
    line = where.at if where.kind in _NUMBERED else 0
    return Fault(skipped.code, line, _column(where) if line else 0, skipped.params)


def sentence(skipped: Skipped) -> str:
    """Where it stands, and why it could not be read."""
    return f"{place(skipped.place)}: {reason(skipped)}"


def report(files: Iterable[tuple[str, Checked, Admitted | None]]) -> dict[str, Any]:
    """What came of checking these files, each with its path: see `wording.report`. What could not be read of
    one of another format counts as an error."""
    listed = list(files)
    made = wording.report(
        [(path, located(checked, admitted)) for path, checked, admitted in listed], place_of
    )
    for told, (_path, _checked, admitted) in zip(made["files"], listed, strict=True):
        if admitted:
            errors = _as_json(admitted.unread)
            told["faults"] = [*errors, *told["faults"]]
            made["errors"] += len(errors)
    return made


def whole(trouble: Unreadable) -> dict[str, Any]:
    """A file that cannot be read at all, as one error of it."""
    said = {"line": 0, "column": 0, "severity": "error", "code": trouble.code, "message": refusal(trouble)}
    return {**said, "hint": None, "question": None, "text": ""}


def _as_json(skipped: Sequence[Skipped]) -> list[dict[str, Any]]:
    return [
        {
            "line": (found := fault(one)).line,
            "column": found.column,
            "severity": found.severity.value,
            "code": found.code,
            "message": sentence(one),
            "hint": None,
            "question": one.place.name or None,
            "item": place(one.place),
            "text": offending(one),
        }
        for one in skipped
    ]


def _column(where: Place) -> int:
    """The number of a column that Excel calls `A` or `AB`; 1 where no cell is meant."""
    number = 0
    for letter in where.cell.column if where.cell else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number or 1
