"""What storing an exam would come to for people: whom it reaches, and what changes for them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.exams import audience, queries
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.checking import CheckedExam
from studyhub.exams.extent import Extent, of_rows
from studyhub.exams.models import Exam
from studyhub.exams.planning import plan_exam
from studyhub.exams.states import ExamState
from studyhub.organization.actor import Actor


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
    digest: str
    reach: Reach
    under_way: int
    """attempts that take answers; they come and go while the page is read, and are no part of the digest"""


def proposal(session: Session, actor: Actor, checked: CheckedExam, now: datetime) -> Proposal | None:
    """None where nobody but those who set exams would notice."""
    plan = checked.plan
    planned = plan_exam(session, actor, plan)
    exam = None if planned.is_new else queries.exam_to_manage(session, actor, plan.slug)
    is_out = exam is not None and exam.state is ExamState.PUBLISHED
    if not planned.changes or not (is_out or plan.state is ExamState.PUBLISHED):
        return None
    reach = _reach(session, actor, checked)
    shown = json.dumps([planned.digest, asdict(reach)], sort_keys=True)
    return Proposal(
        plan=plan,
        exam=exam,
        published=queries.blueprint_of(session, exam) if exam and is_out else None,
        digest=hashlib.sha256(shown.encode()).hexdigest(),
        reach=reach,
        under_way=queries.open_attempts(session, exam, now) if exam else 0,
    )


def _reach(session: Session, actor: Actor, checked: CheckedExam) -> Reach:
    plan = checked.plan
    titles = dict(queries.banks(session, actor))
    return Reach(
        audience.people(session, plan.branches, plan.banks),
        list(queries.branch_names(session, plan.branches).values()),
        [titles.get(bank, bank) for bank in plan.banks],
        of_rows(extent.stored for extent in checked.extents),
    )
