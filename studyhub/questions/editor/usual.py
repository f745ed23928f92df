"""What the questions of a bank have in common, for one more: a file would say it as its `defaults`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from studyhub.kernel.points import Points, to_text
from studyhub.questions.bank import DEFAULT_POINTS
from studyhub.questions.finding import Facets

ADDED_UP = frozenset({"essay", "passage"})
"""Types whose points are those of their parts."""


def usual(found: Facets, kind: str) -> dict[str, Any]:
    """The points that most questions of this type have, else most of any type; the tags that all have."""
    total = sum(found.types.values())
    written: dict[str, Any] = {"tags": [tag for tag, count in found.tags.items() if total and count == total]}
    points = _usual_points(found, kind)
    return written if points == DEFAULT_POINTS else {**written, "points": to_text(points)}


def _usual_points(found: Facets, kind: str) -> Points:
    if kind in ADDED_UP:
        return DEFAULT_POINTS
    counted: Counter[Points] = Counter()
    for (each, points), count in found.worths.items():
        if each not in ADDED_UP and (each == kind or not found.types.get(kind)):
            counted[points] += count
    # Of equally many, the fewer points.
    return min(counted, key=lambda points: (-counted[points], points), default=DEFAULT_POINTS)
