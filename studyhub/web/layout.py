"""The frame of every page: the entries of the navigation, and what the base template asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, get_template_attribute, request, url_for
from flask_login import current_user
from markupsafe import Markup

from studyhub.kernel.permissions import Permission
from studyhub.web.i18n import language
from studyhub.web.paging import here, sort_link
from studyhub.web.preferences import large_type
from studyhub.web.services import services

_KEY = "studyhub.navigation"
_RENDERED = "studyhub.navigation.rendered"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation. A room lists its own as NAVIGATION in `views.py`; app.py joins the lists.

    `section` is the start of the paths that the entry stands for ("/exams"), `also` holds further ones
    ("/attempts"). `tab` puts it into the bottom bar of phones, which holds at most five. `icon` names a
    symbol of `web/icons.html`.
    """

    label: Any
    endpoint: str
    permission: Permission
    icon: str
    order: int
    section: str
    tab: bool = False
    also: tuple[str, ...] = ()


Navigation = Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one reader sees it."""

    label: str
    url: str
    icon: str
    is_current: bool
    is_tab: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The navigation as HTML: `entries` for the side and the menu, `tabs` for the bottom bar of phones."""

    entries: Markup
    tabs: Markup

    def __bool__(self) -> bool:
        return bool(self.entries)


NOTHING = Frame(Markup(), Markup())


def init(app: Flask) -> None:
    """Give the base template what it asks for."""
    app.extensions[_KEY] = ()
    app.extensions[_RENDERED] = {}
    app.jinja_env.globals.update(
        here=here,
        large_type=large_type,
        navigation=navigation,
        request_id=lambda: g.get("request_id", ""),
        sign_out_url=sign_out_url,
        sort_link=sort_link,
        this_page=this_page,
    )


def collect_navigation(app: Flask, navigation: Navigation) -> None:
    """Keep the entries, in their order, whose pages exist."""
    present = [entry for entry in navigation if entry.endpoint in app.view_functions]
    app.extensions[_KEY] = tuple(sorted(present, key=lambda entry: entry.order))


def first_page(within: str = "/") -> str | None:
    """Where this reader's navigation begins (of the pages within a path); None when it has none there."""
    found = next((entry for entry in _allowed() if _within(entry.section, within)), None)
    return url_for(found.endpoint) if found else None


def _allowed() -> Navigation:
    if not current_user.is_authenticated or current_user.must_set_password:
        return ()
    may = current_user.actor.may
    return tuple(entry for entry in current_app.extensions[_KEY] if may(entry.permission))


def navigation() -> Frame:
    """The navigation of this reader, rendered: once for everyone of the same roles, language and section."""
    allowed = _allowed()
    current = _current(allowed, request.path)
    kept = current_app.extensions[_RENDERED]
    key = (tuple(entry.endpoint for entry in allowed), current, language(), request.script_root)
    if key not in kept:
        kept[key] = _rendered(_links(allowed, current))
    frame: Frame = kept[key]
    return frame


def _current(entries: Navigation, path: str) -> str | None:
    """The longest section of the entries that the path is in."""
    sections = (section for entry in entries for section in (entry.section, *entry.also))
    return max((section for section in sections if _within(path, section)), key=len, default=None)


def _links(entries: Navigation, current: str | None) -> list[Link]:
    return [
        Link(
            str(entry.label),
            url_for(entry.endpoint),
            entry.icon,
            current in (entry.section, *entry.also),
            entry.tab,
        )
        for entry in entries
    ]


def _rendered(links: list[Link]) -> Frame:
    entries = get_template_attribute("web/navigation.html", "entries")
    tabs = get_template_attribute("web/navigation.html", "tabs")
    return Frame(entries(links), tabs(links)) if links else NOTHING


def this_page() -> str:
    """The address to come back to after a choice made on this page: only pages that were read, not posted."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def sign_out_url() -> str | None:
    """Where signing out is posted to."""
    endpoint = services().sign_out_endpoint
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _within(path: str, section: str) -> bool:
    return path == section or path.startswith(section.rstrip("/") + "/")
