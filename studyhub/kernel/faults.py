"""What is wrong with a file that somebody wrote: every mistake at once, each with its place.

A fault says *what* by a stable code and parameters; its sentence is made at the edge, in the reader's
language. Checkers gather faults and never stop at the first.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

PLACE = "place"
"""The parameter that says where in a file of another format a fault is: no part of its sentence."""


class Severity(StrEnum):
    """An error keeps the file out; a warning is advice."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file.

    `line` and `column` are 1-based, in characters, at the offending value; 0 where the whole file is meant.
    `hint` is the code of a second sentence, made from the same `params`, that says what to do; "" is none.
    `subject` is the item of the file that it concerns: a question's id, a member's number.
    """

    code: str
    line: int = 0
    column: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""
    severity: Severity = Severity.ERROR
    subject: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def about(self, subject: str | None) -> Fault:
        """The same fault, said of this item of the file."""
        return replace(self, subject=subject)


def any_error(faults: Iterable[Fault]) -> bool:
    """Whether the file must stay out."""
    return any(fault.is_error for fault in faults)


def in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """Top to bottom, then left to right; what was found first stays first at one place."""
    return sorted(faults, key=lambda fault: (fault.line, fault.column))


def told_once(faults: Iterable[Fault]) -> list[list[Fault]]:
    """Warnings that say the same of several places together, where the first of them stands; every error
    alone, for each must be put right."""
    together: dict[object, list[Fault]] = {}
    for at, fault in enumerate(faults):
        told = sorted((key, repr(value)) for key, value in fault.params.items() if key != PLACE)
        key = at if fault.is_error else (fault.code, fault.hint, tuple(told))
        together.setdefault(key, []).append(fault)
    return list(together.values())


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant, or None when nothing is close."""
    close = difflib.get_close_matches(word.strip().lower(), known, n=1, cutoff=0.6)
    return close[0] if close else None
