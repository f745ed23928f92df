"""The tables of the exams. A drawn paper is stone; the answer journal and the marks only ever grow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import BigId, Model
from studyhub.db.types import Json, enum_text
from studyhub.exams.journal import Outcome
from studyhub.exams.states import AttemptState, ExamState, Keep
from studyhub.kernel.points import Points
from studyhub.organization.states import Level


class Exam(Model):
    """An exam as lists and deadlines need it; its definition, whole, is the current `ExamRevision`."""

    __tablename__ = "exam"
    __table_args__ = (
        CheckConstraint("minutes IS NOT NULL OR closes_at IS NOT NULL", "ends"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", "opens_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[ExamState] = mapped_column(enum_text(ExamState, "state"))
    # The highest level of its banks: who is not cleared for that neither sees nor sits it.
    level: Mapped[Level] = mapped_column(enum_text(Level, "level"))
    # Whose exam it is: no branch is the whole organisation's.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    attempts_allowed: Mapped[int | None]
    keep: Mapped[Keep] = mapped_column(enum_text(Keep, "keep"))
    pass_percent: Mapped[int | None]
    """hundredths of a percent: 6000 is 60 %; none is no pass line"""
    extents: Mapped[Any] = mapped_column(Json())
    """of each section (`Extent.stored`), while its banks are at `bank_versions`"""
    bank_versions: Mapped[int]
    revision: Mapped[int]
    """the number of the current `ExamRevision`"""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class ExamRevision(Model):
    """A definition that an exam had, with the keys of the exam file. Rows never change."""

    __tablename__ = "exam_revision"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    # JSON in the order of the file: a mix gives its ties to the first listed.
    definition: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class ExamBranch(Model):
    """Whom an exam is for: a branch with its subtree. No row is everyone."""

    __tablename__ = "exam_branch"

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), primary_key=True, index=True)


class ExamBank(Model):
    """What the current revision draws from."""

    __tablename__ = "exam_bank"

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), primary_key=True, index=True)


class ExamExtension(Model):
    """Extra time that one member has in one exam, for attempts that start from then on."""

    __tablename__ = "exam_extension"
    __table_args__ = (CheckConstraint("minutes > 0", "minutes"),)

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    minutes: Mapped[int]


class Attempt(Model):
    """One sitting of one member. Its paper is fixed by what is stored here and in `PaperQuestion`."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("exam_id", "member_id", "number"),
        Index(
            "uq_attempt_open",
            "exam_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # The last that is open in an exam, which each submit and result asks for; the sweep of what ran out.
        Index(
            "ix_attempt_open_exam_id_accept_until",
            "exam_id",
            "accept_until",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("state = 'void' OR (state = 'open') = (submitted_at IS NULL)", "submitted_or_open"),
        CheckConstraint("state <> 'marked' OR (score IS NOT NULL AND marked_at IS NOT NULL)", "marked_score"),
        CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", "void_when"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", "void_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("exam_revision.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    number: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(enum_text(AttemptState, "state"))
    epoch: Mapped[int]
    seed: Mapped[int]
    draw_version: Mapped[int]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    accept_until: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    marked_at: Mapped[datetime | None]
    max_score: Mapped[Points] = mapped_column(BigId)
    score: Mapped[Points | None] = mapped_column(BigId)
    passed: Mapped[bool | None]
    # The journal's last digest when the attempt was closed: a chain cut short after that is seen.
    journal_length: Mapped[int | None]
    journal_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    void_reason: Mapped[str | None]


class PaperQuestion(Model):
    """One question of a paper: which revision, in which option order, worth what, by which rule."""

    __tablename__ = "paper_question"
    # Clustered by its key on SQLite (PostgreSQL ignores it): a paper is a page or two, not twenty.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]
    """the section's index, from 0"""
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    layout: Mapped[Any | None] = mapped_column(Json())
    points: Mapped[Points] = mapped_column(BigId)
    rule: Mapped[str]


class AnswerJournal(Model):
    """Every save that arrived, accepted or refused, chained by digest. Rows are only ever added.

    The answer that counts for a position is its last row with the outcome `saved`.
    """

    __tablename__ = "answer_journal"
    __table_args__ = (
        Index("ix_answer_journal_attempt_id_position_n", "attempt_id", "position", "n"),
        {"sqlite_with_rowid": False},
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    epoch: Mapped[int]
    seq: Mapped[int]
    answer: Mapped[Any | None] = mapped_column(Json())
    outcome: Mapped[Outcome] = mapped_column(enum_text(Outcome, "outcome"))
    at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class Mark(Model):
    """What an answer was given. Marks are appended; the newest (the highest `n`) of a position counts."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("points >= 0 AND points <= max_points", "points_in_range"),
        {"sqlite_with_rowid": False},
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    """from 1 for each position"""
    points: Mapped[Points] = mapped_column(BigId)
    max_points: Mapped[Points] = mapped_column(BigId)
    # The journal's row that was marked; none: the question was left out.
    answer_n: Mapped[int | None]
    marked_at: Mapped[datetime]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
