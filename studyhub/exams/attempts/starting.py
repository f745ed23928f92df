"""Starting an attempt: the paper is drawn, written in stone, and the clock runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from studyhub.db.inserting import Plain, insert_with_rows
from studyhub.db.types import dump_json
from studyhub.exams import papers, timing
from studyhub.exams.access import Tries, refusal
from studyhub.exams.attempts import closing, delivery
from studyhub.exams.attempts.available import exam_and_attempts, extra_time, window_of
from studyhub.exams.attempts.delivery import OpenAttempt
from studyhub.exams.draw import DRAW_VERSION
from studyhub.exams.models import PaperQuestion
from studyhub.exams.papers import Line
from studyhub.exams.states import AttemptState
from studyhub.kernel.errors import Conflict
from studyhub.kernel.events import AttemptStarted, emit
from studyhub.organization.actor import Actor
from studyhub.organization.audit import Act, record
from studyhub.questions.types import Order

_PAPER = PaperQuestion.__table__.c
KEPT_LAYOUTS = 4_000


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt that is open now; as its member sees it when this call made it (`created`): what was just
    written need not be read."""

    attempt_id: int
    opened: OpenAttempt | None = None

    @property
    def created(self) -> bool:
        return self.opened is not None


def start(session: Session, actor: Actor, slug: str, *, seed: int, now: datetime) -> Started:
    """Open an attempt, or return the one that is open already.

    An open one past its time is closed first. Raises NotFound for an exam that the member cannot see, and
    Conflict with the reason when none can be started.
    """
    exam, attempts = exam_and_attempts(session, actor, slug)
    open_id, tries, last_number = _so_far(session, attempts, now)
    if open_id is not None:
        return Started(open_id)
    refused = refusal(window_of(exam), exam.attempts_allowed, tries, now)
    if refused is not None:
        raise Conflict(refused.value)
    opened = _open(session, actor, exam, _beginning(actor, exam, last_number + 1, seed, now))
    if opened is None:  # the member's other device was faster by a moment
        return start(session, actor, slug, seed=seed, now=now)
    return Started(opened.id, opened)


def _so_far(session: Session, rows: Sequence[Row[Any]], now: datetime) -> tuple[int | None, Tries, int]:
    """The open attempt if there is one, how many count, and the highest number given out."""
    open_id = None
    for row in rows:
        if row.state is not AttemptState.OPEN:
            continue
        if timing.is_past(row.accept_until, now):
            closing.close_expired(session, row.attempt_id, now=now)
        else:
            open_id = row.attempt_id
    counted = sum(1 for row in rows if row.state is not AttemptState.VOID)
    return open_id, Tries(counted), max((row.number for row in rows), default=0)


def _beginning(actor: Actor, exam: Row[Any], number: int, seed: int, now: datetime) -> dict[str, Any]:
    """The columns of an attempt before its paper is drawn."""
    deadline = timing.deadline_at(window_of(exam), now, extra_time(exam))
    return {
        "exam_id": exam.id,
        "revision_id": exam.revision_id,
        "member_id": _member(actor),
        "number": number,
        "state": AttemptState.OPEN,
        "epoch": 1,
        "seed": seed,
        "draw_version": DRAW_VERSION,
        "started_at": now,
        "deadline_at": deadline,
        "accept_until": timing.accept_until(deadline),
    }


def _open(session: Session, actor: Actor, exam: Row[Any], beginning: dict[str, Any]) -> OpenAttempt | None:
    """Write the attempt and its paper; None when another one is open already."""
    plan = papers.blueprint(session, exam.revision_id)
    pool = papers.pool(session, exam.revision_id, int(exam.bank_versions))
    lines = papers.draw_paper(session, plan, pool, beginning["seed"])
    values = {**beginning, "max_score": papers.max_score(lines)}
    attempt_id = insert_with_rows(session, values, [_row(line) for line in lines], _PAPER.attempt_id)
    if attempt_id is None:
        return None
    now = values["started_at"]
    detail = {"exam": exam.slug, "number": values["number"]}
    record(session, actor, Act.ATTEMPT_STARTED, f"attempt:{attempt_id}", detail, now=now)
    emit(session, AttemptStarted(now, attempt_id, exam.id, values["member_id"]))
    row = SimpleNamespace(**values, id=attempt_id, slug=exam.slug, title=exam.title)
    return delivery.begun(row, plan, lines)


def _member(actor: Actor) -> int:
    if actor.member_id is None:
        raise Conflict("not_a_member")
    return actor.member_id


@lru_cache(maxsize=KEPT_LAYOUTS)
def _spelled(layout: Order) -> str:
    """Four options have 24 orders: a process meets the same ones again and again."""
    return dump_json(layout)


def _row(line: Line) -> dict[str, Plain]:
    return {
        "position": line.position,
        "section": line.section,
        "revision_id": line.candidate.revision_id,
        "layout": _spelled(line.layout),
        "points": line.points,
        "rule": line.rule,
    }
