"""What storing an exam would come to for people: whom it reaches, and what changes for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.exams import audience, queries
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.checking import CheckedExam
from studyhub.exams.extent import Extent, of_rows
from studyhub.exams.models import Exam
from studyhub.exams.planning import plan_exam
from studyhub.exams.states import ExamState
from studyhub.organization.actor import Actor
from studyhub.organization.models import Branch


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an exam reaches once it is published, and what it asks of them."""

    people: int
    branches: list[str]
    """by their names; none: everyone"""
    banks: list[str]
    whole: Extent


@dataclass(frozen=True, slots=True)
class Proposal:
    """A checked exam that somebody wants stored, beside what is stored.

    `digest` tells what is shown of it from anything else: what would be stored, and whom it reaches.
    """

    plan: Blueprint
    exam: Exam | None
    published: Blueprint | None
    """what people have now; None: nothing"""
    differs: bool
    digest: str
    reach: Reach

    @property
    def is_felt(self) -> bool:
        """Whether anybody but those who set exams would notice."""
        is_out = self.published is not None
        return self.differs and (is_out or self.plan.state is ExamState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Names:
    """What banks and branches are called, by their slugs and codes."""

    banks: dict[str, str]
    branches: dict[str, str]


def proposal(session: Session, actor: Actor, checked: CheckedExam) -> Proposal:
    """Of an exam that can be drawn."""
    plan = checked.plan
    planned = plan_exam(session, actor, plan)
    exam = None if planned.is_new else queries.exam_to_manage(session, actor, plan.slug)
    is_out = exam is not None and exam.state is ExamState.PUBLISHED
    reach = _reach(session, actor, checked)
    shown = json.dumps([planned.digest, asdict(reach)], sort_keys=True)
    return Proposal(
        plan=plan,
        exam=exam,
        published=queries.blueprint_of(session, exam) if exam and is_out else None,
        differs=bool(planned.changes),
        digest=hashlib.sha256(shown.encode()).hexdigest(),
        reach=reach,
    )


def _reach(session: Session, actor: Actor, checked: CheckedExam) -> Reach:
    plan = checked.plan
    titles = dict(queries.banks(session, actor))
    return Reach(
        audience.people(session, plan.branches, plan.banks),
        queries.branch_names(session, plan.branches),
        [titles.get(bank, bank) for bank in plan.banks],
        of_rows(extent.stored for extent in checked.extents),
    )


def names(session: Session, actor: Actor, plans: Iterable[Blueprint]) -> Names:
    """Of whatever these definitions name."""
    codes = {code for plan in plans for code in plan.branches}
    rows = session.execute(select(Branch.code, Branch.name).where(Branch.code.in_(codes)))
    return Names(dict(queries.banks(session, actor)), {row.code: row.name for row in rows})
