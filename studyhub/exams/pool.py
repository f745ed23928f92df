"""The questions that an exam can draw, prepared once per exam revision and bank versions.

A *pool* holds, for each section, its cells (one per difficulty of the mix, else one) as arrays of
candidates, so that a draw only ranks numbers. Preparing costs a pass over the banks; drawing does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studyhub.exams.blueprint import QuestionRef, Section
from studyhub.kernel.points import Points
from studyhub.questions.difficulty import Band, band_of
from studyhub.questions.types import TYPES


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question in its current revision, as far as a draw must know it; `facility` in ten-thousandths."""

    ref: QuestionRef
    revision_id: int
    type: str
    facility: int
    points: Points
    tags: frozenset[str] = frozenset()
    parts: tuple[Candidate, ...] = ()
    """the questions of a passage, which the paper has in its place"""
    band: Band = field(init=False)

    @property
    def by_a_person(self) -> bool:
        """Whether an answer waits for somebody to mark it."""
        return TYPES[self.type].by_a_person or any(part.by_a_person for part in self.parts)

    def __post_init__(self) -> None:
        object.__setattr__(self, "band", band_of(self.facility))


@dataclass(frozen=True, slots=True, eq=False)
class PoolCell:
    """What one cell of a section still has to draw beside its `must`: `need` of `candidates`."""

    section: int
    band: Band | None
    need: int
    candidates: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """`identities` are 64 bits of each candidate's name; `groups` are the cells whose candidates meet."""

    candidates: Sequence[Candidate]
    identities: NDArray[np.uint64]
    must: tuple[tuple[int, ...], ...]
    cells: tuple[PoolCell, ...]
    groups: tuple[tuple[int, ...], ...]


def prepare(sections: Sequence[Section], candidates: Sequence[Candidate]) -> Pool:
    """Sort the candidates (in the banks' order) into the sections' cells.

    A `must` that is no candidate is left out here; feasibility.py reports it.
    """
    at = {candidate.ref: index for index, candidate in enumerate(candidates)}
    must = tuple(tuple(at[ref] for ref in section.must if ref in at) for section in sections)
    reserved = {index for indices in must for index in indices}
    cells = tuple(
        cell
        for number, section in enumerate(sections)
        for cell in _cells(number, section, candidates, must[number], reserved)
    )
    identities = np.array([identity(candidate.ref) for candidate in candidates], dtype=np.uint64)
    return Pool(candidates, identities, must, cells, _groups(cells))


def identity(ref: QuestionRef) -> int:
    """64 bits that stand for the question in every draw, whatever else its banks hold."""
    return int.from_bytes(hashlib.blake2b(str(ref).encode(), digest_size=8).digest(), "little")


def _cells(
    number: int,
    section: Section,
    candidates: Sequence[Candidate],
    must: Sequence[int],
    reserved: set[int],
) -> list[PoolCell]:
    banks = frozenset(section.banks)
    fits = section.where.fits
    fitting = [
        index
        for index, candidate in enumerate(candidates)
        if index not in reserved
        and candidate.ref.bank in banks
        and fits(candidate.type, candidate.band, candidate.tags)
    ]
    if not section.mix:
        return [PoolCell(number, None, section.draw - len(must), np.array(fitting, dtype=np.intp))]
    bands = {band: [index for index in fitting if candidates[index].band is band] for band in Band}
    needs = _less_must(section.counts(), [candidates[index].band for index in must])
    return [
        PoolCell(number, band, need, np.array(bands[band], dtype=np.intp)) for band, need in needs.items()
    ]


def _less_must(counts: Mapping[Band, int], must: Sequence[Band]) -> dict[Band, int]:
    return {band: count - must.count(band) for band, count in counts.items()}


def _groups(cells: Sequence[PoolCell]) -> tuple[tuple[int, ...], ...]:
    """The cells (indices) in groups that share no candidate with one another."""
    group_of: dict[int, set[int]] = {}
    holder: dict[int, int] = {}
    for at, cell in enumerate(cells):
        group_of[at] = {at}
        for question in cell.candidates.tolist():
            other = holder.setdefault(question, at)
            if group_of[other] is not group_of[at]:
                merged = group_of[other] | group_of[at]
                group_of.update(dict.fromkeys(merged, merged))
    unique = {id(group): tuple(sorted(group)) for group in group_of.values()}
    return tuple(sorted(unique.values()))
