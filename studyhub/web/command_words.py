"""Click's own words (usage, headings, errors) and those of the commands' `--help` in STUDYHUB_LOCALE.

A locale that there is not is no reason to be silent: it is told in Chinese, the default.

Click asks the standard library's gettext, which reads compiled files. There are none, so it is given ours.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator

import click
from babel.support import NullTranslations
from click import core, decorators, exceptions, formatting, parser, termui, types

from studyhub.web.i18n import chinese, lazy_ngettext
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.words import PACKS, in_chinese

Described = click.Command | click.Option
"""What `--help` has a description of."""

WORDS = (
    _l("Usage:"),
    _l("Options"),
    _l("Commands"),
    _l("Positional arguments"),
    _l("Error: {message}"),
    _l("Aborted!"),
    _l("Try '{command} {option}' for help."),
    _l("Show this message and exit."),
    _l("Missing argument"),
    _l("Missing option"),
    _l("Missing command."),
    _l("No such option {name!r}."),
    _l("No such command {name!r}."),
    _l("Invalid value: {message}"),
    _l("Invalid value for {param_hint}: {message}"),
    _l("{value!r} is not a valid {number_type}."),
    _l("{value} is not in the range {range}."),
    _l("{name} {filename!r} does not exist."),
    _l("{name} {filename!r} is a file."),
    _l("{name} {filename!r} is a directory."),
    _l("required"),
    _l("default: {default}"),
    lazy_ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    lazy_ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    lazy_ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""What people meet most; the rest stays in Click's English."""


def speak() -> None:
    """Give Click the words. The language is asked for at each of them."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types):
        for name, spoken in (("_", look_up), ("ngettext", _look_up_number)):
            if hasattr(module, name):
                setattr(module, name, spoken)


def described(command: click.Command) -> Iterator[Described]:
    """The command and all below it, with their options, as far as they are described."""
    if command.help:
        yield command
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            yield option
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from described(below)


def describe(each: Described, english: str) -> None:
    """Give it its description in STUDYHUB_LOCALE."""
    each.help = look_up(inspect.cleandoc(english))
    if isinstance(each, click.Command):
        # Click takes a list's line from words between spaces, and would leave nothing of a Chinese sentence.
        sentence, stop, _rest = each.help.partition("。")
        each.short_help = sentence if stop else None


def look_up(message: str) -> str:
    """The message in STUDYHUB_LOCALE, where there is no application whose language could be asked for."""
    return _words().gettext(message)


def _look_up_number(one: str, many: str, count: int) -> str:
    return _words().ngettext(one, many, count)


def _words() -> NullTranslations:
    if os.environ.get("STUDYHUB_LOCALE") == "en":
        return NullTranslations()
    pack = os.environ.get("STUDYHUB_WORD_PACK")
    return chinese(tuple(in_chinese(pack if pack in PACKS else "party").items()))
