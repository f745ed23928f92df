"""Commands of the whole application: run its ticker and its tasks, bring its database up."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click
from flask import Flask, current_app

from studyhub.app import SCHEDULE, TASKS, create_app
from studyhub.config import Settings
from studyhub.db import migrations
from studyhub.db.database import Database
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
