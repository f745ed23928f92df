"""Repeatable chance: what is drawn depends on the seed and on what it is drawn for, and on nothing else."""

from __future__ import annotations

import random


def chance(*parts: object) -> random.Random:
    """A source of its own for each purpose, so that a change here moves nothing there."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311 nothing secret is drawn
