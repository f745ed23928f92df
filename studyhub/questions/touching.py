"""What a change of questions touches: the papers that hold them, which higher rooms know of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from studyhub.kernel.events import ExamsAsked, PapersAsked, PapersFound, ask
from studyhub.questions import chosen
from studyhub.questions.plan import Plan


@dataclass(frozen=True, slots=True)
class Touches:
    """The papers with a question whose key changes, and those with one that leaves the bank; how many essays
    come in, and the titles of the exams that could draw one."""

    key_changed: PapersFound = field(default_factory=PapersFound)
    retired: PapersFound = field(default_factory=PapersFound)
    essays: int = 0
    essays_drawn_by: tuple[str, ...] = ()

    @property
    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "essays_drawn_by": list(self.essays_drawn_by)}


def of_plan(session: Session, plan: Plan, now: datetime) -> Touches:
    """What the plan touches at this moment; it is counted anew whenever somebody looks."""
    return Touches(
        of_questions(session, plan.bank, plan.key_changed, now),
        of_questions(session, plan.bank, plan.retired, now),
        plan.essays,
        _drawing(session, plan, now) if plan.essays else (),
    )


def _drawing(session: Session, plan: Plan, now: datetime) -> tuple[str, ...]:
    found = ask(session, ExamsAsked(now, plan.bank, plan.essay_sorts))
    return tuple(title for titles in found for title in titles)


def of_questions(session: Session, bank: str, names: Collection[str], now: datetime) -> PapersFound:
    """The papers that hold one of these questions, in whatever revision."""
    if not names:
        return PapersFound()
    ids = tuple(chosen.question_ids(session, bank, names))  # papers hold a passage's own
    found = ask(session, PapersAsked(now, ids))
    return found[0] if found else PapersFound()
