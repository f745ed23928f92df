"""`studyhub banks history` and `restore`: what became of a bank or of a question, and the way back."""

from __future__ import annotations

import click

from studyhub.organization.actor import SYSTEM
from studyhub.questions import history, listing, touching
from studyhub.questions.desk import restoring
from studyhub.questions.desk import wording as words
from studyhub.questions.desk.api import change_json, revision_json
from studyhub.questions.history import Change, Past
from studyhub.questions.importing import Doors
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.services import clock, settings
from studyhub.web.transaction import read, write

MOST_SHOWN = 50


@click.command("history")
@click.argument("bank")
@click.argument("question", required=False)
@json_option
@with_app
def show_history(bank: str, question: str | None, as_json: bool) -> None:
    """Who changed a BANK, when and how; or the revisions of one QUESTION of it."""
    with read() as session:
        row = listing.bank(session, SYSTEM, bank)
        if question is not None:
            revisions = history.of_question(session, row, question)
            _print_revisions(revisions, as_json=as_json)
            return
        changes = history.changes_before(session, row, None, MOST_SHOWN)
    if as_json:
        print_json({"changes": [change_json(change) for change in changes]})
        return
    for change in changes:
        click.echo(_("version %(number)s", number=change.version) + f"  {_made(change)}{_counts(change)}")


def _print_revisions(revisions: list[Past], *, as_json: bool) -> None:
    if as_json:
        print_json({"revisions": [revision_json(past) for past in revisions]})
        return
    for past in revisions:
        now = "* " if past.in_force else "  "
        revision = _("revision %(number)s", number=past.number)
        click.echo(f"{now}{revision}  {_made(past.change)}")


@click.command("restore")
@click.argument("bank")
@click.argument("question")
@click.argument("number", type=click.IntRange(1))
@with_app
def restore(bank: str, question: str, number: int) -> None:
    """Make what revision NUMBER of a QUESTION said a new revision of it."""
    with read() as session:
        row = listing.bank(session, SYSTEM, bank)
        revisions = history.of_question(session, row, question)
    seen = next((past.number for past in revisions if past.in_force), 0)
    doors = Doors(read, write, SYSTEM, clock())
    wanted = restoring.revision(doors, row, question, number)
    touched = words.key_line(touching.by_another_key(doors, bank, wanted))
    done = restoring.restore(doors, row, wanted, seen)
    said = _("Revision %(number)s is in force again, as a new one.", number=number)
    click.echo(said if done.plan.changes_anything else _("Nothing was changed."))
    if touched:
        click.echo(touched)


def _made(change: Change) -> str:
    at = change.at.astimezone(settings().zone).strftime("%Y-%m-%d %H:%M")
    by = change.by or _("command line")
    return " · ".join(filter(None, (at, by, str(words.CHANGE_KINDS[change.kind.value]), change.file_name)))


def _counts(change: Change) -> str:
    return f"  +{change.created} ~{change.changed} -{change.retired}"
