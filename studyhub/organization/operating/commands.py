"""`backup`, `restore` and `doctor`."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from studyhub.organization.audit import Act, record
from studyhub.organization.commands import seal_now
from studyhub.organization.jobs import seal_trail
from studyhub.organization.operating import backup as backups
from studyhub.organization.operating.doctor import Patient, State, examine
from studyhub.organization.operating.wording import line, summary
from studyhub.tasks.context import WorkContext
from studyhub.web.clock import now
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.filters import local_datetime
from studyhub.web.i18n import gettext as _
from studyhub.web.services import clock, database, settings
from studyhub.web.transaction import write

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@json_option
@with_app
def backup(folder: Path, as_json: bool) -> None:
    """Write database, media and secret key into DIR, while StudyHub goes on working."""
    manifest = backups.back_up(database(), settings(), folder, now())
    with write() as session:
        detail = {"files": len(manifest.files), "bytes": manifest.total_bytes}
        record(session, None, Act.BACKUP_MADE, "backup", detail, now=now())
    seal_now()
    _report(folder, manifest, as_json=as_json)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--force", is_flag=True, help="Replace what is there.")
@json_option
@with_app
def restore(folder: Path, force: bool, as_json: bool) -> None:
    """Put the backup in DIR into place. Stop the server and the scheduler first."""
    manifest = backups.restore(database(), settings(), folder, force=force)
    with write() as session:
        record(session, None, Act.RESTORED, "backup", {"made_at": manifest.made_at}, now=now())
    # From here on the chain is the backup's, and so is the key that it is sealed with.
    restored = replace(settings(), secret_key=backups.secret_of(folder))
    seal_trail(WorkContext(restored, database(), clock()))
    _report(folder, manifest, as_json=as_json)


@click.command()
@json_option
@with_app
def doctor(as_json: bool) -> None:
    """Look whether all is well. Exit status 1 when something is wrong."""
    findings = examine(Patient(settings(), database(), now()))
    if as_json:
        print_json([{"check": f.check, "state": f.state.value, **f.params} for f in findings])
    else:
        for finding in findings:
            click.echo(line(finding))
    if any(finding.state is State.ERROR for finding in findings):
        sys.exit(1)


def _report(folder: Path, manifest: backups.Manifest, *, as_json: bool) -> None:
    if as_json:
        facts = {"made_at": manifest.made_at, "engine": manifest.engine, "revision": manifest.revision}
        print_json(
            {"folder": str(folder), "files": len(manifest.files), "bytes": manifest.total_bytes, **facts}
        )
    else:
        click.echo(_("Backup of %(when)s", when=local_datetime(datetime.fromisoformat(manifest.made_at))))
        click.echo(summary(len(manifest.files), manifest.total_bytes))


COMMANDS: tuple[click.Command, ...] = (backup, doctor, restore)
