"""One exam as its member looks at it before and after sitting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from studyhub.exams import papers
from studyhub.exams.access import Access, Refusal, Tries, access, attempts_left, refusal
from studyhub.exams.attempts import delivery
from studyhub.exams.attempts.available import exam_for, window_of
from studyhub.exams.attempts.delivery import Tried
from studyhub.exams.blueprint import Blueprint
from studyhub.exams.extent import Extent, of_rows, of_stored
from studyhub.exams.states import AttemptState
from studyhub.organization.actor import Actor


@dataclass(frozen=True, slots=True)
class Overview:
    """The exam's row, definition and lengths, how it stands for the member, and the attempts so far.

    `refused` is why none can be started now; `left` None is no limit.
    """

    exam: Row[Any]
    plan: Blueprint
    extents: list[Extent]
    whole: Extent
    tried: list[Tried]
    state: Access
    refused: Refusal | None
    left: int | None


def overview(session: Session, actor: Actor, slug: str, *, now: datetime) -> Overview:
    """Raises NotFound for an exam that the member may not see."""
    exam = exam_for(session, actor, slug)
    tried = delivery.history(session, actor, exam.id, now=now)
    counted = [each for each in tried if each.result is None or each.result.state is not AttemptState.VOID]
    tries = Tries(len(counted), in_progress=any(each.result is None for each in tried))
    window = window_of(exam)
    return Overview(
        exam=exam,
        plan=papers.blueprint(session, exam.revision_id),
        extents=[of_stored(row) for row in exam.extents],
        whole=of_rows(exam.extents),
        tried=tried,
        state=access(window, tries, now),
        refused=refusal(window, exam.attempts_allowed, tries, now),
        left=attempts_left(exam.attempts_allowed, tries.counted),
    )
