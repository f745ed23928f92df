"""The tables of exams."""

import sqlalchemy as sa
from alembic import op

from studyhub.db import types

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "exam",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "public",
                "internal",
                "restricted",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opens_at", types.UtcDateTime(), nullable=True),
        sa.Column("closes_at", types.UtcDateTime(), nullable=True),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempts_allowed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "keep",
            sa.Enum(
                "best",
                "last",
                "first",
                "average",
                name="keep",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("pass_percent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("extents", types.Json(), nullable=False),
        sa.Column("bank_versions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("published_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("minutes IS NOT NULL OR closes_at IS NOT NULL", name=op.f("ck_exam_ends")),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name=op.f("ck_exam_opens_first")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["branch.id"], name=op.f("fk_exam_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
        sa.UniqueConstraint("slug", name=op.f("uq_exam_slug")),
    )
    op.create_table(
        "exam_bank",
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_exam_bank_bank_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_bank_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "bank_id", name=op.f("pk_exam_bank")),
    )
    op.create_index(op.f("ix_exam_bank_bank_id"), "exam_bank", ["bank_id"], unique=False)
    op.create_table(
        "exam_branch",
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_exam_branch_branch_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_branch_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "branch_id", name=op.f("pk_exam_branch")),
    )
    op.create_index(op.f("ix_exam_branch_branch_id"), "exam_branch", ["branch_id"], unique=False)
    op.create_table(
        "exam_extension",
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_exam_extension_minutes")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_extension_exam_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_exam_extension_member_id")),
        sa.PrimaryKeyConstraint("exam_id", "member_id", name=op.f("pk_exam_extension")),
    )
    op.create_table(
        "exam_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_exam_revision_created_by")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_revision_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_revision")),
        sa.UniqueConstraint("exam_id", "number", name=op.f("uq_exam_revision_exam_id_number")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                "marked",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("epoch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("deadline_at", types.UtcDateTime(), nullable=False),
        sa.Column("accept_until", types.UtcDateTime(), nullable=False),
        sa.Column("submitted_at", types.UtcDateTime(), nullable=True),
        sa.Column("marked_at", types.UtcDateTime(), nullable=True),
        sa.Column("max_score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("journal_length", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("journal_digest", sa.LargeBinary(), nullable=True),
        sa.Column("voided_at", types.UtcDateTime(), nullable=True),
        sa.Column("voided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", name=op.f("ck_attempt_void_when")),
        sa.CheckConstraint(
            "state <> 'marked' OR (score IS NOT NULL AND marked_at IS NOT NULL)",
            name=op.f("ck_attempt_marked_score"),
        ),
        sa.CheckConstraint(
            "state = 'void' OR (state = 'open') = (submitted_at IS NULL)",
            name=op.f("ck_attempt_submitted_or_open"),
        ),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_attempt_void_why")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_attempt_exam_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attempt_member_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["exam_revision.id"], name=op.f("fk_attempt_revision_id")),
        sa.ForeignKeyConstraint(["voided_by"], ["member.id"], name=op.f("fk_attempt_voided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "exam_id", "member_id", "number", name=op.f("uq_attempt_exam_id_member_id_number")
        ),
    )
    op.create_index(op.f("ix_attempt_member_id"), "attempt", ["member_id"], unique=False)
    op.create_index(
        "ix_attempt_open_exam_id_accept_until",
        "attempt",
        ["exam_id", "accept_until"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_attempt_open",
        "attempt",
        ["exam_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "answer_journal",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("epoch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", types.Json(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "saved",
                "duplicate",
                "superseded",
                "conflict",
                "taken_over",
                "attempt_closed",
                "bad_answer",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_journal_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "n", name=op.f("pk_answer_journal")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_answer_journal_attempt_id_position_n",
        "answer_journal",
        ["attempt_id", "position", "n"],
        unique=False,
    )
    op.create_table(
        "mark",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("max_points", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("marked_at", types.UtcDateTime(), nullable=False),
        sa.Column("marked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("points >= 0 AND points <= max_points", name=op.f("ck_mark_points_in_range")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_mark_attempt_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["member.id"], name=op.f("fk_mark_marked_by")),
        sa.PrimaryKeyConstraint("attempt_id", "position", "n", name=op.f("pk_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_question",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("layout", types.Json(), nullable=True),
        sa.Column("points", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_paper_question_attempt_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revision.id"], name=op.f("fk_paper_question_revision_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_paper_question")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("paper_question")
    op.drop_table("mark")
    op.drop_index("ix_answer_journal_attempt_id_position_n", table_name="answer_journal")
    op.drop_table("answer_journal")
    op.drop_index(
        "uq_attempt_open",
        table_name="attempt",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_attempt_open_exam_id_accept_until",
        table_name="attempt",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_attempt_member_id"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("exam_revision")
    op.drop_table("exam_extension")
    op.drop_index(op.f("ix_exam_branch_branch_id"), table_name="exam_branch")
    op.drop_table("exam_branch")
    op.drop_index(op.f("ix_exam_bank_bank_id"), table_name="exam_bank")
    op.drop_table("exam_bank")
    op.drop_table("exam")
