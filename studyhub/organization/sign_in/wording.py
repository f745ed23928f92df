"""What a signed-in browser or script is called."""

from __future__ import annotations

from typing import Any

from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l

_SYSTEMS: tuple[tuple[str, Any], ...] = (
    ("iPhone", _l("iPhone")),
    ("iPad", _l("iPad")),
    ("HarmonyOS", _l("HarmonyOS phone")),
    ("Android", _l("Android phone")),
    ("Windows", _l("Windows computer")),
    ("Macintosh", _l("Mac")),
    ("Linux", _l("Linux computer")),
)


def device(agent: str) -> str:
    """A few words for a User-Agent header: enough to recognise one's own phone."""
    system = next((str(name) for mark, name in _SYSTEMS if mark in agent), None)
    if system is None:
        return _("A program") if agent else _("Unknown device")
    return _("%(device)s, in WeChat", device=system) if "MicroMessenger" in agent else system


def looks_own(agent: str) -> bool:
    """Whether this is a device that is seldom shared: a phone. It is only what the form begins with."""
    return "Mobi" in agent
