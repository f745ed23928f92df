"""Last days, and the sentences printed on a slip."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from studyhub.organization.roles import Role
from studyhub.organization.states import Entry
from studyhub.organization.wording import ROLES
from studyhub.web.filters import local_date
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.services import settings

SORTS: tuple[tuple[str, Any], ...] = (
    ("branch", _l("By branch")),
    ("name", _l("By name")),
    ("member_no", _l("By number")),
    ("status", _l("By status")),
)


ENTRIES: dict[Entry, Any] = {
    Entry.NO_SLIP: _l("No slip yet"),
    Entry.SLIP: _l("Slip not used yet"),
    Entry.PASSWORD: _l("Password set"),
}


def last_day(moment: datetime | None) -> str:
    """The last whole day before a moment at which something ends."""
    return local_date(moment - timedelta(days=1)) if moment else ""


def role_given(name: str, role: Role, until: datetime | None) -> str:
    """What somebody was given just now, and for how long."""
    how_long = _("until %(day)s", day=last_day(until)) if until else _("without an end")
    return _(
        "%(name)s now has the role %(role)s, %(how_long)s.", name=name, role=ROLES[role], how_long=how_long
    )


def slip_words(expires_at: datetime) -> dict[str, str]:
    """What is printed beside the name, the code and the QR, in the reader's language."""
    return {
        "title": _("StudyHub · slip for the first sign-in"),
        "number": _("Member number"),
        "code": _("One-time code"),
        "steps": _(
            'Scan the QR with your phone, or open %(site)s and choose "I have a slip with a code".',
            site=settings().base_url,
        ),
        "until": _("To be used by %(day)s, once. Give it to nobody else.", day=last_day(expires_at)),
    }
