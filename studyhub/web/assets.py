"""Static files: kept in memory, packed once, and kept for a year by browsers.

Their addresses carry a hash of their content (`url_for` puts it in as `v`), so that a new version has a new
address. The few files that there are fit in memory; packed, Bootstrap is 30 KB on the wire instead of 230.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from flask_bootstrap import Bootstrap5
from werkzeug.security import safe_join

from studyhub.kernel.errors import NotFound
from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room, open_to

room = Room("web", __name__, static_folder="static", static_url_path="/static")

_STATIC_ENDPOINTS = ("web.static", "bootstrap.static")
_KEPT = "public, max-age=31536000, immutable"
_CHECKED = "public, no-cache"  # asked for again each time, and answered 304 by its ETag
_TEXT = ("text/", "image/svg", "application/json")


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    body: bytes
    packed: bytes | None
    """gzip of the body, where that is worth it"""
    media_type: str
    version: str


def init(app: Flask) -> None:
    """Serve Bootstrap from the installed package, and put hashes into addresses."""
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True)
    app.static_url_path = "/static"  # Bootstrap-Flask makes its own address of it
    Bootstrap5(app)

    known: dict[tuple[str, str], str | None] = {}

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in _STATIC_ENDPOINTS and "v" not in values:
            key = (endpoint, values["filename"])
            if key not in known or app.debug:
                asset = find(_folder(app, endpoint), values["filename"])
                known[key] = asset.version if asset else None
            values["v"] = known[key]

    app.jinja_env.globals["url_for"] = _addresses(app)


def _addresses(app: Flask) -> Callable[..., str]:
    """`url_for` for templates, which works an asset's address out once: every page names several."""
    known: dict[tuple[str, str, str], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        if endpoint not in _STATIC_ENDPOINTS or len(values) > 1 or app.debug or not request:
            return url_for(endpoint, **values)
        key = (endpoint, values["filename"], request.script_root)
        if key not in known:
            known[key] = url_for(endpoint, **values)
        return known[key]

    return address


def serve_static_files(app: Flask) -> None:
    """Answer for the static files of this room and of Bootstrap; anyone may read them."""
    for endpoint in _STATIC_ENDPOINTS:
        app.view_functions[endpoint] = _serve(_folder(app, endpoint))
    open_to(app, Permission.PUBLIC, *_STATIC_ENDPOINTS)


def find(folder: Path, filename: str) -> Asset | None:
    """The file of that name below the folder; None when there is none."""
    path = safe_join(str(folder), filename)
    if path is None or not Path(path).is_file():
        return None
    return load(path, Path(path).stat().st_mtime_ns)


@cache
def load(path: str, _changed_at_ns: int) -> Asset:
    """The file's content, read once for each time that it changes."""
    body = Path(path).read_bytes()
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, mtime=0) if media_type.startswith(_TEXT) and len(body) > 1000 else None
    return Asset(body, packed, media_type, hashlib.sha256(body).hexdigest()[:12])


def _folder(app: Flask, endpoint: str) -> Path:
    return Path(app.blueprints[endpoint.partition(".")[0]].static_folder or "")


def _serve(folder: Path) -> Callable[[str], Response]:
    def serve(filename: str) -> Response:
        asset = find(folder, filename)
        if asset is None:
            raise NotFound
        packs = asset.packed is not None and request.accept_encodings["gzip"] > 0
        response = Response(asset.packed if packs else asset.body, content_type=asset.media_type)
        if packs:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = _KEPT if request.args.get("v") == asset.version else _CHECKED
        response.set_etag(asset.version)
        return response.make_conditional(request)  # type: ignore[return-value]

    return serve
