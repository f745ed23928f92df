"""What a member may see of a closed attempt, and when: the one place that decides it.

Every page, endpoint, export and notice that a member sees asks here. Leaders see marks, never papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Release(StrEnum):
    """When a part of the review is shown."""

    SUBMITTED = "submitted"
    CLOSED = "closed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """Of an exam: when its scores, its right answers (with each mark), and its explanations are shown."""

    score: Release = Release.SUBMITTED
    answers: Release = Release.CLOSED
    explanations: Release = Release.CLOSED


@dataclass(frozen=True, slots=True)
class Released:
    """What one member may see of one attempt now. Nothing is, while the attempt is open."""

    score: bool = False
    answers: bool = False
    explanations: bool = False

    @property
    def marks(self) -> bool:
        """Each question's mark: it tells the key apart, and all of them together are the score."""
        return self.score and self.answers

    @property
    def review(self) -> bool:
        """Whether there is a paper to look at again."""
        return self.answers or self.explanations


NOTHING = Released()


def closed_at(closes_at: datetime | None, last_accept_until: datetime | None) -> datetime | None:
    """When the exam is over for everyone: at its end, or when the last open attempt is.

    `last_accept_until` is the latest of the attempts that are still open, extra time included; until then
    a released key could reach somebody who is still writing. None: never.
    """
    if closes_at is None:
        return None
    return closes_at if last_accept_until is None else max(closes_at, last_accept_until)


def released(policy: ReviewPolicy, *, is_open: bool, over_at: datetime | None, now: datetime) -> Released:
    """What is shown now; `over_at` is the exam's `closed_at`."""
    if is_open:
        return NOTHING
    over = over_at is not None and now >= over_at

    def shown(when: Release) -> bool:
        return when is Release.SUBMITTED or (when is Release.CLOSED and over)

    return Released(shown(policy.score), shown(policy.answers), shown(policy.explanations))


def score_available_at(policy: ReviewPolicy, over_at: datetime | None) -> datetime | None:
    """When the score will be shown, as far as it is known: None is "never", or "once it is submitted"."""
    return over_at if policy.score is Release.CLOSED else None


def review_available_at(policy: ReviewPolicy, over_at: datetime | None) -> datetime | None:
    """When the review will open, as far as it is known: None is "never", or "once it is submitted"."""
    waits = Release.CLOSED in (policy.answers, policy.explanations)
    return over_at if waits else None
