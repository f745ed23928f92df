"""The forms about members. Choices of branches are filled in by the view, from the actor's scope."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from studyhub.organization import identifiers
from studyhub.organization.branches.forms import BranchField, plausible_day, select_choices
from studyhub.organization.states import Level, MemberStatus
from studyhub.organization.wording import LEVELS, STATUSES
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.words import lazy_label

_NEEDED = InputRequired(_l("Please fill this in."))


class MemberForm(Form):  # type: ignore[misc]
    """What is known of a member beside branch, status and roles."""

    name = StringField(_l("Full name"), [_NEEDED, Length(max=identifiers.LONGEST_NAME)])
    phone = StringField(
        _l("Phone"),
        [Optional(), Length(max=20)],
        description=_l("The member can sign in with it."),
        render_kw={"inputmode": "tel"},
    )
    clearance = SelectField(
        _l("Cleared for"),
        choices=select_choices((level.value, LEVELS[level]) for level in Level),
        default=Level.INTERNAL.value,
    )

    def offer_clearances(self, levels: Collection[Level]) -> None:
        """Let these be chosen, and no others."""
        offered = (level for level in Level if level in levels)
        self.clearance.choices = select_choices((level.value, LEVELS[level]) for level in offered)

    def validate_name(self, field: Any) -> None:
        if not identifiers.is_name(field.data.strip()):
            raise ValidationError(_l("A name is one line of at most 64 characters."))

    def validate_phone(self, field: Any) -> None:
        if identifiers.phone_number(field.data) is None:
            raise ValidationError(_l("A phone number has 5 to 15 digits."))

    @property
    def phone_number(self) -> str | None:
        """The number as it is stored, or None."""
        return identifiers.phone_number(self.phone.data) if self.phone.data else None


class NewMemberForm(MemberForm):
    """A member who joins."""

    member_no = StringField(
        _l("Member number"),
        [_NEEDED, Length(max=32)],
        description=_l("Letters, digits, . _ and -; never a citizen's ID number."),
    )
    branch = BranchField(lazy_label("home_branch"))

    def validate_member_no(self, field: Any) -> None:
        if identifiers.is_id_number(field.data):
            raise ValidationError(_l("An ID number must not be used as a member number."))
        if not identifiers.is_member_no(field.data):
            raise ValidationError(_l("1 to 32 letters, digits, . _ or -."))


class TransferForm(Form):  # type: ignore[misc]
    """Where a member goes."""

    branch = BranchField(_l("To"))


class StatusForm(Form):  # type: ignore[misc]
    """Active, probationary or left."""

    status = SelectField(
        _l("Status"), choices=select_choices((status.value, STATUSES[status]) for status in MemberStatus)
    )


class GrantForm(Form):  # type: ignore[misc]
    """A role, over which branch, and until when."""

    role = SelectField(_l("Role"), [_NEEDED])
    branch = BranchField(_l("Over"))
    last_day = DateField(_l("Last day"), [Optional(), plausible_day])

    def until(self, zone: ZoneInfo) -> datetime | None:
        """The moment at which the last day ends, in the organisation's zone."""
        if self.last_day.data is None:
            return None
        return datetime.combine(self.last_day.data + timedelta(days=1), time(), tzinfo=zone)
