"""The form of an exam: the same fields as the exam file.

The form checks nothing itself. What was filled in becomes the tree that the file's reader takes, with one
line number per field, so that every fault of the reader comes back to the field that caused it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from markupsafe import Markup
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, DateTimeLocalInput, ListWidget, NumberInput

from studyhub.exams.blueprint import Blueprint, Section
from studyhub.exams.desk.form_tree import COMMAS
from studyhub.exams.file.writing import percent_text
from studyhub.exams.release import Release
from studyhub.exams.states import Keep
from studyhub.exams.wording import BANDS, KEEPS, RELEASES
from studyhub.kernel.points import to_text
from studyhub.organization.branches.forms import BranchField
from studyhub.questions.difficulty import Band
from studyhub.questions.types import TYPES
from studyhub.questions.wording import TYPES as TYPE_NAMES
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext

MOST_SECTIONS = 30
WITHOUT_END = _l("unlimited")
"""What is typed in for any number of attempts; the file says `unlimited` in either language."""


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """What can be chosen, with its words."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


def coded(words: str, code: str) -> Markup:
    """What people know something by, and beside it what files call it."""
    return Markup("{} <code>{}</code>").format(words, code)


def _offered(held: Mapping[str, int]) -> Markup:
    """How many questions a bank offers, of which types."""
    total = sum(held.values())
    said = ngettext("%(num)s question", "%(num)s questions", total)
    kinds = [f"{TYPE_NAMES[name]} {held[name]}" for name in TYPES if name in held]
    return Markup(' <span class="held">{}</span>').format(" · ".join([said, *kinds]))


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Several of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """The reader judges what was ticked."""


def _percent(label: Any) -> StringField:
    return StringField(label, render_kw={"inputmode": "decimal", "size": 5})


class Needed:
    """Marks a field that must be filled in. Whether it is, the file's reader says."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing is judged here."""


class SectionForm(Form):  # type: ignore[misc]
    """One section; the names are those of the exam file where it has one."""

    title = StringField(_l("Heading"), [Needed()])
    draw = StringField(
        _l("How many questions"),
        [Needed()],
        description=_l("A passage counts as one here, and brings all of its questions."),
        widget=NumberInput(min=1, max=500),
    )
    points = StringField(
        _l("Points of each"),
        description=_l("Left empty, each question has its own."),
        render_kw={"inputmode": "decimal"},
    )
    banks = ChecksField(_l("From these banks"))
    types = ChecksField(_l("Types"), description=_l("None ticked: any."))
    difficulties = ChecksField(_l("Difficulty"), description=_l("None ticked: any."))
    all_tags = StringField(_l("With all of these tags"), description=_l("Separated by commas."))
    any_tags = StringField(_l("With at least one of these tags"))
    no_tags = StringField(_l("Without these tags"))
    easy = _percent(_l("Easy, percent"))
    medium = _percent(_l("Medium, percent"))
    hard = _percent(_l("Hard, percent"))
    must = ChecksField(_l("Always drawn"), description=_l("Untick one to leave it to chance again."))
    look_for = StringField(
        _l("Find a question to add"),
        description=_l("Words of its text, or ids with commas between them (bank/id with several banks)."),
    )


