"""What no database stores is refused at the door, once and for every route, instead of breaking inside."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter

from studyhub.kernel.errors import BadRequest, NotFound

LARGEST_ID = 2**63 - 1
"""Numbers in the database have 64 bits."""

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

LARGEST_FORM = 4 * 1024 * 1024
"""Bytes of a form without its files: an exam handed in without JavaScript is one form."""


class IdConverter(IntegerConverter):
    """`<int:…>` in a rule: a number that no row can have leads nowhere."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:  # noqa: A002 werkzeug's name
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(map, *args, **kwargs)


def init(app: Flask, largest_upload: int) -> None:
    """Bound every request. Must come before any route."""
    app.url_map.converters["int"] = IdConverter
    app.config.update(MAX_CONTENT_LENGTH=largest_upload, MAX_FORM_MEMORY_SIZE=LARGEST_FORM)


def is_storable(value: Any) -> bool:
    """Whether both databases can hold the text of a JSON value: no NUL, and no half of a surrogate pair."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(is_storable(key) and is_storable(item) for key, item in value.items())
    return all(is_storable(item) for item in value) if isinstance(value, list) else True


def refuse_unstorable() -> None:
    """Refuse a NUL in the address or in a form: NotFound or BadRequest."""
    if "\0" in request.path:
        raise NotFound
    if request.query_string and _holds_nul(request.args):
        raise BadRequest
    if request.mimetype in _FORMS and _holds_nul(request.form):
        raise BadRequest


def _holds_nul(values: MultiDict[str, str]) -> bool:
    return any("\0" in name or "\0" in value for name, value in values.items(multi=True))
