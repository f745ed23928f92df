"""The tables of scoring."""

import sqlalchemy as sa
from alembic import op

from studyhub.db import types

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "roll_up",
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assigned", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finished", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("passed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("percent_sum", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_0", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_1", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_2", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_3", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_4", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_5", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_6", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_7", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_8", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bin_9", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_roll_up_branch_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_roll_up_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "branch_id", name=op.f("pk_roll_up")),
    )
    op.create_index(op.f("ix_roll_up_branch_id"), "roll_up", ["branch_id"], unique=False)
    op.create_table(
        "standing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("exam_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "started",
                "finished",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("max_score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("percent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("assigned_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'finished') = (percent IS NOT NULL)", name=op.f("ck_standing_percent_when_finished")
        ),
        sa.CheckConstraint(
            "(percent IS NULL) = (score IS NULL)", name=op.f("ck_standing_score_with_percent")
        ),
        sa.CheckConstraint("(score IS NULL) = (max_score IS NULL)", name=op.f("ck_standing_score_with_max")),
        sa.CheckConstraint(
            "passed IS NULL OR percent IS NOT NULL", name=op.f("ck_standing_passed_only_finished")
        ),
        sa.CheckConstraint("percent >= 0 AND percent <= 10000", name=op.f("ck_standing_percent_in_range")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_standing_branch_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_standing_exam_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_standing_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("exam_id", "member_id", name=op.f("uq_standing_exam_id_member_id")),
    )
    op.create_index("ix_standing_branch_id_exam_id", "standing", ["branch_id", "exam_id"], unique=False)
    op.create_index(op.f("ix_standing_member_id"), "standing", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_standing_member_id"), table_name="standing")
    op.drop_index("ix_standing_branch_id_exam_id", table_name="standing")
    op.drop_table("standing")
    op.drop_index(op.f("ix_roll_up_branch_id"), table_name="roll_up")
    op.drop_table("roll_up")
