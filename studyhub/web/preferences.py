"""The two choices that anyone has on any page: language, and large type.

Large type belongs to the account and follows it to every device. A device remembers how its last reader had
it, for the pages before signing in; what is chosen on these goes into the account of whoever signs in next.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from studyhub.config import LOCALES
from studyhub.kernel.errors import BadRequest
from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room
from studyhub.web.headers import cookie_name
from studyhub.web.i18n import LANGUAGE_COOKIE
from studyhub.web.services import services, settings
from studyhub.web.transaction import write

SIZE_COOKIE = "size"
_AT_DOOR = "large_type"
_A_YEAR_S = 365 * 24 * 3600

room = Room("preferences", __name__)


@room.post("/language", permission=Permission.PUBLIC, transaction=None)
def language() -> ResponseReturnValue:
    """Switch the language, for this browser and for the member."""
    choice = request.form.get("language", "")
    if choice not in LOCALES:
        raise BadRequest
    _remember(locale=choice)
    answer = redirect(safe_target(request.form.get("next")))
    _set_cookie(answer, LANGUAGE_COOKIE, choice)
    return answer


@room.post("/size", permission=Permission.PUBLIC, transaction=None)
def size() -> ResponseReturnValue:
    """Switch large type on or off, for this browser and for the member."""
    large = request.form.get("size") == "large"
    _remember(large_type=large)
    if not current_user.is_authenticated:
        session[_AT_DOOR] = large
    answer = redirect(safe_target(request.form.get("next")))
    keep_size_here(answer, large=large)
    return answer


def size_chosen_at_door() -> bool | None:
    """Whether large type was asked for in this browser before signing in; None when nothing was."""
    chosen = session.get(_AT_DOOR)
    return chosen if isinstance(chosen, bool) else None


def keep_size_here(answer: BaseResponse, *, large: bool) -> None:
    """Let this browser remember the size, for its pages before signing in."""
    _set_cookie(answer, SIZE_COOKIE, "large" if large else "normal")


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
        with write() as opened:
            keep(opened, current_user.actor, locale=locale, large_type=large_type)


def _set_cookie(answer: BaseResponse, name: str, value: str) -> None:
    answer.set_cookie(
        cookie_name(name, settings()),
        value,
        max_age=_A_YEAR_S,
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )
