"""`studyhub banks …`: import and schema; checking/ adds check, formats/ convert and export."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from studyhub.media.store import Store
from studyhub.organization.actor import SYSTEM
from studyhub.questions import importing, intake, losses, plan_pages, queries, touching
from studyhub.questions.bulk import commands as bulk
from studyhub.questions.checking.commands import (
    check,
    check_banks,
    paths_argument,
    print_faults,
    print_skipped,
    print_totals,
    progress_bar,
    report,
    status,
    strict_option,
)
from studyhub.questions.checking.files import BankFile, Reader, beside_known
from studyhub.questions.desk.commands import restore, show_history
from studyhub.questions.desk.wording import BECOMING, stopped_lines, touched_lines
from studyhub.questions.fields import SLUG
from studyhub.questions.formats import FORMATS, READ
from studyhub.questions.formats.commands import convert_bank, export_bank, say_found_out
from studyhub.questions.importing import Doors, Offer, Prepared
from studyhub.questions.intake import Taken
from studyhub.questions.plan import compare
from studyhub.questions.schema import bank_schema
from studyhub.questions.sources import commands as sources
from studyhub.questions.touching import Touches
from studyhub.questions.uploads import heads
from studyhub.web.clock import now
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.services import clock, settings
from studyhub.web.transaction import read, write

MOST_NAMED = 20
"""Questions of a kind that are named for people; --json names all."""


@click.group()
def banks() -> None:
    """Question banks: check files, import, export and convert them."""


@banks.command("import")
@paths_argument
@click.option("--bank", metavar="SLUG", help="The bank that a file of another format becomes.")
@click.option("--from", "origin", type=click.Choice(READ), help="The format; found out when not given.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--yes", is_flag=True, help="Even if items cannot be read and questions leave, or prompts are only alike."
)
@strict_option
@json_option
@with_app
def import_banks(paths: Sequence[Path], dry_run: bool, yes: bool, **options: Any) -> None:
    """Bring banks up to their files: all of them, or none when one has a fault.

    A file of another format becomes the bank that --bank names, or that it is itself named like.
    """
    doors, as_json = Doors(read, write, SYSTEM, clock()), bool(options["as_json"])
    files = _checked(doors, paths, **options)
    plans = _plans(files) if dry_run else _planned(doors, files)
    unread = {one.checked.bank.slug: one.unread for one in files if one.checked.bank}
    for one in plans:
        losses.check(one.plan, len(unread[one.plan.bank]), confirmed=yes)
        losses.check_likeness(one.plan, one.matches, confirmed=yes or dry_run)
    if not dry_run:
        _apply(doors, plans)
    with read() as session:
        touches = [touching.of_plan(session, SYSTEM, one.plan, now()) for one in plans]
    _print_plans(list(zip(plans, touches, strict=True)), as_json=as_json, dry_run=dry_run)


def _checked(
    doors: Doors, paths: Sequence[Path], strict: bool, as_json: bool, **options: Any
) -> list[BankFile]:
    """The files, with what is wrong with them printed; the command ends here when they are refused."""
    files = check(paths, _reader(paths, **options))
    if not as_json:
        say_found_out(*(file.found_out for file in files))
    files = beside_known(files, importing.prompts_beside(doors, [file.checked for file in files]))
    refused = status(files, strict=strict)
    if refused and as_json:
        print_json(report(files))
    elif as_json:
        print_skipped(files)
    else:
        print_faults(files)
    if refused:
        if not as_json:
            print_totals(files)
        sys.exit(refused)
    return files


def _reader(paths: Sequence[Path], bank: str | None, origin: str | None) -> Reader:
    if bank is not None and (len(paths) > 1 or not SLUG.fullmatch(bank)):
        raise click.BadParameter(
            _("--bank names the bank of one file, with small letters, digits and hyphens.")
        )
    chosen = FORMATS[origin] if origin else None
    return Reader(chosen, lambda path: heads.chosen({"bank": bank}, path.name, _known))


def _known(slug: str) -> Mapping[str, Any]:
    with read() as session:
        return queries.bank_in_force(session, slug).head


@banks.command("schema")
def schema() -> None:
    """Print the JSON Schema of the bank file, for editors."""
    print_json(bank_schema())


banks.add_command(check_banks)
banks.add_command(convert_bank)
banks.add_command(export_bank)
banks.add_command(show_history)
banks.add_command(restore)
for command in (*bulk.COMMANDS, *sources.COMMANDS):
    banks.add_command(command)


def _plans(files: Sequence[BankFile]) -> list[Prepared]:
    """What would be done, with nothing kept: these plans have no number."""
    plans = []
    with read() as session:
        for file in files:
            if file.checked.bank:
                offer = _offer(file, intake.Taken(file.data, file.checked))
                known = queries.whole_bank(session, offer.bank.slug) if offer.made else None
                offer = importing.recognised(offer, known)
                plan = compare(offer.bank, queries.bank_in_force(session, offer.bank.slug))
                plans.append(Prepared(0, offer.bank, plan, matches=offer.matches))
    return plans


def _offer(file: BankFile, taken: Taken) -> Offer:
    assert taken.checked.bank is not None
    made = file.admitted.made if file.admitted else frozenset()
    offer = Offer(taken.checked.bank, taken.data, file.path.name, taken.kept, checked=taken.checked)
    return replace(offer, made=made)


def _planned(doors: Doors, files: Sequence[BankFile]) -> list[Prepared]:
    prepared: list[Prepared] = []
    for file in files:
        taken = intake.take(file.data, file.checked, file.beside, Store(settings().data_dir))
        if taken.checked.bank:
            prepared.append(importing.plan_import(doors, _offer(file, taken)))
    return prepared


def _apply(doors: Doors, prepared: Sequence[Prepared]) -> None:
    total = sum(item.plan.steps for item in prepared)
    with progress_bar(total, _("Importing")) as bar:
        importing.apply(doors, prepared, lambda done, _total: bar.update(done - bar.pos))


def _counts(one: Prepared, touches: Touches) -> dict[str, Any]:
    matches = [match.as_json for match in one.matches]
    recognised = {"recognised": len(matches), "matches": matches} if matches else {}
    return one.plan.counts | {"changes": one.plan.changes, "touches": touches.as_json} | recognised


def _print_plans(plans: Sequence[tuple[Prepared, Touches]], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        print_json({"banks": [_counts(one, touches) for one, touches in plans]})
        return
    for one, touches in plans:
        plan = one.plan
        click.echo(
            _(
                "%(bank)s: %(questions)s questions (%(created)s new, %(changed)s changed, "
                "%(retired)s retired, %(unchanged)s unchanged)",
                **plan.counts,
            )
        )
        for line in [*_named(one), *touched_lines(touches), *stopped_lines(touches.exams_stopped)]:
            click.echo(f"  {line}")
    click.echo(_("Nothing was changed: this was a trial.") if dry_run else _("Imported."))


def _named(one: Prepared) -> Iterator[str]:
    """Which questions it does what to, and which of the bank those without ids are taken for."""
    for kind, of in plan_pages.KINDS.items():
        if names := of(one.plan):
            yield _("%(kind)s: %(questions)s", kind=BECOMING[kind], questions=_listed(names))
    if one.matches:
        surest_last = sorted(one.matches, key=lambda match: match.percent)
        names = [f"{match.known} ({match.percent} %)" for match in surest_last]
        yield _("Without an id, recognised by their words: %(questions)s", questions=_listed(names))


def _listed(names: Sequence[str]) -> str:
    shown = _(", ").join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} … ({len(names)})"
