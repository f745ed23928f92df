"""The front door: whoever is signed in goes on to the first page of their navigation."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room
from studyhub.web.layout import first_page

room = Room("front", __name__)


@room.page("/", permission=Permission.SIGNED_IN)
def door() -> ResponseReturnValue:
    """A stranger is sent to sign in by the guard."""
    first = first_page()
    if first is None:
        raise NotFound
    return redirect(first)
