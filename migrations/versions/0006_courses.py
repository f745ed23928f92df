"""The tables of courses."""

import sqlalchemy as sa
from alembic import op

from studyhub.db import types

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("zh", "en", name="language", native_enum=False, create_constraint=True, length=32),
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
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("source", types.Json(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )
    op.create_table(
        "chapter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_chapter_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapter")),
        sa.UniqueConstraint("course_id", "position", name=op.f("uq_chapter_course_id_position")),
    )
    op.create_table(
        "course_branch",
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_course_branch_branch_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_branch_course_id")),
        sa.PrimaryKeyConstraint("course_id", "branch_id", name=op.f("pk_course_branch")),
    )
    op.create_index(op.f("ix_course_branch_branch_id"), "course_branch", ["branch_id"], unique=False)
    op.create_table(
        "course_progress",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lessons_completed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("completed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_progress_course_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_course_progress_member_id")),
        sa.PrimaryKeyConstraint("member_id", "course_id", name=op.f("pk_course_progress")),
    )
    op.create_index(
        "ix_course_progress_course_id_completed_at",
        "course_progress",
        ["course_id", "completed_at"],
        unique=False,
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chapter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("video", "reading", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minimum", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_digest", sa.Text(), nullable=False),
        sa.Column("video_digest", sa.Text(), nullable=True),
        sa.Column("poster_digest", sa.Text(), nullable=True),
        sa.Column("captions_digest", sa.Text(), nullable=True),
        sa.Column("has_sound", sa.Boolean(), nullable=False),
        sa.Column("transcript", types.Json(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("retired_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reading') = (html IS NOT NULL)", name=op.f("ck_lesson_reading_has_text")
        ),
        sa.CheckConstraint(
            "(kind = 'video') = (video_digest IS NOT NULL AND poster_digest IS NOT NULL)",
            name=op.f("ck_lesson_video_has_files"),
        ),
        sa.CheckConstraint(
            "(retired_at IS NULL) = (chapter_id IS NOT NULL)",
            name=op.f("ck_lesson_in_a_chapter_unless_retired"),
        ),
        sa.CheckConstraint("duration_ms > 0", name=op.f("ck_lesson_takes_time")),
        sa.CheckConstraint("minimum BETWEEN 1 AND 100", name=op.f("ck_lesson_minimum_is_a_percentage")),
        sa.ForeignKeyConstraint(
            ["captions_digest"], ["media_file.digest"], name=op.f("fk_lesson_captions_digest")
        ),
        sa.ForeignKeyConstraint(["chapter_id"], ["chapter.id"], name=op.f("fk_lesson_chapter_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lesson_course_id")),
        sa.ForeignKeyConstraint(
            ["poster_digest"], ["media_file.digest"], name=op.f("fk_lesson_poster_digest")
        ),
        sa.ForeignKeyConstraint(["video_digest"], ["media_file.digest"], name=op.f("fk_lesson_video_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("course_id", "slug", name=op.f("uq_lesson_course_id_slug")),
    )
    op.create_index(op.f("ix_lesson_chapter_id"), "lesson", ["chapter_id"], unique=False)
    op.create_table(
        "study_clock",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reported_at", types.UtcDateTime(), nullable=False),
        sa.Column("kept_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_study_clock_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_study_clock")),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("intervals", types.Json(), nullable=False),
        sa.Column("covered_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reached", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("completed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_progress_lesson_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lesson_progress_member_id")),
        sa.PrimaryKeyConstraint("member_id", "lesson_id", name=op.f("pk_lesson_progress")),
    )
    op.create_index(op.f("ix_lesson_progress_lesson_id"), "lesson_progress", ["lesson_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lesson_progress_lesson_id"), table_name="lesson_progress")
    op.drop_table("lesson_progress")
    op.drop_table("study_clock")
    op.drop_index(op.f("ix_lesson_chapter_id"), table_name="lesson")
    op.drop_table("lesson")
    op.drop_index("ix_course_progress_course_id_completed_at", table_name="course_progress")
    op.drop_table("course_progress")
    op.drop_index(op.f("ix_course_branch_branch_id"), table_name="course_branch")
    op.drop_table("course_branch")
    op.drop_table("chapter")
    op.drop_table("course")
