"""The forms about branches. Choices of branches are filled in by the view, from the actor's scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from wtforms import Form, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import Select, TextInput

from studyhub.organization import identifiers
from studyhub.organization.branches.queries import INDENT
from studyhub.organization.states import BranchKind
from studyhub.organization.wording import KINDS
from studyhub.web.i18n import lazy_gettext as _l

_NEEDED = InputRequired(_l("Please fill this in."))


def select_choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Values and labels as a select field takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


def plausible_day(_form: Form, field: Any) -> None:
    """Refuses a day that no calendar of ours reaches: the moment at which it ends could not be stored."""
    if not 1900 <= field.data.year < 3000:
        raise ValidationError(_l("Check the year."))


@dataclass(frozen=True, slots=True)
class _Offer:
    """A branch that can be chosen: `text` is its suggestion, `above` the name of the branch above it."""

    code: str
    name: str
    text: str
    above: str


class _ListOrSearch:
    """A list while it can be looked through; beyond that a field to search in, with suggestions.

    It needs no script, and in a browser without suggestions a code or a name can still be typed in.
    """

    def __call__(self, field: BranchField, **attributes: Any) -> Markup:
        if not field.is_searched:
            # An empty choice may mean "nothing above it", so only the question to choose makes it required.
            asks = {"required": True} if field.asks and not field.optional else {}
            as_list: Markup = Select()(field, **{**attributes, **asks, "class": "form-select"})
            return as_list
        option = Markup('<option value="{}" label="{}"></option>').format
        suggestions = Markup("").join(option(offer.text, offer.above or offer.code) for offer in field.offers)
        needed = {} if field.optional else {"required": True}
        entry = TextInput()(field, list=f"{field.id}-list", autocomplete="off", **needed, **attributes)
        return Markup('{}<datalist id="{}-list">{}</datalist>').format(entry, field.id, suggestions)


class BranchField(SelectField):  # type: ignore[misc]
    """One of the branches on offer, by its code, its name, or the suggestion that shows both."""

    widget = _ListOrSearch()
    LONGEST_LIST = 40
    offers: Sequence[_Offer] = ()
    asks = False
    data: Any

    def __init__(self, label: Any = None, *, optional: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.optional = optional

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """The codes and the indented names to choose from, parents before children.

        Unless one of them is chosen already, or none need be, the list asks to choose: the first would be
        taken unseen.
        """
        self.asks = (self.optional or not self.data) and all(code for code, _ in choices)
        self.choices = select_choices([("", _l("Please choose"))] * self.asks + list(choices))
        self.offers = list(_offers(choices))
        if self.is_searched:
            self.description = _l("Type a part of the name, then choose. A code will do as well.")

    @property
    def is_searched(self) -> bool:
        """Whether there are too many for a list."""
        return len(self.offers) > self.LONGEST_LIST

    def _value(self) -> str:
        """What is chosen, as its suggestion says it; else what was typed in."""
        if self.data is None:
            return ""
        return next((offer.text for offer in self.offers if offer.code == self.data), str(self.data))

    def pre_validate(self, form: Form) -> None:
        """Turn what was typed in into a code. Raises where it means no branch, or several."""
        said = (self.data or "").strip()
        # Nothing typed in is no choice, though the code of "nothing above" is empty.
        if not said and (self.is_searched or not any(offer.code == "" for offer in self.offers)):
            raise ValidationError(_l("Choose a branch."))
        self.data = self.code_of(said)

    def code_of(self, said: str) -> str:
        """The code of the branch that is meant. Raises ValidationError where it is none, or several."""
        if said in (offer.code for offer in self.offers):
            return said
        meant = [offer.code for offer in self.offers if said in (offer.name, offer.text)]
        if len(meant) > 1:
            raise ValidationError(_l("Several branches have this name. Choose one of the suggestions."))
        if not meant:
            raise ValidationError(_l("There is no such branch to choose."))
        return meant[0]

    def label_of(self, code: str) -> str:
        """Its name and code; the code alone of one that is not on offer."""
        return next((offer.text for offer in self.offers if offer.code == code), code)


def _offers(choices: Sequence[tuple[str, str]]) -> Iterator[_Offer]:
    above: list[str] = []
    for code, label in choices:
        name = label.lstrip(INDENT)
        depth = len(label) - len(name)
        above[depth:] = [name]
        text = f"{name} ({code})" if code else name
        yield _Offer(code, name, text, above[depth - 1] if depth else "")


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
    parent = BranchField(_l("Under"))

    def validate_code(self, field: Any) -> None:
        if not identifiers.is_branch_code(field.data):
            raise ValidationError(_l("1 to 64 letters, digits, . _ or -."))
        if field.data in identifiers.RESERVED_BRANCH_CODES:
            raise ValidationError(_l("This is a page of this site. Take another code."))


class MoveForm(Form):  # type: ignore[misc]
    """Under which branch it is to stand."""

    parent = BranchField(_l("Under"))


class MergeForm(Form):  # type: ignore[misc]
    """Into which branch it is merged."""

    into = BranchField(_l("Into"))
