"""One number that names a state of all banks that an exam draws from: the sum of their versions.

Every plan that is applied raises a bank's version, and nothing lowers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.exams.models import Exam, ExamBank
from studyhub.questions.models import Bank

_SUM: Any = func.coalesce(func.sum(Bank.version), 0)

OF_EXAM: Any = (
    select(_SUM)
    .join(ExamBank, ExamBank.bank_id == Bank.id)
    .where(ExamBank.exam_id == Exam.id)
    .scalar_subquery()
)
"""As a column beside the exam."""


def of_banks(session: Session, slugs: Sequence[str]) -> int:
    """Of the banks that a definition names, stored or not."""
    return int(session.execute(select(_SUM).where(Bank.slug.in_(slugs))).scalar_one())
