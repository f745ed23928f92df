"""The sentences for what the demo refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from studyhub.kernel.errors import Refused
from studyhub.web.i18n import lazy_gettext

SENTENCES = {
    "database_in_use": lazy_gettext(
        "This database holds other data, which the demo never replaces. Choose another data folder."
    ),
    "demo_not_answering": lazy_gettext("The server does not answer. Its log says why: %(log)s"),
    "demo_stopped": lazy_gettext("The server or the ticker has ended by itself. The log says why: %(log)s"),
    "demo_too_small": lazy_gettext("A demo of this size cannot be built: %(reason)s"),
    "other_demo": lazy_gettext(
        "There is a demo of another size here (%(members)s members). Choose another data folder."
    ),
    "port_taken": lazy_gettext("Something else already uses port %(port)s on %(host)s. Choose another port."),
}


@contextmanager
def spoken() -> Iterator[None]:
    """Say in a sentence why a command ends with status 1."""
    try:
        yield
    except Refused as refused:
        if refused.code not in SENTENCES:
            raise
        raise click.ClickException(str(SENTENCES[refused.code]) % refused.params) from refused
