"""Difficulty as a number: the share of members that is expected to answer right, and its three bands."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction


class Band(StrEnum):
    """Difficulty in words: 易, 中, 难."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


FACILITY = {Band.EASY: Fraction(85, 100), Band.MEDIUM: Fraction(65, 100), Band.HARD: Fraction(40, 100)}
"""The facility that each word stands for."""


def band_of(facility: Fraction) -> Band:
    """The band of a facility between 0 and 1: easy from 0.75, hard below 0.50."""
    if facility >= Fraction(75, 100):
        return Band.EASY
    return Band.HARD if facility < Fraction(1, 2) else Band.MEDIUM
