"""The two kinds of files, and for each: who may, how it is planned, and how the plan takes effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.branches import branch_import
from studyhub.organization.branches import operations as branches
from studyhub.organization.branches import queries as branch_queries
from studyhub.organization.imports.staging import ImportKind
from studyhub.organization.members import importing, member_import, member_rows
from studyhub.organization.members import queries as member_queries
from studyhub.organization.sheets.reading import Columns, Records, read_records


@dataclass(frozen=True, slots=True)
class Importer:
    """How files of one kind are handled. A plan has `sound`, `faults` and what `counts` counts."""

    kind: ImportKind
    permission: Permission
    columns: Columns
    plan: Callable[[Session, Actor, Records], Any]
    apply: Callable[[Session, Actor, Any, datetime], None]
    counts: Callable[[Any], dict[str, int]]

    def read(self, content: bytes) -> Records:
        """The file's rows. Takes seconds for a large workbook: never in a write transaction."""
        return read_records(content, self.columns)


def _plan_branches(session: Session, _actor: Actor, file: Records) -> Any:
    return branch_import.plan_records(file, branch_queries.known(session))


def _plan_members(session: Session, actor: Actor, file: Records) -> Any:
    return member_import.plan_records(file, member_queries.known(session, actor))


BRANCHES = Importer(
    ImportKind.BRANCHES,
    Permission.MANAGE_BRANCHES,
    branch_import.COLUMNS,
    _plan_branches,
    branches.apply_plan,
    branches.counts,
)
MEMBERS = Importer(
    ImportKind.MEMBERS,
    Permission.IMPORT_MEMBERS,
    member_rows.COLUMNS,
    _plan_members,
    importing.apply_plan,
    importing.counts,
)
IMPORTERS = {importer.kind: importer for importer in (BRANCHES, MEMBERS)}
