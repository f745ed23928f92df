"""What every command of the command line shares: the application, the language, and exit statuses.

0 done (warnings only), 1 faults found or refused, 2 wrong usage (click's own).
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
from flask import Flask
from flask_babel import force_locale

from studyhub.kernel.errors import Misconfigured, Refused
from studyhub.web.errors import sentence

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1


def with_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run the command inside the application's context, speaking STUDYHUB_LOCALE.

    The root command carries the factory as its `obj`, so that no room needs to know the application.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _refusals_as_messages():
            make: Callable[[], Flask] = click.get_current_context().find_root().obj
            app = make()
            with app.app_context(), force_locale(app.extensions["studyhub.settings"].locale):
                try:
                    return command(*args, **kwargs)
                except Refused as refused:
                    click.echo(sentence(refused.code, refused.params), err=True)
                    sys.exit(REFUSED)

    return run


class _refusals_as_messages:  # noqa: N801 it reads as a statement
    """Ends the command with status 1 and one line on standard error for what StudyHub refuses."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Misconfigured):
            click.echo(str(error), err=True)
            sys.exit(REFUSED)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def print_json(value: Any) -> None:
    """One JSON document on standard output, Chinese readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
