"""How long papers are follows the banks: a passage can have got another question since the exam was set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from studyhub.exams import bank_versions, papers
from studyhub.exams.extent import extents
from studyhub.exams.feasibility import problems
from studyhub.exams.models import Exam, ExamRevision
from studyhub.exams.pool import prepare


@dataclass(frozen=True, slots=True)
class Measured:
    """The extents (`Extent.stored`) of an exam's revision while its banks are at these versions; None where
    they no longer fill it."""

    exam_id: int
    revision: int
    bank_versions: int
    extents: list[list[int]] | None


def measured_anew(session: Session, now: datetime) -> Iterator[Measured]:
    """The exams that are not over and whose banks changed since they were measured."""
    rows = session.execute(
        select(
            Exam.id,
            Exam.revision,
            ExamRevision.id.label("revision_id"),
            bank_versions.OF_EXAM.label("versions"),
        )
        .join(ExamRevision, (ExamRevision.exam_id == Exam.id) & (ExamRevision.number == Exam.revision))
        .where(
            Exam.bank_versions != bank_versions.OF_EXAM, or_(Exam.closes_at.is_(None), Exam.closes_at > now)
        )
        .order_by(Exam.id)
    ).all()
    for row in rows:
        yield Measured(row.id, row.revision, int(row.versions), _extents(session, row.revision_id))


def _extents(session: Session, revision_id: int) -> list[list[int]] | None:
    plan = papers.blueprint(session, revision_id)
    pool = prepare(plan.sections, papers.candidates(session, plan.banks))
    if problems(plan.sections, pool):
        return None
    return [extent.stored for extent in extents(plan.sections, pool)]


def note(session: Session, measured: Measured) -> None:
    """Keep what was measured, unless the exam was changed meanwhile. What cannot be drawn stays as it was."""
    values: dict[str, Any] = {"bank_versions": measured.bank_versions}
    if measured.extents is not None:
        values["extents"] = measured.extents
    changed = update(Exam).where(Exam.id == measured.exam_id, Exam.revision == measured.revision)
    session.execute(changed.values(values))
