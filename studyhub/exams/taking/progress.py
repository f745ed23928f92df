"""How far a member is with a paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from studyhub.exams.attempts.delivery import OpenAttempt
from studyhub.exams.saving import Stored


def is_answered(answer: Any) -> bool:
    """Whether anything was given: blanks of white space are nothing."""
    if isinstance(answer, list):
        return any(text.strip() for text in answer)
    return answer is not None


def open_positions(attempt: OpenAttempt) -> list[int]:
    """The positions that are not answered yet, in the paper's order."""
    return [asked.position for asked in attempt.questions if not _has(attempt.answers, asked.position)]


def last_saved_at(attempt: OpenAttempt) -> datetime | None:
    """When the newest of the stored answers was saved."""
    return max((stored.saved_at for stored in attempt.answers.values()), default=None)


def _has(answers: Mapping[int, Stored], position: int) -> bool:
    return position in answers and is_answered(answers[position].answer)
