"""Which prompts say nearly the same, found in time that grows with their number and not with its square.

Two prompts are alike when most of their characters follow each other in the same order (Ratcliff and
Obershelp's ratio). Prompts with different numbers are different exercises, however alike; so are Chinese
prompts with different Latin words in them: only those with the same are compared.
Candidates come from sets of character pairs by a prefix filter (Wang, Li, Feng: Can we beat the prefix
filtering?, SIGMOD 2012): sets whose Jaccard index reaches the threshold share at least k of their rarest.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, pairwise
from math import ceil

ALIKE = 0.85
CANDIDATE = 0.5
SHORTEST, LONGEST = 6, 300
SHARED_RARE = 3
# A bank of one template stays linear: so many prompts are remembered for a pair, so many candidates tried.
MOST_REMEMBERED = 100
MOST_TRIED = 4

_NO_WORDS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"[a-z]*[0-9][a-z0-9.]*")
_NUMBERS_AND_NAMES = re.compile(r"[a-z0-9.]+")
_CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Similar:
    """Two prompts by their position; `equal` when they differ in punctuation and blanks at most."""

    first: int
    second: int
    equal: bool
    percent: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pairs are looked for: those of different owners (a bank each), whose later prompt stands at
    `new_from` or after it; what stands before is only looked at."""

    owners: Sequence[Hashable]
    new_from: int = 0

    def wants(self, first: int, second: int) -> bool:
        return second >= self.new_from and self.owners[first] != self.owners[second]


def pairs(prompts: Sequence[str], scope: Scope | None = None) -> list[Similar]:
    """Each prompt that repeats an earlier one, with one that it repeats; in the order of the prompts."""
    plain = [unicodedata.normalize("NFKC", prompt).casefold() for prompt in prompts]
    bare = [_NO_WORDS.sub("", text) for text in plain]
    exact: dict[str, int] = {}
    found = [
        Similar(first, at, True, 100)
        for at, text in enumerate(bare)
        if (first := exact.setdefault(text, at)) != at and (scope is None or scope.wants(first, at))
    ]
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for text, at in exact.items():
        if len(text) >= SHORTEST:
            groups[_data(plain[at])].append(at)
    for group in groups.values():
        if len(group) > 1:
            found += _near(group, [bare[at][:LONGEST] for at in group], scope)
    return sorted(found, key=lambda pair: pair.second)


def letters(prompt: str) -> str:
    """What two prompts have in common that differ in punctuation, blanks, case and width at most."""
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", prompt).casefold())


def _data(text: str) -> tuple[str, ...]:
    """What makes an exercise of a template: its numbers, and the Latin words in a Chinese text."""
    return tuple((_NUMBERS_AND_NAMES if _CHINESE.search(text) else _NUMBERS).findall(text))


def _near(group: Sequence[int], heads: Sequence[str], scope: Scope | None) -> Iterator[Similar]:
    """The prompts of a group (their beginnings in `heads`) that are like an earlier one."""
    if scope and (group[-1] < scope.new_from or len({scope.owners[at] for at in group}) == 1):
        return

    def wanted(at: int) -> Callable[[int], bool]:
        if scope is None:
            return lambda other: True
        return lambda other: scope.wants(group[other], group[at])

    sets = _ranked_sets(heads)
    index: defaultdict[int, list[int]] = defaultdict(list)
    for at, own in enumerate(sets):
        rarest = sorted(own)
        least = ceil(CANDIDATE * len(rarest))
        enough = min(SHARED_RARE, least)
        prefix = rarest[: len(rarest) - least + enough]
        for other in _candidates(prefix, index, enough, wanted(at)):
            percent = _alike(own, sets[other], heads[at], heads[other])
            if percent:
                yield Similar(group[other], group[at], False, percent)
                break
        for pair in prefix:
            if len(index[pair]) < MOST_REMEMBERED:
                index[pair].append(at)


def _alike(own: set[int], others: set[int], text: str, other: str) -> int:
    """How alike two texts are, in percent; 0 when they are not enough so."""
    if _jaccard(own, others) < CANDIDATE:
        return 0
    ratio = SequenceMatcher(None, other, text, autojunk=False).ratio()
    return int(ratio * 100) if ratio >= ALIKE else 0


def _ranked_sets(letters: Sequence[str]) -> list[set[int]]:
    """Each text's pairs of characters as numbers that rise with how common the pair is."""
    sets = [set(map("".join, pairwise(text))) for text in letters]
    counts = Counter(pair for each in sets for pair in each)
    rank = {pair: number for number, pair in enumerate(sorted(counts, key=lambda pair: (counts[pair], pair)))}
    return [{rank[pair] for pair in each} for each in sets]


def _candidates(
    prefix: Sequence[int], index: dict[int, list[int]], enough: int, wanted: Callable[[int], bool]
) -> list[int]:
    """The earlier texts, of those wanted, that share the most of the rarest pairs."""
    shared = Counter(chain.from_iterable([index[pair] for pair in prefix if pair in index]))
    if not shared or max(shared.values()) < enough:
        return []
    found = [other for other, count in shared.items() if count >= enough and wanted(other)]
    return sorted(found, key=lambda other: (-shared[other], other))[:MOST_TRIED]


def _jaccard(one: set[int], other: set[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
