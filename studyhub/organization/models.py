"""The tables of the organization. What changes over time is dated, so that any day can be asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.db.model import Model
from studyhub.db.types import Json, PathText, enum_text
from studyhub.organization.roles import Role
from studyhub.organization.states import BranchKind, Level, MemberStatus


class Branch(Model):
    """A node of the tree, known by its id for ever; `path` is where it stands today."""

    __tablename__ = "branch"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[BranchKind] = mapped_column(enum_text(BranchKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)
    # The ids from the root down, fixed width: a subtree is a range of this index (see tree.py).
    path: Mapped[str] = mapped_column(PathText(), unique=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class BranchParent(Model):
    """Under which branch a branch stood, and when. The open row agrees with `branch.parent_id`."""

    __tablename__ = "branch_parent"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "ends_after_it_began"),
        Index(
            "uq_branch_parent_open",
            "branch_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Member(Model):
    """A person of the organisation. `branch_id` is the open membership's branch, kept for speed."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[MemberStatus] = mapped_column(enum_text(MemberStatus))
    clearance: Mapped[Level] = mapped_column(enum_text(Level, "clearance"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    password_hash: Mapped[str | None]
    password_set_at: Mapped[datetime | None]
    locale: Mapped[str | None]
    large_type: Mapped[bool] = mapped_column(default=False)
    welcomed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Model):
    """In which branch a member was at home, and when; one row is open at most."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "ends_after_it_began"),
        Index(
            "uq_membership_open",
            "member_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_membership_branch_id_since", "branch_id", "since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Grant(Model):
    """A role that a member has over a branch and all below it (no branch: the whole organisation).

    `source_id` is the leader's grant that it was delegated from, and with which it ends.
    """

    __tablename__ = "role_grant"  # `grant` is a word of SQL
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "ends_after_it_began"),
        Index("ix_role_grant_branch_id", "branch_id"),
        Index("ix_role_grant_source_id", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_text(Role))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("role_grant.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class SignInSession(Model):
    """One signed-in browser or script. Only the token's digest is kept; deleting the row signs it out."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    must_set_password: Mapped[bool] = mapped_column(default=False)
    agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Activation(Model):
    """A one-time code that lets a member in once, to set a password. Only its digest is kept."""

    __tablename__ = "activation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Model):
    """Failed sign-ins of one account or one address within one window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_began_at: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int]


class StagedImport(Model):
    """An uploaded file of members or branches, kept between the plan that was shown and its being applied.

    Between `began_at` and `applied_at` it takes effect part by part, by whoever has the claim; a claim that
    is not renewed may be taken over. `counts` is what the plan was to do, `scope` the paths that it was for.
    """

    __tablename__ = "staged_import"
    __table_args__ = (
        Index(
            "uq_staged_import_under_way",
            "kind",
            unique=True,
            sqlite_where=text("began_at IS NOT NULL AND applied_at IS NULL"),
            postgresql_where=text("began_at IS NOT NULL AND applied_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    began_at: Mapped[datetime | None]
    claim: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    counts: Mapped[dict[str, int] | None] = mapped_column(Json)
    scope: Mapped[list[str] | None] = mapped_column(Json)
    applied_at: Mapped[datetime | None]


class AuditEntry(Model):
    """One act: who did what to what, when. Appended in the act's own transaction, never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_subject", "subject"),
        Index("ix_audit_entry_actor_id_at", "actor_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    act: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(Json())


class AuditSeal(Model):
    """An entry's place in the chain: each seal signs its entry together with the seal before it."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("entry_id"),)

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]
