"""The tables of questions."""

import sqlalchemy as sa
from alembic import op

from studyhub.db import types

revision = "0004"
down_revision = "0003"

# The full-text index (db/searching.py). SQLite's takes its text from the revisions, which never change.
_INDEX = """
    CREATE VIRTUAL TABLE question_search
    USING fts5(words, content='question_revision', content_rowid='id')"""
_ON_INSERT = """
    CREATE TRIGGER question_search_insert AFTER INSERT ON question_revision BEGIN
    INSERT INTO question_search(rowid, words) VALUES (new.id, new.words); END"""
_ON_DELETE = """
    CREATE TRIGGER question_search_delete AFTER DELETE ON question_revision BEGIN
    INSERT INTO question_search(question_search, rowid, words) VALUES ('delete', old.id, old.words); END"""
_GIN = "CREATE INDEX question_search ON question_revision USING gin (to_tsvector('simple', words))"
_SEARCH = {"sqlite": (_INDEX, _ON_INSERT, _ON_DELETE), "postgresql": (_GIN,)}
_NO_SEARCH = {
    "sqlite": (
        "DROP TRIGGER question_search_delete",
        "DROP TRIGGER question_search_insert",
        "DROP TABLE question_search",
    ),
    "postgresql": ("DROP INDEX question_search",),
}


