"""What questions are in: papers that hold them, exams that could draw them, or could not be drawn without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.exams import papers, timing
from studyhub.exams.blueprint import QuestionRef, Section
from studyhub.exams.feasibility import problems
from studyhub.exams.models import Attempt, Exam, ExamBank, ExamRevision, PaperQuestion
from studyhub.exams.pool import Candidate, prepare
from studyhub.exams.states import AttemptState, ExamState
from studyhub.kernel.events import DrawersAsked, DrawsAsked, ExamNamed, ExamsAsked, PapersAsked, PapersFound
from studyhub.kernel.points import ZERO
from studyhub.organization.states import Level
from studyhub.questions.difficulty import band_of
from studyhub.questions.models import Bank, QuestionRevision

AT_ONCE = 1000
"""Questions of one statement: databases bound its parameters."""


def papers_with(session: Session, event: PapersAsked) -> PapersFound:
    """An open attempt past its time counts as closed, as everywhere."""
    attempts = {row.id: row for row in _attempts(session, event.question_ids)}.values()
    open_ones = [row for row in attempts if timing.is_open(row.state, row.accept_until, event.now)]
    past = [row for row in attempts if not timing.is_open(row.state, row.accept_until, event.now)]
    return PapersFound(len(open_ones), len(past), len({(row.exam_id, row.member_id) for row in past}))


def exams_drawing(session: Session, event: ExamsAsked) -> list[str]:
    """The titles of exams that are published and not over and have a section that offers such a question."""
    sorts = [(kind, band_of(facility), frozenset(tags)) for kind, facility, tags in event.sorts]
    return [
        title
        for _slug, title, revision_id in _running(session, [event.bank], event.levels, event.now)
        if any(
            section.offers(event.bank, *sort)
            for section in papers.blueprint(session, revision_id).sections
            for sort in sorts
        )
    ]


def are_drawn_from(session: Session, event: DrawersAsked) -> bool:
    """Whether there is an exam that a change of these banks, or of this tag in them, could matter to."""
    running = _running(session, event.banks, list(Level), event.now)
    return any(
        event.tag is None or event.tag in section.where.tags
        for _slug, _title, revision_id in running
        for section in papers.blueprint(session, revision_id).sections
    )


def exams_stopped(session: Session, event: DrawsAsked) -> list[ExamNamed]:
    """The exams that are published, not over, and proved to be drawable now, and would not be afterwards."""
    banks = [change.bank for change in event.changes]
    return [
        ExamNamed(slug, title)
        for slug, title, revision_id in _running(session, banks, event.levels, event.now)
        if _stops(session, papers.blueprint(session, revision_id).sections, event)
    ]


def _stops(session: Session, sections: Sequence[Section], event: DrawsAsked) -> bool:
    banks = list(dict.fromkeys(bank for section in sections for bank in section.banks))
    now = papers.candidates(session, banks)
    gone = {QuestionRef(change.bank, name) for change in event.changes for name in change.gone}
    if not any(each.ref in gone and _is_wanted(each, sections) for each in now):
        return False
    stays = [each for each in now if each.ref not in gone]
    # Nearly always it can be drawn afterwards as well: then nothing asks how it is now.
    return not _can_be_drawn(sections, stays + _coming(event)) and _can_be_drawn(sections, now)


def _can_be_drawn(sections: Sequence[Section], candidates: Sequence[Candidate]) -> bool:
    return not problems(sections, prepare(sections, candidates))


def _is_wanted(each: Candidate, sections: Sequence[Section]) -> bool:
    return any(section.offers(each.ref.bank, each.type, each.band, each.tags) for section in sections)


def _coming(event: DrawsAsked) -> list[Candidate]:
    """What is not there yet has no number: only whether it could be drawn is asked."""
    return [
        Candidate(QuestionRef(change.bank, one.id), 0, one.type, one.facility, ZERO, frozenset(one.tags))
        for change in event.changes
        for one in change.come
    ]


def _running(
    session: Session, banks: Sequence[str], levels: Sequence[str], now: datetime
) -> list[tuple[str, str, int]]:
    """Slug, title and current revision of the exams that are published and not over and draw from a bank of
    these, by title."""
    rows = session.execute(
        select(Exam.slug, Exam.title, ExamRevision.id)
        .join(ExamRevision, (ExamRevision.exam_id == Exam.id) & (ExamRevision.number == Exam.revision))
        .join(ExamBank, ExamBank.exam_id == Exam.id)
        .join(Bank, Bank.id == ExamBank.bank_id)
        .where(Bank.slug.in_(banks), Exam.state == ExamState.PUBLISHED)
        .where(Exam.level.in_([Level(level) for level in levels]))
        .where(or_(Exam.closes_at.is_(None), Exam.closes_at > now))
        .order_by(Exam.title, Exam.slug)
        .distinct()
    )
    return [(row.slug, row.title, row.id) for row in rows]


def _attempts(session: Session, question_ids: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(question_ids), AT_ONCE):
        some = question_ids[start : start + AT_ONCE]
        revisions = select(QuestionRevision.id).where(QuestionRevision.question_id.in_(some))
        papers = select(PaperQuestion.attempt_id).where(PaperQuestion.revision_id.in_(revisions))
        yield from session.execute(
            select(Attempt.id, Attempt.state, Attempt.accept_until, Attempt.exam_id, Attempt.member_id).where(
                Attempt.id.in_(papers), Attempt.state != AttemptState.VOID
            )
        )