class ExamForm(Form):  # type: ignore[misc]
    """An exam's definition."""

    exam = StringField(
        _l("Short name"),
        [Needed()],
        description=_l("Small letters, digits and hyphens. It is part of the address and never changes."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    since = HiddenField()
    title = StringField(_l("Title"), [Needed()])
    opens = StringField(_l("Opens"), widget=DateTimeLocalInput())
    closes = StringField(
        _l("Closes"),
        description=_l("An exam without an end is never over, and shows nothing that waits for that."),
        widget=DateTimeLocalInput(),
    )
    minutes = StringField(_l("Minutes for each attempt"), widget=NumberInput(min=1))
    attempts = StringField(
        _l("Attempts allowed"),
        description=_l("A number, or “unlimited”. Left empty: 1."),
    )
    keep = SelectField(_l("Which attempt counts"), choices=_choices(KEEPS))
    pass_line = StringField(_l("Pass line in percent"), description=_l("Left empty: nobody passes or fails."))
    branches = ChecksField(
        _l("For these branches"), description=_l("Each with everything below it. Untick one to take it out.")
    )
    branch = BranchField(_l("Choose a branch to add"), optional=True)
    sections = FieldList(FormField(SectionForm), min_entries=1, max_entries=MOST_SECTIONS)
    shuffle_questions = BooleanField(_l("Each paper has its own order of questions"))
    shuffle_options = BooleanField(_l("Each paper has its own order of options"))
    score = RadioField(_l("Show the score"), choices=_choices(RELEASES))
    answers = RadioField(_l("Show right answers and marks"), choices=_choices(RELEASES))
    explanations = RadioField(_l("Show explanations"), choices=_choices(RELEASES))

    def take_branch(self, branches: Sequence[tuple[str, str]]) -> bool:
        """Put the branch that was chosen, or the codes that were typed, into the list.

        `branches` are the codes and indented names to choose from. What means none, or several, stays in its
        field with the reason; then the answer is False.
        """
        said = (self.branch.data or "").strip()
        self.branch.offer(branches)
        listed = [code for given in self.branches.data or () for code in COMMAS.split(given.strip()) if code]
        try:
            listed += self._meant(said)
            self.branch.data = ""
        except ValidationError as reason:
            self.branch.errors = [*self.branch.errors, str(reason)]
        self.branches.data = list(dict.fromkeys(listed))
        self.branches.choices = [
            SelectChoice(code, self.branch.label_of(code)) for code in self.branches.data
        ]
        return not self.branch.errors

    def _meant(self, said: str) -> list[str]:
        """One branch by its code, its name or its suggestion; else several codes with commas between them."""
        try:
            return [self.branch.code_of(said)] if said else []
        except ValidationError:
            codes = [code for code in COMMAS.split(said) if code]
            if len(codes) < 2:
                raise
            return [self.branch.code_of(code) for code in codes]

    def offer(self, banks: Iterable[tuple[str, str]], held: Mapping[str, Mapping[str, int]]) -> None:
        """Fill in what can be ticked; `banks` are slug and title, `held` what each offers, by type."""
        choices = [
            SelectChoice(slug, coded(title, slug) + _offered(held.get(slug, {}))) for slug, title in banks
        ]
        for entry in self.sections:
            entry.form.banks.choices = choices
            entry.form.types.choices = [SelectChoice(name, TYPE_NAMES[name]) for name in TYPES]
            entry.form.difficulties.choices = _choices(BANDS)


NEW: dict[str, Any] = {
    "since": "0",
    "keep": Keep.BEST.value,
    "shuffle_questions": True,
    "shuffle_options": True,
    "score": Release.SUBMITTED.value,
    "answers": Release.CLOSED.value,
    "explanations": Release.CLOSED.value,
    "minutes": "30",
}
"""What an empty form begins with."""
USUAL_DAYS, USUAL_END = 14, "18:00"


def begun(now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The same with an end, which right answers wait for: nobody who still sits the exam may learn them."""
    last = now.astimezone(zone) + timedelta(days=USUAL_DAYS)
    return {**NEW, "closes": f"{last:%Y-%m-%d}T{USUAL_END}"}


def filled(plan: Blueprint, revision: int, zone: ZoneInfo) -> dict[str, Any]:
    """The form's values for the definition of this revision; moments are shown in `zone`."""

    def local(moment: Any) -> str:
        return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")

    return {
        "exam": plan.slug,
        "since": str(revision),
        "title": plan.title,
        "opens": local(plan.window.opens_at),
        "closes": local(plan.window.closes_at),
        "minutes": "" if plan.window.minutes is None else str(plan.window.minutes),
        "attempts": str(WITHOUT_END) if plan.attempts is None else str(plan.attempts),
        "keep": plan.keep.value,
        "pass_line": (percent_text(plan.pass_share) or "").rstrip("%"),
        "branches": list(plan.branches),
        "sections": [_filled_section(section) for section in plan.sections],
        "shuffle_questions": plan.shuffle.questions,
        "shuffle_options": plan.shuffle.options,
        "score": plan.review.score.value,
        "answers": plan.review.answers.value,
        "explanations": plan.review.explanations.value,
    }


def _filled_section(section: Section) -> dict[str, Any]:
    where = section.where
    mix = {band.value: (percent_text(share) or "").rstrip("%") for band, share in section.mix}
    return {
        "title": section.title,
        "draw": str(section.draw),
        "points": "" if section.points is None else to_text(section.points),
        "banks": list(section.banks),
        "types": sorted(where.types),
        "difficulties": [band.value for band in Band if band in where.difficulties],
        "all_tags": ", ".join(sorted(where.all_tags)),
        "any_tags": ", ".join(sorted(where.any_tags)),
        "no_tags": ", ".join(sorted(where.no_tags)),
        "must": [str(ref) for ref in section.must],
        **{band.value: mix.get(band.value, "") for band in Band},
    }
