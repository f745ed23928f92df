"""The steps by which `app.py` gives the application its web side."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from studyhub.config import Settings
from studyhub.web import (
    api,
    assets,
    browser_session,
    csrf,
    errors,
    filters,
    front,
    guard,
    headers,
    health,
    i18n,
    identity,
    layout,
    limits,
    logs,
    packing,
    preferences,
    words,
)
from studyhub.web.json_answers import JsonAnswers
from studyhub.web.services import KEY, Services


def prepare(app: Flask, services: Services) -> None:
    """Everything that must be there before the rooms are registered."""
    settings: Settings = app.extensions["studyhub.settings"]
    app.extensions[KEY] = services
    app.json = JsonAnswers(app)
    _trust_proxies(app, settings)
    limits.init(app, settings.max_upload_bytes)
    logs.init(app)
    headers.init(app, settings)
    browser_session.init(app)
    identity.init(app)
    csrf.init(app)
    i18n.init(app, settings)
    words.init(app, settings)
    filters.init(app)
    errors.init(app)
    layout.init(app)
    assets.init(app)
    packing.init(app)
    for room in (assets.room, front.room, health.room, preferences.room, api.room):
        app.register_blueprint(room)


def finish(app: Flask, navigation: layout.Navigation = ()) -> None:
    """What needs to know every room: their sentences, their entries, and that each route is guarded."""
    assets.serve_static_files(app)
    errors.collect_refusals(app)
    i18n.collect_catalogues(app, words.in_chinese(app.extensions["studyhub.settings"].word_pack))
    layout.collect_navigation(app, navigation)
    api.describe(app)
    guard.refuse_unguarded(app)


def _trust_proxies(app: Flask, settings: Settings) -> None:
    hops = settings.proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