def upgrade() -> None:
    op.create_table(
        "bank",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
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
        sa.Column("source", types.Json(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_required", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank")),
        sa.UniqueConstraint("slug", name=op.f("uq_bank_slug")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("bank_id", "slug", name=op.f("uq_question_bank_id_slug")),
    )
    op.create_table(
        "sheet_columns",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("columns", types.Json(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_sheet_columns_made_by")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sheet_columns")),
    )
    op.create_table(
        "bank_upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_bank_upload_created_by")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_bank_upload_task_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_upload")),
    )
    op.create_index("ix_bank_upload_created_at", "bank_upload", ["created_at"], unique=False)
    op.create_table(
        "bank_reading",
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("bank", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bank_upload.id"], name=op.f("fk_bank_reading_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_bank_reading")),
    )
    op.create_table(
        "bank_mistakes",
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bank_upload.id"], name=op.f("fk_bank_mistakes_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_bank_mistakes")),
    )
    op.create_table(
        "bank_upload_file",
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bank_upload.id"], name=op.f("fk_bank_upload_file_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "path", name=op.f("pk_bank_upload_file")),
    )
    op.create_table(
        "bank_download",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bank_download_bank_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_bank_download_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_download")),
    )
    op.create_index("ix_bank_download_created_at", "bank_download", ["created_at"], unique=False)
    op.create_table(
        "doubt_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accept",
                "choose",
                "edit",
                "leave",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bank_upload.id"], name=op.f("fk_doubt_decision_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_decision")),
    )
    op.create_index("ix_doubt_decision_upload_id", "doubt_decision", ["upload_id"], unique=False)
    op.create_table(
        "doubt_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accept",
                "choose",
                "edit",
                "leave",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_doubt_rule_owner_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_doubt_rule_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_rule")),
    )
    for name, columns, whose in (
        ("uq_doubt_rule_own", ["code", "owner_id"], "owner_id IS NOT NULL"),
        ("uq_doubt_rule_all", ["code"], "owner_id IS NULL"),
    ):
        condition = sa.text(whose)
        op.create_index(
            name, "doubt_rule", columns, unique=True, sqlite_where=condition, postgresql_where=condition
        )
    op.create_table(
        "bank_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_slug", sa.Text(), nullable=False),
        sa.Column("base_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "import",
                "edit",
                "restore",
                "bulk",
                "move",
                "undo",
                "review",
                "begin",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("together", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("steps", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "shown",
                "applying",
                "applied",
                "failed",
                "stale",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("matches", types.Json(), nullable=False),
        sa.Column("alive_at", types.UtcDateTime(), nullable=True),
        sa.Column("applied_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_bank_plan_created_by")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bank_upload.id"], name=op.f("fk_bank_plan_upload_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_plan")),
    )
    op.create_table(
        "bank_change",
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "import",
                "edit",
                "restore",
                "bulk",
                "move",
                "undo",
                "review",
                "begin",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("created", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retired", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("together", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bank_change_bank_id")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_bank_change_made_by")),
        sa.PrimaryKeyConstraint("bank_id", "version", name=op.f("pk_bank_change")),
    )
    op.create_index(op.f("ix_bank_change_together"), "bank_change", ["together"], unique=False)
    op.create_table(
        "superseded_document",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("marked_at", types.UtcDateTime(), nullable=False),
        sa.Column("pulled", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["marked_by"], ["member.id"], name=op.f("fk_superseded_document_marked_by")),
        sa.PrimaryKeyConstraint("document", "version", name=op.f("pk_superseded_document")),
    )
    op.create_table(
        "bank_plan_file",
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("elsewhere", types.Json(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["bank_plan.id"], name=op.f("fk_bank_plan_file_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_bank_plan_file")),
    )
    op.create_index("ix_bank_plan_created_at", "bank_plan", ["created_at"], unique=False)
    op.create_index("ix_bank_plan_upload_id", "bank_plan", ["upload_id"], unique=False)
    op.create_index(
        "uq_bank_plan_applying",
        "bank_plan",
        ["bank_slug"],
        unique=True,
        sqlite_where=sa.text("state = 'applying'"),
        postgresql_where=sa.text("state = 'applying'"),
    )
    op.create_table(
        "question_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("passage_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tags", types.Json(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("html", types.Json(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("key_digest", sa.Text(), nullable=False),
        sa.Column("review_digest", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("document_version", sa.Text(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("facility BETWEEN 0 AND 10000", name=op.f("ck_question_revision_facility")),
        sa.CheckConstraint("points > 0", name=op.f("ck_question_revision_points")),
        sa.CheckConstraint(
            "until_version IS NULL OR until_version > since_version",
            name=op.f("ck_question_revision_in_force"),
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_revision_bank_id")),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["question.id"], name=op.f("fk_question_revision_passage_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_revision_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_revision")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_revision_question_id_number")),
    )
    op.create_index(
        "ix_question_revision_bank_id_since_version",
        "question_revision",
        ["bank_id", "since_version"],
        unique=False,
    )
    op.create_index(
        "ix_question_revision_bank_id_until_version",
        "question_revision",
        ["bank_id", "until_version"],
        unique=False,
    )
    op.create_index(
        "ix_question_revision_open",
        "question_revision",
        ["bank_id", "place"],
        unique=False,
        sqlite_where=sa.text("until_version IS NULL"),
        postgresql_where=sa.text("until_version IS NULL"),
    )
    op.create_index(
        "ix_question_revision_passage_id",
        "question_revision",
        ["passage_id"],
        unique=False,
        sqlite_where=sa.text("passage_id IS NOT NULL"),
        postgresql_where=sa.text("passage_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_question_revision_document"), "question_revision", ["document"], unique=False)
    op.create_table(
        "question_review",
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "reviewed",
                "released",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reviewed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reviewed_at", types.UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["released_by"], ["member.id"], name=op.f("fk_question_review_released_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["member.id"], name=op.f("fk_question_review_reviewed_by")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revision.id"], name=op.f("fk_question_review_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_question_review")),
    )
    op.create_table(
        "question_warning",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", types.Json(), nullable=False),
        sa.Column("since_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "until_version IS NULL OR until_version > since_version",
            name=op.f("ck_question_warning_in_force"),
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_warning_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_warning")),
    )
    for column in ("slug", "since_version", "until_version"):
        op.create_index(
            f"ix_question_warning_bank_id_{column}", "question_warning", ["bank_id", column], unique=False
        )
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _NO_SEARCH[op.get_context().dialect.name]:
        op.execute(statement)
    for column in ("until_version", "since_version", "slug"):
        op.drop_index(f"ix_question_warning_bank_id_{column}", table_name="question_warning")
    op.drop_table("question_warning")
    op.drop_table("question_review")
    op.drop_index(op.f("ix_question_revision_document"), table_name="question_revision")
    op.drop_index(
        "ix_question_revision_passage_id",
        table_name="question_revision",
        sqlite_where=sa.text("passage_id IS NOT NULL"),
        postgresql_where=sa.text("passage_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_question_revision_open",
        table_name="question_revision",
        sqlite_where=sa.text("until_version IS NULL"),
        postgresql_where=sa.text("until_version IS NULL"),
    )
    op.drop_index("ix_question_revision_bank_id_until_version", table_name="question_revision")
    op.drop_index("ix_question_revision_bank_id_since_version", table_name="question_revision")
    op.drop_table("question_revision")
    op.drop_index(
        "uq_bank_plan_applying",
        table_name="bank_plan",
        sqlite_where=sa.text("state = 'applying'"),
        postgresql_where=sa.text("state = 'applying'"),
    )
    op.drop_table("bank_plan_file")
    op.drop_table("superseded_document")
    op.drop_index(op.f("ix_bank_change_together"), table_name="bank_change")
    op.drop_table("bank_change")
    op.drop_index("ix_bank_plan_upload_id", table_name="bank_plan")
    op.drop_index("ix_bank_plan_created_at", table_name="bank_plan")
    op.drop_table("bank_plan")
    op.drop_table("doubt_rule")
    op.drop_table("doubt_decision")
    op.drop_index("ix_bank_download_created_at", table_name="bank_download")
    op.drop_table("bank_download")
    op.drop_table("bank_upload_file")
    op.drop_table("bank_mistakes")
    op.drop_table("bank_reading")
    op.drop_index("ix_bank_upload_created_at", table_name="bank_upload")
    op.drop_table("bank_upload")
    op.drop_table("sheet_columns")
    op.drop_table("question")
    op.drop_table("bank")
