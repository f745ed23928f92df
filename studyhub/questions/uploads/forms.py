"""Which bank a file of questions becomes: a new one, or one that is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from wtforms import Form, SelectField, StringField
from wtforms.validators import Length, ValidationError

from studyhub.organization.branches.forms import select_choices
from studyhub.organization.states import Level
from studyhub.questions.bank_keys import RESERVED
from studyhub.questions.fields import SLUG
from studyhub.questions.wording import LANGUAGES, LEVELS
from studyhub.web.i18n import lazy_gettext as _l

LONGEST_TITLE = 200


class _OfANewBank:
    """Marks what a new bank needs. Whether it is there, the form says when a new bank is meant."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing is judged here."""


class TargetForm(Form):  # type: ignore[misc]
    """`taken` are the banks that there are: a new one needs a name of its own. `proposed` is what stood in
    the fields of a new bank before anybody wrote there."""

    taken: Collection[str] = ()
    proposed: Mapping[str, str | None] = MappingProxyType({})

    bank = SelectField(
        _l("Into which bank"),
        description=_l(
            "A bank that is there keeps its title and level; the file is then all of its questions."
        ),
    )
    title = StringField(_l("Title"), [_OfANewBank(), Length(max=LONGEST_TITLE)])
    slug = StringField(
        _l("Identifier"),
        [_OfANewBank(), Length(max=64)],
        description=_l("Small letters, digits and hyphens; it stays the bank’s name for ever."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    language = SelectField(_l("Language of the questions"), choices=select_choices(LANGUAGES.items()))
    level = SelectField(
        _l("Level"), choices=select_choices((level.value, LEVELS[level.value]) for level in Level)
    )

    def validate_bank(self, field: Any) -> None:
        new = (self.title, self.slug)
        written = [
            each
            for each in new
            if (each.data or "").strip() not in {"", field.data, self.proposed.get(each.name)}
        ]
        if field.data and written:
            raise ValidationError(
                _l("A new bank is filled in below, too. Choose “A new bank” here, or leave that as it was.")
            )

    def validate_title(self, field: Any) -> None:
        if not self.bank.data and not field.data.strip():
            raise ValidationError(_l("Please fill this in."))

    def validate_slug(self, field: Any) -> None:
        if self.bank.data:
            return
        if not SLUG.fullmatch(field.data):
            raise ValidationError(_l("Use small letters, digits and hyphens, at most 64."))
        if field.data in RESERVED:
            raise ValidationError(_l("This is a page of the site. Take another identifier."))
        if field.data in self.taken:
            raise ValidationError(
                _l("There is a bank with this identifier. Choose it above, or take another one.")
            )

    @property
    def new_head(self) -> dict[str, Any]:
        """What was said of a new bank."""
        return {
            "bank": self.slug.data,
            "title": self.title.data.strip(),
            "language": self.language.data,
            "level": self.level.data,
        }
