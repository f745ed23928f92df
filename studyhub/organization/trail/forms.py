"""The filter of the trail."""

from __future__ import annotations

from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import Length, Optional

from studyhub.organization.branches.forms import plausible_day
from studyhub.web.i18n import lazy_gettext as _l


class FilterForm(Form):  # type: ignore[misc]
    """Which entries to show."""

    who = StringField(_l("Done by"), [Optional(), Length(max=100)])
    act = SelectField(_l("Act"), [Optional()])
    first_day = DateField(_l("From"), [Optional(), plausible_day])
    last_day = DateField(_l("To"), [Optional(), plausible_day])
