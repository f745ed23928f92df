"""Branches, members and the audit trail on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.organization.actor import SYSTEM
from studyhub.organization.branches import queries as branch_queries
from studyhub.organization.imports import applying, kinds, staging
from studyhub.organization.imports.applying import Waiting
from studyhub.organization.imports.kinds import Importer
from studyhub.organization.imports.staging import UploadedFile
from studyhub.organization.imports.wording import as_json as fault_as_json
from studyhub.organization.imports.wording import column as column_of
from studyhub.organization.imports.wording import hint, message
from studyhub.organization.jobs import seal_trail
from studyhub.organization.members import queries as member_queries
from studyhub.organization.members import slip_pdf, slips
from studyhub.organization.members.slips import Slip
from studyhub.organization.members.wording import last_day, slip_words
from studyhub.organization.models import Branch, Member
from studyhub.organization.sign_in.activation_code import grouped
from studyhub.organization.trail.anchor import read_anchor
from studyhub.organization.trail.chain import chain_key
from studyhub.organization.trail.verification import Verification
from studyhub.organization.trail.verification import verify as verify_trail
from studyhub.organization.trail.wording import BREAKS
from studyhub.tasks.context import WorkContext
from studyhub.web.clock import now
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import language
from studyhub.web.services import clock, database, settings
from studyhub.web.transaction import read, write

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
dry_run_option = click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
strict_option = click.option("--strict", is_flag=True, help="Let warnings make the exit status 1.")


@click.group()
def branches() -> None:
    """The tree of branches."""


@branches.command(name="import")
@click.argument("file", type=FILE)
@dry_run_option
@strict_option
@json_option
@with_app
def import_branches(file: Path, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Create, change and move branches as a CSV, XLSX or XLS file says (code,name,parent,kind)."""
    _import(kinds.BRANCHES, file, dry_run=dry_run, strict=strict, json=as_json)


@click.group()
def members() -> None:
    """Members of the organisation."""


