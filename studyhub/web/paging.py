"""Lists in the address bar: `?q=&sort=-name&page=` to a PageRequest, and back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from studyhub.kernel.page import PageRequest


def page_request(
    sorts: Collection[str] = (),
    *,
    sort: str = "",
    descending: bool = False,
    size: int | None = None,
    named: str = "sort",
) -> PageRequest:
    """What the query string asks for. `sorts` are the keys allowed; `sort` is the usual one.

    `named` is the key that holds the order, for a page of two lists.

    Anything that makes no sense is taken as not said: a list is always shown.
    """
    asked = PageRequest.from_arguments({**request.args.to_dict(), "sort": request.args.get(named, "")})
    if asked.sort not in sorts:
        asked = replace(asked, sort=sort, descending=descending)
    return asked if size is None else replace(asked, size=size)


def here(*, _anchor: str | None = None, **changes: Any) -> str:
    """The address of this page with its query changed; None takes a key out of it."""
    query: dict[str, Any] = {**request.args.to_dict(), **changes}
    kept = {key: value for key, value in query.items() if value is not None}
    address = url_for(request.endpoint or "", **(request.view_args or {}))
    # What was typed is kept from url_for, which takes `_scheme`, `_method` or `endpoint` for its own.
    return address + (f"?{urlencode(kept)}" if kept else "") + (f"#{_anchor}" if _anchor else "")


def sort_link(key: str, asked: PageRequest, named: str = "sort", anchor: str | None = None) -> str:
    """The address that sorts by `key`; by the one already in force, the other way round."""
    turned = asked.sort == key and not asked.descending
    return here(**{named: f"-{key}" if turned else key, "page": None, "_anchor": anchor})
