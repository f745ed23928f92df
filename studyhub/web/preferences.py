"""The two choices that anyone has on any page: language, and large type."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from studyhub.config import LOCALES
from studyhub.kernel.errors import BadRequest
from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room
from studyhub.web.headers import cookie_name
from studyhub.web.i18n import LANGUAGE_COOKIE
from studyhub.web.services import services, settings
from studyhub.web.transaction import write

SIZE_COOKIE = "size"
_A_YEAR_S = 365 * 24 * 3600

room = Room("preferences", __name__)


@room.post("/language", permission=Permission.PUBLIC, transaction=None)
def language() -> ResponseReturnValue:
    """Switch the language, for this browser and for the member."""
    choice = request.form.get("language", "")
    if choice not in LOCALES:
        raise BadRequest
    _remember(locale=choice)
    return _back_with_cookie(LANGUAGE_COOKIE, choice)


@room.post("/size", permission=Permission.PUBLIC, transaction=None)
def size() -> ResponseReturnValue:
    """Switch large type on or off, for this browser and for the member."""
    large = request.form.get("size") == "large"
    _remember(large_type=large)
    return _back_with_cookie(SIZE_COOKIE, "large" if large else "normal")


def large_type() -> bool:
    """Whether this page is shown in large type: the member's choice, for strangers the browser's."""
    if current_user.is_authenticated:
        return bool(current_user.large_type)
    return request.cookies.get(cookie_name(SIZE_COOKIE, settings())) == "large"


def safe_target(target: str | None) -> str:
    """A path on this site to go to next; the front page for anything else."""
    text = (target or "").replace("\\", "/")
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or not text.startswith("/") or text.startswith("//"):
        return "/"
    return text


def _remember(*, locale: str | None = None, large_type: bool | None = None) -> None:
    keep = services().remember_choice
    if keep is not None and current_user.is_authenticated:
        with write() as session:
            keep(session, current_user.actor, locale=locale, large_type=large_type)


def _back_with_cookie(name: str, value: str) -> Response:
    answer = redirect(safe_target(request.form.get("next")))
    answer.set_cookie(
        cookie_name(name, settings()),
        value,
        max_age=_A_YEAR_S,
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )
    return answer  # type: ignore[return-value]
