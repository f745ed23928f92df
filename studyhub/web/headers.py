"""Headers on every answer, errors included, and how cookies are marked."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from urllib.parse import quote

from flask import Flask, Response, g, request

from studyhub.config import Settings

COOKIE_LIFETIME = timedelta(days=14)

_FIXED = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
_POLICY = (
    "default-src 'self'; script-src 'self'{nonce}; style-src 'self'{nonce}; "
    "img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_WITHOUT_NONCE = _POLICY.format(nonce="")


_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')


def attachment(plain: str, name: str) -> str:
    """The Content-Disposition of a file to be kept: `name` for people (RFC 5987), and `plain`, a token of
    ASCII, for a program that cannot read that."""
    return f"attachment; filename={plain}; filename*=UTF-8''{quote(_NOT_IN_A_NAME.sub('-', name), safe='')}"


def init(app: Flask, settings: Settings) -> None:
    """Mark the cookies, and put the headers on whatever the application answers."""
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name("studyhub", settings),
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=COOKIE_LIFETIME,
    )
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def add_headers(response: Response) -> Response:
        return _with_headers(response, settings.secure)


def cookie_name(name: str, settings: Settings) -> str:
    """The name a cookie has: with `__Host-` under https, which ties it to this very host."""
    return f"__Host-{name}" if settings.secure else name


def csp_nonce() -> str:
    """The nonce of this answer, for an inline `<script>` or `<style>`."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _with_headers(response: Response, secure: bool) -> Response:
    headers = response.headers
    # No view sets one of these itself, so there is nothing to look for: this runs with every answer.
    headers.extend(_FIXED)
    # A view that hands out somebody's file may already have set a stricter policy.
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault(
        "Cache-Control", "no-store" if request.path.startswith("/api/") else "private, no-cache"
    )
    if response.status_code == 204:
        headers.remove("Content-Type")
    if secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _policy() -> str:
    """With the nonce when the page asked for one."""
    nonce = g.get("csp_nonce")
    return _POLICY.format(nonce=f" 'nonce-{nonce}'") if nonce else _WITHOUT_NONCE
