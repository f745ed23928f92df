"""The draw: from a seed to the questions of a paper, the same for ever.

Each candidate gets a rank, a keyed 64-bit hash of the seed and the question's identity, and every cell
takes its lowest ranks. The hash is written out here, so that no library's release changes a paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studyhub.exams.blueprint import Section, Shuffle
from studyhub.exams.matching import Cell, assign
from studyhub.exams.pool import Candidate, Pool, PoolCell
from studyhub.kernel.errors import Conflict

DRAW_VERSION = 1
"""Rises whenever the same seed would give another paper. It is stored with each attempt."""

# The odd constants of MurmurHash3's 64-bit finaliser (public domain): every input bit moves every output bit.
_FIRST = np.uint64(0xFF51AFD7ED558CCD)
_SECOND = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_HIGHEST = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question of a paper. `section` counts from 0; `layout_seed` draws its variables, and lays its
    options out where they are shuffled."""

    section: int
    candidate: Candidate
    layout_seed: bytes
    shuffled: bool = True

    @property
    def asked(self) -> Sequence[Drawn]:
        """What the paper has in its place: the question itself, or those of a passage in their order."""
        return [self._part(part) for part in self.candidate.parts] or (self,)

    def _part(self, part: Candidate) -> Drawn:
        seed = hashlib.blake2b(part.ref.id.encode(), digest_size=16, key=self.layout_seed).digest()
        return Drawn(self.section, part, seed, self.shuffled)


def draw(pool: Pool, sections: Sequence[Section], shuffle: Shuffle, seed: int) -> list[Drawn]:
    """The paper of this seed, in the order in which it is shown.

    Raises Conflict `cannot_be_drawn` when the banks no longer hold enough; a checked exam never does.
    """
    ranks = _ranks(pool.identities, _key(seed, "select"))
    chosen: list[list[int]] = [list(indices) for indices in pool.must]
    for group in pool.groups:
        cells = [pool.cells[at] for at in group]
        for cell, indices in zip(cells, _fill(cells, ranks), strict=True):
            chosen[cell.section] += indices
    if any(len(indices) != section.draw for section, indices in zip(sections, chosen, strict=True)):
        raise Conflict("cannot_be_drawn")
    return _in_order(pool, chosen, shuffle, seed)


def _fill(cells: Sequence[PoolCell], ranks: NDArray[np.uint64]) -> list[list[int]]:
    """The candidates that each cell of one group takes, none twice."""
    total = sum(max(0, cell.need) for cell in cells)
    best = [_lowest(cell.candidates, ranks, total) for cell in cells]
    if len(cells) == 1:
        return [best[0][: max(0, cells[0].need)]]
    return assign(
        [Cell(max(0, cell.need), indices) for cell, indices in zip(cells, best, strict=True)]
    ).chosen


def _lowest(candidates: NDArray[np.intp], ranks: NDArray[np.uint64], count: int) -> list[int]:
    """The `count` candidates of lowest rank, lowest first."""
    own = ranks[candidates]
    if count < len(own):
        low = np.flatnonzero(own < _plenty(count, len(own)))
        if len(low) < count:
            low = np.argpartition(own, count)[:count]
        candidates, own = candidates[low], own[low]
    ordered: list[int] = candidates[np.argsort(own)].tolist()
    return ordered[:count]


def _plenty(count: int, among: int) -> np.uint64:
    """A rank below which, ranks being spread evenly, twice as many as asked and eight more are expected."""
    return np.uint64(min(_HIGHEST, _HIGHEST // among * (2 * count + 8)))


def _in_order(pool: Pool, chosen: Sequence[list[int]], shuffle: Shuffle, seed: int) -> list[Drawn]:
    """Sections keep their order; questions within one are shuffled, or stand as in the banks."""
    key = _key(seed, "order")
    paper: list[Drawn] = []
    for section, indices in enumerate(chosen):
        ordered = np.sort(np.array(indices, dtype=np.intp))
        if shuffle.questions:
            ordered = ordered[np.argsort(_ranks(pool.identities[ordered], key))]
        for index, identity in zip(ordered.tolist(), pool.identities[ordered].tolist(), strict=True):
            own = _layout_seed(seed, identity)
            paper.append(Drawn(section, pool.candidates[index], own, shuffle.options))
    return paper


def _ranks(identities: NDArray[np.uint64], key: tuple[np.uint64, np.uint64]) -> NDArray[np.uint64]:
    """A keyed bijection of 64 bits: no two questions tie, and no key orders them like another."""
    return _mixed(_mixed(identities ^ key[0]) + key[1])


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> _SHIFT)) * _FIRST
    values = (values ^ (values >> _SHIFT)) * _SECOND
    return values ^ (values >> _SHIFT)


def _key(seed: int, purpose: str) -> tuple[np.uint64, np.uint64]:
    """128 bits for one purpose of one seed, so that choosing says nothing about ordering."""
    raw = hashlib.blake2b(f"{purpose}:{seed}".encode(), digest_size=16).digest()
    return np.uint64(int.from_bytes(raw[:8], "little")), np.uint64(int.from_bytes(raw[8:], "little"))


def _layout_seed(seed: int, question: int) -> bytes:
    return hashlib.blake2b(f"layout:{seed}:{question}".encode(), digest_size=16).digest()
