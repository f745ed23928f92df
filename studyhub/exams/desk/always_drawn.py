"""The questions of a section that are always drawn: ticked, given by their ids, or found by words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from studyhub.exams.desk.form_tree import COMMAS
from studyhub.exams.desk.forms import ExamForm, SectionForm, coded
from studyhub.exams.wording import LOOKING
from studyhub.kernel.errors import NotFound
from studyhub.kernel.page import PageRequest
from studyhub.organization.actor import Actor
from studyhub.questions import finding, listing
from studyhub.questions import queries as questions
from studyhub.questions.finding import QuestionFilter
from studyhub.questions.formats.to_markup import prompt_line

MOST_FOUND = 20
_LONGEST = 60


def named(session: Session, actor: Actor, refs: Iterable[str]) -> dict[str, str]:
    """How the questions (`bank/id`) begin that there are in banks for which the actor is cleared."""
    by_bank: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        bank, _slash, name = ref.partition("/")
        by_bank[bank].append(name)
    begin: dict[str, str] = {}
    for bank in by_bank.keys() & {slug for slug, _title in listing.choices(session, actor)}:
        prompts = questions.prompts(session, bank, by_bank[bank])
        begin |= {f"{bank}/{name}": _beginning(prompt) for name, prompt in prompts.items()}
    return begin


def settle(session: Session, actor: Actor, form: ExamForm, *, saving: bool) -> bool:
    """Bring the list of each section in order, and look for what was typed in beside it.

    False when somebody must say first what they meant; the reason then stands at the field.
    """
    settled = [_settle(session, actor, entry.form, saving) for entry in form.sections]
    return all(settled)


def _settle(session: Session, actor: Actor, section: SectionForm, saving: bool) -> bool:
    banks = section.banks.data or []
    ticked = [ref for given in section.must.data or () for ref in _refs(given, banks)]
    said = (section.look_for.data or "").strip()
    typed = _refs(said, banks)
    begin = named(session, actor, [*ticked, *typed])
    found: dict[str, str] = {}
    if all(ref in begin for ref in typed):
        ticked += typed
        section.look_for.data = ""
    else:
        found = _found(session, actor, banks, said)
        section.look_for.errors = _reasons(banks, found, saving)
    section.must.data = list(dict.fromkeys(ticked))
    offered = [*section.must.data, *(ref for ref in found if ref not in ticked)]
    section.must.choices = [SelectChoice(ref, coded((begin | found).get(ref, ""), ref)) for ref in offered]
    return not section.look_for.errors


def _refs(typed: str, banks: Sequence[str]) -> list[str]:
    """Ids with commas between them; in a section of one bank each needs no bank's name."""
    names = [name for name in COMMAS.split(typed.strip()) if name]
    return [f"{banks[0]}/{name}" if len(banks) == 1 and "/" not in name else name for name in names]


def _found(session: Session, actor: Actor, banks: Sequence[str], words: str) -> dict[str, str]:
    begin: dict[str, str] = {}
    asked = PageRequest(sort="place", size=MOST_FOUND)
    for slug in banks:
        try:
            bank = listing.bank(session, actor, slug)
        except NotFound:
            continue
        page = finding.questions(session, bank, asked, QuestionFilter(date.min, words))
        shown = [each.question for each in page.items if not each.question.retired]
        begin |= {f"{slug}/{each.id}": _beginning(each.prompt) for each in shown}
    return dict(list(begin.items())[:MOST_FOUND])


def _reasons(banks: Sequence[str], found: Mapping[str, str], saving: bool) -> list[str]:
    if not banks:
        return [str(LOOKING["no_bank"])]
    if not found:
        return [str(LOOKING["none_found"])]
    return [str(LOOKING["not_ticked"])] if saving else []


def _beginning(prompt: str) -> str:
    line = prompt_line(prompt)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
