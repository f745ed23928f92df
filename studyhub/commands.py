"""Commands of the whole application: serve it, run its ticker, bring its database up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask, current_app
from granian import Granian
from granian.constants import Interfaces

from studyhub.app import SCHEDULE, TASKS, create_app
from studyhub.config import Settings
from studyhub.db import migrations
from studyhub.db.database import Database
from studyhub.kernel.errors import Conflict
from studyhub.kernel.presence import at_work
from studyhub.tasks import queries, running
from studyhub.tasks.context import WorkContext
from studyhub.tasks.ticker import Ticker
from studyhub.web import logs
from studyhub.web.command import with_app
from studyhub.web.transaction import read


def work_context(app: Flask, **more: Any) -> WorkContext:
    """What tasks and jobs of this application work with."""
    extensions = app.extensions
    return WorkContext(
        settings=extensions["studyhub.settings"],
        database=extensions["studyhub.database"],
        clock=extensions["studyhub.clock"],
        **more,
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API. Run `scheduler` beside it."""
    settings = Settings.from_environment()  # an unsafe setting is told here, once, and not by every worker
    server = Granian(
        "studyhub.commands:served_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        # Without this one killed worker stops the whole server.
        respawn_failed_workers=True,
        log_access=False,
    )
    with _at_work(settings):
        server.serve()


@contextmanager
def _at_work(settings: Settings) -> Iterator[None]:
    try:
        with at_work(settings.data_dir):
            yield
    except Conflict as refused:
        raise click.ClickException(f"A backup is being restored into {settings.data_dir}.") from refused


def served_app() -> Flask:
    """What each worker of the server serves: the application, logging JSON lines."""
    logs.configure()
    return create_app()


@click.command()
@with_app
def scheduler() -> None:
    """Run scheduled jobs and queued tasks until told to stop (SIGTERM or Ctrl-C)."""
    logs.configure()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    context = work_context(current_app)
    with at_work(context.settings.data_dir):
        Ticker(context, SCHEDULE).run_until(stopped)


@click.command(hidden=True)
@click.argument("task_id", type=int)
@with_app
def task(task_id: int) -> None:
    """Run one claimed task; the ticker starts this in a child process."""
    with read() as session:
        claimed = queries.task(session, task_id, seen_by=None)
    context = work_context(current_app, payload=claimed.payload, created_by=claimed.created_by)
    with at_work(context.settings.data_dir):  # it may outlive the ticker
        done = running.run_task(context, task_id, TASKS[claimed.kind])
    if not done:
        raise SystemExit(1)


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Set the database up, or bring it to this version."""
    settings = Settings.from_environment()
    database = Database(settings.database_url)
    migrations.upgrade(database)
    click.echo(f"{migrations.current(database)}")
    database.dispose()
