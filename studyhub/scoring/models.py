"""The tables of scoring: one standing for each member and exam, and their sum for each branch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import BigId, Model
from studyhub.db.types import enum_text
from studyhub.kernel.points import Points
from studyhub.scoring.standing import StandingState


class StandingRow(Model):
    """A member's standing in an exam, from the day the exam is assigned to them.

    `branch_id` moves with the member until the exam closes, and stays from then on. The scores are a fold
    over the marked attempts (standing.py), kept here so that lists and sums need no attempts.
    """

    __tablename__ = "standing"
    __table_args__ = (
        UniqueConstraint("exam_id", "member_id"),
        # The branch first, and without the state: a start, which knows exam and member, is not tempted to
        # look for its row among all of the exam, and a change of the state touches no index.
        Index("ix_standing_branch_id_exam_id", "branch_id", "exam_id"),
        CheckConstraint("(state = 'finished') = (percent IS NOT NULL)", "percent_when_finished"),
        CheckConstraint("(percent IS NULL) = (score IS NULL)", "score_with_percent"),
        CheckConstraint("(score IS NULL) = (max_score IS NULL)", "score_with_max"),
        CheckConstraint("percent >= 0 AND percent <= 10000", "percent_in_range"),
        CheckConstraint("passed IS NULL OR percent IS NOT NULL", "passed_only_finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    state: Mapped[StandingState] = mapped_column(enum_text(StandingState, "state"))
    score: Mapped[Points | None] = mapped_column(BigId)
    max_score: Mapped[Points | None] = mapped_column(BigId)
    percent: Mapped[int | None]
    """hundredths of a percent, rounded down"""
    passed: Mapped[bool | None]
    assigned_at: Mapped[datetime]


class RollUpRow(Model):
    """The figures (rollup.py) of one branch's own members in one exam, without the branches below it.

    Changed by differences in the transaction that changes a standing. No constraint compares the columns:
    a wrong sum must never keep anybody from handing in an exam. `scores verify` compares them.
    """

    __tablename__ = "roll_up"

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), primary_key=True, index=True)
    assigned: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    finished: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    percent_sum: Mapped[int] = mapped_column(default=0)
    # One column for each bin of rollup.py.
    bin_0: Mapped[int] = mapped_column(default=0)
    bin_1: Mapped[int] = mapped_column(default=0)
    bin_2: Mapped[int] = mapped_column(default=0)
    bin_3: Mapped[int] = mapped_column(default=0)
    bin_4: Mapped[int] = mapped_column(default=0)
    bin_5: Mapped[int] = mapped_column(default=0)
    bin_6: Mapped[int] = mapped_column(default=0)
    bin_7: Mapped[int] = mapped_column(default=0)
    bin_8: Mapped[int] = mapped_column(default=0)
    bin_9: Mapped[int] = mapped_column(default=0)
