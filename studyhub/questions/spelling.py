"""When a word is surely another one, written with a slip: close enough to correct, not only to suggest."""

from __future__ import annotations

import unicodedata

SHORTEST = 4
LONG = 7
"""From this length on two slips are forgiven, else one."""


def is_slip(word: str, meant: str) -> bool:
    """Whether `word` is `meant` in another case or width, or with a letter or two wrong or swapped."""
    plain = unicodedata.normalize("NFKC", word).strip().lower()
    if plain == meant.lower():
        return True
    most = 2 if len(meant) >= LONG else 1
    return len(meant) >= SHORTEST and abs(len(plain) - len(meant)) <= most and _slips(plain, meant) <= most


def _slips(one: str, other: str) -> int:
    """The distance of Damerau and Levenshtein, neighbours swapped once (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
