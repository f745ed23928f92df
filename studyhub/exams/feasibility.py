"""The proof that an exam can be drawn, or what stands in its way: every shortage at once.

A *shortage* is one cell that wants more than there is, or several that want the same questions. It is
found by the matching that the draw itself uses, so that what is proved here can always be drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from studyhub.exams.blueprint import QuestionRef, Section
from studyhub.exams.matching import Cell, assign
from studyhub.exams.pool import Pool, PoolCell
from studyhub.kernel.faults import Fault
from studyhub.questions.difficulty import Band


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault, and where it belongs: the section (from 0) and the key of the section."""

    section: int
    key: str
    fault: Fault
    item: int | None = None
    """which of the key's list, where it is one"""


def problems(sections: Sequence[Section], pool: Pool) -> list[Problem]:
    """Everything that keeps the exam from being drawn; none is the proof that it can be."""
    found = [*_must_problems(sections, pool), *_must_twice(sections), *_band_overflow(sections, pool)]
    return found or [*_shortages(sections, pool)]


def _must_problems(sections: Sequence[Section], pool: Pool) -> Iterable[Problem]:
    """Each `must` exists, is in the section's banks and satisfies `where`."""
    known = {candidate.ref: candidate for candidate in pool.candidates}
    for number, section in enumerate(sections):
        for item, ref in enumerate(section.must):
            candidate = known.get(ref)
            if candidate is None or ref.bank not in section.banks:
                yield _must_problem(number, item, "must_unknown", section)
            elif not section.where.fits(candidate.type, candidate.band, candidate.tags):
                yield _must_problem(number, item, "must_not_in_where", section)
        if len(section.must) > section.draw:
            yield _problem(
                number, "must", "must_exceeds_draw", section, must=len(section.must), draw=section.draw
            )


def _must_twice(sections: Sequence[Section]) -> Iterable[Problem]:
    """No question is twice in a paper, so two sections cannot both insist on it."""
    first: dict[QuestionRef, int] = {}
    for number, section in enumerate(sections):
        for item, ref in enumerate(section.must):
            if first.setdefault(ref, number) != number or section.must.count(ref) > 1:
                yield _must_problem(number, item, "must_twice", section)


def _band_overflow(sections: Sequence[Section], pool: Pool) -> Iterable[Problem]:
    """`must` counts within the mix: four hard ones do not fit where the mix asks for three."""
    for number, section in enumerate(sections):
        if not section.mix:
            continue
        counts = section.counts()
        bands = [pool.candidates[index].band for index in pool.must[number]]
        for band in Band:
            if bands.count(band) > counts.get(band, 0):
                yield _problem(
                    number,
                    "must",
                    "must_exceeds_mix",
                    section,
                    band=band.value,
                    must=bands.count(band),
                    allows=counts.get(band, 0),
                )


def _shortages(sections: Sequence[Section], pool: Pool) -> Iterable[Problem]:
    """Cells that are short by themselves; then, where none is, those that are short together."""
    for group in pool.groups:
        cells = [pool.cells[at] for at in group]
        alone = [cell for cell in cells if cell.need > len(cell.candidates)]
        if alone:
            yield from (_short_alone(sections, pool, cell) for cell in alone)
            continue
        matched = assign([Cell(cell.need, cell.candidates.tolist()) for cell in cells])
        for shortage in matched.shortages:
            together = [cells[at] for at in shortage.cells]
            yield _short_together(sections, together, shortage.needs, shortage.holds)


def _short_alone(sections: Sequence[Section], pool: Pool, cell: PoolCell) -> Problem:
    section = sections[cell.section]
    held = [index for index in pool.must[cell.section] if cell.band in (None, pool.candidates[index].band)]
    fault = Fault(
        "not_enough",
        params={
            **_name(sections, cell),
            "needs": cell.need + len(held),
            "holds": len(cell.candidates) + len(held),
            "banks": list(section.banks),
        },
    )
    return Problem(cell.section, _key_of(cell), fault)


def _short_together(
    sections: Sequence[Section], cells: Sequence[PoolCell], needs: int, holds: int
) -> Problem:
    params = {
        **_name(sections, cells[0]),
        "cells": [_name(sections, cell) for cell in cells],
        "needs": needs,
        "holds": holds,
    }
    return Problem(cells[0].section, _key_of(cells[0]), Fault("not_enough_together", params=params))


def _name(sections: Sequence[Section], cell: PoolCell) -> dict[str, object]:
    """How a cell is spoken of: its section, and what it asks for (bands × types × tags)."""
    section = sections[cell.section]
    where = section.where
    bands = [cell.band] if cell.band else [band for band in Band if band in where.difficulties]
    return {
        "section": cell.section + 1,
        "title": section.title,
        "bands": [band.value for band in bands],
        "types": sorted(where.types),
        "tags": sorted(where.all_tags | where.any_tags),
    }


def _key_of(cell: PoolCell) -> str:
    return "draw" if cell.band is None else "mix"


def _problem(number: int, key: str, code: str, section: Section, **params: object) -> Problem:
    return Problem(number, key, Fault(code, params={"section": number + 1, "title": section.title, **params}))


def _must_problem(number: int, item: int, code: str, section: Section) -> Problem:
    return replace(_problem(number, "must", code, section, question=str(section.must[item])), item=item)
