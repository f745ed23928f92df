"""What a change of questions touches: the papers that hold them, which higher rooms know of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from studyhub.kernel.events import ExamNamed, ExamsAsked, PapersAsked, PapersFound, ask
from studyhub.organization.actor import Actor
from studyhub.questions import chosen, offering
from studyhub.questions.bank import Question
from studyhub.questions.importing import Doors
from studyhub.questions.plan import Plan

NO_PAPERS = PapersFound()


@dataclass(frozen=True, slots=True)
class Touches:
    """The papers with a question whose key changes, and those with one that leaves the bank; how many essays
    come in, and the titles of the exams that could draw one; the exams that could be drawn no more."""

    key_changed: PapersFound = field(default_factory=PapersFound)
    retired: PapersFound = field(default_factory=PapersFound)
    essays: int = 0
    essays_drawn_by: tuple[str, ...] = ()
    exams_stopped: tuple[ExamNamed, ...] = ()

    @property
    def as_json(self) -> dict[str, Any]:
        stopped = [asdict(exam) for exam in self.exams_stopped]
        drawn_by = list(self.essays_drawn_by)
        return asdict(self) | {"essays_drawn_by": drawn_by, "exams_stopped": stopped}


def of_plan(session: Session, actor: Actor, plan: Plan, now: datetime) -> Touches:
    """What the plan touches at this moment; it is counted anew whenever somebody looks. Exams above the
    actor's clearance do not exist."""
    return Touches(
        of_questions(session, plan.bank, plan.key_changed, now),
        of_questions(session, plan.bank, plan.retired, now),
        plan.essays,
        drawing(session, ExamsAsked(now, plan.bank, plan.essay_sorts, actor.levels)),
        tuple(offering.stopped_by(session, actor, [offering.of_plan(session, plan)], now)),
    )


def drawing(session: Session, asked: ExamsAsked) -> tuple[str, ...]:
    """The titles of the exams that could draw such questions."""
    found = ask(session, asked) if asked.sorts else ()
    return tuple(title for titles in found for title in titles)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a question does to exams: the titles of those that could draw it though a person must mark it, and
    those that could be drawn no more with it as it is now."""

    drawn_by: tuple[str, ...] = ()
    stopped: tuple[ExamNamed, ...] = ()


def reach(doors: Doors, bank: str, question: Question) -> Reach:
    """Of a question as somebody would save it."""
    asked = (question.sort,) if question.by_a_person and not question.retired else ()
    with doors.read() as session:
        change = offering.amended(session, bank, {question.id: question})
        return Reach(
            drawing(session, ExamsAsked(doors.clock(), bank, asked, doors.actor.levels)),
            tuple(offering.stopped_by(session, doors.actor, [change], doors.clock())),
        )


def by_another_key(doors: Doors, bank: str, question: Question) -> PapersFound:
    """The papers that hold a question which, as somebody would save it, is marked otherwise than now; none of
    one that is marked as before."""
    with doors.read() as session:
        return turned(session, {bank: {question.id: question}}, doors.clock())


def turned(
    session: Session, amended: Mapping[str, Mapping[str, Question | None]], now: datetime
) -> PapersFound:
    """The same of many questions, by bank and id; None: one that leaves its bank, and is marked as it was."""
    ids: list[int] = []
    for bank, questions in amended.items():
        standing = chosen.standing(session, bank, questions)
        names = [
            name
            for name, question in questions.items()
            if question and name in standing and standing[name].key_digest != question.key_digest
        ]
        ids += chosen.question_ids(session, bank, names) if names else ()
    return _holding(session, ids, now)


def of_banks(session: Session, names: Mapping[str, Collection[str]], now: datetime) -> PapersFound:
    """The papers that hold one of these questions, by bank, in whatever revision."""
    ids = [one for bank, some in names.items() if some for one in chosen.question_ids(session, bank, some)]
    return _holding(session, ids, now)


def _holding(session: Session, ids: Collection[int], now: datetime) -> PapersFound:
    found = ask(session, PapersAsked(now, tuple(ids))) if ids else ()
    return found[0] if found else NO_PAPERS


def of_questions(session: Session, bank: str, names: Collection[str], now: datetime) -> PapersFound:
    """The papers that hold one of these questions, in whatever revision."""
    return of_banks(session, {bank: names}, now)
