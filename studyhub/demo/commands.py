"""`studyhub demo` serves the demo, building it first; `studyhub demo build` only builds."""

from __future__ import annotations

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app

from studyhub.demo import building, marker, serving
from studyhub.demo.building import Site, Step
from studyhub.demo.marker import Size
from studyhub.demo.people import ACCOUNTS
from studyhub.demo.wording import spoken
from studyhub.kernel.errors import Unprocessable
from studyhub.web.command import with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext

DEFAULT_FOLDER = Path("instance", "demo")
ATTEMPTS_PER_MEMBER = 2.2
PURPOSES = {
    "admin": lazy_gettext("imports members and banks, sets exams and courses"),
    "editor": lazy_gettext("keeps banks, exams and courses"),
    "auditor": lazy_gettext("reads the audit trail"),
    "secretary": lazy_gettext("leads the whole organisation"),
    "leader": lazy_gettext("leads the home branch of member"),
    "member": lazy_gettext("studies and sits exams"),
    "member2": lazy_gettext("a member of another district"),
}
DOING: dict[Step, object] = {
    building.found: lazy_gettext("branches and members"),
    building.import_banks: lazy_gettext("question banks"),
    building.import_courses: lazy_gettext("courses; their videos are rendered"),
    building.play_history: lazy_gettext("exams, attempts and lessons of the past months"),
    building.close_expired: lazy_gettext("marks of what ended meanwhile"),
}
"""What is said while a step of the build runs."""


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="instance/demo if not set")
@click.pass_context
def demo(context: click.Context, host: str, port: int, data_dir: Path | None) -> None:
    """Serve the demo organisation: pages, API and ticker. The first time it is built."""
    if context.invoked_subcommand is None:
        _prepare_environment(port, data_dir)
        serve_demo(host, port)


@demo.command("build")
@click.option("--members", default=300, show_default=True, type=click.IntRange(1))
@click.option("--branches", default=14, show_default=True, type=click.IntRange(1), help="home branches")
@click.option("--exams", default=3, show_default=True, type=click.IntRange(1, 200))
@click.option("--attempts", type=click.IntRange(0), help="2.2 for each member if not set")
@click.option("--seed", default=1, show_default=True)
@with_app
def build(members: int, branches: int, exams: int, attempts: int | None, seed: int) -> None:
    """Build a demo of this size in the configured database, without serving it."""
    if attempts is None:
        attempts = round(members * ATTEMPTS_PER_MEMBER)
    with spoken():
        fresh, password = _build(Size(members, branches, exams, attempts, seed))
    click.echo(_("The demo is built.") if fresh else _("The demo was there already."))
    _print_accounts(password)


@with_app
def serve_demo(host: str, port: int) -> None:
    """Build what is missing, then serve until told to stop."""
    settings = current_app.extensions["studyhub.settings"]
    log = settings.data_dir / "demo.log"

    def greet() -> None:
        click.echo(f"\nStudyHub 学习考核平台  {settings.base_url}\n")
        _print_accounts(password)
        click.echo(_("Ctrl-C stops the demo. Its log: %(path)s", path=log))

    with spoken():
        serving.refuse_taken_port(host, port)
        _fresh, password = _build(marker.built_here(settings) or Size())
        serving.run(host, port, log, greet)


def _prepare_environment(port: int, data_dir: Path | None) -> None:
    """What the children are to know; a setting that the person made stays."""
    if data_dir is not None:
        os.environ["STUDYHUB_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("STUDYHUB_DATA_DIR", str(DEFAULT_FOLDER))
    os.environ.setdefault("STUDYHUB_BASE_URL", f"http://127.0.0.1:{port}")


def _build(size: Size) -> tuple[bool, str | None]:
    """Whether anything had to be built, and the accounts' password when we made it up."""
    settings = current_app.extensions["studyhub.settings"]
    database = current_app.extensions["studyhub.database"]
    # On whole minutes, so that times on pages look like times.
    now = current_app.extensions["studyhub.clock"]().replace(second=0, microsecond=0) - timedelta(minutes=1)
    made_up = None if settings.demo_password else secrets.token_urlsafe(12)
    told = Told(in_place=sys.stderr.isatty())
    try:
        site = Site(settings, database, size, now, told.counted)
        fresh = building.build(site, settings.demo_password or made_up or "", told.step)
    except ValueError as error:
        raise Unprocessable("demo_too_small", reason=str(error)) from error
    finally:
        database.dispose()  # the children open connections of their own
    return fresh, made_up


class Told:
    """Which step of the build runs, and how far it is: who waits for a minute wants to see for what.

    On a terminal a step's line is written anew; elsewhere it gets a line for each quarter.
    """

    def __init__(self, *, in_place: bool) -> None:
        self._in_place = in_place
        self._line = ""
        self._quarters = 0

    def step(self, done: int, total: int, step: Step | None) -> None:
        """The step after `done` of them begins; None when all are done."""
        if done == 0:
            click.echo(_("Building the demo. This happens once and takes a minute or two."), err=True)
        elif self._in_place and self._line:
            click.echo(err=True)
        if step is not None:
            self._line = f"  {done + 1}/{total} {DOING.get(step, step.__name__)}"
            self._quarters = 0
            click.echo(self._line, nl=not self._in_place, err=True)

    def counted(self, done: int, total: int) -> None:
        """So much of the step is done."""
        percent = 100 * done // max(1, total)
        if self._in_place:
            click.echo(f"\r{self._line} {percent}%", nl=False, err=True)
        elif percent // 25 > self._quarters:
            self._quarters = percent // 25
            click.echo(f"      {percent}%", err=True)


def _print_accounts(made_up: str | None) -> None:
    for account in ACCOUNTS:
        click.echo(f"  {account.member_no:<10} {account.name}  {PURPOSES[account.member_no]}")
    if made_up:
        click.echo(_("Password of all accounts: %(password)s", password=made_up))
    else:
        click.echo(_("The password of all accounts is in STUDYHUB_DEMO_PASSWORD."))
