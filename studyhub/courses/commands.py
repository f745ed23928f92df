"""`studyhub courses …`: import a course from its folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from studyhub.courses import import_run, wording
from studyhub.courses.import_run import Run
from studyhub.courses.plan import Plan
from studyhub.courses.wording import Files
from studyhub.media.store import Store
from studyhub.organization.actor import SYSTEM
from studyhub.web import transaction
from studyhub.web.command import REFUSED, json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import ngettext
from studyhub.web.services import clock, settings


@click.group()
def courses() -> None:
    """Courses: import them from their folders."""


@courses.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@json_option
@with_app
def import_course(folder: Path, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Import a folder with course.yaml, Markdown, videos or slides, and captions; again to change it."""
    with _bar() as progress:
        run = import_run.look(transaction, SYSTEM, folder, Store(settings().data_dir), progress)
    faults = run.source.faults
    if run.plan is None or (strict and faults):
        _print_faults(faults, as_json=as_json)
        sys.exit(REFUSED)
    if not as_json:
        _print_faults(faults, as_json=False)
    _finish(run, run.plan, dry_run=dry_run, as_json=as_json)


def _finish(run: Run, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    if not dry_run:
        import_run.apply(transaction, SYSTEM, run, plan, clock()())
    if as_json:
        print_json({"courses": [plan.as_json()], **wording.report(run.source.faults)})
        return
    click.echo(
        _(
            "%(course)s “%(title)s”: %(created)s lessons new, %(changed)s changed, %(retired)s retired, "
            "%(unchanged)s unchanged.",
            course=plan.course,
            title=plan.title,
            created=len(plan.created),
            changed=len(plan.changed),
            retired=len(plan.retired),
            unchanged=len(plan.unchanged),
        )
    )
    click.echo(_("Nothing was changed: this was a trial.") if dry_run else _("Imported."))


def _print_faults(files: Files, *, as_json: bool) -> None:
    report = wording.report(files)
    if as_json:
        print_json(report)
        return
    for name, faults in files.items():
        for fault in faults:
            kind = _("Error") if fault.is_error else _("Warning")
            color = "red" if fault.is_error else "yellow"
            head = click.style(f"{kind} {fault.code}", fg=color, bold=True)
            click.echo(f"{name}:{fault.line}:{fault.column} {head}: {wording.message(fault)}")
            hint = wording.hint(fault)
            if hint:
                click.echo(f"    → {hint}")
    if report["errors"]:
        click.echo(ngettext("%(num)s error", "%(num)s errors", report["errors"]))


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar, shown on a terminal only: it begins when the first video is made."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bar = click.progressbar(length=1, label=_("Making videos"), file=sys.stderr)

    def progress(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    with bar:
        yield progress
