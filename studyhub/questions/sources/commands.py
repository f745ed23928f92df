"""`studyhub banks documents`, `supersede` and `hold-again`: what questions rest on, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from studyhub.organization.actor import SYSTEM
from studyhub.questions.importing import Doors
from studyhub.questions.sources import api, documents
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.services import clock
from studyhub.web.transaction import read, write

document_argument = click.argument("document")
version_argument = click.argument("version", default="")


@click.command("documents")
@json_option
@with_app
def list_documents(as_json: bool) -> None:
    """What the questions of all banks rest on."""
    with read() as session:
        found = documents.listed(session, SYSTEM)
    if as_json:
        print_json({"documents": [api.document_json(each) for each in found]})
        return
    for each in found:
        mark = "✗" if each.superseded_at else " "
        click.echo(f"{mark} {each.questions:>6}  {each.document}  {each.version}".rstrip())


@click.command("supersede")
@document_argument
@version_argument
@click.option("--yes", is_flag=True, help="Even if exams could be drawn no more then.")
@json_option
@with_app
def supersede(document: str, version: str, yes: bool, as_json: bool) -> None:
    """Say that a DOCUMENT in this VERSION no longer holds: its questions go back to draft."""
    _mark((document, version), True, yes, as_json)


@click.command("hold-again")
@document_argument
@version_argument
@json_option
@with_app
def hold_again(document: str, version: str, as_json: bool) -> None:
    """Say that a DOCUMENT holds after all."""
    _mark((document, version), False, True, as_json)


def _mark(source: tuple[str, str], superseded: bool, yes: bool, as_json: bool) -> None:
    told = api.marked_json(Doors(read, write, SYSTEM, clock()), source, superseded, confirmed=yes)
    if as_json:
        print_json(told)
        return
    click.echo(
        _("Its questions are to be reviewed.")
        if superseded
        else _("The document holds again. What it had pulled back stands where it stood.")
    )
    if told["missed"]:
        missed = _(", ").join(told["missed"])
        click.echo(_("Being changed at this moment, mark it once more: %(banks)s.", banks=missed))


COMMANDS: Sequence[Any] = (list_documents, supersede, hold_again)
"""Below `studyhub banks`."""
