"""`studyhub banks tag`, `retire`, `move`, `release` …: what the desk does to many questions, for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from studyhub.organization.actor import SYSTEM
from studyhub.questions import history, listing, offering, releasing, undoing
from studyhub.questions.bulk import acts
from studyhub.questions.bulk.acts import Order
from studyhub.questions.desk.api import done_json, keys_json
from studyhub.questions.desk.wording import act_lines, key_line, undone_lines
from studyhub.questions.importing import Doors
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.services import clock
from studyhub.web.transaction import read, write

ACTS: Mapping[str, tuple[str, Any]] = {
    "retire": ("keep_out", _l("Keep QUESTIONS of a BANK out of new papers.")),
    "let-in": ("let_in", _l("Let QUESTIONS of a BANK into new papers again.")),
    "take-out": ("take_out", _l("Take QUESTIONS out of a BANK, as a file without them would.")),
    "review": ("review", _l("Mark QUESTIONS of a BANK as reviewed.")),
    "release": ("release", _l("Release QUESTIONS of a BANK that were reviewed.")),
    "draft": ("draft", _l("Take QUESTIONS of a BANK back to draft.")),
}
"""Commands that need nothing but the questions: their act, and what they say of themselves."""

TAGS: Mapping[str, tuple[str, Any]] = {
    "tag": ("tag", _l("Give QUESTIONS of a BANK a TAG.")),
    "untag": ("untag", _l("Take a TAG away from QUESTIONS of a BANK.")),
}

bank_argument = click.argument("bank")
questions_argument = click.argument("questions", nargs=-1, required=True)
yes_option = click.option("--yes", is_flag=True, help="Even if exams could be drawn no more then.")


def _command(name: str, act: str, explained: Any) -> click.Command:
    @click.command(name, help=str(explained))
    @bank_argument
    @questions_argument
    @yes_option
    @json_option
    @with_app
    def command(bank: str, questions: Sequence[str], yes: bool, as_json: bool) -> None:
        _act(Order(bank, tuple(questions), act), yes, as_json)

    return command


def _tag_command(name: str, act: str, explained: Any) -> click.Command:
    @click.command(name, help=str(explained))
    @bank_argument
    @click.argument("tag")
    @questions_argument
    @yes_option
    @json_option
    @with_app
    def command(bank: str, tag: str, questions: Sequence[str], **said: bool) -> None:
        _act(Order(bank, tuple(questions), act, tag), **said)

    return command


@click.command("move")
@bank_argument
@click.argument("target")
@questions_argument
@yes_option
@json_option
@with_app
def move(bank: str, target: str, questions: Sequence[str], **said: bool) -> None:
    """Move QUESTIONS of a BANK into another one, the TARGET."""
    with read() as session:
        listing.bank(session, SYSTEM, target)
    _act(Order(bank, tuple(questions), "move", target), **said)


def _act(order: Order, yes: bool, as_json: bool) -> None:
    doors = _doors()
    with read() as session:
        listing.bank(session, SYSTEM, order.slug)
    offering.check_confirmed(doors, acts.offers(doors, order), confirmed=yes)
    done = acts.perform(doors, order)
    if as_json:
        print_json(done_json(done))
        return
    for _kind, line in act_lines(done, order.act):
        click.echo(line)


@click.command("release-required")
@bank_argument
@click.argument("required", type=click.Choice(["on", "off"]))
@click.option("--yes", is_flag=True, help="Even if questions are left out then.")
@with_app
def release_required(bank: str, required: str, yes: bool) -> None:
    """Whether only released questions of a BANK get into new papers."""
    wanted, doors = required == "on", _doors()
    with read() as session:
        row = listing.bank(session, SYSTEM, bank)
    if row.release_required != wanted:
        if wanted:
            offering.check_release(doors, bank, confirmed=yes)
        releasing.switch(doors, bank, wanted)
    click.echo(
        _("From now on only released questions get into new papers.")
        if wanted
        else _("From now on every question may get into new papers.")
    )


@click.command("undo")
@bank_argument
@click.argument("version", type=click.IntRange(1))
@yes_option
@json_option
@with_app
def undo(bank: str, version: int, yes: bool, as_json: bool) -> None:
    """Make the questions of a change, a VERSION of a BANK, what they were before it."""
    with read() as session:
        history.touched(session, listing.bank(session, SYSTEM, bank), version)
    doors = _doors()
    touched = undoing.touched(doors, bank, version)
    offering.check_confirmed(doors, touched.offers, confirmed=yes)
    undone = undoing.undo(doors, bank, version)
    if as_json:
        print_json({"done": undone.done, "kept": undone.kept, "touches": keys_json(touched.papers)})
        return
    for line in (*(line for _kind, line in undone_lines(undone)), key_line(touched.papers)):
        if line:
            click.echo(line)


def _doors() -> Doors:
    return Doors(read, write, SYSTEM, clock())


COMMANDS: Sequence[Any] = (
    *(_command(name, *said) for name, said in ACTS.items()),
    *(_tag_command(name, *said) for name, said in TAGS.items()),
    move,
    release_required,
    undo,
)
"""Below `studyhub banks`."""
