"""How far a member is with a paper, and how each question of a reviewed one went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from studyhub.exams.attempts.delivery import OpenAttempt
from studyhub.exams.saving import Stored


def is_answered(answer: Any) -> bool:
    """Whether anything was given: blanks of white space are nothing."""
    if isinstance(answer, list):
        return any(text.strip() for text in answer)
    return bool(answer.strip()) if isinstance(answer, str) else answer is not None


def open_positions(attempt: OpenAttempt) -> list[int]:
    """The positions that are not answered yet, in the paper's order."""
    return [asked.position for asked in attempt.questions if not _has(attempt.answers, asked.position)]


def last_saved_at(attempt: OpenAttempt) -> datetime | None:
    """When the newest of the stored answers was saved."""
    return max((stored.saved_at for stored in attempt.answers.values()), default=None)


def verdict(reviewed: Mapping[str, Any]) -> str:
    """`right`, `part`, `wrong` or `unanswered`, of a reviewed question; empty while no mark is released."""
    mark = reviewed.get("mark")
    if mark is None:
        return ""
    if mark == reviewed["points"]:
        return "right"
    if mark:
        return "part"
    return "wrong" if is_answered(reviewed["answer"]) else "unanswered"


def mates(questions: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> list[int]:
    """The positions of the questions about the same passage."""
    group = asked["group"]
    return [each["position"] for each in questions if group and each["group"] == group]


def _has(answers: Mapping[int, Stored], position: int) -> bool:
    return position in answers and is_answered(answers[position].answer)
