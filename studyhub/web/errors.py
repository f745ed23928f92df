"""How a refusal is answered: a page that helps, or problem+json (RFC 9457) under /api/.

A room raises `kernel.errors.Refused` with a code; the sentence for the code comes from the room's `refusals`
(see `guard.Room`), or from the general ones here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from studyhub.db.database import is_collision
from studyhub.kernel.errors import Conflict, Refused, Unavailable
from studyhub.web import guard
from studyhub.web.i18n import gettext, lazy_gettext, spoken
from studyhub.web.identity import ask_no_more, be_nobody
from studyhub.web.services import services

PROBLEM_JSON = "application/problem+json"
API = "/api/"
SMALL_BODY = 4_096
"""Bytes that have come with the headers, as good as always."""

_KEY = "studyhub.refusals"

GENERAL: dict[str, Any] = {
    "bad_cursor": lazy_gettext("The list does not know this place. Begin again without `after`."),
    "bad_json": lazy_gettext("The body is not valid JSON."),
    "bad_request": lazy_gettext("The request could not be understood."),
    "conflict": lazy_gettext("That is not possible in the present state. Reload the page and look again."),
    "csrf_failed": lazy_gettext(
        "This page had been open since before you signed in or out, so nothing was changed. "
        "Go back, reload the page and try again."
    ),
    "database_busy": lazy_gettext("Very many people are here at this moment. Nothing was lost; try again."),
    "forbidden": lazy_gettext("Your role does not include this. Whoever administers the site can grant it."),
    "internal_error": lazy_gettext("Something went wrong on our side. Nothing was saved half-way."),
    "invalid_request": lazy_gettext("Some values are missing or wrong."),
    "method_not_allowed": lazy_gettext("This address does not answer that kind of request."),
    "not_found": lazy_gettext("There is no such page, or it is not open to you."),
    "not_signed_in": lazy_gettext("Please sign in first."),
    "password_change_required": lazy_gettext("Please set your own password first."),
    "too_large": lazy_gettext("The file or message is too large."),
    "too_many": lazy_gettext("Too many tries. Please wait a little and try again."),
    "unavailable": lazy_gettext("The service is busy. Nothing was lost; try again in a moment."),
    "unprocessable": lazy_gettext("What was sent cannot be used as it is."),
    "unsupported_media_type": lazy_gettext("The body must be sent as application/json."),
}

_TITLES = {
    400: lazy_gettext("That did not work"),
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("Not open to you"),
    404: lazy_gettext("Page not found"),
    405: lazy_gettext("That did not work"),
    409: lazy_gettext("Not possible now"),
    413: lazy_gettext("Too large"),
    422: lazy_gettext("That did not work"),
    429: lazy_gettext("Please wait a little"),
    500: lazy_gettext("Something went wrong"),
    503: lazy_gettext("Busy at the moment"),
}
_OWN_CODES = {
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many",
    500: "internal_error",
    503: "unavailable",
}


def init(app: Flask) -> None:
    """Answer every refusal, whoever raised it."""
    app.extensions[_KEY] = dict(GENERAL)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(guard.RoleLacks, _role_lacks)
    app.register_error_handler(IntegrityError, _collided)
    app.register_error_handler(HTTPException, _http)


def collect_refusals(app: Flask) -> None:
    """Learn the sentences of every room's codes."""
    for room in app.blueprints.values():
        app.extensions[_KEY].update(getattr(room, "refusals", {}))


def in_api() -> bool:
    """Whether the answer is for a program."""
    return request.path.startswith(API)


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """What a refusal code says, in the reader's language. Several names are said one after the other."""
    known: dict[str, Any] = current_app.extensions[_KEY]
    text = str(known.get(code) or known["bad_request"])
    return text % spoken(params) if params else text


def problem(status: int, code: str, params: Mapping[str, Any] | None = None) -> Response:
    """An RFC 9457 answer. `params` travel beside the stable `code`."""
    if status >= 500:
        ask_no_more()
    params = params or {}
    text = sentence(code, params)
    body = {**params, "type": f"urn:studyhub:problem:{code}", "title": text, "status": status, "code": code}
    return Response(json.dumps(body), status, content_type=PROBLEM_JSON)


def error_page(status: int, code: str, params: Mapping[str, Any] | None = None) -> Response:
    """A page that says what happened and what can be done."""
    if status >= 500:
        be_nobody()  # the database may be what failed: the page must not ask it anything
    page = render_template(
        "web/error.html",
        status=status,
        code=code,
        title=_TITLES.get(status, gettext("That did not work")),
        sentence=sentence(code, params or {}),
    )
    return Response(page, status)


def when_to_come_back(refused: Refused) -> dict[str, str]:
    """The header that says so, of a refusal that passes with time."""
    retry_after_s = getattr(refused, "retry_after_s", None)
    return {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}


def _refused(refused: Refused) -> ResponseReturnValue:
    if in_api():
        answer = problem(refused.status, refused.code, refused.params)
    else:
        answer = _elsewhere(refused) or error_page(refused.status, refused.code, refused.params)
    answer.headers.update(when_to_come_back(refused))
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return _with_unread_body(answer)


def _role_lacks(refused: guard.RoleLacks) -> ResponseReturnValue:
    try:
        guard.record_refusal(refused)
    except Unavailable as busy:  # what cannot be written down now is answered later
        return _refused(busy)
    return _refused(refused)


def _collided(error: IntegrityError) -> ResponseReturnValue:
    """Two did the same at one moment, and the database took the first: for the other it is a conflict."""
    if not is_collision(error):
        raise error
    return _refused(Conflict())


def _elsewhere(refused: Refused) -> Response | None:
    """The page where the refusal can be put right: signing in, or setting a password."""
    known = current_app.view_functions
    if refused.status == 401 and services().sign_in_endpoint in known:
        if request.method != "GET":
            flash(
                gettext(
                    "You were no longer signed in: what you just sent was not saved. Sign in and try again."
                ),
                "error",
            )
        return redirect(url_for(services().sign_in_endpoint, next=_wanted()))  # type: ignore[return-value]
    if refused.code == "password_change_required" and services().set_password_endpoint in known:
        return redirect(url_for(services().set_password_endpoint))  # type: ignore[return-value]
    return None


def _wanted() -> str | None:
    """The page to come back to after signing in; of what was sent, the page of this site it was typed on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came = urlsplit(request.referrer or "")
    return came._replace(scheme="", netloc="").geturl() if came.netloc == request.host else None


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code
    if status is None or status < 400 or (error.response is not None and status < 500):
        return error
    code = _OWN_CODES.get(status, "bad_request")
    answer = problem(status, code) if in_api() else error_page(status, code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    if status == 503:
        answer.headers.setdefault("Retry-After", "2")
    return _with_unread_body(answer)


def _with_unread_body(answer: Response) -> Response:
    """Say that the connection ends where a body may still be on its way.

    The server ends it in any case, and a client that did not know loses its next request.
    """
    if (request.content_length or 0) > SMALL_BODY:
        answer.headers["Connection"] = "close"
    return answer
