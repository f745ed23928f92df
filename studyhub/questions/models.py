"""The tables of the questions. A revision is never changed; what is in force is a matter of versions.

A bank's `version` rises by one with each import that changes anything. A revision is in force from its
`since_version` up to, not including, its `until_version`. An import writes its rows for the next version
in short transactions, where nobody sees them, and then takes effect at once: by one update of `bank`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    and_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import BigId, Model
from studyhub.db.types import Json, enum_text
from studyhub.kernel.points import Points
from studyhub.organization.states import Level
from studyhub.questions.states import ChangeKind, PlanState, ReviewState, Verdict


class Bank(Model):
    """A bank. At version 0 its first import has not taken effect: no reader sees it."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    language: Mapped[str]
    level: Mapped[Level] = mapped_column(enum_text(Level, "level"))
    source: Mapped[dict[str, Any]] = mapped_column(Json())
    version: Mapped[int]
    question_count: Mapped[int]
    """in force, those kept out of new papers included"""
    release_required: Mapped[bool] = mapped_column(default=False)
    """whether only released questions get into new papers"""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Question(Model):
    """A question's identity across revisions: its bank and its id in the file, `reading/q1` in a passage."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("bank_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    slug: Mapped[str]


class QuestionRevision(Model):
    """What a question said over some versions of its bank."""

    __tablename__ = "question_revision"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("until_version IS NULL OR until_version > since_version", "in_force"),
        CheckConstraint("points > 0", "points"),
        CheckConstraint("facility BETWEEN 0 AND 10000", "facility"),
        # What is in force: the open ones, by place; the few that an import closed come from the other index.
        Index(
            "ix_question_revision_open",
            "bank_id",
            "place",
            sqlite_where=text("until_version IS NULL"),
            postgresql_where=text("until_version IS NULL"),
        ),
        Index("ix_question_revision_bank_id_until_version", "bank_id", "until_version"),
        Index("ix_question_revision_bank_id_since_version", "bank_id", "since_version"),
        Index(
            "ix_question_revision_passage_id",
            "passage_id",
            sqlite_where=text("passage_id IS NOT NULL"),
            postgresql_where=text("passage_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    # The passage that the question is one of, if it is: it is drawn with it, and found through it.
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    number: Mapped[int]
    since_version: Mapped[int]
    until_version: Mapped[int | None]
    # The place in the file when this revision was imported; it orders lists and exports.
    place: Mapped[int]
    type: Mapped[str]
    points: Mapped[Points] = mapped_column(BigId)
    facility: Mapped[int]
    """the share expected to answer right, in ten-thousandths"""
    tags: Mapped[list[str]] = mapped_column(Json())
    retired: Mapped[bool]
    """kept in the bank and out of new papers"""
    prompt: Mapped[str]
    content: Mapped[str]
    """the whole question as the bank file writes it, JSON with its keys in the file's order"""
    html: Mapped[dict[str, str]] = mapped_column(Json())
    """rendered once, at import: `prompt`, `explanation`, `options.A`, `feedback.A`"""
    digest: Mapped[str]
    key_digest: Mapped[str]
    """of what a mark rests on: type, points, options, key, marking rule"""
    review_digest: Mapped[str]
    """of what a review rests on: everything but the tags, and whether it is kept out of new papers"""
    words: Mapped[str]
    """what it is found by: see searching.py; the full-text index of each engine is made of this"""
    explained: Mapped[bool]
    """whether it has an explanation"""
    # What the question itself rests on; else it is what its bank rests on.
    document: Mapped[str | None] = mapped_column(index=True)
    document_version: Mapped[str | None]
    review_by: Mapped[date | None]
    """after this day somebody should look at it again"""
    created_at: Mapped[datetime]


class BankUpload(Model):
    """A file of another format, until a person has said which bank it becomes; or a large bank file, until it
    is checked."""

    __tablename__ = "bank_upload"
    __table_args__ = (Index("ix_bank_upload_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    form: Mapped[str]
    """the name of its format"""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    """compressed by zlib"""
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    """the task that reads it, when it is large"""


class BankReading(Model):
    """What was read of an upload, so that its page and the choice of its bank do not read it again."""

    __tablename__ = "bank_reading"

    upload_id: Mapped[int] = mapped_column(ForeignKey("bank_upload.id", ondelete="CASCADE"), primary_key=True)
    columns: Mapped[str]
    """a digest of what was said of the columns of a sheet"""
    decided: Mapped[str]
    """a digest of what was decided about its doubtful items, one by one and by rules"""
    report: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON compressed by zlib: see uploads/reading.py"""
    bank: Mapped[bytes] = mapped_column(LargeBinary)
    """the bank file that was made of it, compressed by zlib; of nothing when no question can be taken"""


class BankMistakes(Model):
    """What keeps a large bank file out, which was checked as a task."""

    __tablename__ = "bank_mistakes"

    upload_id: Mapped[int] = mapped_column(ForeignKey("bank_upload.id", ondelete="CASCADE"), primary_key=True)
    report: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON compressed by zlib: see uploads/bank_files.py"""


class BankUploadFile(Model):
    """A picture or sound that came within an upload, byte for byte."""

    __tablename__ = "bank_upload_file"

    upload_id: Mapped[int] = mapped_column(ForeignKey("bank_upload.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class QuestionReview(Model):
    """How far a revision has come. It changes with a version of the bank, so that whoever keeps what a
    version offers sees it."""

    __tablename__ = "question_review"

    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"), primary_key=True)
    state: Mapped[ReviewState] = mapped_column(enum_text(ReviewState, "state"))
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    reviewed_at: Mapped[datetime]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    released_at: Mapped[datetime | None]


class SupersededDocument(Model):
    """A source that no longer holds: what rests on it is to be reviewed."""

    __tablename__ = "superseded_document"

    document: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    """of the document; "" when the questions name none"""
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    marked_at: Mapped[datetime]
    pulled: Mapped[list[Any]] = mapped_column(Json())
    """the reviews that it took away, to be given back when the mark is: see reviews.TAKEN"""


class QuestionWarning(Model):
    """What the checker had to say about a question, from a version of its bank up to another.

    Not a part of the revision: a prompt comes to repeat another although it did not change itself.
    """

    __tablename__ = "question_warning"
    __table_args__ = (
        CheckConstraint("until_version IS NULL OR until_version > since_version", "in_force"),
        Index("ix_question_warning_bank_id_slug", "bank_id", "slug"),
        Index("ix_question_warning_bank_id_since_version", "bank_id", "since_version"),
        Index("ix_question_warning_bank_id_until_version", "bank_id", "until_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    slug: Mapped[str]
    """the question's id in the file"""
    code: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(Json())
    since_version: Mapped[int]
    until_version: Mapped[int | None]


class DoubtDecision(Model):
    """What was decided about a doubtful item of an upload. Of several about one item the latest counts."""

    __tablename__ = "doubt_decision"
    __table_args__ = (Index("ix_doubt_decision_upload_id", "upload_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("bank_upload.id", ondelete="CASCADE"))
    item: Mapped[str]
    """the item's key: a digest of its words"""
    verdict: Mapped[Verdict] = mapped_column(enum_text(Verdict, "verdict"))
    choice: Mapped[str]
    """the name of another reading, when it was chosen"""
    text: Mapped[str]
    """what was typed instead"""
    created_at: Mapped[datetime]


class DoubtRule(Model):
    """A decision that holds for the next upload: what is decided whenever a reader has this doubt."""

    __tablename__ = "doubt_rule"
    __table_args__ = (
        Index(
            "uq_doubt_rule_own",
            "code",
            "owner_id",
            unique=True,
            sqlite_where=text("owner_id IS NOT NULL"),
            postgresql_where=text("owner_id IS NOT NULL"),
        ),
        Index(
            "uq_doubt_rule_all",
            "code",
            unique=True,
            sqlite_where=text("owner_id IS NULL"),
            postgresql_where=text("owner_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    """of the doubt, or of the reason for which an item was skipped"""
    verdict: Mapped[Verdict] = mapped_column(enum_text(Verdict, "verdict"))
    choice: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """whose uploads it is for; NULL: everybody's"""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]


class SheetColumns(Model):
    """What a person said of the columns of a sheet, for the next one with the same headers."""

    __tablename__ = "sheet_columns"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """of the set of headers"""
    columns: Mapped[dict[str, str]] = mapped_column(Json())
    """by header: our column, or "" to leave it out"""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime]


class BankPlan(Model):
    """An import as it was shown: from which version of the bank, and a digest of what it would do."""

    __tablename__ = "bank_plan"
    __table_args__ = (
        # One import of a bank at a time: two would mix their rows of the next version.
        Index(
            "uq_bank_plan_applying",
            "bank_slug",
            unique=True,
            sqlite_where=text("state = 'applying'"),
            postgresql_where=text("state = 'applying'"),
        ),
        Index("ix_bank_plan_created_at", "created_at"),
        Index("ix_bank_plan_upload_id", "upload_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_slug: Mapped[str]
    base_version: Mapped[int]
    """the bank's version that the plan was made from; 0: a new bank"""
    kind: Mapped[ChangeKind] = mapped_column(enum_text(ChangeKind, "kind"))
    together: Mapped[str | None]
    file_name: Mapped[str]
    digest: Mapped[str]
    """of the plan: what is applied must have the same"""
    steps: Mapped[int]
    """how many questions it touches"""
    state: Mapped[PlanState] = mapped_column(enum_text(PlanState, "state"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("bank_upload.id", ondelete="SET NULL"))
    """the file of another format that it was made of"""
    matches: Mapped[list[Any]] = mapped_column(Json())
    """of each question that came without an id and was recognised: the id made for it, its own, per cent"""
    # While it is applied: the last sign of life. An import that died is swept by the next one.
    alive_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]


class BankChange(Model):
    """Who made a version of a bank, when and how. Rows are kept for ever; plans are forgotten."""

    __tablename__ = "bank_change"

    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ChangeKind] = mapped_column(enum_text(ChangeKind, "kind"))
    file_name: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """no member: the command line"""
    made_at: Mapped[datetime]
    # How many questions came in, changed, and left.
    created: Mapped[int]
    changed: Mapped[int]
    retired: Mapped[int]
    # The same on both sides of a move: what was done together is undone together.
    together: Mapped[str | None] = mapped_column(index=True)


class BankPlanFile(Model):
    """The file of a plan that was shown. By itself: SQLite writes a whole row anew for each sign of life."""

    __tablename__ = "bank_plan_file"

    plan_id: Mapped[int] = mapped_column(ForeignKey("bank_plan.id", ondelete="CASCADE"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    """compressed by zlib"""
    elsewhere: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    """warnings that other banks ask the same, found when the plan was made"""
    shown: Mapped[bytes] = mapped_column(LargeBinary)
    """what the plan's page shows: see shown_plan.py"""


def in_force(version: Any) -> ColumnElement[bool]:
    """The condition that a revision is in force at this version of its bank (a number or a column), and is no
    part of a passage, with which that comes."""
    return and_(current(version), QuestionRevision.passage_id.is_(None))


def current(
    version: Any, of: type[QuestionRevision | QuestionWarning] = QuestionRevision
) -> ColumnElement[bool]:
    """The same, of the questions of passages, too; or of a warning."""
    since, until = of.since_version, of.until_version
    return and_(since <= version, or_(until.is_(None), until > version))


def admitted() -> ColumnElement[bool]:
    """The condition that a revision has come as far as its bank asks of what gets into new papers."""
    released = select(QuestionReview.revision_id).where(QuestionReview.state == ReviewState.RELEASED)
    return or_(~Bank.release_required, QuestionRevision.id.in_(released))
