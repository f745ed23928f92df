"""What must hold between the keys of an exam file: contradictions that no single value shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from studyhub.exams.file.schema import ExamFile
from studyhub.exams.release import Release
from studyhub.kernel.faults import Severity

Place = tuple[str | int, ...]
"""Where in the file, as keys and indices from the top."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fault that belongs at `place`."""

    place: Place
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR


def contradictions(file: ExamFile, zone: ZoneInfo, given: frozenset[str]) -> list[Contradiction]:
    """Everything that does not go together. `given` are the keys of `review` that the file itself has."""
    return [*_not_built_yet(file), *_times(file, zone), *_review(file, given), *_must(file)]


def _not_built_yet(file: ExamFile) -> Iterable[Contradiction]:
    """Keys that are part of the format and that this release cannot keep: better refused than ignored."""
    asked = {
        "avoid_seen": file.avoid_seen,
        "balance": file.balance is not None,
        "on_deadline": file.on_deadline != "submit",
        "rehearsal": file.rehearsal,
    }
    return (
        Contradiction((key,), "not_supported_yet", {"key": key}) for key, wanted in asked.items() if wanted
    )


def _times(file: ExamFile, zone: ZoneInfo) -> Iterable[Contradiction]:
    if file.minutes is None and file.closes is None:
        yield Contradiction((), "needs_minutes_or_closes")
    if file.opens and file.closes and _in(zone, file.opens) >= _in(zone, file.closes):
        yield Contradiction(("closes",), "closes_before_it_opens")


def _in(zone: ZoneInfo, moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _review(file: ExamFile, given: frozenset[str]) -> Iterable[Contradiction]:
    """What is released when the exam closes needs an end; by default it is only worth a warning."""
    if file.closes is not None:
        return
    waiting = [key for key in ("score", "answers", "explanations") if _waits(file, key)]
    for key in waiting:
        if key in given:
            yield Contradiction(("review", key), "review_needs_closes", {"key": key})
    if waiting and not given:
        yield Contradiction((), "review_never_opens", severity=Severity.WARNING)


def _waits(file: ExamFile, key: str) -> bool:
    return getattr(file.review, key) is Release.CLOSED


def _must(file: ExamFile) -> Iterable[Contradiction]:
    for number, section in enumerate(file.sections):
        for at, name in enumerate(section.must):
            bank, slash, _ = name.rpartition("/")
            place = ("sections", number, "must", at)
            if not slash and len(section.from_) > 1:
                yield Contradiction(place, "must_needs_bank", {"question": name, "banks": section.from_})
            elif slash and bank not in section.from_:
                yield Contradiction(place, "must_not_in_from", {"question": name, "bank": bank})
