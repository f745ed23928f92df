"""Forged requests: every change that a cookie authorises must carry the page's form token."""

from __future__ import annotations

from flask import Flask, current_app
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from studyhub.kernel.errors import BadRequest
from studyhub.web.identity import is_bearer


def init(app: Flask) -> None:
    """Set Flask-WTF up; the guard calls `check`, so that its own rules decide when."""
    # Tokens live as long as the session: an exam can be longer than Flask-WTF's hour.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_CHECK_DEFAULT=False)
    CSRFProtect(app)
    app.context_processor(lambda: {"csrf_token": token})  # after Flask-WTF's, in whose place it comes


def token() -> str:
    """The form token of this page; none for a program's bearer token, which is answered without a cookie."""
    return "" if is_bearer() else generate_csrf()


def check() -> None:
    """Raise BadRequest("csrf_failed") for a changing request without the right token.

    A request with a bearer token needs none: no browser adds that header by itself.
    """
    if is_bearer() or not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError as error:
        raise BadRequest("csrf_failed") from error
