"""Who is asking: a revocable session token, from the cookie or from an `Authorization: Bearer` header.

The cookie holds only the token; everything else is looked up with each request, in the request's own
transaction, so that revoking a session takes effect at once. A request with a bearer token ignores the
cookie entirely.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, current_user

from studyhub.kernel.errors import NotSignedIn
from studyhub.kernel.permissions import Permission
from studyhub.web.clock import now
from studyhub.web.services import Person, services
from studyhub.web.transaction import open_session, read

_TOKEN = "_user_id"  # Flask-Login's name for it
_BEARER = "bearer "


class SignedIn:
    """Flask-Login's user: an actor together with the token that showed who it is."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, actor: Person, token: str) -> None:
        self.actor = actor
        self._token = token

    def get_id(self) -> str:
        """The session token: signing out elsewhere makes it worthless."""
        return self._token

    def __getattr__(self, name: str) -> Any:
        return getattr(self.actor, name)


class Anonymous:
    """Nobody signed in."""

    is_authenticated = False
    is_active = False
    is_anonymous = True
    actor = None
    name = ""
    must_set_password = False
    locale = None
    large_type = False

    def get_id(self) -> None:
        """Nobody has no token."""

    def may(self, permission: Permission) -> bool:
        """Only what anyone may."""
        return permission is Permission.PUBLIC


class Tokens(LoginManager):  # type: ignore[misc]
    """Flask-Login, to which a bearer token alone says who asks."""

    def _load_user(self) -> None:
        """Flask-Login would look through the cookie first: a twentieth of a save, and `Vary: Cookie`."""
        if is_bearer():
            g._login_user = _from_header() or Anonymous()
        else:
            super()._load_user()


def init(app: Flask) -> None:
    """Set Flask-Login up."""
    manager = Tokens(app)
    # There is no remember cookie; this hook would only mark every answer, static files too, `Vary: Cookie`.
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    manager.session_protection = None  # the token itself is the protection, and phones change address
    manager.anonymous_user = Anonymous
    manager.user_loader(_identify)


def current_actor() -> Any:
    """The actor of this request (organization.actor.Actor). Raises NotSignedIn when nobody is."""
    if not current_user.is_authenticated:
        raise NotSignedIn
    return current_user.actor


def has_credentials() -> bool:
    """Whether the request says who it is; whether that is true is another question."""
    return is_bearer() or _TOKEN in session


def is_bearer() -> bool:
    """Whether the request carries a bearer token: then the cookie counts for nothing."""
    return request.headers.get("Authorization", "").lower().startswith(_BEARER)


def begin_browser_session(token: str, *, keep: bool) -> None:
    """Put the token into the cookie. Whatever the browser held before, the form token too, is dropped.

    What is not to be kept goes when the browser is closed; the token itself ends by the table in any case.
    """
    session.clear()
    session.permanent = keep
    session[_TOKEN] = token
    g.pop("_login_user", None)


def end_browser_session() -> None:
    """Empty the cookie. The session itself is closed by the organization room."""
    session.clear()
    be_nobody()


def be_nobody() -> None:
    """Answer this request as to a stranger, without asking the database who it is."""
    g._login_user = Anonymous()


def ask_no_more() -> None:
    """The database may be what failed: whoever was not looked up by now is not looked up any more."""
    if "_login_user" not in g:
        be_nobody()


def _from_header() -> SignedIn | None:
    return _identify(request.headers["Authorization"][len(_BEARER) :].strip())


def _identify(token: str) -> SignedIn | None:
    open_one = open_session()
    if open_one is not None:
        actor = services().identify(open_one, token, now())
    else:
        with read() as short_one:
            actor = services().identify(short_one, token, now())
    return SignedIn(actor, token) if actor else None
