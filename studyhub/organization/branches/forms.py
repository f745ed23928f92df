"""The forms about branches. Choices of branches are filled in by the view, from the actor's scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import Form, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from studyhub.organization import identifiers
from studyhub.organization.states import BranchKind
from studyhub.organization.wording import KINDS
from studyhub.web.i18n import lazy_gettext as _l

_NEEDED = InputRequired(_l("Please fill this in."))


def select_choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Values and labels as a select field takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


class BranchForm(Form):  # type: ignore[misc]
    """A branch's name and kind."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=identifiers.LONGEST_NAME)])
    kind = SelectField(_l("Kind"), choices=select_choices((kind.value, KINDS[kind]) for kind in BranchKind))

    def validate_name(self, field: Any) -> None:
        if not identifiers.is_name(field.data.strip()):
            raise ValidationError(_l("A name is one line of at most 64 characters."))


class NewBranchForm(BranchForm):
    """A new branch."""

    code = StringField(
        _l("Code"), [_NEEDED, Length(max=64)], description=_l("Letters, digits, . _ and -; it never changes.")
    )
    parent = SelectField(_l("Under"), [Optional()])

    def validate_code(self, field: Any) -> None:
        if not identifiers.is_branch_code(field.data):
            raise ValidationError(_l("1 to 64 letters, digits, . _ or -."))


class MoveForm(Form):  # type: ignore[misc]
    """Under which branch it is to stand."""

    parent = SelectField(_l("Under"), [Optional()])


class MergeForm(Form):  # type: ignore[misc]
    """Into which branch it is merged."""

    into = SelectField(_l("Into"), [_NEEDED])
