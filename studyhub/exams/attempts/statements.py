"""The statements of the hot path, built once. What is measured: the ORM's save ran at 0.46 of the floor,
Core at 0.72.

On PostgreSQL a locking SELECT that had to wait sees the newest version of the row that it locks, but every
other row as of its own beginning. So a save reads the journal together with the lock, and learns that it read
too early from the journal's key: the number that it wants is taken already (see `answering.py`).
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, func, insert, literal_column, select, update
from sqlalchemy.orm import Session

from studyhub.db.direct import Direct
from studyhub.db.inserting import insert_into
from studyhub.exams.journal import Outcome
from studyhub.exams.models import AnswerJournal, Attempt, Exam, ExamRevision, PaperQuestion
from studyhub.exams.states import AttemptState

Statement = Select[*tuple[Any, ...]]

attempt = Attempt.__table__.c
paper = PaperQuestion.__table__.c
exam = Exam.__table__.c
revision = ExamRevision.__table__.c
_head = AnswerJournal.__table__.alias("head")
_stored = AnswerJournal.__table__.alias("stored")
_rows = AnswerJournal.__table__.alias("rows")

_head_n = (
    select(func.max(_rows.c.n)).where(_rows.c.attempt_id == attempt.id).correlate(Attempt.__table__)
).scalar_subquery()


def _stored_n(position: Any) -> Any:
    """The number of the row that counts for a position."""
    return (
        select(func.max(_rows.c.n))
        .where(
            _rows.c.attempt_id == attempt.id,
            _rows.c.position == position,
            _rows.c.outcome == Outcome.SAVED,
        )
        .correlate(Attempt.__table__, PaperQuestion.__table__)
        .scalar_subquery()
    )


_ATTEMPT = (
    attempt.id,
    attempt.exam_id,
    attempt.revision_id,
    attempt.member_id,
    attempt.number,
    attempt.state,
    attempt.epoch,
    attempt.deadline_at,
    attempt.accept_until,
    attempt.submitted_at,
    attempt.max_score,
    attempt.score,
    attempt.passed,
)
_STORED = (
    _stored.c.n.label("stored_n"),
    _stored.c.epoch.label("stored_epoch"),
    _stored.c.seq.label("stored_seq"),
    _stored.c.answer.label("stored_answer"),
    _stored.c.at.label("stored_at"),
)
_HEAD = (_head.c.n.label("head_n"), _head.c.digest.label("head_digest"))


def _locked(statement: Statement) -> Statement:
    """FOR NO KEY UPDATE of the attempt: without it a save that races a submit is acknowledged, and never
    marked. SQLite has one writer and needs none."""
    return statement.with_for_update(of=Attempt.__table__, key_share=True)


_ARRIVAL = (
    select(*_ATTEMPT, *_HEAD, *_STORED, paper.revision_id.label("question_revision_id"), paper.layout)
    .select_from(Attempt.__table__)
    .outerjoin(
        PaperQuestion.__table__,
        and_(paper.attempt_id == attempt.id, paper.position == bindparam("position")),
    )
    .outerjoin(_head, and_(_head.c.attempt_id == attempt.id, _head.c.n == _head_n))
    .outerjoin(
        _stored,
        and_(_stored.c.attempt_id == attempt.id, _stored.c.n == _stored_n(bindparam("position"))),
    )
    .where(attempt.id == bindparam("attempt_id"), attempt.member_id == bindparam("member_id"))
)

ARRIVAL = Direct(_locked(_ARRIVAL))
"""Everything that decides about one save: the attempt (locked), the question, the journal's head, and what is
stored for the position. Nothing for somebody else's attempt."""

# Spelled out: an index of the open ones is not used where the state is a parameter.
_OPEN: Any = literal_column(f"'{AttemptState.OPEN}'")
_others = Attempt.__table__.alias("others")
_last_accept_until = (
    select(func.max(_others.c.accept_until))
    .where(_others.c.exam_id == exam.id, _others.c.state == _OPEN, _others.c.id != attempt.id)
    .scalar_subquery()
)
_RECORD: Statement = (
    select(
        *_ATTEMPT,
        attempt.started_at,
        attempt.void_reason,
        exam.slug,
        exam.title,
        exam.closes_at,
        revision.id.label("current_revision_id"),
        _last_accept_until.label("last_accept_until"),
    )
    .join(Exam.__table__, exam.id == attempt.exam_id)
    .join(ExamRevision.__table__, and_(revision.exam_id == exam.id, revision.number == exam.revision))
)
_ONE = _RECORD.where(attempt.id == bindparam("attempt_id"))
_own = attempt.member_id == bindparam("member_id")

# What `records.AttemptRecord` holds: of one attempt, and of a member's own at an exam.
LOCKED = Direct(_locked(_ONE))
OWN = Direct(_ONE.where(_own))
OWN_LOCKED = Direct(_locked(_ONE.where(_own)))
HISTORY = Direct(_RECORD.where(_own, attempt.exam_id == bindparam("exam_id")).order_by(attempt.number.desc()))

PAPER = Direct(
    select(
        paper.position,
        paper.section,
        paper.revision_id,
        paper.layout,
        paper.points,
        paper.rule,
        *_STORED,
        *_HEAD,
    )
    .select_from(Attempt.__table__)
    .join(PaperQuestion.__table__, paper.attempt_id == attempt.id)
    .outerjoin(_head, and_(_head.c.attempt_id == attempt.id, _head.c.n == _head_n))
    .outerjoin(_stored, and_(_stored.c.attempt_id == attempt.id, _stored.c.n == _stored_n(paper.position)))
    .where(attempt.id == bindparam("attempt_id"))
    .order_by(paper.position)
)
"""A paper with what is stored for each question, and the journal's head beside every row."""

JOURNAL_ROWS = insert(cast(Table, AnswerJournal.__table__))

CLOSE = Direct(
    update(cast(Table, Attempt.__table__))
    .where(attempt.id == bindparam("attempt_id"), attempt.state == AttemptState.OPEN)
    .values(
        state=bindparam("new_state"),
        submitted_at=bindparam("submitted"),
        marked_at=bindparam("marked"),
        score=bindparam("new_score"),
        passed=bindparam("new_passed"),
        journal_length=bindparam("length"),
        journal_digest=bindparam("last_digest"),
    )
)
TAKE_OVER = (
    update(cast(Table, Attempt.__table__))
    .where(attempt.id == bindparam("attempt_id"))
    .values(epoch=attempt.epoch + 1)
)


def journal_insert(session: Session) -> Direct:
    """Adds one row to the journal and returns its number; nothing when that was taken while we waited.

    The row count of an INSERT is not to be relied on: SQLAlchemy may say -1 where nothing was inserted.
    """
    built: dict[str, Direct] = session.info["memory"].setdefault("exams.inserts", {})
    if "journal" not in built:
        journal = AnswerJournal.__table__
        row = insert_into(session, journal).on_conflict_do_nothing().returning(journal.c.n)
        built["journal"] = Direct(row)
    return built["journal"]