@members.command(name="import")
@click.argument("file", type=FILE)
@dry_run_option
@strict_option
@json_option
@with_app
def import_members(file: Path, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Create, transfer and update members as a CSV, XLSX or XLS file says (member_no,name,branch,…)."""
    _import(kinds.MEMBERS, file, dry_run=dry_run, strict=strict, json=as_json)


@members.command(name="slips")
@click.argument("branch")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
@json_option
@with_app
def print_slips(branch: str, output: Path | None, as_json: bool) -> None:
    """Make activation slips for everybody of BRANCH (and below it) who has no password yet."""
    with write() as session:
        found = _branch(session, branch)
        made = slips.make_for_branch(session, SYSTEM, found, now())
    seal_now()
    target = output or Path(f"slips-{branch}.pdf")
    if made:
        words = slip_words(made[0].expires_at)
        target.write_bytes(slip_pdf.render(made, words, settings().base_url, language()))
        target.chmod(0o600)
    if as_json:
        print_json(
            {"branch": branch, "file": str(target) if made else None, "slips": [_slip(s) for s in made]}
        )
    elif made:
        click.echo(_("%(count)s slips in %(file)s", count=len(made), file=target))
    else:
        click.echo(_("Nobody here needs a slip."))


@members.command(name="password")
@click.argument("member_no")
@json_option
@with_app
def reset_password(member_no: str, as_json: bool) -> None:
    """Take a member's password away and print a one-time code for a new one."""
    with write() as session:
        member = _member(session, member_no)
        slip = slips.make_for_reset(session, SYSTEM, member, now())
    seal_now()
    if as_json:
        print_json(_slip(slip))
        return
    click.echo(f"{slip.name} {slip.member_no}")
    head = _("One-time code")
    click.echo(f"{head}: {grouped(slip.code)}")
    click.echo(slip_pdf.slip_url(settings().base_url, slip.code))
    click.echo(_("To be used by %(day)s, once. Give it to nobody else.", day=last_day(slip.expires_at)))


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@json_option
@with_app
def verify(as_json: bool) -> None:
    """Seal what waits, then check every entry against its seal. Exit status 1 when the trail is not whole."""
    seal_now()
    anchor = read_anchor(settings().data_dir)
    with read() as session:
        found = verify_trail(session, chain_key(settings().secret_key), anchor, now())
    if as_json:
        print_json(found.as_json())
    else:
        _say_verified(found)
    if not found.whole:
        sys.exit(1)


def _say_verified(found: Verification) -> None:
    click.echo(
        _("%(sealed)s sealed, %(waiting)s waiting for a seal", sealed=found.sealed, waiting=found.waiting)
    )
    if found.broken:
        number, entry = found.broken.sequence, found.broken.entry_id or "–"
        place = _("Seal %(sequence)s, entry %(entry)s.", sequence=number, entry=entry)
        click.echo(f"{BREAKS[found.broken.how]} {place}")
    if found.overdue:
        click.echo(_("%(count)s entries have waited for more than a minute", count=found.overdue))
    click.echo(_("whole") if found.whole else _("not whole"))


def seal_now() -> None:
    """Seal the trail: on the command line nothing tells whether a scheduler is running."""
    seal_trail(WorkContext(settings(), database(), clock()))


def _import(importer: Importer, file: Path, *, dry_run: bool, strict: bool, json: bool) -> None:
    content = file.read_bytes()
    records = importer.read(content)
    with read() as session:
        plan = importer.plan(session, SYSTEM, records)
    if plan.sound and not dry_run:
        with write() as session:
            staged_id = staging.stage(session, SYSTEM, UploadedFile(importer.kind, file.name, content), now())
        doors = applying.Doors(read, write, now)
        applying.apply(doors, SYSTEM, Waiting(importer, staged_id, records, staging.plan_digest(plan)))
    if not dry_run:
        seal_now()
    counts = importer.counts(plan)
    errors = sum(fault.is_error for fault in plan.faults)
    if json:
        _print_report(plan, counts, dry_run=dry_run, errors=errors)
    else:
        _tell(plan, counts, dry_run=dry_run)
    if errors or (strict and plan.faults):
        sys.exit(1)


def _print_report(plan: Any, counts: dict[str, int], *, dry_run: bool, errors: int) -> None:
    faults = [fault_as_json(fault) for fault in plan.faults]
    applied = plan.sound and not dry_run
    report = {
        **counts,
        "applied": applied,
        "errors": errors,
        "warnings": len(faults) - errors,
        "faults": faults,
    }
    print_json(report)


def _tell(plan: Any, counts: dict[str, int], *, dry_run: bool) -> None:
    for fault in plan.faults:
        where = _("Row %(row)s", row=fault.line) if fault.line else _("File")
        column = column_of(fault)
        place = f"{where}, {column}" if column else where
        click.echo(" ".join(part for part in (f"{place}:", message(fault), hint(fault)) if part))
    if not plan.sound:
        click.echo(_("The file has mistakes, so nothing was imported."))
        return
    names = {
        "created": _("New"),
        "transferred": _("Transferred"),
        "updated": _("Changed"),
        "changed": _("Changed"),
        "moved": _("Moved"),
        "unchanged": _("Unchanged"),
    }
    click.echo(" · ".join(f"{names[name]} {count}" for name, count in counts.items()))
    if dry_run:
        click.echo(_("Nothing was changed: this was only the plan."))


def _branch(session: Session, code: str) -> Branch:
    try:
        return branch_queries.branch(session, SYSTEM, Permission.RESET_PASSWORDS, code)
    except NotFound:
        raise NotFound("unknown_branch", value=code) from None


def _member(session: Session, member_no: str) -> Member:
    try:
        return member_queries.member(session, SYSTEM, Permission.RESET_PASSWORDS, member_no)
    except NotFound:
        raise NotFound("unknown_member", value=member_no) from None


def _slip(slip: Slip) -> dict[str, str]:
    return {
        "member_no": slip.member_no,
        "name": slip.name,
        "branch": slip.branch_name,
        "code": slip.code,
        "expires_at": slip.expires_at.isoformat(),
        "url": slip_pdf.slip_url(settings().base_url, slip.code),
    }


COMMANDS: tuple[click.Command, ...] = (audit, branches, members)
