"""The tables of media."""

import sqlalchemy as sa
from alembic import op

from studyhub.db import types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "media_file",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_media_file")),
    )
    op.create_table(
        "media_made",
        sa.Column("source_digest", sa.Text(), nullable=False),
        sa.Column("outcome", types.Json(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source_digest", name=op.f("pk_media_made")),
    )
    op.create_table(
        "media_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
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
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_media_use_branch_id")),
        sa.ForeignKeyConstraint(["digest"], ["media_file.digest"], name=op.f("fk_media_use_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_use")),
    )
    op.create_index(op.f("ix_media_use_digest"), "media_use", ["digest"], unique=False)
    op.create_index(op.f("ix_media_use_owner"), "media_use", ["owner"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_media_use_owner"), table_name="media_use")
    op.drop_index(op.f("ix_media_use_digest"), table_name="media_use")
    op.drop_table("media_use")
    op.drop_table("media_made")
    op.drop_table("media_file")
