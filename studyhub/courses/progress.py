"""How far somebody has come in a lesson, as a value; and when a lesson counts as completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studyhub.courses.coverage import Coverage, length
from studyhub.courses.states import LessonKind

THOUSAND = 1000
STEP_MS = 5_000
NEARLY_ALL = 950
"""Of a text, in thousandths: the last lines are read without scrolling to the very end."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a lesson asks for: how long it takes, and the share (percent) that must be covered."""

    kind: LessonKind
    duration_ms: int
    minimum: int

    @property
    def needed_ms(self) -> int:
        """How much must be covered."""
        return -(-self.duration_ms * self.minimum // 100)


@dataclass(frozen=True, slots=True)
class Progress:
    """`reached` is how far down a text was read, in thousandths; a video leaves it at nought."""

    seq: int = -1
    intervals: Coverage = ()
    position_ms: int = 0
    reached: int = 0
    completed_at: datetime | None = None

    @property
    def covered_ms(self) -> int:
        return length(self.intervals)

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None

    def missing_ms(self, measure: Measure) -> int:
        """How long there still is: of a video what was not seen, of a text what completes it, in steps of
        five seconds and never none: its reader may not be at the end. The page of the text says the same."""
        if measure.kind is LessonKind.VIDEO:
            return max(0, measure.duration_ms - self.covered_ms)
        return max(STEP_MS, -(-(measure.needed_ms - self.covered_ms) // STEP_MS) * STEP_MS)

    def share(self, measure: Measure) -> float:
        """How much of the lesson is covered, 0 to 1, rounded down to four places: 1 means all of it."""
        parts = self.covered_ms * 10_000 // measure.duration_ms
        if measure.kind is LessonKind.READING:
            parts = min(parts, self.reached * 10)
        return min(parts, 10_000) / 10_000

    def shown(self, measure: Measure) -> float:
        """What people see, 0 to 1: of a text how much of what completes it: not its whole time."""
        if measure.kind is LessonKind.VIDEO:
            return self.share(measure)
        if self.is_completed:
            return 1
        return min(self.covered_ms * 100 // measure.needed_ms, self.reached // 10, 99) / 100


def suffices(progress: Progress, measure: Measure) -> bool:
    """Whether enough of the lesson is covered; of a reading, also nearly to its end."""
    enough = progress.covered_ms >= measure.needed_ms
    return enough and (measure.kind is LessonKind.VIDEO or progress.reached >= NEARLY_ALL)
