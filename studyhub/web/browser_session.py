"""Flask's signed cookie, opened only when there is one: a script's request with a bearer token has none."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer


class BrowserSessions(SecureCookieSessionInterface):
    """Signs with one serializer for the application's whole life: its key never changes."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The serializer of the application's key, made once."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> Any:
        """What the cookie holds; an empty session without a cookie."""
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to do where nobody looked into it, as with a bearer token."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


def init(app: Flask) -> None:
    """Use it."""
    app.session_interface = BrowserSessions()
