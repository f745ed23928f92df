"""What every command of the command line shares: the application, the language, and exit statuses.

0 done (warnings only), 1 faults found or refused, 2 wrong usage (click's own).
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from studyhub.config import Settings
from studyhub.db import migrations
from studyhub.db.database import is_collision
from studyhub.kernel.errors import Misconfigured, Refused
from studyhub.web import command_words
from studyhub.web.errors import sentence
from studyhub.web.i18n import gettext
from studyhub.web.setting_words import said

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1


def with_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run the command inside the application's context, speaking STUDYHUB_LOCALE.

    The root command carries the factory as its `obj`, so that no room needs to know the application.
    """
    return _within(command, lasting=True)


def with_passing_app(command: Callable[P, R]) -> Callable[P, R]:
    """As `with_app`, for a command that only looks at files: it leaves nothing in the data folder."""
    return _within(command, lasting=False)


class Commands(click.Group):
    """All commands under one name. What one refuses that runs without the application is worded as well.

    Their descriptions are English where they are written, and are put into STUDYHUB_LOCALE for each run.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._english: dict[command_words.Described, str] = {}

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Begin a run; `--help` is answered in it."""
        for each in command_words.described(self):
            command_words.describe(each, self._english.setdefault(each, each.help or ""))
        return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal is one line and exit status 1."""
        try:
            return super().invoke(ctx)
        except Misconfigured as error:
            _refuse(said(error))
        except Refused as refused:
            _refuse(_worded(refused, ctx.obj))


def _worded(refused: Refused, make: Callable[..., Flask]) -> str:
    with make(Settings.from_environment(lasting=False)).app_context():
        return sentence(refused.code, refused.params)


def _within(command: Callable[P, R], *, lasting: bool) -> Callable[P, R]:
    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            make: Callable[..., Flask] = click.get_current_context().find_root().obj
            app = make() if lasting else make(Settings.from_environment(lasting=False))
        except Misconfigured as error:
            _refuse(said(error))
        with app.app_context():
            try:
                return command(*args, **kwargs)
            except Refused as refused:
                _refuse(sentence(refused.code, refused.params))
            except DBAPIError as error:
                if is_collision(error):
                    _refuse(gettext("Somebody else did the same at the same moment. Run the command again."))
                if migrations.current(app.extensions["studyhub.database"]) == migrations.head():
                    raise
                _refuse(gettext("The database is not at this version: run `studyhub db upgrade` first."))

    return run


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(REFUSED)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def print_json(value: Any) -> None:
    """One JSON document on standard output, Chinese readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
