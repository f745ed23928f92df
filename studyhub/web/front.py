"""The front doors: whoever is signed in goes on to the first page of their navigation, or of their desk."""

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
    return _on_to(first_page())


@room.page("/admin", permission=Permission.SIGNED_IN)
def desk() -> ResponseReturnValue:
    """What people type who remember that the desk is below /admin. Who has no desk finds nothing."""
    return _on_to(first_page("/admin"))


def _on_to(page: str | None) -> ResponseReturnValue:
    if page is None:
        raise NotFound
    return redirect(page)
