"""The two kinds of files, and for each: who may, how it is planned, and how the plan takes effect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import Actor
from studyhub.organization.branches import branch_import
from studyhub.organization.branches import importing as branches
from studyhub.organization.branches import queries as branch_queries
from studyhub.organization.imports.staging import ImportKind
from studyhub.organization.members import importing as members
from studyhub.organization.members import member_import, member_rows
from studyhub.organization.members import queries as member_queries
from studyhub.organization.sheets.headings import Columns
from studyhub.organization.sheets.reading import Records, read_records


@dataclass(frozen=True, slots=True)
class Importer:
    """How files of one kind are handled. A plan has `sound`, `faults` and what `counts` counts."""

    kind: ImportKind
    permission: Permission
    columns: Columns
    plan: Callable[[Session, Actor, Records], Any]
    counts: Callable[[Any], dict[str, int]]
    check: Callable[[Actor, Any], None]
    """Raises what speaks against the plan beside its faults."""
    parts: Callable[[Any], Iterable[Any]]
    """The plan cut up into what fits into a short write transaction."""
    still_so: Callable[[Session, Actor, Any, datetime], bool]
    """Whether the part can still be done as it was planned. Raises Forbidden when the actor may no more."""
    apply_part: Callable[[Session, Actor, Any, datetime], None]
    branch_names: Callable[[Session, Any], Mapping[str, str]]
    """What the branches that the plan speaks of are called, by code."""
    finish: Callable[[Session, Actor, dict[str, Any], datetime], None]
    """Notes in the trail that all of it is done."""

    def apply(self, session: Session, actor: Actor, plan: Any, now: datetime) -> None:
        """The whole plan in the transaction that is open: for a foundation, where nobody waits.

        Raises Unprocessable when the plan has faults.
        """
        self.check(actor, plan)
        for part in self.parts(plan):
            self.apply_part(session, actor, part, now)
        self.finish(session, actor, dict(self.counts(plan)), now)

    def read(self, content: bytes) -> Records:
        """The file's rows. Takes seconds for a large workbook: never in a write transaction."""
        return read_records(content, self.columns)


def _plan_branches(session: Session, actor: Actor, file: Records) -> Any:
    known, within = branch_queries.known(session), branch_queries.managed(session, actor)
    named = within if file.names_within is None else branch_queries.codes(session, file.names_within)
    return branch_import.plan_records(file, known, within, named)


def _plan_members(session: Session, actor: Actor, file: Records) -> Any:
    return member_import.plan_records(file, member_queries.known(session, actor, file.names_within))


BRANCHES = Importer(
    ImportKind.BRANCHES,
    Permission.MANAGE_BRANCHES,
    branch_import.COLUMNS,
    _plan_branches,
    counts=branches.counts,
    check=branches.check,
    parts=branches.parts,
    still_so=branches.still_so,
    apply_part=branches.apply_part,
    branch_names=branches.branch_names,
    finish=branches.finish,
)
MEMBERS = Importer(
    ImportKind.MEMBERS,
    Permission.IMPORT_MEMBERS,
    member_rows.COLUMNS,
    _plan_members,
    counts=members.counts,
    check=members.check,
    parts=members.parts,
    still_so=members.still_so,
    apply_part=members.apply_part,
    branch_names=members.branch_names,
    finish=members.finish,
)
IMPORTERS = {importer.kind: importer for importer in (BRANCHES, MEMBERS)}
