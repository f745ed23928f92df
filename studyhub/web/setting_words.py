"""What is said of a setting that stops the start. There is no application then that could word it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.kernel.errors import BadSetting, Misconfigured
from studyhub.web.command_words import look_up
from studyhub.web.i18n import lazy_gettext as _l

SENTENCES: Mapping[str, Any] = {
    "no_count": _l("%(variable)s is a whole number of proxies, below 100, not “%(value)s”."),
    "no_database_address": _l(
        "%(variable)s is an address such as sqlite:////path/file.sqlite3 or "
        "postgresql://user:password@host/name (in a password @, : and / are written %%40, %%3A and %%2F)."
    ),
    "no_full_address": _l(
        "%(variable)s is a full address such as https://study.example.org, not “%(value)s”."
    ),
    "no_location": _l(
        "%(variable)s is an internal location of the proxy such as /stored-media/, not “%(value)s”."
    ),
    "no_proxy": _l("%(variable)s needs a proxy in front: set STUDYHUB_PROXIES."),
    "no_such_choice": _l("%(variable)s is one of %(choices)s, not “%(value)s”."),
    "no_time_zone": _l("%(variable)s is a time zone such as Asia/Shanghai, not “%(value)s”."),
    "plain_http": _l(
        "%(variable)s is plain http beyond this machine: passwords would travel in the clear. Use https, "
        "or set STUDYHUB_PLAIN_HTTP=1 if you accept that."
    ),
    "secret_too_short": _l("%(variable)s is shorter than %(shortest)s characters."),
}


def said(error: Misconfigured) -> str:
    """The sentence in STUDYHUB_LOCALE; what a developer got wrong stays as it was written."""
    if not isinstance(error, BadSetting):
        return str(error)
    return look_up(str(SENTENCES[error.code])) % error.params
