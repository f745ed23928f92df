"""`studyhub banks …`: check, import, schema; formats/commands.py adds convert and export."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from studyhub.kernel.faults import Fault
from studyhub.organization.actor import SYSTEM
from studyhub.questions import bank_file, importing, queries, source, wording
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats.commands import convert_bank, export_bank
from studyhub.questions.importing import Doors, Prepared
from studyhub.questions.plan import Plan, compare
from studyhub.questions.schema import bank_schema
from studyhub.web.command import REFUSED, json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import ngettext as _n
from studyhub.web.services import clock
from studyhub.web.transaction import read, write

Files = list[tuple[Path, bytes, Checked]]

paths_argument = click.argument(
    "paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
strict_option = click.option("--strict", is_flag=True, help="Warnings count as errors.")


@click.group()
def banks() -> None:
    """Question banks: check files, import, export and convert them."""


@banks.command("check")
@paths_argument
@strict_option
@json_option
@with_app
def check_banks(paths: Sequence[Path], strict: bool, as_json: bool) -> None:
    """Report every fault in bank files (a folder: the .yaml files in it)."""
    files = _checked(paths)
    _print_report(files, as_json=as_json)
    sys.exit(_status(files, strict=strict))


@banks.command("import")
@paths_argument
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@strict_option
@json_option
@with_app
def import_banks(paths: Sequence[Path], dry_run: bool, strict: bool, as_json: bool) -> None:
    """Bring banks up to their files: all of them, or none when one has a fault."""
    files = _checked(paths)
    status = _status(files, strict=strict)
    if status:
        _print_report(files, as_json=as_json)
        sys.exit(status)
    if not as_json:
        _print_faults(files)
    plans = _plans(files) if dry_run else _apply(files)
    _print_plans(plans, as_json=as_json, dry_run=dry_run)


@banks.command("schema")
def schema() -> None:
    """Print the JSON Schema of the bank file, for editors."""
    print_json(bank_schema())


banks.add_command(convert_bank)
banks.add_command(export_bank)


def _checked(paths: Sequence[Path]) -> Files:
    names = [file for path in paths for file in _files(path)]
    if not names:
        raise click.UsageError(_("There is no .yaml file here."))
    data = [_bounded(name) for name in names]
    with _bar(len(data), _("Checking")) as bar:
        checked = []
        for content in data:
            checked.append(bank_file.check(content))
            bar.update(1)
    results = bank_file.refuse_twins([(str(n), c) for n, c in zip(names, checked, strict=True)])
    return list(zip(names, data, results, strict=True))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml") and file.is_file())
    return [path]


def _bounded(path: Path) -> bytes:
    """The file, or a little more than the most that is read: a huge one must not fill the memory first."""
    with path.open("rb") as file:
        return file.read(source.LARGEST + 1)


def _status(files: Files, *, strict: bool) -> int:
    bad = any(checked.errors or (strict and checked.warnings) for _path, _data, checked in files)
    return REFUSED if bad else 0


def _print_report(files: Files, *, as_json: bool) -> None:
    report = wording.report([(str(path), checked) for path, _data, checked in files])
    if as_json:
        print_json(report)
        return
    _print_faults(files)
    totals = {key: report[key] for key in ("questions", "errors", "warnings")}
    click.echo(
        _n("%(num)s question", "%(num)s questions", totals["questions"])
        + _(", %(errors)s errors, %(warnings)s warnings", **totals)
    )


def _print_faults(files: Files) -> None:
    for path, _data, checked in files:
        lines = source.lines(checked.text)
        for fault in checked.faults:
            _print_fault(path, fault, lines)


def _print_fault(path: Path, fault: Fault, lines: list[str]) -> None:
    kind = _("Error") if fault.is_error else _("Warning")
    color = "red" if fault.is_error else "yellow"
    about = f" ({fault.subject})" if fault.subject else ""
    head = click.style(f"{kind} {fault.code}", fg=color, bold=True)
    click.echo(f"{path}:{fault.line}:{fault.column} {head}{about}: {wording.message(fault)}")
    if 0 < fault.line <= len(lines):
        click.echo(f"    {lines[fault.line - 1].strip()[:120]}")
    hint = wording.hint(fault)
    if hint:
        click.echo(f"    → {hint}")


def _plans(files: Files) -> list[Plan]:
    with read() as session:
        return [
            compare(checked.bank, queries.bank_in_force(session, checked.bank.slug))
            for _path, _data, checked in files
            if checked.bank
        ]


def _apply(files: Files) -> list[Plan]:
    doors = Doors(read, write, SYSTEM, clock())
    prepared: list[Prepared] = [
        importing.plan_import(doors, checked.bank, path.name, data)
        for path, data, checked in files
        if checked.bank
    ]
    total = sum(item.plan.questions - item.plan.unchanged + len(item.plan.retired) for item in prepared)
    with _bar(total, _("Importing")) as bar:
        importing.apply(doors, prepared, lambda done, _total: bar.update(done - bar.pos))
    return [item.plan for item in prepared]


def _print_plans(plans: Sequence[Plan], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        print_json({"banks": [plan.counts for plan in plans]})
        return
    for plan in plans:
        click.echo(
            _(
                "%(bank)s: %(questions)s questions (%(created)s new, %(changed)s changed, "
                "%(retired)s retired, %(unchanged)s unchanged)",
                **plan.counts,
            )
        )
    click.echo(_("Nothing was changed: this was a trial.") if dry_run else _("Imported."))


@contextmanager
def _bar(length: int, label: str) -> Iterator[Any]:
    """A progress bar on a terminal (on standard error, so that output stays clean); nothing elsewhere."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar
