"""The tables of organization."""

import sqlalchemy as sa
from alembic import op

from studyhub.db import types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "branch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "committee",
                "general_branch",
                "home_branch",
                "group",
                name="branchkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("path", types.PathText(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["branch.id"], name=op.f("fk_branch_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("code", name=op.f("uq_branch_code")),
        sa.UniqueConstraint("path", name=op.f("uq_branch_path")),
    )
    op.create_index(op.f("ix_branch_parent_id"), "branch", ["parent_id"], unique=False)
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_began_at", types.UtcDateTime(), nullable=False),
        sa.Column("failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_index(op.f("ix_throttle_window_began_at"), "throttle", ["window_began_at"], unique=False)
    op.create_table(
        "branch_parent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("until", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_branch_parent_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_branch_parent_branch_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["branch.id"], name=op.f("fk_branch_parent_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_parent")),
    )
    op.create_index(op.f("ix_branch_parent_branch_id"), "branch_parent", ["branch_id"], unique=False)
    op.create_index(
        "uq_branch_parent_open",
        "branch_parent",
        ["branch_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "probationary",
                "left",
                name="memberstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "clearance",
            sa.Enum(
                "public",
                "internal",
                "restricted",
                name="clearance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_set_at", types.UtcDateTime(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("large_type", sa.Boolean(), nullable=False),
        sa.Column("welcomed_at", types.UtcDateTime(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_member_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("member_no", name=op.f("uq_member_member_no")),
        sa.UniqueConstraint("phone", name=op.f("uq_member_phone")),
    )
    op.create_index(op.f("ix_member_branch_id"), "member", ["branch_id"], unique=False)
    op.create_table(
        "activation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("used_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_activation_made_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_activation_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_activation_code_digest")),
    )
    op.create_index(op.f("ix_activation_member_id"), "activation", ["member_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_actor_id_at", "audit_entry", ["actor_id", "at"], unique=False)
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("until", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_membership_ends_after_it_began")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_membership_branch_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_branch_id_since", "membership", ["branch_id", "since"], unique=False)
    op.create_index(op.f("ix_membership_member_id"), "membership", ["member_id"], unique=False)
    op.create_index(
        "uq_membership_open",
        "membership",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "auditor",
                "deputy",
                "editor",
                "group_leader",
                "leader",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("until", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_role_grant_ends_after_it_began")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_role_grant_branch_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["member.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_role_grant_member_id")),
        sa.ForeignKeyConstraint(["source_id"], ["role_grant.id"], name=op.f("fk_role_grant_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_branch_id", "role_grant", ["branch_id"], unique=False)
    op.create_index(op.f("ix_role_grant_member_id"), "role_grant", ["member_id"], unique=False)
    op.create_index("ix_role_grant_source_id", "role_grant", ["source_id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("must_set_password", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sign_in_session_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_session_token_digest")),
    )
    op.create_index(op.f("ix_sign_in_session_expires_at"), "sign_in_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sign_in_session_member_id"), "sign_in_session", ["member_id"], unique=False)
    op.create_table(
        "staged_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("began_at", types.UtcDateTime(), nullable=True),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("claimed_at", types.UtcDateTime(), nullable=True),
        sa.Column("counts", types.Json(), nullable=True),
        sa.Column("scope", types.Json(), nullable=True),
        sa.Column("applied_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_staged_import_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_import")),
    )
    op.create_index(op.f("ix_staged_import_created_at"), "staged_import", ["created_at"], unique=False)
    op.create_index(
        "uq_staged_import_under_way",
        "staged_import",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("began_at IS NOT NULL AND applied_at IS NULL"),
        postgresql_where=sa.text("began_at IS NOT NULL AND applied_at IS NULL"),
    )
    op.create_table(
        "audit_seal",
        sa.Column(
            "sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_seal_entry_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
    )


def downgrade() -> None:
    op.drop_table("audit_seal")
    op.drop_index(
        "uq_staged_import_under_way",
        table_name="staged_import",
        sqlite_where=sa.text("began_at IS NOT NULL AND applied_at IS NULL"),
        postgresql_where=sa.text("began_at IS NOT NULL AND applied_at IS NULL"),
    )
    op.drop_index(op.f("ix_staged_import_created_at"), table_name="staged_import")
    op.drop_table("staged_import")
    op.drop_index(op.f("ix_sign_in_session_member_id"), table_name="sign_in_session")
    op.drop_index(op.f("ix_sign_in_session_expires_at"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index("ix_role_grant_source_id", table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_member_id"), table_name="role_grant")
    op.drop_index("ix_role_grant_branch_id", table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(
        "uq_membership_open",
        table_name="membership",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index(op.f("ix_membership_member_id"), table_name="membership")
    op.drop_index("ix_membership_branch_id_since", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor_id_at", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_activation_member_id"), table_name="activation")
    op.drop_table("activation")
    op.drop_index(op.f("ix_member_branch_id"), table_name="member")
    op.drop_table("member")
    op.drop_index(
        "uq_branch_parent_open",
        table_name="branch_parent",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index(op.f("ix_branch_parent_branch_id"), table_name="branch_parent")
    op.drop_table("branch_parent")
    op.drop_index(op.f("ix_throttle_window_began_at"), table_name="throttle")
    op.drop_table("throttle")
    op.drop_index(op.f("ix_branch_parent_id"), table_name="branch")
    op.drop_table("branch")
