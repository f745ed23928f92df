"""Blueprints and pools as the process keeps them, and the paper that a seed draws from them.

An exam's revision never changes, nor does a bank at one version, so both are read once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.db.database import apart
from studyhub.exams import asking
from studyhub.exams.blueprint import Blueprint, QuestionRef, Section, total
from studyhub.exams.draw import Drawn, draw
from studyhub.exams.extent import points_of
from studyhub.exams.file.writing import from_json
from studyhub.exams.models import ExamRevision
from studyhub.exams.pool import Candidate, Pool, prepare
from studyhub.kernel.points import Points, half_up
from studyhub.questions import queries as questions
from studyhub.questions import variants
from studyhub.questions.models import Bank
from studyhub.questions.presentation import group_of, shown
from studyhub.questions.queries import Drawable
from studyhub.questions.revisions import Revision, load, load_ahead
from studyhub.questions.types import Order

KEPT_POOLS = 64
"""How many pools a process keeps; one of 10,000 questions takes about 10 MB."""
KEPT_CANDIDATES = 8
"""How many lists of candidates a process keeps for who is setting exams."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A question as it stands on a paper. `section` counts from 0, `position` from 1."""

    position: int
    section: int
    revision: Revision
    """with the values of its variables"""
    order: Order
    """of its options"""
    points: Points
    rule: str


@dataclass(frozen=True, slots=True)
class Line(Delivered):
    """One question of a paper that was drawn, with what the paper writes down of it."""

    candidate: Candidate
    layout: Order
    """the values of its variables, then the order of its options"""


def blueprint(session: Session, revision_id: int) -> Blueprint:
    """The definition of an exam's revision."""
    kept: dict[int, Blueprint] = session.info["memory"].setdefault("exams.blueprints", {})
    if revision_id not in kept:
        text = session.scalars(select(ExamRevision.definition).where(ExamRevision.id == revision_id)).one()
        kept[revision_id] = from_json(text)
    return kept[revision_id]


def pool(session: Session, revision_id: int, bank_versions: int) -> Pool:
    """What a revision can draw while its banks are at these versions (their sum: each only rises).

    The first time it takes as long as reading the banks does: see `apart`.
    """
    kept: dict[tuple[int, int], Pool] = session.info["memory"].setdefault("exams.pools", {})
    key = (revision_id, bank_versions)
    if key not in kept:
        apart(session, lambda reading: _keep_pool(reading, kept, key))
    return kept[key]


def _keep_pool(session: Session, kept: dict[tuple[int, int], Pool], key: tuple[int, int]) -> None:
    with session.info["memory"].setdefault("exams.preparing", Lock()):  # one thread reads, the others wait
        if key not in kept:
            _prepare_pool(session, kept, key)


def _prepare_pool(session: Session, kept: dict[tuple[int, int], Pool], key: tuple[int, int]) -> None:
    plan = blueprint(session, key[0])
    offered = candidates(session, plan.banks)
    load_ahead(session, [one.revision_id for each in offered for one in each.parts or (each,)])
    kept[key] = prepare(plan.sections, offered)
    for oldest in list(kept)[:-KEPT_POOLS]:
        kept.pop(oldest, None)


def candidates(session: Session, banks: Sequence[str]) -> list[Candidate]:
    """Every question that these banks (slugs) offer: bank after bank, each in its order.

    Read once for each version of the banks; of 10,000 questions that takes 0.3 s: see `apart`.
    """
    found = session.execute(select(Bank.slug, Bank.version).where(Bank.slug.in_(banks)))
    versions = {row.slug: row.version for row in found}
    kept: dict[Any, list[Candidate]] = session.info["memory"].setdefault("exams.candidates", {})
    key = tuple((bank, versions.get(bank)) for bank in banks)
    if key not in kept:
        apart(session, lambda reading: _keep_candidates(reading, kept, key))
    return kept[key] if key in kept else _candidates(session, banks)


def _keep_candidates(session: Session, kept: dict[Any, list[Candidate]], key: Any) -> None:
    kept[key] = _candidates(session, [bank for bank, _ in key])
    for oldest in list(kept)[:-KEPT_CANDIDATES]:
        kept.pop(oldest, None)


def _candidates(session: Session, banks: Sequence[str]) -> list[Candidate]:
    place = {bank: at for at, bank in enumerate(banks)}
    rows = sorted(questions.drawable(session, banks), key=lambda row: place[row.bank])
    return [_candidate(row) for row in rows]


def _candidate(row: Drawable) -> Candidate:
    return Candidate(
        QuestionRef(row.bank, row.slug),
        row.revision_id,
        row.type,
        row.facility,
        row.points,
        frozenset(row.tags),
        tuple(_candidate(part) for part in row.parts),
    )


def draw_paper(session: Session, plan: Blueprint, prepared: Pool, seed: int) -> list[Line]:
    """The paper of this seed, laid out. Raises Conflict when the banks no longer hold enough."""
    drawn = [one for each in draw(prepared, plan.sections, plan.shuffle, seed) for one in each.asked]
    known = load(session, [each.candidate.revision_id for each in drawn])
    return [
        _line(position, each, plan.sections[each.section], known[each.candidate.revision_id])
        for position, each in enumerate(drawn, start=1)
    ]


def _line(position: int, drawn: Drawn, section: Section, revision: Revision) -> Line:
    variant, values, order = variants.drawn(revision, drawn.layout_seed, shuffled=drawn.shuffled)
    points, rule = points_of(section, drawn.candidate), asking.rule(variant)
    return Line(position, drawn.section, variant, order, points, rule, drawn.candidate, values + order)


@dataclass(frozen=True, slots=True)
class Preview:
    """A paper that nobody sits. `keys` holds the right answers by position, in the letters of this paper."""

    lines: list[Line]
    shown: dict[int, dict[str, Any]]
    keys: dict[int, Any]
    worth: Points
    expected: Points


def preview(session: Session, plan: Blueprint, seed: int) -> Preview:
    """The paper of this seed with its key: for whoever sets the exam."""
    lines = draw_unstored(session, plan, seed)
    return Preview(
        lines,
        {
            line.position: {**shown(line.revision, line.order), "group": group_of(line.revision)}
            for line in lines
        },
        {line.position: asking.explain(line.revision, line.order, None).key for line in lines},
        max_score(lines),
        expected_score(lines),
    )


def draw_unstored(session: Session, plan: Blueprint, seed: int) -> list[Line]:
    """The paper that the seed gives a blueprint, out of the banks as they are now."""
    return draw_paper(session, plan, prepare(plan.sections, candidates(session, plan.banks)), seed)


def max_score(lines: Sequence[Line]) -> Points:
    """What a paper is worth."""
    return total([line.points for line in lines])


def expected_score(lines: Sequence[Line]) -> Points:
    """Σ points × facility, to the hundredth: what a member of average knowledge gets."""
    return half_up(Fraction(sum(line.candidate.facility * line.points for line in lines), 1_000_000))
