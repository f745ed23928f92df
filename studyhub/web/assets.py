"""Static files: a content hash in the address, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_bootstrap import Bootstrap5

from studyhub.kernel.permissions import Permission
from studyhub.web.guard import Room, open_to

room = Room("web", __name__, static_folder="static", static_url_path="/static")

_KEPT = "public, max-age=31536000, immutable"
_CHECKED = "public, no-cache"  # asked for again each time, answered 304 by its ETag
_STATIC_ENDPOINTS = ("web.static", "bootstrap.static")


def init(app: Flask) -> None:
    """Serve Bootstrap from the installed package, and put hashes into addresses."""
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True)
    Bootstrap5(app)
    known: dict[tuple[str, str], str] = {}

    @app.url_defaults
    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in _STATIC_ENDPOINTS and "v" not in values:
            values["v"] = _version(app, endpoint, values["filename"], known)

    @app.after_request
    def keep_long(response: Response) -> Response:
        if request.endpoint in _STATIC_ENDPOINTS and response.status_code < 400:
            response.headers["Cache-Control"] = _KEPT if "v" in request.args else _CHECKED
        return response


def guard_static_files(app: Flask) -> None:
    """Anyone may read static files: they are the same for everybody."""
    open_to(app, Permission.PUBLIC, *_STATIC_ENDPOINTS)


def _version(app: Flask, endpoint: str, filename: str, known: dict[tuple[str, str], str]) -> str | None:
    key = (endpoint, filename)
    if key not in known or app.debug:
        folder = app.blueprints[endpoint.split(".", maxsplit=1)[0]].static_folder
        path = Path(folder or "", filename)
        if not path.is_file():
            return None
        known[key] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return known[key]
