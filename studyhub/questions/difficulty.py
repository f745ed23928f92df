"""Difficulty: a facility (the share of members expected to answer right), and its three bands in words."""

from __future__ import annotations

from enum import StrEnum


class Band(StrEnum):
    """易, 中, 难."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


FACILITY = {Band.EASY: 8500, Band.MEDIUM: 6500, Band.HARD: 4000}
"""The facility that each word stands for, in ten-thousandths."""


def band_of(facility: int) -> Band:
    """The band of a facility in ten-thousandths: easy from 0.75, hard below 0.50."""
    if facility >= 7500:
        return Band.EASY
    return Band.HARD if facility < 5000 else Band.MEDIUM
