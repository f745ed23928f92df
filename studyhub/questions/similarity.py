"""Which prompts say nearly the same, found in time that grows with their number and not with its square.

Two prompts are alike when most of their characters follow each other in the same order (Ratcliff and
Obershelp's ratio). Prompts with different numbers or Latin words are different exercises, however alike.
Candidates come from sets of character pairs by a prefix filter (Wang, Li, Feng: Can we beat the prefix
filtering?, SIGMOD 2012): sets whose Jaccard index reaches the threshold share at least k of their rarest.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from math import ceil

ALIKE = 0.85
CANDIDATE = 0.5
SHORTEST, LONGEST = 6, 300
SHARED_RARE = 3
# A bank of one template stays linear: so many prompts are remembered for a pair, so many candidates tried.
MOST_REMEMBERED = 200
MOST_TRIED = 4

_NO_WORDS = re.compile(r"[\W_]+")
_DATA = re.compile(r"[a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Similar:
    """Two prompts by their position; `equal` when they differ in punctuation and blanks at most."""

    first: int
    second: int
    equal: bool
    percent: int


def pairs(prompts: Sequence[str]) -> Iterator[Similar]:
    """Each prompt that repeats an earlier one, with one that it repeats."""
    plain = [unicodedata.normalize("NFKC", prompt).casefold() for prompt in prompts]
    letters = [_NO_WORDS.sub("", text) for text in plain]
    heads = [text[:LONGEST] for text in letters]
    sets = _ranked_sets(heads)
    exact: dict[str, int] = {}
    index: defaultdict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(letters):
        first = exact.setdefault(text, at)
        if first != at:
            yield Similar(first, at, True, 100)
            continue
        if len(text) < SHORTEST:
            continue
        rarest = sorted(sets[at])
        least = ceil(CANDIDATE * len(rarest))
        enough = min(SHARED_RARE, least)
        prefix = rarest[: len(rarest) - least + enough]
        for other in _candidates(prefix, index, enough):
            if _DATA.findall(plain[at]) != _DATA.findall(plain[other]):
                continue
            if _jaccard(sets[at], sets[other]) < CANDIDATE:
                continue
            ratio = SequenceMatcher(None, heads[other], heads[at], autojunk=False).ratio()
            if ratio >= ALIKE:
                yield Similar(other, at, False, int(ratio * 100))
                break
        for pair in prefix:
            if len(index[pair]) < MOST_REMEMBERED:
                index[pair].append(at)


def _ranked_sets(letters: Sequence[str]) -> list[set[int]]:
    """Each text's pairs of characters as numbers that rise with how common the pair is."""
    sets = [set(map("".join, pairwise(text))) for text in letters]
    counts = Counter(pair for each in sets for pair in each)
    rank = {pair: number for number, pair in enumerate(sorted(counts, key=lambda pair: (counts[pair], pair)))}
    return [{rank[pair] for pair in each} for each in sets]


def _candidates(prefix: Sequence[int], index: dict[int, list[int]], enough: int) -> list[int]:
    """The earlier texts that share the most of the rarest pairs."""
    shared: Counter[int] = Counter()
    for pair in prefix:
        shared.update(index.get(pair, ()))
    found = [other for other, count in shared.items() if count >= enough]
    return sorted(found, key=lambda other: (-shared[other], other))[:MOST_TRIED]


def _jaccard(one: set[int], other: set[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
