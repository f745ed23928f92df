"""What becomes different about an exam, called as the form calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from markupsafe import Markup

from studyhub.exams.blueprint import Blueprint, Section
from studyhub.exams.file.writing import percent_text
from studyhub.exams.states import ExamState
from studyhub.exams.wording import BANDS, KEEPS, RELEASES, section_title
from studyhub.kernel.points import to_text
from studyhub.questions.difficulty import Band
from studyhub.questions.wording import TYPES
from studyhub.web.filters import in_its_language
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l
from studyhub.web.i18n import ngettext

Said = str | datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about an exam, before and after; a moment as itself."""

    label: str
    before: Said
    after: Said


STATES: Mapping[ExamState, Any] = {
    ExamState.DRAFT: _l("a draft: nobody can start it"),
    ExamState.PUBLISHED: _l("published"),
}
_FACTS: Mapping[Any, Callable[[Blueprint], Any]] = {
    _l("State"): lambda plan: STATES[plan.state],
    _l("Title"): lambda plan: in_its_language(plan.title),
    _l("Opens"): lambda plan: plan.window.opens_at or _("at once"),
    _l("Closes"): lambda plan: plan.window.closes_at or _("never"),
    _l("Minutes for each attempt"): lambda plan: plan.window.minutes or _("until the exam closes"),
    _l("Attempts allowed"): lambda plan: plan.attempts or _("any number of attempts"),
    _l("Which attempt counts"): lambda plan: KEEPS[plan.keep],
    _l("Pass line"): lambda plan: percent_text(plan.pass_share) or _("none"),
    _l("Each paper has its own order of questions"): lambda plan: _yes(plan.shuffle.questions),
    _l("Each paper has its own order of options"): lambda plan: _yes(plan.shuffle.options),
    _l("Show the score"): lambda plan: RELEASES[plan.review.score],
    _l("Show right answers and marks"): lambda plan: RELEASES[plan.review.answers],
    _l("Show explanations"): lambda plan: RELEASES[plan.review.explanations],
}


@dataclass(frozen=True, slots=True)
class Names:
    """What banks and branches are called, by their slugs and codes."""

    banks: dict[str, str]
    branches: dict[str, str]


def differences(before: Blueprint, after: Blueprint, names: Names) -> list[Difference]:
    """What a change makes different, in the order of the form."""
    both = [
        *(Difference(str(label), _said(fact(before)), _said(fact(after))) for label, fact in _FACTS.items()),
        Difference(_("For"), _people(before, names), _people(after, names)),
        *_sections(before, after, names),
    ]
    return [each for each in both if each.before != each.after]


def _people(plan: Blueprint, names: Names) -> str:
    return _(", ").join(names.branches.get(code, code) for code in plan.branches) or _("everyone")


def _said(value: Any) -> Said:
    return value if isinstance(value, (datetime, str)) else str(value)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _sections(before: Blueprint, after: Blueprint, names: Names) -> Iterator[Difference]:
    pairs = zip_longest(before.sections, after.sections)
    for number, (was, becomes) in enumerate(pairs, 1):
        label = _("Section %(number)s", number=number)
        yield Difference(label, _section(was, names), _section(becomes, names))


def _section(section: Section | None, names: Names) -> str | None:
    """Everything that the form says of a section, in one line."""
    if section is None:
        return None
    points = section.points
    parts = [
        section_title(section.title),
        ngettext("%(num)s question", "%(num)s questions", section.draw),
        "" if points is None else _("%(points)s points each", points=to_text(points)),
        _(", ").join(names.banks.get(bank, bank) for bank in section.banks),
        *_narrowed(section),
        _(", ").join(f"{BANDS[band.value]} {percent_text(share)}" for band, share in section.mix),
        _labelled(_("Always drawn"), map(str, section.must)),
    ]
    return Markup(" · ").join(part for part in parts if part)


def _narrowed(section: Section) -> Iterator[str]:
    """Which questions of its banks the section draws."""
    where = section.where
    yield _(", ").join(str(TYPES[name]) for name in sorted(where.types))
    yield _(", ").join(str(BANDS[band.value]) for band in Band if band in where.difficulties)
    yield _labelled(_("With all of these tags"), sorted(where.all_tags))
    yield _labelled(_("With at least one of these tags"), sorted(where.any_tags))
    yield _labelled(_("Without these tags"), sorted(where.no_tags))


def _labelled(label: str, words: Any) -> str:
    said = _(", ").join(words)
    return _("%(label)s: %(value)s", label=label, value=said) if said else ""
